//! From which address a request came, and who may say so.

use crate::base::{Base, Kept};
use cog_auth_tower::{ClientAddress, ForwardedField, GuardLayer, Peer, TrustedProxies};
use http::{HeaderName, Request, Response};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use tower::{Layer, ServiceExt, service_fn};

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that the audit record has, for a peer and lines of header fields.
async fn address(
    source: &ClientAddress,
    peer: Option<&str>,
    lines: &[(HeaderName, &str)],
) -> Option<String> {
    let audit = Arc::new(Kept::default());
    let layer = GuardLayer::new(Base::load().guard().with_audit(audit.clone()));
    let layer = layer.with_client_address(source.clone());
    let service = layer.layer(service_fn(async |_: Request<()>| {
        Ok::<_, Infallible>(Response::new(String::new()))
    }));
    let mut request = Request::get("/").body(()).unwrap();
    if let Some(peer) = peer {
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    }
    for (name, value) in lines {
        request.headers_mut().append(name, value.parse().unwrap());
    }
    service.oneshot(request).await.unwrap();
    let [record] = audit.take().try_into().unwrap();
    match &record["client_address"] {
        Value::Null => None,
        other => Some(other.as_str().unwrap().to_owned()),
    }
}

fn behind(field: ForwardedField) -> ClientAddress {
    let proxies = TrustedProxies::parse(["10.0.0.0/8", "2001:db8::7"]).unwrap();
    ClientAddress::Forwarded { proxies, field }
}

#[tokio::test]
async fn of_the_connection_whatever_a_client_writes() {
    let lines = [(X_FORWARDED_FOR, "192.0.2.1"), (FORWARDED, "for=192.0.2.1")];
    for (peer, expected) in [
        (Some("198.51.100.7:4711"), Some("198.51.100.7")),
        (Some("[2001:db8::1]:4711"), Some("2001:db8::1")),
        (Some("[::ffff:198.51.100.7]:4711"), Some("198.51.100.7")),
        (None, None),
    ] {
        let found = address(&ClientAddress::Connection, peer, &lines).await;
        assert_eq!(found.as_deref(), expected);
        assert_eq!(address(&ClientAddress::Unknown, peer, &lines).await, None);
    }
}

#[tokio::test]
async fn x_forwarded_for_is_read_from_the_right() {
    let source = behind(ForwardedField::XForwardedFor);
    for (peer, lines, expected) in [
        // No proxy of ours: what it writes is not read.
        ("198.51.100.7", &["192.0.2.1"][..], Some("198.51.100.7")),
        ("10.0.0.1", &["192.0.2.1"], Some("192.0.2.1")),
        ("10.0.0.1", &["192.0.2.66, 192.0.2.1"], Some("192.0.2.1")),
        ("10.0.0.1", &["192.0.2.66", "192.0.2.1"], Some("192.0.2.1")),
        ("10.0.0.1", &["192.0.2.66, 192.0.2.1", "10.9.9.9,10.0.0.2"], Some("192.0.2.1")),
        ("[2001:db8::7]", &["2001:db8::8"], Some("2001:db8::8")),
        ("[2001:db8::7]", &["[2001:db8::8]:443"], Some("2001:db8::8")),
        ("10.0.0.1", &["192.0.2.1:8080"], Some("192.0.2.1")),
        ("10.0.0.1", &["::ffff:192.0.2.1"], Some("192.0.2.1")),
        ("10.0.0.1", &["192.0.2.1,::ffff:10.1.1.1"], Some("192.0.2.1")),
        // Our own proxies alone: the farthest is who asks.
        ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], Some("10.0.0.3")),
        // A proxy that says nothing, or no address: nobody knows, and nothing further left counts.
        ("10.0.0.1", &[], None),
        ("10.0.0.1", &[""], None),
        ("10.0.0.1", &["192.0.2.1, unknown"], None),
        ("10.0.0.1", &["192.0.2.1, "], None),
        ("10.0.0.1", &["192.0.2.1", "-"], None),
        ("10.0.0.1", &["192.0.2.1 192.0.2.2"], None),
        ("10.0.0.1", &["192.0.2.1", "\u{e9}"], None),
    ] {
        let lines: Vec<_> = lines.iter().map(|line| (X_FORWARDED_FOR, *line)).collect();
        let found = address(&source, Some(&format!("{peer}:99")), &lines).await;
        assert_eq!(found.as_deref(), expected, "{peer} {lines:?}");
    }
    let other = [(FORWARDED, "for=192.0.2.1")];
    assert_eq!(address(&source, Some("10.0.0.1:99"), &other).await, None);
    assert_eq!(address(&source, None, &[(X_FORWARDED_FOR, "192.0.2.1")]).await, None);
}

