//! What HTTP has besides a request and a response: HEAD, preflights, upgrades, streams, HTTP/2.

use crate::base::Base;
use crate::server::{send, serve};
use cog_auth_tower::{Allowed, GuardLayer, Undecided};
use http::{Method, Request, Response, StatusCode, Version, header};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Frame, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::CorsLayer;

const SESSIONS: &str = "/v3/organizations/org-a/sessions";

async fn hello<B>(request: Request<B>) -> Result<Response<String>, Infallible> {
    assert!(Allowed::of(request.extensions()).is_some());
    Ok(Response::new("hello".to_owned()))
}

#[tokio::test]
async fn head_is_answered_as_get_without_a_body() {
    let base = Base::load();
    let address = serve(GuardLayer::new(base.guard()).layer(service_fn(hello))).await;
    let request = |method: &str, path: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").into_bytes()
    };
    let get = send(address, &request("GET", SESSIONS)).await;
    let head = send(address, &request("HEAD", SESSIONS)).await;
    assert_eq!((get.status, head.status), (401, 401));
    assert_eq!(head.body, "");
    assert_eq!(get.field("content-length"), Some(get.body.len().to_string()));
    for field in ["content-type", "content-length", "cache-control", "www-authenticate"] {
        assert!(get.field(field).is_some(), "{field}");
        assert_eq!(head.field(field), get.field(field), "{field}");
    }

    let bearer = base.bearer("key");
    let allowed = format!(
        "HEAD {SESSIONS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: {bearer}\r\n\r\n"
    );
    let allowed = send(address, allowed.as_bytes()).await;
    assert_eq!((allowed.status, &*allowed.body), (200, ""));
    assert_eq!(allowed.field("content-length").as_deref(), Some("5"));
}

#[tokio::test]
async fn a_refusal_is_sent_whole() {
    let base = Base::load();
    let service = GuardLayer::new(base.guard()).layer(service_fn(hello));
    let response = service.oneshot(Request::get(SESSIONS).body(()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 401);
    let fields: Vec<_> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    // Section 15 of `docs/policy-language.md`: these, in this order.
    assert_eq!(
        fields,
        [
            ("content-type", "application/problem+json"),
            ("cache-control", "no-store"),
            ("www-authenticate", "Bearer realm=\"cog\""),
        ]
    );
    let problem: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!((&problem["status"], &problem["code"]), (&401.into(), &"missing_credential".into()));
}

#[tokio::test]
async fn preflights_are_answered_by_the_layer_before() {
    let base = Base::load();
    let origin = "https://app.example".parse::<http::HeaderValue>().unwrap();
    let cors = CorsLayer::new().allow_origin([origin.clone()]).allow_methods([Method::GET]);
    let guarded = GuardLayer::new(base.guard()).layer(service_fn(hello::<String>));
    let service = cors.layer(guarded);
    let preflight = Request::options(SESSIONS)
        .header(header::ORIGIN, &origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
        .body(String::new())
        .unwrap();
    let response = service.clone().oneshot(preflight).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_METHODS], "GET");

    // The page may read why it was refused.
    let request = Request::get(SESSIONS).header(header::ORIGIN, &origin);
    let response = service.oneshot(request.body(String::new()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], origin);
}

#[tokio::test]
async fn options_needs_a_credential_like_any_other_method() {
    let base = Base::load();
    let service = GuardLayer::new(base.guard()).layer(service_fn(hello));
    let request = Request::options(SESSIONS).body(()).unwrap();
    assert_eq!(service.clone().oneshot(request).await.unwrap().status(), 401);
    let request = Request::options(SESSIONS).header("authorization", base.bearer("key"));
    let response = service.oneshot(request.body(()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 405);
}

#[tokio::test]
async fn what_the_gate_leaves_to_others_is_refused_until_the_layer_is_told() {
    let base = Base::load();
    let (records, facts) = base.stores("key", "service_user");
    let gate = base.edge().with_preflight().with_pass_on();
    let guard = cog_auth_tower::Guard::new(gate, records, facts).with_clock(crate::base::now);
    let closed = GuardLayer::new(guard);
    let told = service_fn(async |request: Request<()>| {
        assert!(Allowed::of(request.extensions()).is_none());
        let undecided: Option<&Undecided> = request.extensions().get();
        Ok::<_, Infallible>(Response::new(format!("{undecided:?}")))
    });
    let preflight = || Request::options(SESSIONS).body(()).unwrap();
    let older = || {
        let request = Request::get(SESSIONS).header("authorization", "Bearer cog_9abc");
        request.body(()).unwrap()
    };
    for request in [preflight(), older()] {
        let response = closed.layer(told).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let problem: serde_json::Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&503.into(), &"unavailable".into()));
    }
    let open = closed.forward(Undecided::Preflight);
    let response = open.layer(told).oneshot(preflight()).await.unwrap();
    assert_eq!(response.body(), "Some(Preflight)");
    assert_eq!(open.layer(told).oneshot(older()).await.unwrap().status(), 503);
    let open = open.forward(Undecided::OlderCredential);
    let response = open.layer(told).oneshot(older()).await.unwrap();
    assert_eq!(response.body(), "Some(OlderCredential)");
}

