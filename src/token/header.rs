//! The `Authorization` header field (RFC 9110, section 11.6.2, and RFC 6750, section 2.1).

use crate::error::{Code, Error};

/// What the `Authorization` header fields of a request say.
///
/// [`authorization`] reads them. `Debug` does not show the credential.
///
/// ```
/// use cog_auth::token::{Authorization, authorization};
///
/// let read = authorization([b"Bearer cog_1".as_slice()])?;
/// assert_eq!(read, Authorization::Bearer(b"cog_1"));
/// assert_eq!(format!("{read:?}"), "Bearer(…)");
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// There is no such field, or its value is empty.
    Nothing,
    /// The scheme is another one than `Bearer`. The rest of the value was not looked at.
    OtherScheme,
    /// The credential after `Bearer`, for [`Token::parse`](super::Token::parse). It is secret. It
    /// has at least one byte and no comma.
    Bearer(&'a [u8]),
}

/// Reads the `Authorization` header fields of a request. `values` are the values of all its field
/// lines of that name, as the bytes that were sent.
///
/// Spaces and tabs around a value are ignored. The scheme comes first and is compared without case;
/// after another one than `Bearer` nothing else is looked at. One or more spaces follow, then the
/// credential (section "The header" of `docs/token-format.md`).
///
/// # Errors
///
/// [`Code::SeveralCredentials`] for two or more field lines, and for a comma after `Bearer`, since
/// some programs join repeated lines with one. [`Code::MalformedHeader`] if `Bearer` is not
/// followed by a space.
///
/// ```
/// use cog_auth::{Code, token::{Authorization, authorization}};
///
/// let one = |value: &'static str| authorization([value.as_bytes()]);
/// assert_eq!(one("bearer  cog_1"), Ok(Authorization::Bearer(b"cog_1")));
/// assert_eq!(one("Basic YTpi"), Ok(Authorization::OtherScheme));
/// assert_eq!(one(" \t"), Ok(Authorization::Nothing));
/// assert_eq!(authorization([]), Ok(Authorization::Nothing));
/// assert_eq!(one("Bearer").unwrap_err().code(), Code::MalformedHeader);
/// assert_eq!(one("Bearer a, Bearer b").unwrap_err().code(), Code::SeveralCredentials);
/// ```
pub fn authorization<'a>(
    values: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Authorization<'a>, Error> {
    let mut values = values.into_iter();
    let Some(value) = values.next() else {
        return Ok(Authorization::Nothing);
    };
    if values.next().is_some() {
        return Err(Error::new(Code::SeveralCredentials));
    }
    let value = strip(value);
    if value.is_empty() {
        return Ok(Authorization::Nothing);
    }
    let Some((scheme, rest)) = value.split_first_chunk::<6>() else {
        return Ok(Authorization::OtherScheme);
    };
    if !scheme.eq_ignore_ascii_case(b"Bearer") || rest.first().is_some_and(|byte| is_tchar(*byte)) {
        return Ok(Authorization::OtherScheme);
    }
    if rest.contains(&b',') {
        return Err(Error::new(Code::SeveralCredentials));
    }
    if rest.first() != Some(&b' ') {
        return Err(Error::new(Code::MalformedHeader));
    }
    let spaces = rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len());
    Ok(Authorization::Bearer(rest.get(spaces..).unwrap_or_default()))
}

impl core::fmt::Debug for Authorization<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::OtherScheme => "OtherScheme",
            Self::Bearer(_) => "Bearer(…)",
        })
    }
}

/// A value without the spaces and tabs around it.
fn strip(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Whether a byte may be in the name of a scheme: `tchar` of RFC 9110, section 5.6.2.
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
