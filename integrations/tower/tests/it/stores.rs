//! Whatever a store does, nobody is let through who must not be.

use crate::base::{Base, Fixed, Kept, now};
use cog_auth::token::{CredentialId, Kind};
use cog_auth_stores::{FactsQuery, FactsStore, RecordStore, StoredRecord, Unavailable};
use cog_auth_tower::{Allowed, Guard, GuardLayer};
use http::{Request, Response, StatusCode};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::{Layer, ServiceExt, service_fn};

/// What a store does that has nothing to say.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    Absent,
    Fails,
    Panics,
    PanicsAtOnce,
    Hangs,
}

struct Troubled(Trouble);

impl Troubled {
    /// Not all implementations are `async fn`: this one does something before it is polled.
    fn answer<T: Send>(&self) -> impl Future<Output = Result<Option<T>, Unavailable>> + Send {
        let trouble = self.0;
        assert!(!matches!(trouble, Trouble::PanicsAtOnce), "a panic at once");
        async move {
            match trouble {
                Trouble::Absent => Ok(None),
                Trouble::Fails => Err(Unavailable::because("the disk is full")),
                Trouble::Panics | Trouble::PanicsAtOnce => panic!("a panic"),
                Trouble::Hangs => std::future::pending().await,
            }
        }
    }
}

impl RecordStore for Troubled {
    fn record(
        &self,
        _: CredentialId,
    ) -> impl Future<Output = Result<Option<StoredRecord>, Unavailable>> + Send {
        self.answer()
    }
}

impl FactsStore for Troubled {
    fn facts(
        &self,
        _: &FactsQuery<'_>,
    ) -> impl Future<Output = Result<Option<Arc<str>>, Unavailable>> + Send {
        self.answer()
    }
}

async fn status<R: RecordStore + 'static, F: FactsStore + 'static>(
    base: &Base,
    guard: Guard<R, F>,
) -> (StatusCode, String) {
    let audit = Arc::new(Kept::default());
    let guard = guard.with_clock(now).with_audit(audit.clone());
    let service = GuardLayer::new(guard.with_timeout(Duration::from_secs(3)));
    let service = service.layer(service_fn(async |_: Request<()>| {
        Ok::<_, Infallible>(Response::new(String::new()))
    }));
    let request = Request::get("/v3/organizations/org-a/sessions")
        .header("authorization", base.bearer("key"));
    let response = service.oneshot(request.body(()).unwrap()).await.unwrap();
    let [record] = audit.take().try_into().unwrap();
    (response.status(), record["code"].as_str().unwrap_or("allowed").to_owned())
}

#[tokio::test(start_paused = true)]
async fn trouble_is_no_allow() {
    let base = Base::load();
    for (trouble, status_of, codes) in [
        (Trouble::Absent, 401, ["unknown_credential", "unknown_principal"]),
        (Trouble::Fails, 503, ["unavailable"; 2]),
        (Trouble::Panics, 503, ["unavailable"; 2]),
        (Trouble::PanicsAtOnce, 503, ["unavailable"; 2]),
        (Trouble::Hangs, 503, ["unavailable"; 2]),
    ] {
        let (records, facts) = base.stores("key", "service_user");
        let of_records = Guard::new(base.edge(), Troubled(trouble), facts);
        let of_facts = Guard::new(base.edge(), records, Troubled(trouble));
        let found = [status(&base, of_records).await, status(&base, of_facts).await];
        let expected =
            codes.map(|code| (StatusCode::from_u16(status_of).unwrap(), code.to_owned()));
        assert_eq!(found, expected, "{trouble:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_may_take_its_time_and_no_more() {
    struct Late(Fixed, Duration);
    impl RecordStore for Late {
        async fn record(&self, id: CredentialId) -> Result<Option<StoredRecord>, Unavailable> {
            tokio::time::sleep(self.1).await;
            self.0.record(id).await
        }
    }
    let base = Base::load();
    for (millis, expected) in [(2_999, "allowed"), (3_001, "unavailable")] {
        let (records, facts) = base.stores("key", "service_user");
        let late = Late(records, Duration::from_millis(millis));
        let (_, code) = status(&base, Guard::new(base.edge(), late, facts)).await;
        assert_eq!(code, expected, "{millis}");
    }
}

/// Without a runtime there is no timer, and a store could hang for ever.
#[test]
fn without_tokio_nothing_is_allowed() {
    let base = Base::load();
    let mut future = std::pin::pin!(status(&base, base.guard()));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(found) = future.as_mut().poll(&mut context) else {
        panic!("pending")
    };
    assert_eq!(found, (StatusCode::SERVICE_UNAVAILABLE, "unavailable".to_owned()));
}

#[tokio::test]
async fn stores_are_told_what_is_asked() {
    type Asked = (Kind, String, Option<String>, Option<(String, String)>);
    struct Noting(Fixed, Arc<Mutex<Vec<Asked>>>);
    impl FactsStore for Noting {
        async fn facts(&self, query: &FactsQuery<'_>) -> Result<Option<Arc<str>>, Unavailable> {
            self.1.lock().unwrap().push((
                query.kind,
                query.principal.to_owned(),
                query.organization.map(str::to_owned),
                query.resource.map(|it| (it.type_name.to_owned(), it.id.to_owned())),
            ));
            self.0.facts(query).await
        }
    }
    let base = Base::load();
    let (records, facts) = base.stores("key", "service_user");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let guard = Guard::new(base.edge(), records, Noting(facts, asked.clone()));
    let (status, _) = status(&base, guard).await;
    assert_eq!(status, StatusCode::OK);
    let expected = (Kind::ServiceUserKey, "su_ci".to_owned(), Some("org-a".to_owned()), None);
    assert_eq!(*asked.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn a_service_is_told_what_is_allowed_and_nobody_else_says_so() {
    let base = Base::load();
    let service = GuardLayer::new(base.guard()).layer(service_fn(async |request: Request<()>| {
        let allowed = Allowed::of(request.extensions()).unwrap();
        Ok::<_, Infallible>(Response::new(allowed.principal().to_owned()))
    }));
    let request = Request::get("/v3/organizations/org-a/sessions")
        .header("authorization", base.bearer("key"));
    let response = service.clone().oneshot(request.body(()).unwrap()).await.unwrap();
    assert_eq!(response.body(), "su_ci");
}
