//! Forms that a page of this service has sent, and nobody else.

use crate::sign_in::SignedIn;
use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

/// The fields of a form, as they were sent.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first field of this name, without white space around it; empty if there is none.
    pub(crate) fn text(&self, name: &'static str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The fields of this name.
    pub(crate) fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.trim())
    }

    /// The field of this name as a number.
    pub(crate) fn number(&self, name: &'static str) -> Option<u64> {
        self.text(name).parse().ok()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        // Browsers say from where a form comes; what is no browser is nobody's session.
        let site = request.headers().get("sec-fetch-site");
        if site.is_some_and(|site| site != "same-origin") {
            return Err(FOREIGN.into_response());
        }
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        form.map(|Form(fields)| Self(fields)).map_err(IntoResponse::into_response)
    }
}

/// A form that a page of this very session has sent.
pub(crate) struct Submitted {
    pub(crate) by: SignedIn,
    pub(crate) fields: Fields,
}

const FOREIGN: (StatusCode, &str) =
    (StatusCode::FORBIDDEN, "This form is not from your session. Open the page again.");

impl<S: Send + Sync> FromRequest<S> for Submitted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let by = SignedIn::from_request_parts(&mut parts, state).await;
        let by = by.map_err(IntoResponse::into_response)?;
        let fields = Fields::from_request(Request::from_parts(parts, body), state).await?;
        let sent = fields.text("form_secret").as_bytes();
        if bool::from(sent.ct_eq(by.form_secret.as_bytes())) {
            Ok(Self { by, fields })
        } else {
            Err(FOREIGN.into_response())
        }
    }
}
