//! All mutants of a file in one text, each behind its switch.

use super::edits::{Edit, Place, around, instead, render};
use super::list::{Genre, Mutant};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What the mutated sources call.
pub(super) const RUNTIME: &str = include_str!("runtime.rs.txt");

#[derive(Default)]
pub(super) struct Schemata {
    pub(super) text: String,
    /// Of each mutant the number that its place has.
    pub(super) sites: BTreeMap<u32, u32>,
    /// No switch can be put there.
    pub(super) apart: BTreeSet<u32>,
    /// The language does not have it: `||` after a `let`.
    pub(super) unviable: BTreeSet<u32>,
}

pub(super) fn write(
    text: &str,
    file: &syn::File,
    mutants: &[&Mutant],
    constants: &[Edit],
    fixed: &[Range<usize>],
) -> Schemata {
    let mut places = Places::default();
    places.visit_file(file);
    let mut out = Schemata::default();
    let mut edits = constants.to_vec();
    let mut expressions: BTreeMap<(usize, usize), Vec<(u32, String)>> = BTreeMap::new();
    let mut bodies: BTreeMap<usize, Vec<&Mutant>> = BTreeMap::new();
    for mutant in mutants {
        if fixed.iter().any(|fixed| within(&mutant.span, fixed)) {
            out.apart.insert(mutant.id);
            continue;
        }
        match mutant.genre {
            Genre::Body => bodies.entry(mutant.span.start).or_default().push(mutant),
            Genre::Arm => match places.arms.iter().find(|arm| arm.start == mutant.span.start) {
                // With a guard on every arm, the arms would not be all there is.
                Some(arm) if arm.guard.is_none() && !arm.has_default => {
                    _ = out.apart.insert(mutant.id)
                }
                Some(arm) => {
                    out.sites.insert(mutant.id, mutant.id);
                    let on = format!("crate::mutation::at({0}) != {0}", mutant.id);
                    match &arm.guard {
                        Some(guard) => edits.extend(around(guard, -1, &format!("{on} && ("), ")")),
                        None => edits.push(Edit {
                            of: arm.pattern.clone(),
                            place: Place::After,
                            rank: -1,
                            text: format!(" if {on}"),
                        }),
                    }
                }
                None => _ = out.apart.insert(mutant.id),
            },
            Genre::Operator | Genre::Field | Genre::Guard => match places.around(mutant) {
                Some(Found::Let) => _ = out.unviable.insert(mutant.id),
                Some(Found::Range(range)) => {
                    let mut inner: Vec<Edit> = constants.to_vec();
                    inner.retain(|edit| !overlap(&edit.of, &mutant.span));
                    inner.push(instead(&mutant.span, &mutant.replacement));
                    let other = render(text, &range, &inner);
                    expressions
                        .entry((range.start, range.end))
                        .or_default()
                        .push((mutant.id, other));
                }
                None => _ = out.apart.insert(mutant.id),
            },
        }
    }
    for ((start, end), others) in expressions {
        let site = others[0].0;
        let guards: Vec<_> = others.iter().map(|(id, _)| format!("mutant__ != {id}")).collect();
        let open = format!(
            "(match crate::mutation::at({site}) {{ mutant__ if {} => (",
            guards.join(" && ")
        );
        let mut close = String::from(")");
        for (index, (id, other)) in others.iter().enumerate() {
            out.sites.insert(*id, site);
            let pattern = if index + 1 == others.len() { "_".into() } else { id.to_string() };
            close.push_str(&format!(",\n{pattern} => {}", marked(*id, &format!("({other})"))));
        }
        close.push_str("\n})");
        edits.extend(around(&(start..end), 0, &open, &close));
    }
    for others in bodies.values() {
        let site = others[0].id;
        let span = &others[0].span;
        let opaque = places.opaque.iter().any(|block| within(span, block));
        let mut open = String::new();
        for (index, mutant) in others.iter().enumerate() {
            out.sites.insert(mutant.id, site);
            let value = marked(mutant.id, &mutant.replacement);
            if opaque {
                let value = either(index, &value);
                open.push_str(&format!(
                    "if crate::mutation::at({site}) == {} {{ {value} }} else ",
                    mutant.id
                ));
            } else {
                open.push_str(&format!(
                    "if crate::mutation::at({site}) == {} {{ return {value}; }}\n",
                    mutant.id
                ));
            }
        }
        if opaque {
            let rights = "crate::mutation::Either::Right(".repeat(others.len());
            open.push_str(&format!("{{ {rights}{{ "));
            let close = format!(" }}{} }}", ")".repeat(others.len()));
            edits.extend(around(span, -2, &open, &close));
        } else {
            edits.push(Edit { of: span.clone(), place: Place::Before, rank: -2, text: open });
        }
    }
    out.text = render(text, &(0..text.len()), &edits);
    out
}

