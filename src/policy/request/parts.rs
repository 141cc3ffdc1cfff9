//! The four parts of a request.

use crate::error::{Code, Error};
use crate::json::Text;
use crate::policy::image::layout::PARTS;

/// What a request is for, and so which parts it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// A single evaluation.
    Evaluation,
    /// A text that may be a batch: it is read no further where `evaluations` or `options` comes.
    PerhapsBatch,
    /// A search for actions: `action`, `evaluations` and `options` are not looked at.
    ActionSearch,
}

/// One of the four parts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestPart {
    Subject,
    Action,
    Resource,
    Context,
}

impl RequestPart {
    pub(crate) const ALL: [Self; 4] = [Self::Subject, Self::Action, Self::Resource, Self::Context];

    pub(crate) const fn name(self) -> &'static str {
        let [action, context, resource, subject] = PARTS;
        match self {
            Self::Action => action,
            Self::Context => context,
            Self::Resource => resource,
            Self::Subject => subject,
        }
    }

    /// The index of its place in every image, which is 1 for the first of [`PARTS`].
    pub(super) const fn place(self) -> u32 {
        match self {
            Self::Action => 1,
            Self::Context => 2,
            Self::Resource => 3,
            Self::Subject => 4,
        }
    }

    pub(crate) fn named(name: Text<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|part| name == *part.name())
    }
}

/// Which parts of a request were read, and how many bytes each has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PartsSeen {
    subject: Option<usize>,
    action: Option<usize>,
    resource: Option<usize>,
    context: Option<usize>,
    /// Whether it may be a batch.
    pub(crate) may_be_batch: bool,
}

impl PartsSeen {
    pub(crate) fn add(&mut self, part: RequestPart, bytes: usize) {
        let place = match part {
            RequestPart::Subject => &mut self.subject,
            RequestPart::Action => &mut self.action,
            RequestPart::Resource => &mut self.resource,
            RequestPart::Context => &mut self.context,
        };
        *place = Some(bytes);
    }

    pub(crate) const fn has(&self, part: RequestPart) -> bool {
        match part {
            RequestPart::Subject => self.subject.is_some(),
            RequestPart::Action => self.action.is_some(),
            RequestPart::Resource => self.resource.is_some(),
            RequestPart::Context => self.context.is_some(),
        }
    }

    /// These, and those of the others that are not among them.
    pub(crate) fn with(self, others: Self) -> Self {
        Self {
            subject: self.subject.or(others.subject),
            action: self.action.or(others.action),
            resource: self.resource.or(others.resource),
            context: self.context.or(others.context),
            may_be_batch: self.may_be_batch,
        }
    }

    /// Whether these are the same parts as others, however many bytes each has.
    pub(crate) fn are_those_of(self, others: Self) -> bool {
        RequestPart::ALL.into_iter().all(|part| self.has(part) == others.has(part))
    }

    /// How many bytes all parts have.
    pub(crate) fn bytes(&self) -> usize {
        [self.subject, self.action, self.resource, self.context]
            .into_iter()
            .flatten()
            .fold(0, usize::saturating_add)
    }

    /// Checks that the request has all that it needs.
    pub(crate) fn check(&self, kind: RequestKind) -> Result<(), Error> {
        let needs_action = match kind {
            RequestKind::Evaluation | RequestKind::PerhapsBatch => true,
            RequestKind::ActionSearch => false,
        };
        let lacking = if self.subject.is_none() {
            "a request has a `subject`, and this one has none"
        } else if needs_action && self.action.is_none() {
            "a request has an `action`, and this one has none"
        } else if self.resource.is_none() {
            "a request has a `resource`, and this one has none"
        } else {
            return Ok(());
        };
        Err(Error::new(Code::MalformedRequest).because(lacking))
    }
}

/// The error of a text that is no request, with its place.
pub(crate) fn malformed(offset: usize, reason: &'static str) -> Error {
    Error::at(Code::MalformedRequest, offset).because(reason)
}

/// The error of an object of a request in which a name stands twice, with the place where it ends.
pub(crate) fn name_stands_twice(offset: usize) -> Error {
    malformed(offset, "a member name stands twice in one object")
}
