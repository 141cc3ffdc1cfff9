//! `cel`: one expression, and variables that a resolver lends.

use super::{Decide, Peer, texts};
use crate::world::{self, Request, Shape};
use cel::common::types::{CelBool, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, Program, Value};
use std::collections::HashMap;
use std::sync::Arc;

pub const PEER: Peer = Peer {
    name: "cel",
    package: Some("cel"),
    note: "an expression, not rules: no combining, no reasons",
    note_on_many_rules: "a map, looked up by key",
    ready,
    from_text,
    rules,
    most_rules: 10_000,
};

const SIX_RULES: &str = r#"
!suspended && !(action == "share" && visibility == "private") && (
    (action == "view" && visibility == "public")
    || (organization == document_organization && (
        (action in ["view", "comment"] && visibility in ["internal", "public"])
        || (action in ["edit", "share"] && role in ["editor", "admin"])
        || (action in ["view", "comment", "delete", "export", "transfer"] && role == "admin"))))
"#;

/// Lends the facts of a request without copying them.
#[derive(Debug)]
struct Facts<'a> {
    role: CelString<'a>,
    organization: CelString<'a>,
    suspended: CelBool,
    action: CelString<'a>,
    document: CelString<'a>,
    document_organization: CelString<'a>,
    visibility: CelString<'a>,
}

impl<'a> From<Request<'a>> for Facts<'a> {
    fn from(request: Request<'a>) -> Self {
        Self {
            role: request.role.into(),
            organization: request.organization.into(),
            suspended: request.suspended.into(),
            action: request.action.into(),
            document: request.document.into(),
            document_organization: request.document_organization.into(),
            visibility: request.visibility.into(),
        }
    }
}

impl VariableResolver for Facts<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let value: &dyn Val = match variable {
            "role" => &self.role,
            "organization" => &self.organization,
            "suspended" => &self.suspended,
            "action" => &self.action,
            "document" => &self.document,
            "document_organization" => &self.document_organization,
            "visibility" => &self.visibility,
            _ => return None,
        };
        Some(CowVal::Borrowed(value))
    }
}

fn run(program: &Program, context: &Context<'_, '_>) -> bool {
    program.execute(context).expect("a decision") == Value::Bool(true)
}

/// The facts live as long as the program, so that each has its context ready.
fn contexts(env: &Arc<Env>, requests: &[Request<'static>]) -> Vec<Context<'static, 'static>> {
    let context = |request: &Request<'static>| {
        let facts: &'static Facts<'static> = Box::leak(Box::new(Facts::from(*request)));
        let mut context = Context::with_env(Arc::clone(env));
        context.set_variable_resolver(facts);
        context
    };
    requests.iter().map(context).collect()
}

fn ready(requests: &[Request<'static>]) -> Decide {
    let env = Arc::new(Env::stdlib());
    let program = env.compile(SIX_RULES).expect("our own expression");
    let contexts = contexts(&env, requests);
    Box::new(move |index| run(&program, &contexts[index]))
}

fn from_text(requests: &[Request<'static>]) -> Decide {
    let env = Arc::new(Env::stdlib());
    let program = env.compile(SIX_RULES).expect("our own expression");
    let texts = texts(requests);
    Box::new(move |index| {
        let facts = Facts::from(world::read(&texts[index]));
        let mut context = Context::with_env(Arc::clone(&env));
        context.set_variable_resolver(&facts);
        run(&program, &context)
    })
}

fn rules(shape: Shape, count: usize) -> Decide {
    let (expression, map): (_, HashMap<String, &str>) = match shape {
        Shape::OnActions => (
            "action in rows && rows[action] == role",
            (0..count).map(|rule| (world::rule_action(rule), world::rule_role(rule))).collect(),
        ),
        Shape::OnDocuments => (
            r#"action == "view" && document in rows"#,
            (0..count).map(|rule| (world::rule_document(rule), "view")).collect(),
        ),
    };
    let env = Arc::new(Env::stdlib());
    let program = env.compile(expression).expect("our own expression");
    let mut contexts = contexts(&env, &shape.requests(count));
    for context in &mut contexts {
        context.add_variable_from_value("rows", map.clone());
    }
    Box::new(move |index| run(&program, &contexts[index]))
}
