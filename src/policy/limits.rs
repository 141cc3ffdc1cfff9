//! How large policies and requests may be.

/// How large policies, requests and facts may be (section 16 of `docs/policy-language.md`).
///
/// `Source::with_limits` sets them for documents, and for the policy that comes of these.
/// [`Policy::with_limits`](super::Policy::with_limits) sets them for a policy that is loaded
/// already: then only `request_bytes`, `evaluations`, `batch_bytes` and `answer_bytes` matter.
/// Section 16 also lists the limits that are fixed. For example, a request nests at most 32 levels,
/// and an answer lists at most [`MAX_MISSING`](super::MAX_MISSING) missing places.
///
/// A document that crosses a limit is refused with [`Code::LimitExceeded`], [`Code::TooLarge`] or
/// [`Code::TooDeep`]; a request with [`Code::MalformedRequest`]; facts with [`Code::InvalidFacts`].
///
/// ```
/// # #[cfg(feature = "documents")] {
/// use cog_auth::{Code, policy::{Limits, Source}};
///
/// let limits = Limits { actions: 2, request_bytes: 1_024, ..Limits::default() };
/// let mut source = Source::with_limits(limits);
/// source.add("schema.json", r#"{"v": 1, "schema": {"actions": {"Read": {}, "Write": {}}}}"#);
/// let policy = source.check()?.into_policy();
/// let error = policy.request(&[b' '; 1_025]).unwrap_err();
/// assert_eq!(error.code(), Code::MalformedRequest);
///
/// let mut source = Source::with_limits(Limits { actions: 1, ..limits });
/// source.add("schema.json", r#"{"v": 1, "schema": {"actions": {"Read": {}, "Write": {}}}}"#);
/// let errors = source.check().unwrap_err();
/// let error = errors.first();
/// assert_eq!(error.code(), Code::LimitExceeded);
/// assert_eq!(error.message(), "2 actions are over the limit of 1");
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
///
/// [`Code::LimitExceeded`]: crate::Code::LimitExceeded
/// [`Code::TooLarge`]: crate::Code::TooLarge
/// [`Code::TooDeep`]: crate::Code::TooDeep
/// [`Code::MalformedRequest`]: crate::Code::MalformedRequest
/// [`Code::InvalidFacts`]: crate::Code::InvalidFacts
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document; 1,048,576 by default.
    pub document_bytes: usize,
    /// Bytes of all documents together; 4,194,304 by default.
    pub total_bytes: usize,
    /// JSON values of all documents together, which take many times their bytes while they are
    /// checked; 262,144 by default.
    pub total_values: usize,
    /// Nesting of a document, the outer object being level 1; 32 by default, and never more than
    /// 128.
    pub depth: usize,
    /// Declared attributes; 256 by default, and never more than 60,000.
    pub attributes: usize,
    /// Declared actions; 1,024 by default.
    pub actions: usize,
    /// Values of one attribute, resource types that all actions name together, and items of one
    /// literal array; 1,024 by default.
    pub values: usize,
    /// Roles; 1,024 by default.
    pub roles: usize,
    /// Named conditions; 256 by default, and never more: a greater limit means 256.
    pub conditions: usize,
    /// Rules; 16,384 by default.
    pub rules: usize,
    /// Invariants; 256 by default.
    pub invariants: usize,
    /// Routes; 4,096 by default.
    pub routes: usize,
    /// Bytes of a request, a batch, a search, facts, or a caller's context; [`MAX_REQUEST_BYTES`]
    /// by default, and never more than 2^30.
    ///
    /// [`MAX_REQUEST_BYTES`]: super::MAX_REQUEST_BYTES
    pub request_bytes: usize,
    /// Items of a batch; [`MAX_EVALUATIONS`] by default.
    ///
    /// [`MAX_EVALUATIONS`]: super::MAX_EVALUATIONS
    pub evaluations: usize,
    /// Bytes read for the items of a batch, each default counted for every item that uses it;
    /// [`MAX_BATCH_BYTES`] by default.
    ///
    /// [`MAX_BATCH_BYTES`]: super::MAX_BATCH_BYTES
    pub batch_bytes: usize,
    /// Bytes of the answer to a batch; [`MAX_ANSWER_BYTES`] by default.
    ///
    /// [`MAX_ANSWER_BYTES`]: super::MAX_ANSWER_BYTES
    pub answer_bytes: usize,
}

impl Limits {
    /// The limits that a policy has by default.
    pub(crate) const DEFAULT: Self = Self {
        document_bytes: 1_048_576,
        total_bytes: 4_194_304,
        total_values: 262_144,
        depth: 32,
        attributes: 256,
        actions: 1_024,
        values: 1_024,
        roles: 1_024,
        conditions: 256,
        rules: 16_384,
        invariants: 256,
        routes: 4_096,
        request_bytes: MAX_REQUEST_BYTES,
        evaluations: MAX_EVALUATIONS,
        batch_bytes: MAX_BATCH_BYTES,
        answer_bytes: MAX_ANSWER_BYTES,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How many bytes a request, a batch, a search, facts or a caller's context may have, unless
/// [`Limits::request_bytes`] says otherwise.
pub const MAX_REQUEST_BYTES: usize = 262_144;

/// How many items a batch may have, unless [`Limits::evaluations`] says otherwise. A batch with
/// more is refused as a whole.
pub const MAX_EVALUATIONS: usize = 1_000;

/// How many bytes may be read for the items of a batch, unless [`Limits::batch_bytes`] says
/// otherwise. Each default counts for every item that uses it, so that a small text cannot ask for
/// much work.
pub const MAX_BATCH_BYTES: usize = 4_194_304;

/// How many bytes the answer to a batch may have, unless [`Limits::answer_bytes`] says otherwise. A
/// batch whose answer would have more is refused as a whole: a small text could ask for very much
/// of it, where a policy has many or long names.
pub const MAX_ANSWER_BYTES: usize = 16_777_216;
