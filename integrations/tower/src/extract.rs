//! Extractors of axum 0.8.

use crate::granted::{Allowed, Credential, Principal};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use std::convert::Infallible;
use std::fmt;

/// A handler asks who acts, and no guard has let the request through: put a
/// [`GuardLayer`](crate::GuardLayer) around its route. The client sees a 500.
///
/// Where a guard forwards what is [`Undecided`](crate::Undecided), ask for an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing;

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no guard has let this request through; put a `GuardLayer` around its route")
    }
}

impl std::error::Error for Missing {}

impl IntoResponse for Missing {
    fn into_response(self) -> Response {
        tracing::error!("{self}");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

fn allowed(parts: &Parts) -> Option<Allowed> {
    Allowed::of(&parts.extensions).cloned()
}

/// An extractor of what [`Allowed`] holds, and its optional form, which is none where no guard has
/// let the request through.
macro_rules! extractor {
    ($name:ident) => {
        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = Missing;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Missing> {
                allowed(parts).map(Self::from).ok_or(Missing)
            }
        }

        impl<S: Sync> OptionalFromRequestParts<S> for $name {
            type Rejection = Infallible;

            async fn from_request_parts(
                parts: &mut Parts,
                _: &S,
            ) -> Result<Option<Self>, Infallible> {
                Ok(allowed(parts).map(Self::from))
            }
        }
    };
}

extractor!(Allowed);
extractor!(Principal);
extractor!(Credential);