#[tokio::test]
async fn forwarded_is_read_as_rfc_7239_says() {
    let source = behind(ForwardedField::Forwarded);
    for (lines, expected) in [
        (&["for=192.0.2.1"][..], Some("192.0.2.1")),
        (&["For=192.0.2.1;proto=https;by=10.0.0.1"], Some("192.0.2.1")),
        (&["by=10.0.0.1; for=192.0.2.1 ;host=example.com"], Some("192.0.2.1")),
        (&["for=\"192.0.2.1:47011\""], Some("192.0.2.1")),
        (&["for=\"[2001:db8:cafe::17]\""], Some("2001:db8:cafe::17")),
        (&["for=\"[2001:db8:cafe::17]:4711\""], Some("2001:db8:cafe::17")),
        (&["for=192.0.2.66, for=192.0.2.1"], Some("192.0.2.1")),
        (&["for=192.0.2.66", "for=192.0.2.1, for=10.0.0.2"], Some("192.0.2.1")),
        // A comma or a semicolon in quotation marks ends nothing.
        (&["host=\"a,b;c\";for=192.0.2.1"], Some("192.0.2.1")),
        (&["for=\"192.0.2.\\1\""], Some("192.0.2.1")),
        // What a client sends before the proxy's own is behind it, whatever it is.
        (&["for=\"192.0.2.66", "for=192.0.2.1"], Some("192.0.2.1")),
        (&["for=unknown"], None),
        (&["for=_hidden"], None),
        (&["for=192.0.2.1, for=_hidden"], None),
        (&["for=192.0.2.1, proto=https"], None),
        (&["for=192.0.2.1;for=192.0.2.2"], None),
        (&["for"], None),
        (&["for=\"192.0.2.1"], None),
        (&["for=192.0.2.1\""], None),
        (&["for=\"192.0.2.1\"x"], None),
        // A quotation mark that is left open could take in what the proxy wrote.
        (&["for=\"192.0.2.66, for=192.0.2.1"], None),
        (&["for=\"a\", for=\"192.0.2.1\\\""], None),
        (&[], None),
    ] {
        let lines: Vec<_> = lines.iter().map(|line| (FORWARDED, *line)).collect();
        let found = address(&source, Some("10.0.0.1:99"), &lines).await;
        assert_eq!(found.as_deref(), expected, "{lines:?}");
    }
}

#[tokio::test]
async fn no_more_than_64_proxies_are_followed() {
    let source = behind(ForwardedField::XForwardedFor);
    for (proxies, expected) in [(63, Some("192.0.2.1")), (64, None)] {
        let line = format!("192.0.2.1{}", ",10.0.0.2".repeat(proxies));
        let found = address(&source, Some("10.0.0.1:99"), &[(X_FORWARDED_FOR, &line)]).await;
        assert_eq!(found.as_deref(), expected);
    }
}

#[test]
fn proxies_are_addresses_or_networks() {
    for good in ["192.0.2.1", "2001:db8::/32", "::1", "0.0.0.0/0"] {
        assert!(TrustedProxies::parse([good]).is_ok(), "{good}");
    }
    for bad in ["", "example.com", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "10.0.0.0/8 "] {
        let error = TrustedProxies::parse(["::1", bad]).unwrap_err();
        assert!(error.to_string().starts_with(&format!("{bad:?} is no IP address")), "{error}");
    }
}