#[tokio::test]
async fn a_context_is_judged_and_what_is_none_refuses() {
    let base = Base::load();
    let layer = GuardLayer::new(base.guard());
    for (context, status) in [
        (None, 200),
        (Some(r#"{"ci": true}"#), 200),
        (Some(r#"{"time": 0}"#), 503),
        (Some("[]"), 503),
    ] {
        let layer = layer.clone().with_context(move |_| context.map(str::to_owned));
        let request = Request::get(SESSIONS).header("authorization", base.bearer("key"));
        let response = layer.layer(service_fn(hello)).oneshot(request.body(()).unwrap());
        assert_eq!(response.await.unwrap().status(), status, "{context:?}");
    }
}

/// A websocket begins so. Whoever is let through has the connection to themselves.
#[tokio::test]
async fn upgrades_go_through() {
    let base = Base::load();
    let service = service_fn(async |mut request: Request<Incoming>| {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut socket = TokioIo::new(upgrade.await.unwrap());
            let mut said = [0; 4];
            socket.read_exact(&mut said).await.unwrap();
            socket.write_all(&said).await.unwrap();
        });
        let response = Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header(header::CONNECTION, "upgrade")
            .header(header::UPGRADE, "websocket");
        Ok::<_, Infallible>(response.body(String::new()).unwrap())
    });
    let address = serve(GuardLayer::new(base.guard()).layer(service)).await;
    let ask = |authorization: &str| {
        format!(
            "GET {SESSIONS} HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             {authorization}\r\n"
        )
    };
    let mut stream = TcpStream::connect(address).await.unwrap();
    let authorization = format!("Authorization: {}\r\n", base.bearer("key"));
    stream.write_all(ask(&authorization).as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    stream.write_all(b"ping").await.unwrap();
    let mut echo = [0; 4];
    stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"ping");

    let refused = send(address, ask("Connection: close\r\n").as_bytes()).await;
    assert_eq!(refused.status, 401);
}

/// The service answers before the request's body has ended, and each part of it goes through as it
/// comes.
#[tokio::test]
async fn bodies_stream_both_ways() {
    let base = Base::load();
    let service = service_fn(async |request: Request<Incoming>| {
        Ok::<_, Infallible>(Response::new(request.into_body().boxed()))
    });
    let layer = GuardLayer::new(base.guard()).with_answer(|refusal: &cog_auth_tower::Refusal| {
        let body = Full::from(refusal.body().to_owned()).map_err(|never| match never {});
        Response::builder().status(refusal.status()).body(body.boxed()).unwrap()
    });
    let service = TowerToHyperService::new(layer.layer(service));
    let (client, server) = tokio::io::duplex(1 << 16);
    let http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    tokio::spawn(http2.serve_connection(TokioIo::new(server), service));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(client))
            .await
            .unwrap();
    tokio::spawn(connection);

    let (mut parts, body) = http_body_util::channel::Channel::<Bytes>::new(1);
    // HTTP/2 has scheme and authority beside the path.
    let request = Request::get(format!("https://api.example{SESSIONS}"))
        .version(Version::HTTP_2)
        .header("authorization", base.bearer("key"));
    let response = sender.send_request(request.body(body.boxed()).unwrap());
    let response = response.await.unwrap();
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    for part in ["one", "two", "three"] {
        parts.send(Frame::data(Bytes::from(part))).await.unwrap();
        let echo = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(echo, part);
    }
    drop(parts);
    assert_eq!(body.collect().await.unwrap().to_bytes(), "");

    let request = Request::head(format!("https://api.example{SESSIONS}"));
    let empty = Empty::new().map_err(|never| match never {}).boxed();
    let response = sender.send_request(request.body(empty).unwrap()).await.unwrap();
    assert_eq!(response.status(), 401);
}

/// A service that is not ready is not called, and it is the one that was ready that is called.
#[tokio::test]
async fn readiness_is_the_services_own() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll};
    use tower::Service;

    struct OneAtATime(bool, Arc<AtomicUsize>);
    impl Clone for OneAtATime {
        fn clone(&self) -> Self {
            Self(false, self.1.clone())
        }
    }
    impl Service<Request<()>> for OneAtATime {
        type Response = Response<String>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Self::Response, Infallible>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.0 = true;
            self.1.fetch_add(1, Ordering::Relaxed);
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, _: Request<()>) -> Self::Future {
            assert!(self.0, "called without being ready");
            std::future::ready(Ok(Response::new(String::new())))
        }
    }
    let base = Base::load();
    let polled = Arc::new(AtomicUsize::new(0));
    let mut service = GuardLayer::new(base.guard()).layer(OneAtATime(false, polled.clone()));
    for turn in 1..=3 {
        let request = Request::get(SESSIONS).header("authorization", base.bearer("key"));
        let ready = ServiceExt::<Request<()>>::ready(&mut service).await.unwrap();
        assert_eq!(ready.call(request.body(()).unwrap()).await.unwrap().status(), 200);
        assert_eq!(polled.load(Ordering::Relaxed), turn);
    }
}
