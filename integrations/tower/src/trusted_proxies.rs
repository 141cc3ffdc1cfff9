//! Proxies of one's own.

use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// The proxies whose word about their clients is believed: addresses and networks.
///
/// ```
/// use cog_auth_tower::TrustedProxies;
///
/// assert!(TrustedProxies::parse(["10.0.0.0/8", "2001:db8::7"]).is_ok());
/// assert!(TrustedProxies::parse(["10.0.0.0/8", "proxy.example"]).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
}

impl TrustedProxies {
    /// The proxies of these addresses and networks.
    ///
    /// # Errors
    ///
    /// [`NotANetwork`] for the first text that is neither.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, NotANetwork> {
        let networks = texts.into_iter().map(network).collect::<Result<_, _>>()?;
        Ok(Self { networks })
    }

    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }
}

/// A network, or the network of one address.
fn network(text: &str) -> Result<IpNet, NotANetwork> {
    let address = text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
    let network = address.or_else(|_| text.parse());
    network.map_err(|_| NotANetwork { text: text.to_owned() })
}

/// What should be an address or a network is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork {
    text: String,
}

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no IP address or network; write it as 192.0.2.1 or 10.0.0.0/8",
            self.text
        )
    }
}

impl std::error::Error for NotANetwork {}
