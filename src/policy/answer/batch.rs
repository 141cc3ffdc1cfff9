//! AuthZEN texts in, answers out: single evaluations, batches and the action search.

use crate::error::{Code, Error};
use crate::json::{Item, Names, Reader, Writer};
use crate::policy::request::{
    PartsSeen, ReadBuffers, Request, RequestKind, RequestPart, malformed,
};
use crate::policy::vocabulary::{MALFORMED, member};
use crate::policy::{Policy, RequestLimits};
use alloc::string::String;

/// How many items a batch may have (section 16 of `docs/policy-language.md`). More make [`Policy::evaluate`] refuse it as a
/// whole.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::{Code, policy::{MAX_EVALUATIONS, Policy}};
///
/// let batch = |items: usize| format!(r#"{{"evaluations": [{}]}}"#, vec!["{}"; items].join(","));
/// let policy = Policy::builtin();
/// assert!(policy.evaluate(batch(MAX_EVALUATIONS).as_bytes()).is_ok());
/// let error = policy.evaluate(batch(MAX_EVALUATIONS + 1).as_bytes()).unwrap_err();
/// assert_eq!(error.code(), Code::MalformedRequest);
/// # }
/// ```
pub const MAX_EVALUATIONS: usize = 1_000;

/// How many bytes may be read for the items of a batch, each default counted for every item that uses it (section 16 of
/// `docs/policy-language.md`): so a small text cannot ask for much work.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::{Code, policy::{MAX_BATCH_BYTES, Policy}};
///
/// // 100 kB, and 50 items that each use it.
/// let large = format!(
///     r#"{{"context": {{"note": "{}"}}, "evaluations": [{}]}}"#, "x".repeat(100_000), vec!["{}"; 50].join(",")
/// );
/// assert!(50 * 100_000 > MAX_BATCH_BYTES);
/// assert_eq!(Policy::builtin().evaluate(large.as_bytes()).unwrap_err().code(), Code::MalformedRequest);
/// # }
/// ```
pub const MAX_BATCH_BYTES: usize = 4_194_304;

/// When a batch stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Semantic {
    All,
    FirstDeny,
    FirstPermit,
}

/// A part of a request: where it begins, and how long it is.
#[derive(Clone, Debug)]
struct Part<'a> {
    reader: Reader<'a>,
    bytes: usize,
}

/// Subject, action, resource and context.
type Parts<'a> = [Option<Part<'a>>; 4];

/// The parts of a request, by the place of each in the text, and what is beside them.
#[derive(Clone, Debug, Default)]
struct Envelope<'a> {
    parts: Parts<'a>,
    evaluations: Option<Part<'a>>,
    options: Option<Part<'a>>,
}

pub(crate) fn evaluate(policy: &Policy, text: &[u8]) -> Result<String, Error> {
    answer(policy, text).map_err(|error| error.with_code(Code::MalformedRequest))
}

pub(crate) fn search(policy: &Policy, text: &[u8]) -> Result<String, Error> {
    let request = policy.search_request(text)?;
    let mut writer = Writer::new();
    writer.object(|w| {
        w.name(member::RESULTS).array(|w| {
            for action in request.allowed() {
                w.object(|w| {
                    w.name(member::NAME).string(action);
                });
            }
        });
    });
    Ok(writer.finish())
}

impl<'r> Request<'r> {
    /// The declared actions for which this request, with that action in place of its own, is allowed; sorted by the bytes of
    /// their names. Each is decided when the iterator comes to it.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, Value};
    ///
    /// let policy = Policy::builtin();
    /// let request = policy
    ///     .build_request(("user", "user_01"), "ViewOrgTags", ("organization", "org-a"))
    ///     .set("/resource/properties/organization", Value::Text("org-a"))?
    ///     .set("/context/credential/kind", Value::Text("session"))?
    ///     .membership(Some("org-a"), None, Some(&["ManageOrgTags", "ViewOrgTags"]))
    ///     .build();
    /// assert_eq!(request.allowed().collect::<Vec<_>>(), ["ManageOrgTags", "ViewOrgTags"]);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn allowed(&self) -> impl Iterator<Item = &str> {
        let image = &self.policy.image;
        (0..image.actions())
            .filter(|action| self.decide_index(Some(*action)).is_allowed())
            .map(|action| image.action_name(action))
    }
}

fn answer(policy: &Policy, text: &[u8]) -> Result<String, Error> {
    let mut reader = policy.reader(text)?;
    let envelope = Envelope::read(&mut reader)?;
    reader.end()?;
    let semantic =
        envelope.options.map_or(Ok(Semantic::All), |options| read_semantic(options.reader))?;
    if let Some(Part { reader: items, .. }) = envelope.evaluations {
        let mut peek = items.clone();
        if !matches!(peek.value()?, Item::Array) {
            return Err(malformed(items.offset(), "`evaluations` is an array"));
        }
        if peek.element()? {
            return batch(policy, &envelope.parts, items, semantic);
        }
    }
    Ok(single(policy, &envelope.parts)?.decide().explain().to_json())
}

fn batch<'a>(
    policy: &'a Policy,
    defaults: &Parts<'a>,
    mut items: Reader<'a>,
    semantic: Semantic,
) -> Result<String, Error> {
    check_size(policy.limits, defaults, items.clone())?;
    items.value()?;
    let mut writer = Writer::new();
    let mut failed = Ok(());
    writer.object(|w| {
        w.name(member::EVALUATIONS).array(|w| {
            failed = evaluate_items(policy, defaults, &mut items, semantic, w);
        });
    });
    failed.map(|()| writer.finish())
}

