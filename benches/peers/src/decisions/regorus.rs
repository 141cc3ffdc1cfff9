//! `regorus`: Rego in its virtual machine, and in its interpreter.

use super::{Decide, Peer, texts};
use crate::world::{self, Request, Shape};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};
use serde_json::json;
use std::cell::RefCell;

pub const MACHINE: Peer = Peer {
    name: "regorus, virtual machine",
    package: Some("regorus"),
    note: "reads the whole input",
    note_on_many_rules: "rows of `data`, looked up by key",
    ready: |requests| machine(SIX_RULES, json!({}), inputs(requests)),
    from_text: |requests| machine_from_text(texts(requests)),
    rules: |shape, count| machine(ROWS, rows(shape, count), inputs(&shape.requests(count))),
    most_rules: 10_000,
};

pub const INTERPRETER: Peer = Peer {
    name: "regorus, interpreter",
    package: Some("regorus"),
    note: "reads the whole input",
    note_on_many_rules: "rows of `data`, looked up by key",
    ready: |requests| interpreter(SIX_RULES, json!({}), inputs(requests)),
    from_text: |requests| interpreter_from_text(texts(requests)),
    rules: |shape, count| interpreter(ROWS, rows(shape, count), inputs(&shape.requests(count))),
    most_rules: 10_000,
};

const SIX_RULES: &str = r#"
package app

default allow := false

allow if {
    permitted
    not forbidden
}

member if input.subject.properties.organization == input.resource.properties.organization

permitted if {
    input.action.name == "view"
    input.resource.properties.visibility == "public"
}

permitted if {
    input.action.name in {"view", "comment"}
    input.resource.properties.visibility in {"internal", "public"}
    member
}

permitted if {
    input.action.name in {"edit", "share"}
    input.subject.properties.role in {"editor", "admin"}
    member
}

permitted if {
    input.action.name in {"view", "comment", "delete", "export", "transfer"}
    input.subject.properties.role == "admin"
    member
}

forbidden if input.subject.properties.suspended

forbidden if {
    input.action.name == "share"
    input.resource.properties.visibility == "private"
}
"#;

/// As Rego's users write many alike: the rows are data, and a rule looks them up.
const ROWS: &str = r#"
package app

default allow := false

allow if data.roles[input.action.name] == input.subject.properties.role

allow if {
    input.action.name == "view"
    data.documents[input.resource.id]
}
"#;

const ENTRY: &str = "data.app.allow";

fn rows(shape: Shape, count: usize) -> serde_json::Value {
    let (mut roles, mut documents) = (serde_json::Map::new(), serde_json::Map::new());
    for rule in 0..count {
        match shape {
            Shape::OnActions => {
                roles.insert(world::rule_action(rule), world::rule_role(rule).into())
            }
            Shape::OnDocuments => documents.insert(world::rule_document(rule), true.into()),
        };
    }
    json!({ "roles": roles, "documents": documents })
}

fn value(text: &str) -> Value {
    Value::from_json_str(text).expect("our own text")
}

fn inputs(requests: &[Request<'static>]) -> Vec<Value> {
    texts(requests).iter().map(|text| value(text)).collect()
}

fn engine(policy: &str, data: &serde_json::Value) -> Engine {
    let mut engine = Engine::new();
    engine.add_policy(String::from("app.rego"), policy.to_owned()).expect("our own policy");
    engine.add_data(value(&data.to_string())).expect("our own data");
    engine
}

fn vm(policy: &str, data: &serde_json::Value) -> RefCell<RegoVM> {
    let entry: Rc<str> = ENTRY.into();
    let compiled = engine(policy, data).compile_with_entrypoint(&entry).expect("our own policy");
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY]).expect("our own policy");
    let mut vm = RegoVM::new_with_policy(compiled);
    vm.load_program(program);
    vm.set_data(value(&data.to_string())).expect("our own data");
    RefCell::new(vm)
}

fn run(vm: &RefCell<RegoVM>, input: Value) -> bool {
    let mut vm = vm.borrow_mut();
    vm.set_input(input);
    vm.execute_entry_point_by_index(0).expect("a decision") == Value::from(true)
}

fn machine(policy: &str, data: serde_json::Value, inputs: Vec<Value>) -> Decide {
    let vm = vm(policy, &data);
    Box::new(move |index| run(&vm, inputs[index].clone()))
}

fn machine_from_text(texts: Vec<String>) -> Decide {
    let vm = vm(SIX_RULES, &json!({}));
    Box::new(move |index| run(&vm, value(&texts[index])))
}

fn evaluate(engine: &RefCell<Engine>, input: Value) -> bool {
    let mut engine = engine.borrow_mut();
    engine.set_input(input);
    engine.eval_rule(String::from(ENTRY)).expect("a decision") == Value::from(true)
}

fn interpreter(policy: &str, data: serde_json::Value, inputs: Vec<Value>) -> Decide {
    let engine = RefCell::new(engine(policy, &data));
    Box::new(move |index| evaluate(&engine, inputs[index].clone()))
}

fn interpreter_from_text(texts: Vec<String>) -> Decide {
    let engine = RefCell::new(engine(SIX_RULES, &json!({})));
    Box::new(move |index| evaluate(&engine, value(&texts[index])))
}