/// Where each mutant stands in a text, by its marks.
pub(super) fn marks(text: &str) -> Vec<(u32, Range<usize>)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("/*<m") {
        let rest = &text[start + 4..];
        let Some(id) = rest.split('*').next() else { continue };
        let closing = format!("/*m{id}>*/");
        if let (Ok(number), Some(length)) = (id.parse(), rest.find(&closing)) {
            found.push((number, start..start + 4 + length));
        }
    }
    found
}

fn marked(id: u32, text: &str) -> String {
    format!("/*<m{id}*/{text}/*m{id}>*/")
}

fn either(rights: usize, value: &str) -> String {
    let before = "crate::mutation::Either::Right(".repeat(rights);
    format!("{before}crate::mutation::Either::Left({value}){}", ")".repeat(rights))
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

struct Arm {
    start: usize,
    pattern: Range<usize>,
    guard: Option<Range<usize>>,
    /// Another arm takes what this one leaves.
    has_default: bool,
}

/// Where mutants can be.
#[derive(Default)]
struct Places {
    arms: Vec<Arm>,
    /// Expressions with their operators; `true` with a `let` among the operands.
    operators: Vec<(Range<usize>, Range<usize>, bool)>,
    structs: Vec<Range<usize>>,
    /// Bodies of functions that return `impl`.
    opaque: Vec<Range<usize>>,
}

enum Found {
    Range(Range<usize>),
    Let,
}

impl Places {
    /// The expression that a mutant changes.
    fn around(&self, mutant: &Mutant) -> Option<Found> {
        match mutant.genre {
            Genre::Operator => {
                let (range, _, has_let) = self
                    .operators
                    .iter()
                    .find(|(_, operator, _)| operator.start == mutant.span.start)?;
                Some(if *has_let { Found::Let } else { Found::Range(range.clone()) })
            }
            Genre::Field => self
                .structs
                .iter()
                .filter(|range| within(&mutant.span, range))
                .min_by_key(|range| range.len())
                .map(|range| Found::Range(range.clone())),
            _ => self
                .arms
                .iter()
                .filter_map(|arm| arm.guard.as_ref())
                .find(|guard| **guard == mutant.span)
                .map(|range| Found::Range(range.clone())),
        }
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        if let syn::ReturnType::Type(_, ty) = &signature.output
            && matches!(**ty, syn::Type::ImplTrait(_))
        {
            self.opaque.push(block.span().byte_range());
        }
    }
}

impl<'ast> Visit<'ast> for Places {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_expr_match(&mut self, item: &'ast syn::ExprMatch) {
        let has_default = item.arms.iter().any(|arm| {
            arm.guard.is_none() && matches!(arm.pat, syn::Pat::Wild(_) | syn::Pat::Ident(_))
        });
        for arm in &item.arms {
            self.arms.push(Arm {
                start: arm.span().byte_range().start,
                pattern: arm.pat.span().byte_range(),
                guard: arm.guard.as_ref().map(|(_, guard)| guard.span().byte_range()),
                has_default,
            });
        }
        visit::visit_expr_match(self, item);
    }

    fn visit_expr_binary(&mut self, item: &'ast syn::ExprBinary) {
        let has_let = has_let(&item.left) || has_let(&item.right);
        self.operators.push((item.span().byte_range(), item.op.span().byte_range(), has_let));
        visit::visit_expr_binary(self, item);
    }

    fn visit_expr_unary(&mut self, item: &'ast syn::ExprUnary) {
        self.operators.push((item.span().byte_range(), item.op.span().byte_range(), false));
        visit::visit_expr_unary(self, item);
    }

    fn visit_expr_struct(&mut self, item: &'ast syn::ExprStruct) {
        self.structs.push(item.span().byte_range());
        visit::visit_expr_struct(self, item);
    }
}

fn has_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
            has_let(&binary.left) || has_let(&binary.right)
        }
        _ => false,
    }
}