/// Counts the items and what will be read for them, so that a small text cannot ask for much work.
fn check_size<'a>(
    limits: RequestLimits,
    defaults: &Parts<'a>,
    mut items: Reader<'a>,
) -> Result<(), Error> {
    items.value()?;
    let (mut count, mut bytes) = (0_usize, 0_usize);
    while items.element()? {
        let mut item = items.clone();
        items.skip()?;
        count = count.saturating_add(1);
        if let Ok(own) = Envelope::read(&mut item) {
            let used = own
                .parts
                .iter()
                .zip(defaults)
                .filter_map(|(own, default)| own.as_ref().or(default.as_ref()));
            bytes = used.fold(bytes, |bytes, part| bytes.saturating_add(part.bytes));
        }
        if count > limits.evaluations || bytes > limits.batch_bytes {
            return Err(malformed(
                items.offset(),
                "the batch has too many items, or uses large defaults too often",
            ));
        }
    }
    Ok(())
}

fn evaluate_items<'a>(
    policy: &'a Policy,
    defaults: &Parts<'a>,
    items: &mut Reader<'a>,
    semantic: Semantic,
    w: &mut Writer,
) -> Result<(), Error> {
    while items.element()? {
        let mut item = items.clone();
        items.skip()?;
        let request = Envelope::read(&mut item).and_then(|own| {
            let mut parts = defaults.clone();
            for (part, own) in parts.iter_mut().zip(own.parts) {
                *part = own.or(part.take());
            }
            single(policy, &parts)
        });
        let allowed = match request {
            Ok(request) => {
                let decision = request.decide();
                decision.explain().write(w);
                decision.is_allowed()
            }
            Err(_) => {
                write_malformed(policy, w);
                false
            }
        };
        if (semantic == Semantic::FirstDeny && !allowed)
            || (semantic == Semantic::FirstPermit && allowed)
        {
            break;
        }
    }
    Ok(())
}

fn write_malformed(policy: &Policy, w: &mut Writer) {
    w.object(|w| {
        w.name(member::DECISION).boolean(false).name(member::CONTEXT).object(|w| {
            w.name(member::CLASS).string(MALFORMED);
            w.name(member::POLICY).string(&policy.digest().to_hex());
        });
    });
}

/// Reads a request from its parts.
fn single<'a>(policy: &'a Policy, parts: &Parts<'a>) -> Result<Request<'a>, Error> {
    let mut request = Request::empty(policy);
    let mut buffers = ReadBuffers::default();
    let mut seen = PartsSeen::default();
    for (entity, part) in RequestPart::ALL.into_iter().zip(parts) {
        if let Some(Part { mut reader, .. }) = part.clone() {
            seen.add(entity);
            request.read_part(&mut reader, &mut buffers, entity)?;
        }
    }
    seen.check(RequestKind::Evaluation)?;
    Ok(request.seal())
}

impl<'a> Envelope<'a> {
    /// Reads over a request and notes where its parts begin.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        if !matches!(reader.value()?, Item::Object) {
            return Err(malformed(reader.offset(), "a request is an object"));
        }
        let mut envelope = Self::default();
        let mut names = Names::new();
        while let Some(name) = reader.member()? {
            names.push(name);
            let place = match RequestPart::named(name) {
                Some(entity) => envelope.part(entity),
                None if name == *member::EVALUATIONS => Some(&mut envelope.evaluations),
                None if name == *member::OPTIONS => Some(&mut envelope.options),
                None => None,
            };
            let start = reader.clone();
            reader.skip()?;
            if let Some(place) = place {
                let bytes = reader.offset().saturating_sub(start.offset());
                *place = Some(Part { reader: start, bytes });
            }
        }
        if names.close(0) {
            return Err(malformed(reader.offset(), "a member name stands twice in one object"));
        }
        Ok(envelope)
    }

    fn part(&mut self, entity: RequestPart) -> Option<&mut Option<Part<'a>>> {
        RequestPart::ALL
            .iter()
            .zip(&mut self.parts)
            .find(|(one, _)| **one == entity)
            .map(|(_, part)| part)
    }
}

fn read_semantic(mut options: Reader<'_>) -> Result<Semantic, Error> {
    if !matches!(options.value()?, Item::Object) {
        return Err(malformed(options.offset(), "`options` is an object"));
    }
    let mut semantic = Semantic::All;
    let mut names = Names::new();
    while let Some(name) = options.member()? {
        names.push(name);
        if name != *member::EVALUATIONS_SEMANTIC {
            options.skip()?;
            continue;
        }
        semantic = match options.value()? {
            Item::String(text) if text == *"execute_all" => Semantic::All,
            Item::String(text) if text == *"deny_on_first_deny" => Semantic::FirstDeny,
            Item::String(text) if text == *"permit_on_first_permit" => Semantic::FirstPermit,
            Item::Null
            | Item::Bool(_)
            | Item::Number(_)
            | Item::String(_)
            | Item::Array
            | Item::Object => {
                let reason = "`evaluations_semantic` is execute_all, deny_on_first_deny or permit_on_first_permit";
                return Err(malformed(options.offset(), reason));
            }
        };
    }
    if names.close(0) {
        return Err(malformed(options.offset(), "a member name stands twice in one object"));
    }
    Ok(semantic)
}
