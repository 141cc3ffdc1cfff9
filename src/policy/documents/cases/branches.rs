//! Where the branches of conditions are, in documents and in the image.

use super::super::diagnostics::{Document, Position};
use super::super::model::{Condition, Model, parts};
use super::super::tree::SourceSpan;
use super::report::BranchOwner;
use crate::order;
use crate::policy::image::{Connective, NodeKind};
use alloc::string::String;
use alloc::vec::Vec;

/// One of several conditions in an `any`.
#[derive(Clone, Copy, Debug)]
pub(super) struct BranchPoint {
    pub(super) owner: BranchOwner,
    /// The number of the rule or of the condition.
    pub(super) number: usize,
    /// The number of its first node in the image.
    pub(super) node: u32,
    pub(super) document: usize,
    pub(super) place: Position,
}

/// The branches of a policy, and the names that tell of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Branches {
    pub(super) points: Vec<BranchPoint>,
    /// The ids of the declared conditions.
    pub(super) conditions: Vec<String>,
    /// The names of the documents.
    pub(super) documents: Vec<String>,
}

/// The branches of all conditions and rules, in the order of these: the order in which an image has
/// their nodes (`compile`).
pub(crate) fn branches(model: &Model<'_>, documents: &[Document<'_>]) -> Branches {
    let mut found = Vec::new();
    let mut first = 0_u32;
    for (number, condition) in model.conditions.iter().enumerate() {
        first = add(&mut found, BranchOwner::Condition, number, condition, first);
    }
    for (number, rule) in model.rules.sorted().enumerate() {
        first = add(&mut found, BranchOwner::Rule, number, &rule.when, first);
        if let Some(must) = &rule.must {
            first = add(&mut found, BranchOwner::Rule, number, must, first);
        }
    }
    Branches {
        points: placed(&found, documents),
        conditions: model.condition_ids.iter().map(|id| String::from(*id)).collect(),
        documents: documents.iter().map(|document| String::from(document.name)).collect(),
    }
}

/// Adds the branches of a condition whose first node has this number in the image, and says which
/// number the next condition's has.
fn add(
    found: &mut Vec<(BranchPoint, SourceSpan)>,
    owner: BranchOwner,
    number: usize,
    nodes: &Condition<'_>,
    first: u32,
) -> u32 {
    let image_node = |index: usize| first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
    for (index, node) in nodes.iter().enumerate() {
        if node.kind != NodeKind::Connective(Connective::Any) {
            continue;
        }
        for (index, part) in parts(nodes, index) {
            let (document, place) = (part.place.document(), Position::default());
            let point = BranchPoint { owner, number, node: image_node(index), document, place };
            found.push((point, part.place));
        }
    }
    image_node(nodes.len())
}

/// Sorts them as they stand, and counts lines and columns, once through each document.
fn placed(found: &[(BranchPoint, SourceSpan)], documents: &[Document<'_>]) -> Vec<BranchPoint> {
    let places = found.iter().enumerate();
    let places = places.map(|(index, (_, span))| (span.document(), span.start(), index)).collect();
    let mut points = Vec::new();
    let (mut document, mut at, mut position) = (0, 0, Position::default());
    for (_, _, index) in order::sorted::<(usize, usize, usize)>(places) {
        let Some((point, span)) = found.get(index) else { continue };
        if span.document() != document {
            (document, at, position) = (span.document(), 0, Position::default());
        }
        let text = documents.get(document).map_or("", |document| document.text);
        position.go_over(text.get(at..span.start()).unwrap_or_default());
        at = span.start();
        points.push(BranchPoint { place: position, ..*point });
    }
    points
}
