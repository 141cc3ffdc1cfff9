//! Refusals as gRPC statuses: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.

use crate::base::Base;
use cog_auth_tower::{GrpcStatus, Guard, GuardLayer};
use http::{Request, Response};
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};

const SESSIONS: &str = "/v3/organizations/org-a/sessions";

#[tokio::test]
async fn every_status_has_its_own() {
    let base = Base::load();
    let layer = GuardLayer::new(base.guard()).with_answer(GrpcStatus);
    let (bearer, stolen) = (base.bearer("key"), base.bearer("stolen"));
    let stale = {
        let (records, facts) = base.stores("pat", "service_user");
        let gate = base.edge().with_max_record_age(0);
        let guard = Guard::new(gate, records, facts);
        let later = || cog_auth::Time::from_seconds(1_795_000_001).unwrap();
        GuardLayer::new(guard.with_clock(later)).with_answer(GrpcStatus)
    };
    for (layer, method, path, authorization, status, message) in [
        (
            &layer,
            "POST",
            "/..",
            &*bearer,
            "3",
            "the path has two readings or holds a credential; send its normal form, without one",
        ),
        (
            &layer,
            "POST",
            SESSIONS,
            "",
            "16",
            "send a cog_ credential in the Authorization header as a bearer token",
        ),
        (&layer, "GET", SESSIONS, &stolen, "16", "the credential is not valid"),
        (&layer, "POST", "/nowhere", &bearer, "7", "the credential may not do this"),
        (&layer, "DELETE", SESSIONS, &bearer, "12", "this path has no such method"),
        (
            &stale,
            "GET",
            SESSIONS,
            &bearer,
            "14",
            "the credential could not be checked; try again later",
        ),
    ] {
        let service = layer.layer(service_fn(async |_: Request<()>| {
            Ok::<_, Infallible>(Response::new(String::from("served")))
        }));
        let request = Request::builder().method(method).uri(path);
        let request = request.header("authorization", authorization).body(()).unwrap();
        let response = service.oneshot(request).await.unwrap();
        assert_eq!((response.status().as_u16(), &**response.body()), (200, ""));
        let fields = response.headers();
        assert_eq!(fields["content-type"], "application/grpc");
        assert_eq!(
            (&fields["grpc-status"], &fields["grpc-message"]),
            (&status.parse().unwrap(), &message.parse().unwrap())
        );
        assert_eq!(fields.contains_key("www-authenticate"), status == "16");
        assert_eq!(fields.contains_key("retry-after"), status == "14");
    }
}
