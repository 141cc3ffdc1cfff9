//! What the compiler computes is computed at run time instead, so that mutants can be switched in it: functions lose
//! their `const`, and constants that need them become lazy. What stands in a pattern, a length or a test stays.

use super::edits::{Edit, around, instead};
use proc_macro2::TokenTree;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The edits of each file, and where `const` stays.
#[derive(Default)]
pub(super) struct Constants {
    pub(super) edits: BTreeMap<String, Vec<Edit>>,
    pub(super) fixed: BTreeMap<String, Vec<Range<usize>>>,
}

/// A name as it is used: with the segment before it, if there is one.
type Name = (Option<String>, String);

/// Stands before the name of a method.
const METHOD: &str = ".";

/// A constant function, constant or static.
struct Item {
    file: String,
    name: String,
    /// The type or inline module around it.
    owner: Option<String>,
    body: Range<usize>,
    uses: BTreeSet<Name>,
    kind: Kind,
    /// Whether it could be computed at run time.
    free: bool,
}

enum Kind {
    Function { keyword: Range<usize> },
    Value { keyword: Range<usize>, ty: Range<usize>, reference: bool },
}

struct Use {
    file: String,
    name: Name,
    at: Range<usize>,
}

/// Finds them in the files that are changed (`true`) and in those that use them.
pub(super) fn find(
    files: &BTreeMap<String, (syn::File, bool)>,
    mutated: &BTreeMap<String, Vec<Range<usize>>>,
) -> Constants {
    let mut finder = Finder::default();
    // What is below the three folders names nothing in them; what tests name stays constant.
    let looked_at =
        files.iter().filter(|(name, (_, changed))| *changed || name.starts_with("tests/"));
    for (name, (file, changed)) in looked_at {
        finder.file = name.clone();
        finder.changed = *changed;
        finder.visit_file(file);
    }
    let Finder { items, uses, mut fixed, mut needed, in_macros, .. } = finder;
    // What stays: named where the compiler must know the value, and whatever that needs.
    let mut stays = vec![false; items.len()];
    loop {
        let mut again = false;
        for (index, item) in items.iter().enumerate() {
            let used = needed.iter().any(|(file, name)| item.is(file, name));
            if !stays[index] && (!item.free || used) {
                stays[index] = true;
                again = true;
                needed.extend(item.uses.iter().map(|name| (item.file.clone(), name.clone())));
            }
        }
        if !again {
            break;
        }
    }
    // What becomes lazy: constants with mutants, or that use what is no longer constant.
    let mut lazy = vec![false; items.len()];
    loop {
        let mut again = false;
        for (index, item) in items.iter().enumerate() {
            if stays[index] || lazy[index] || matches!(item.kind, Kind::Function { .. }) {
                continue;
            }
            let has_mutants = mutated.get(&item.file).is_some_and(|spans| {
                spans.iter().any(|span| item.body.start <= span.start && span.end <= item.body.end)
            });
            let needs_it = items.iter().enumerate().any(|(other, used)| {
                let changed = matches!(used.kind, Kind::Function { .. }) && !stays[other];
                (changed || lazy[other]) && item.uses.iter().any(|name| used.is(&item.file, name))
            });
            if has_mutants || needs_it {
                lazy[index] = true;
                again = true;
            }
        }
        if !again {
            break;
        }
    }
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for (file, keyword) in in_macros {
        edits.entry(file).or_default().push(instead(&keyword, ""));
    }
    for (index, item) in items.iter().enumerate() {
        let edits = edits.entry(item.file.clone()).or_default();
        match &item.kind {
            Kind::Function { keyword } if !stays[index] => edits.push(instead(keyword, "")),
            Kind::Value { keyword, ty, reference } if lazy[index] => {
                edits.push(instead(keyword, "static"));
                edits.extend(around(ty, 0, "::std::sync::LazyLock<", ">"));
                let (open, close) = if *reference {
                    (
                        "::std::sync::LazyLock::new(|| &*::std::boxed::Box::leak(::std::boxed::Box::new(*",
                        ")))",
                    )
                } else {
                    ("::std::sync::LazyLock::new(|| ", ")")
                };
                edits.extend(around(&item.body, -1, open, close));
            }
            _ => fixed.entry(item.file.clone()).or_default().push(item.body.clone()),
        }
    }
    for used in &uses {
        let found = items
            .iter()
            .enumerate()
            .any(|(index, item)| lazy[index] && item.is(&used.file, &used.name));
        if found {
            let edits = edits.entry(used.file.clone()).or_default();
            edits.extend(around(&used.at, i64::MAX - 1, "(*", ")"));
        }
    }
    Constants { edits, fixed }
}

impl Item {
    /// Whether a name, used in a file, may mean this.
    fn is(&self, file: &str, (before, name): &Name) -> bool {
        if self.name != *name {
            return false;
        }
        let stem = self.file.rsplit('/').next().and_then(|last| last.strip_suffix(".rs"));
        match (before.as_deref(), self.owner.as_deref()) {
            (Some(METHOD), owner) => owner.is_some() && matches!(self.kind, Kind::Function { .. }),
            (Some(before), owner) => owner == Some(before) || stem == Some(before),
            (None, Some(_)) => false,
            // Here, or imported.
            (None, None) => self.file == file || matches!(self.kind, Kind::Function { .. }),
        }
    }
}

