//! AuthZEN texts in, answers out: single evaluations and the action search. `batch.rs` answers
//! batches.

use super::batch::{Batch, Defaults};
use super::envelope::{Envelope, Part, Semantic};
use crate::error::Error;
use crate::json::{Item, Reader, Writer};
use crate::policy::image::Image;
use crate::policy::limits::Limits;
use crate::policy::request::{Attributes, PartsSeen, ReadBuffers, Request, RequestKind, malformed};
use crate::policy::vocabulary::member;
use alloc::string::String;

/// Answers an evaluation, or evaluations.
pub(crate) fn evaluate<'a>(
    image: &'a Image,
    text: Reader<'a>,
    limits: Limits,
) -> Result<String, Error> {
    match single(image, text.clone()) {
        Some(request) => Ok(request.decide().explain().to_json()),
        None => evaluate_parts(image, text, limits),
    }
}

/// The request of a text that is a single evaluation. None where it may be a batch, and where
/// something is wrong with it, which is told by the order of its parts.
fn single<'a>(image: &'a Image, mut text: Reader<'a>) -> Option<Request<'a>> {
    let mut attributes = Attributes::new(image);
    let buffers = &mut ReadBuffers::default();
    let seen = attributes.read_parts(&mut text, buffers, RequestKind::PerhapsBatch).ok()?;
    let is_whole =
        !seen.may_be_batch && text.end().is_ok() && seen.check(RequestKind::PerhapsBatch).is_ok();
    is_whole.then(|| Request::of(attributes))
}

/// Answers what may be a batch: finds the parts first, wherever they are, and then reads them.
fn evaluate_parts<'a>(
    image: &'a Image,
    mut text: Reader<'a>,
    limits: Limits,
) -> Result<String, Error> {
    let envelope = Envelope::read(&mut text)?;
    text.end()?;
    let semantic =
        envelope.options.map_or(Ok(Semantic::All), |options| Semantic::read(options.reader))?;
    let defaults = Defaults::new(image, envelope.parts);
    if let Some(Part { reader: mut items, .. }) = envelope.evaluations {
        let start = items.offset();
        if !matches!(items.value()?, Item::Array) {
            return Err(malformed(start, "`evaluations` is an array"));
        }
        if items.clone().element()? {
            return Batch { image, limits, defaults, items, semantic }.answer();
        }
    }
    let (attributes, seen) = defaults.read(PartsSeen::default(), &mut ReadBuffers::default())?;
    seen.check(RequestKind::Evaluation)?;
    Ok(Request::of(attributes).decide().explain().to_json())
}

/// Answers an action search.
pub(crate) fn search(request: &Request<'_>) -> String {
    let mut writer = Writer::new();
    writer.object(|w| {
        w.name(member::RESULTS).array(|w| {
            for action in request.allowed_actions() {
                w.object(|w| {
                    w.name(member::NAME).string(action);
                });
            }
        });
    });
    writer.finish()
}
