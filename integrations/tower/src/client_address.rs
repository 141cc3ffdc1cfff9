//! From which address a request came.

use crate::forwarded::{ForwardedField, client};
use crate::trusted_proxies::TrustedProxies;
use http::request::Parts;
use std::net::{IpAddr, SocketAddr};

/// Where the client's address comes from, which rules and credentials with address lists need.
///
/// Say what stands before the service. A wrong answer lets clients choose their address
/// ([`ClientAddress::Forwarded`] without a proxy), or gives all of them the proxy's
/// ([`ClientAddress::Connection`] behind one).
///
/// The connection's address is axum's `ConnectInfo<SocketAddr>` (feature `axum`, with
/// `into_make_service_with_connect_info`), or a [`Peer`] in the request's extensions.
///
/// ```
/// use cog_auth_tower::{ClientAddress, ForwardedField, TrustedProxies};
///
/// let proxies = TrustedProxies::parse(["10.0.0.0/8"])?;
/// let source = ClientAddress::Forwarded { proxies, field: ForwardedField::XForwardedFor };
/// # Ok::<(), cog_auth_tower::NotANetwork>(())
/// ```
#[derive(Clone, Debug, Default)]
pub enum ClientAddress {
    /// It is not known. Policies with address lists deny.
    #[default]
    Unknown,
    /// From the connection: no proxy is before the service.
    Connection,
    /// From a field that proxies of one's own write. It is read from the right: the client is the
    /// first address that is not one of the proxies. It is not known if the connection's is not, if
    /// a proxy named nobody, or if what stands there is no address.
    ///
    /// A connection that comes from none of the proxies has its own address.
    Forwarded {
        /// The proxies that are believed.
        proxies: TrustedProxies,
        /// The field that every one of them writes. The other one is not looked at.
        field: ForwardedField,
    },
}

impl ClientAddress {
    pub(crate) fn of(&self, parts: &Parts) -> Option<IpAddr> {
        match self {
            Self::Unknown => None,
            Self::Connection => peer(parts),
            Self::Forwarded { proxies, field } => {
                client(*field, &parts.headers, peer(parts)?, proxies)
            }
        }
    }
}

/// The address at the other end of the connection, as an extension of requests. Servers other than
/// axum's put it there.
///
/// ```
/// use cog_auth_tower::Peer;
/// use std::net::SocketAddr;
///
/// # let address: SocketAddr = "192.0.2.1:40000".parse()?;
/// # let mut request = http::Request::new(());
/// // `address` is what the listener's `accept` gave.
/// request.extensions_mut().insert(Peer(address));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

fn peer(parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get().map(|Peer(address)| *address);
    #[cfg(feature = "axum")]
    let peer = peer.or_else(|| {
        use axum::extract::ConnectInfo;
        parts.extensions.get().map(|ConnectInfo(address)| *address)
    });
    peer.map(|address| address.ip().to_canonical())
}
