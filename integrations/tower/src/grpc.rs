//! A refusal as a gRPC status.

use crate::answer::{Answer, put};
use crate::refusal::Refusal;
use http::Response;
use serde_json::Value;
use std::fmt::Write;

/// Answers gRPC requests: with status 200, and what happened in `grpc-status` and `grpc-message`
/// ("Trailers-Only" in the protocol). It makes any body that has a default, which is tonic's empty
/// one.
///
/// | HTTP status | gRPC status |
/// |---|---|
/// | 400 | `INVALID_ARGUMENT` (3) |
/// | 401 | `UNAUTHENTICATED` (16) |
/// | 403 | `PERMISSION_DENIED` (7) |
/// | 405 | `UNIMPLEMENTED` (12) |
/// | 503 | `UNAVAILABLE` (14) |
///
/// The message is the problem's `detail`. `www-authenticate` and `retry-after` are sent too, as
/// metadata.
#[derive(Clone, Copy, Debug, Default)]
pub struct GrpcStatus;

impl<B: Default> Answer<B> for GrpcStatus {
    fn answer(&self, refusal: &Refusal) -> Response<B> {
        let mut response = Response::new(B::default());
        for (name, value) in refusal.headers() {
            if matches!(name, "www-authenticate" | "retry-after") {
                put(&mut response, name, value);
            }
        }
        put(&mut response, "content-type", "application/grpc");
        put(&mut response, "grpc-status", code(refusal));
        put(&mut response, "grpc-message", &escaped(&detail(refusal)));
        response
    }
}

/// The number of the gRPC status. What is neither of these is as if nothing could be asked.
fn code(refusal: &Refusal) -> &'static str {
    match refusal.status().as_u16() {
        400 => "3",
        401 => "16",
        403 => "7",
        405 => "12",
        _ => "14",
    }
}

fn detail(refusal: &Refusal) -> String {
    let problem: Option<Value> = serde_json::from_str(refusal.problem()).ok();
    let detail = problem.as_ref().and_then(|problem| problem.get("detail")?.as_str());
    detail.unwrap_or_default().to_owned()
}

/// Percent-encodes what gRPC does not let stand in a message: all but printable ASCII, and `%`.
fn escaped(message: &str) -> String {
    let mut text = String::new();
    for byte in message.bytes() {
        match byte {
            b'%' | ..=0x1f | 0x7f.. => drop(write!(text, "%{byte:02X}")),
            _ => text.push(char::from(byte)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn messages_are_escaped_as_grpc_says() {
        assert_eq!(super::escaped("50 % é\n~"), "50 %25 %C3%A9%0A~");
    }
}
