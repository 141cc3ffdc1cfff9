//! AuthZEN texts in, answers out: single evaluations, batches and the action search.

use crate::error::Error;
use crate::json::{Item, Names, Reader, Writer};
use crate::policy::image::Image;
use crate::policy::limits::Limits;
use crate::policy::request::{
    Attributes, PartsSeen, ReadBuffers, Request, RequestKind, RequestPart, malformed,
    name_stands_twice,
};
use crate::policy::vocabulary::{MALFORMED, member};
use alloc::string::String;

/// What is written behind the items of an answer.
const AFTER_ITEMS: &str = "]}";

/// When a batch stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Semantic {
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
    const fn stops_after(self, allowed: bool) -> bool {
        match self {
            Self::All => false,
            Self::FirstDeny => !allowed,
            Self::FirstPermit => allowed,
        }
    }
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
    let seen = attributes.read_parts(&mut text, buffers, RequestKind::NoBatch).ok()?;
    let is_whole = !seen.batch && text.end().is_ok() && seen.check(RequestKind::NoBatch).is_ok();
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
        envelope.options.map_or(Ok(Semantic::All), |options| read_semantic(options.reader))?;
    let defaults = Defaults { image, parts: envelope.parts, ready: None };
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

/// The parts that stand beside the items of a batch, for those items that lack them.
struct Defaults<'a> {
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
    /// Reads the parts that an item lacks, and says which they are.
    fn read(
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
            Some(ready) => (ready.attributes.again(), ready.read),
            None => (Attributes::new(self.image), PartsSeen::default()),
        };
        let own = attributes.read_parts(items, buffers, RequestKind::Evaluation)?;
        if self.ready.as_ref().is_some_and(|ready| ready.own.are_those_of(own)) {
            return Ok((attributes, own.with(read)));
        }
        // This item has other parts than the last one.
        let (defaults, read) = self.read(own, buffers)?;
        let ready = self.ready.insert(Ready { own, attributes: defaults, read });
        let mut attributes = ready.attributes.again();
        attributes.read_parts(&mut item, buffers, RequestKind::Evaluation)?;
        Ok((attributes, own.with(read)))
    }
}

/// A batch whose text was read over once, so that it is known to be JSON.
struct Batch<'a> {
    image: &'a Image,
    limits: Limits,
    defaults: Defaults<'a>,
    /// The array of items, just opened.
    items: Reader<'a>,
    semantic: Semantic,
}

impl<'a> Batch<'a> {
    fn answer(mut self) -> Result<String, Error> {
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
                let allowed = self.write(read.map(|(request, _)| request), w);
                is_over = self.semantic.stops_after(allowed);
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

    /// Writes the answer to an item, a denial if it is malformed. Says whether it is an allow.
    fn write(&self, request: Option<Request<'a>>, w: &mut Writer) -> bool {
        if let Some(request) = request {
            let explanation = request.decide().explain();
            explanation.write(w);
            return explanation.is_allowed();
        }
        w.object(|w| {
            w.name(member::DECISION).boolean(false).name(member::CONTEXT).object(|w| {
                w.name(member::CLASS).string(MALFORMED);
                w.name(member::POLICY).string(&self.image.digest().to_hex());
            });
        });
        false
    }
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
        let value = options.value()?;
        let found = Semantic::NAMES
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
