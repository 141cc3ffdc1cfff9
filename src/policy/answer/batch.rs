//! Batches: many evaluations in one text, with parts that they share.

use super::envelope::{Envelope, ItemDecision, Part, Parts, Semantic};
use crate::error::Error;
use crate::json::{Reader, Writer};
use crate::policy::image::Image;
use crate::policy::limits::Limits;
use crate::policy::request::{
    Attributes, PartsSeen, ReadBuffers, Request, RequestKind, RequestPart, malformed,
};
use crate::policy::vocabulary::{MALFORMED, member};
use alloc::string::String;

/// What is written behind the items of an answer.
const AFTER_ITEMS: &str = "]}";

/// The parts that stand beside the items of a batch, for those items that lack them.
pub(super) struct Defaults<'a> {
    image: &'a Image,
    parts: Parts<'a>,
    /// What was read for the last item. The next one mostly has the same parts of its own.
    ready: Option<Ready<'a>>,
}

/// The parts that items lack, read once for all that lack the same ones.
struct Ready<'a> {
    /// The parts that the items have.
    own: PartsSeen,
    attributes: Attributes<'a>,
    read: PartsSeen,
}

impl<'a> Defaults<'a> {
    pub(super) const fn new(image: &'a Image, parts: Parts<'a>) -> Self {
        Self { image, parts, ready: None }
    }

    /// Reads the parts that an item lacks, and says which they are.
    pub(super) fn read(
        &self,
        own: PartsSeen,
        buffers: &mut ReadBuffers<'a>,
    ) -> Result<(Attributes<'a>, PartsSeen), Error> {
        let mut attributes = Attributes::new(self.image);
        let mut read = PartsSeen::default();
        for (part, default) in RequestPart::ALL.into_iter().zip(&self.parts) {
            if let (false, Some(Part { reader, bytes })) = (own.has(part), default) {
                attributes.read_part(&mut reader.clone(), buffers, part)?;
                read.add(part, *bytes);
            }
        }
        Ok((attributes, read))
    }

    /// Reads an item beside the parts that it lacks, and says which parts the request then has.
    fn complete(
        &mut self,
        items: &mut Reader<'a>,
        buffers: &mut ReadBuffers<'a>,
    ) -> Result<(Attributes<'a>, PartsSeen), Error> {
        let mut item = items.clone();
        let (mut attributes, read) = match &mut self.ready {
            Some(ready) => (ready.attributes.copy_with_room(), ready.read),
            None => (Attributes::new(self.image), PartsSeen::default()),
        };
        let own = attributes.read_parts(items, buffers, RequestKind::Evaluation)?;
        if self.ready.as_ref().is_some_and(|ready| ready.own.are_those_of(own)) {
            return Ok((attributes, own.with(read)));
        }
        // This item has other parts than the last one.
        let (defaults, read) = self.read(own, buffers)?;
        let ready = self.ready.insert(Ready { own, attributes: defaults, read });
        let mut attributes = ready.attributes.copy_with_room();
        attributes.read_parts(&mut item, buffers, RequestKind::Evaluation)?;
        Ok((attributes, own.with(read)))
    }
}

/// A batch whose text was read over once, so that it is known to be JSON.
pub(super) struct Batch<'a> {
    pub(super) image: &'a Image,
    pub(super) limits: Limits,
    pub(super) defaults: Defaults<'a>,
    /// The array of items, just opened.
    pub(super) items: Reader<'a>,
    pub(super) semantic: Semantic,
}

impl<'a> Batch<'a> {
    pub(super) fn answer(mut self) -> Result<String, Error> {
        let mut writer = Writer::new();
        let mut evaluated = Ok(());
        writer.object(|w| {
            w.name(member::EVALUATIONS).array(|w| evaluated = self.evaluate(w));
        });
        evaluated.map(|()| writer.finish())
    }

    /// Evaluates the items up to the one at which the semantic stops. All are counted, with what
    /// is read for them, so that a small text cannot ask for much work.
    fn evaluate(&mut self, w: &mut Writer) -> Result<(), Error> {
        let (mut count, mut bytes) = (0_usize, 0_usize);
        let mut buffers = ReadBuffers::default();
        let mut is_over = false;
        while self.items.element()? {
            let start = self.items.clone();
            let read = if is_over { None } else { self.read_item(&mut buffers).ok() };
            let used = match &read {
                Some((_, used)) => *used,
                None => {
                    self.items = start;
                    buffers = ReadBuffers::default();
                    self.skip_item()?
                }
            };
            count = count.saturating_add(1);
            bytes = bytes.saturating_add(used);
            if count > self.limits.evaluations || bytes > self.limits.batch_bytes {
                return Err(malformed(
                    self.items.offset(),
                    "the batch has too many items, or uses large defaults too often",
                ));
            }
            if !is_over {
                let decision = self.write(read.map(|(request, _)| request), w);
                is_over = self.semantic.stops_after(decision);
                if w.bytes().saturating_add(AFTER_ITEMS.len()) > self.limits.answer_bytes {
                    return Err(malformed(
                        self.items.offset(),
                        "the answer to the batch is too large; send fewer items at once",
                    ));
                }
            }
        }
        Ok(())
    }

    /// Reads a request from an item and from the defaults, and says how many bytes that took.
    fn read_item(&mut self, buffers: &mut ReadBuffers<'a>) -> Result<(Request<'a>, usize), Error> {
        let (attributes, seen) = self.defaults.complete(&mut self.items, buffers)?;
        seen.check(RequestKind::Evaluation)?;
        Ok((Request::of(attributes), seen.bytes()))
    }

    /// Reads over an item, and says how many bytes a request from it has: none where the item is
    /// no object, or has a name twice itself.
    fn skip_item(&mut self) -> Result<usize, Error> {
        let mut item = self.items.clone();
        self.items.skip()?;
        let Ok(own) = Envelope::read(&mut item) else { return Ok(0) };
        let parts = own.parts.iter().zip(&self.defaults.parts);
        let used = parts.filter_map(|(own, default)| own.as_ref().or(default.as_ref()));
        Ok(used.fold(0, |bytes, part| bytes.saturating_add(part.bytes)))
    }

    /// Writes the answer to an item, a denial if it is malformed. Says what was decided.
    fn write(&self, request: Option<Request<'a>>, w: &mut Writer) -> ItemDecision {
        if let Some(request) = request {
            let explanation = request.decide().explain();
            explanation.write(w);
            return match explanation.denial() {
                None => ItemDecision::Permit,
                Some(_) => ItemDecision::Deny,
            };
        }
        w.object(|w| {
            w.name(member::DECISION).boolean(false).name(member::CONTEXT).object(|w| {
                w.name(member::CLASS).string(MALFORMED);
                w.name(member::POLICY).string(&self.image.digest().to_hex());
            });
        });
        ItemDecision::Deny
    }
}
