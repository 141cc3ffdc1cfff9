//! Who is signed in: a plain session for this example, which any real sign-in takes the place of.

use crate::desk::Visitor;
use crate::people::Person;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{COOKIE, HeaderMap};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Redirect;
use std::collections::HashMap;
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The name of the cookie.
const NAME: &str = "session";

/// How long a session lives.
const LIFE: Duration = Duration::from_secs(8 * 3_600);

/// How many people may be signed in at the same time.
const MOST: usize = 10_000;

/// The sessions, which are gone when the service ends.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<String, Session>>>);

struct Session {
    person: &'static Person,
    form_secret: String,
    begun: Instant,
}

/// A person in a session.
pub(crate) struct SignedIn {
    pub(crate) person: &'static Person,
    /// What the forms of this session carry, so that no other site can send them.
    pub(crate) form_secret: String,
    address: Option<IpAddr>,
}

impl SignedIn {
    pub(crate) const fn visitor(&self) -> Visitor {
        Visitor { user: self.person.id, address: self.address }
    }
}

impl Sessions {
    /// Begins a session, and gives the cookie for it.
    pub(crate) fn begin(&self, person: &'static Person) -> Result<HeaderValue, StatusCode> {
        let unavailable = |_| StatusCode::SERVICE_UNAVAILABLE;
        let (id, form_secret) = (secret().map_err(unavailable)?, secret().map_err(unavailable)?);
        let mut sessions = self.lock();
        sessions.retain(|_, session| session.begun.elapsed() < LIFE);
        if sessions.len() >= MOST {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        sessions.insert(id.clone(), Session { person, form_secret, begun: Instant::now() });
        let cookie = format!("{NAME}={id}; HttpOnly; SameSite=Strict; Path=/; Max-Age=28800");
        HeaderValue::from_str(&cookie).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Ends the session of a request.
    pub(crate) fn end(&self, headers: &HeaderMap) {
        if let Some(id) = cookie(headers) {
            self.lock().remove(id);
        }
    }

    fn of(&self, parts: &Parts) -> Option<SignedIn> {
        let sessions = self.lock();
        let session = sessions.get(cookie(&parts.headers)?)?;
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        (session.begun.elapsed() < LIFE).then(|| SignedIn {
            person: session.person,
            form_secret: session.form_secret.clone(),
            address: address.map(|ConnectInfo(address)| address.ip()),
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The value of the cookie.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|it| it.split_once('='));
    pairs.find(|(name, _)| name.trim() == NAME).map(|(_, value)| value.trim())
}

/// 32 random bytes in hexadecimal digits.
fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    let mut text = String::new();
    for byte in bytes {
        // Writing to a string never fails.
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    Ok(text)
}

/// Whoever is not signed in is asked to.
impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Redirect> {
        let sessions = parts.extensions.get::<Sessions>();
        let signed_in = sessions.and_then(|sessions| sessions.of(parts));
        signed_in.ok_or_else(|| Redirect::to("/sign-in"))
    }
}