#[derive(Default)]
struct Finder {
    file: String,
    changed: bool,
    owners: Vec<String>,
    items: Vec<Item>,
    uses: Vec<Use>,
    fixed: BTreeMap<String, Vec<Range<usize>>>,
    /// What is used where the compiler must know it.
    needed: Vec<(String, Name)>,
    /// The `const` of functions that macros write.
    in_macros: Vec<(String, Range<usize>)>,
    /// Inside such a place.
    constant: usize,
}

impl Finder {
    fn fixed(&mut self, range: Range<usize>, look: impl FnOnce(&mut Self)) {
        self.fixed.entry(self.file.clone()).or_default().push(range);
        self.constant += 1;
        look(self);
        self.constant -= 1;
    }

    fn item(&mut self, item: Item, look: impl FnOnce(&mut Names)) {
        let mut names = Names { owner: self.owners.last().cloned(), found: BTreeSet::new() };
        look(&mut names);
        self.items.push(Item { uses: names.found, ..item });
    }

    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (&token, tokens.peek()) {
                (TokenTree::Group(group), _) => self.tokens(group.stream()),
                (TokenTree::Ident(first), Some(TokenTree::Ident(second)))
                    if first == "const" && second == "fn" =>
                {
                    self.in_macros.push((self.file.clone(), first.span().byte_range()));
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let Some(constant) = &signature.constness else { return };
        let item = Item {
            file: self.file.clone(),
            name: signature.ident.to_string(),
            owner: self.owners.last().cloned(),
            body: block.span().byte_range(),
            uses: BTreeSet::new(),
            kind: Kind::Function { keyword: constant.span().byte_range() },
            free: self.changed,
        };
        self.item(item, |names| names.visit_block(block));
    }

    fn value(
        &mut self,
        name: &syn::Ident,
        keyword: Range<usize>,
        ty: &syn::Type,
        value: &syn::Expr,
    ) {
        let item = Item {
            file: self.file.clone(),
            name: name.to_string(),
            owner: self.owners.last().cloned(),
            body: value.span().byte_range(),
            uses: BTreeSet::new(),
            kind: Kind::Value {
                keyword,
                ty: ty.span().byte_range(),
                reference: matches!(value, syn::Expr::Reference(_)),
            },
            free: self.changed && name != "_",
        };
        self.item(item, |names| names.visit_expr(value));
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.owners.push(name.unwrap_or_default());
        visit::visit_item_impl(self, item);
        self.owners.pop();
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.owners.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.owners.pop();
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if self.changed {
            self.tokens(item.tokens.clone());
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.value(&item.ident, item.const_token.span().byte_range(), &item.ty, &item.expr);
        visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.value(&item.ident, item.static_token.span().byte_range(), &item.ty, &item.expr);
        visit::visit_item_static(self, item);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.fixed(item.expr.span().byte_range(), |finder| finder.visit_expr(&item.expr));
    }

    fn visit_trait_item_const(&mut self, item: &'ast syn::TraitItemConst) {
        self.fixed(item.span().byte_range(), |finder| visit::visit_trait_item_const(finder, item));
    }

    fn visit_type_array(&mut self, item: &'ast syn::TypeArray) {
        self.visit_type(&item.elem);
        self.fixed(item.len.span().byte_range(), |finder| finder.visit_expr(&item.len));
    }

    fn visit_expr_repeat(&mut self, item: &'ast syn::ExprRepeat) {
        self.visit_expr(&item.expr);
        self.fixed(item.len.span().byte_range(), |finder| finder.visit_expr(&item.len));
    }

    fn visit_variant(&mut self, item: &'ast syn::Variant) {
        self.fixed(item.span().byte_range(), |finder| visit::visit_variant(finder, item));
    }

    fn visit_pat(&mut self, item: &'ast syn::Pat) {
        self.constant += 1;
        visit::visit_pat(self, item);
        self.constant -= 1;
    }

    fn visit_expr_path(&mut self, item: &'ast syn::ExprPath) {
        let name = name(&item.path, self.owners.last());
        if self.constant > 0 {
            self.needed.push((self.file.clone(), name));
        } else {
            self.uses.push(Use { file: self.file.clone(), name, at: item.span().byte_range() });
        }
        visit::visit_expr_path(self, item);
    }

    fn visit_expr_method_call(&mut self, item: &'ast syn::ExprMethodCall) {
        if self.constant > 0 {
            self.needed
                .push((self.file.clone(), (Some(METHOD.to_owned()), item.method.to_string())));
        }
        visit::visit_expr_method_call(self, item);
    }
}

/// The names that a body uses.
struct Names {
    owner: Option<String>,
    found: BTreeSet<Name>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, item: &'ast syn::ExprPath) {
        self.found.insert(name(&item.path, self.owner.as_ref()));
        visit::visit_expr_path(self, item);
    }

    fn visit_expr_method_call(&mut self, item: &'ast syn::ExprMethodCall) {
        self.found.insert((Some(METHOD.to_owned()), item.method.to_string()));
        visit::visit_expr_method_call(self, item);
    }
}

fn name(path: &syn::Path, owner: Option<&String>) -> Name {
    let mut segments = path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let last = segments.next().unwrap_or_default();
    let before = match segments.next() {
        Some(own) if own == "Self" => owner.cloned(),
        Some(own) if own == "self" || own == "super" || own == "crate" => None,
        before => before,
    };
    (before, last)
}
