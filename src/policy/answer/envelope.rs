//! The parts of a text that may be a batch, found before any of them is read.

use crate::error::Error;
use crate::json::{Item, Names, Reader};
use crate::policy::request::{RequestPart, malformed, name_stands_twice};
use crate::policy::vocabulary::member;

/// A part of a request: where it begins, and how long it is.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) bytes: usize,
}

/// Subject, action, resource and context.
pub(super) type Parts<'a> = [Option<Part<'a>>; 4];

/// The parts of a request, by the place of each in the text, and what is beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Envelope<'a> {
    pub(super) parts: Parts<'a>,
    pub(super) evaluations: Option<Part<'a>>,
    pub(super) options: Option<Part<'a>>,
}

impl<'a> Envelope<'a> {
    /// Reads over a request and notes where its parts begin.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
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
            return Err(name_stands_twice(reader.offset()));
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

/// What was decided about an item of a batch. One that is malformed is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemDecision {
    Permit,
    Deny,
}

/// When a batch stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Semantic {
    All,
    FirstDeny,
    FirstPermit,
}

impl Semantic {
    const NAMES: [(&'static str, Self); 3] = [
        ("execute_all", Self::All),
        ("deny_on_first_deny", Self::FirstDeny),
        ("permit_on_first_permit", Self::FirstPermit),
    ];

    /// Whether a batch stops after a decision.
    pub(super) const fn stops_after(self, decision: ItemDecision) -> bool {
        match (self, decision) {
            (Self::All, _)
            | (Self::FirstDeny, ItemDecision::Permit)
            | (Self::FirstPermit, ItemDecision::Deny) => false,
            (Self::FirstDeny, ItemDecision::Deny) | (Self::FirstPermit, ItemDecision::Permit) => {
                true
            }
        }
    }

    /// Reads it from the `options` of a batch.
    pub(super) fn read(mut options: Reader<'_>) -> Result<Self, Error> {
        if !matches!(options.value()?, Item::Object) {
            return Err(malformed(options.offset(), "`options` is an object"));
        }
        let mut semantic = Self::All;
        let mut names = Names::new();
        while let Some(name) = options.member()? {
            names.push(name);
            if name != *member::EVALUATIONS_SEMANTIC {
                options.skip()?;
                continue;
            }
            let value = options.value()?;
            let found = Self::NAMES
                .iter()
                .find(|(name, _)| matches!(value, Item::String(text) if text == **name));
            let Some((_, found)) = found else {
                return Err(malformed(
                    options.offset(),
                    "`evaluations_semantic` is execute_all, deny_on_first_deny or \
                     permit_on_first_permit",
                ));
            };
            semantic = *found;
        }
        if names.close(0) {
            return Err(name_stands_twice(options.offset()));
        }
        Ok(semantic)
    }
}
