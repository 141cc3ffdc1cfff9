//! The keys of a condition: the values of one attribute of which it needs one to be true.

use super::closed_sets::{AttributeType, Connective, NodeKind, OperandKind, Operator};
use super::layout::NodeRecord;
use super::read::Image;
use super::record::Span;
use alloc::vec::Vec;

/// How many nodes, words of sets and values are looked at for the keys of one condition. What has
/// its keys behind more has none.
const MAX_STEPS: u32 = 256;

/// Finds the keys of conditions, for one attribute: an enum, an id or a boolean.
///
/// Where the attribute has a value that is none of the keys, the condition is surely false. An
/// `all` has the keys of its first part that has any, an `any` those of all parts together, and a
/// reference those of its condition.
pub(crate) struct Keys<'i> {
    image: &'i Image,
    attribute: u32,
    kind: Option<AttributeType>,
    /// The keys that were found. One may stand there more than once.
    pub(crate) values: Vec<u32>,
    steps: u32,
}

/// A part of a connective.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    WithKeys,
    WithoutKeys,
}

impl<'i> Keys<'i> {
    pub(crate) fn new(image: &'i Image) -> Self {
        Self { image, attribute: 0, kind: None, values: Vec::new(), steps: 0 }
    }

    /// Finds the keys of the condition that begins at a node. Says whether it has keys: else it may
    /// be true whatever the attribute is.
    pub(crate) fn find(&mut self, attribute: u32, root: u32) -> bool {
        self.attribute = attribute;
        self.kind = self.image.attribute(attribute).and_then(|attribute| attribute.kind());
        self.values.clear();
        self.steps = 0;
        self.below(root)
    }

    fn below(&mut self, index: u32) -> bool {
        let Some(node) = self.image.node(index).filter(|_| self.step()) else { return false };
        match node.kind() {
            Some(NodeKind::Connective(Connective::Condition)) => {
                self.below(self.image.condition(node.a()))
            }
            Some(NodeKind::Connective(Connective::All)) => {
                self.has_part(index, node, Part::WithKeys)
            }
            Some(NodeKind::Connective(Connective::Any)) => {
                !self.has_part(index, node, Part::WithoutKeys)
            }
            Some(NodeKind::Atom(operator)) => self.atom(operator, node),
            Some(NodeKind::Connective(Connective::Not)) | None => false,
        }
    }

    /// Whether a connective has such a part. The keys of the parts up to that one are noted.
    fn has_part(&mut self, index: u32, node: NodeRecord<'_>, wanted: Part) -> bool {
        let mut next = index.wrapping_add(1);
        while next < node.a() {
            let before = self.values.len();
            let found = if self.below(next) { Part::WithKeys } else { Part::WithoutKeys };
            if found == Part::WithoutKeys {
                self.values.truncate(before);
            }
            if found == wanted {
                return true;
            }
            let Some(part) = self.image.node(next) else { break };
            next = part.after(next);
        }
        false
    }

    fn atom(&mut self, operator: Operator, node: NodeRecord<'_>) -> bool {
        if u32::from(node.attribute()) != self.attribute {
            return false;
        }
        let span = Span { first: node.a(), count: node.b() };
        match (operator, node.operand(), self.kind) {
            (Operator::Eq, Some(OperandKind::Number), Some(AttributeType::Enum))
            | (Operator::Eq, Some(OperandKind::Id), Some(AttributeType::Id)) => self.push(node.a()),
            (Operator::Eq, Some(OperandKind::Number), Some(AttributeType::Bool)) => {
                self.push(node.a().min(1))
            }
            (Operator::In, Some(OperandKind::List), Some(AttributeType::Id)) => {
                span.indices().all(|item| self.push(self.image.list(item)))
            }
            (Operator::In, Some(OperandKind::Words), Some(AttributeType::Enum)) => {
                let attribute = self.image.attribute(self.attribute);
                let values = attribute.map_or(0, |attribute| attribute.values());
                let width = self.image.values(values.into()).count.div_ceil(64);
                (0..width).all(|word| self.push_word(node.a(), word))
            }
            _ => false,
        }
    }

    /// Adds the values that a word of a set has.
    fn push_word(&mut self, first: u32, word: u32) -> bool {
        let mut bits = self.image.word(first.wrapping_add(word));
        while bits != 0 {
            if !self.push(word.wrapping_mul(64).wrapping_add(bits.trailing_zeros())) {
                return false;
            }
            bits &= bits.wrapping_sub(1);
        }
        self.step()
    }

    fn push(&mut self, value: u32) -> bool {
        self.values.push(value);
        self.step()
    }

    /// Counts a step, and says whether it may be taken.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        self.steps <= MAX_STEPS
    }
}
