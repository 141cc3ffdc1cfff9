//! Policies and requests that are made up, and requests with changes in them.

use crate::base::source;
use crate::decider::Decider;
use serde_json::{Value, json};

/// Eight bytes are the seed. Each pair of bytes behind them changes one request: what it hits, and
/// what is put there.
pub fn check(data: &[u8]) {
    let mut seed = [0; 8];
    let length = data.len().min(8);
    seed[..length].copy_from_slice(&data[..length]);
    let case = cog_auth_oracle::generate(u64::from_le_bytes(seed));
    let texts = case.documents.iter().map(Value::to_string);
    let policy = source(texts).check().expect("a policy that is made up compiles").into_policy();
    let decider = Decider::new(policy, &case.documents);
    for mut request in case.requests {
        for change in data[length..].chunks_exact(2) {
            let mut left = usize::from(change[0]);
            change_one(&mut request, &mut left, change[1]);
        }
        decider.agrees(request.to_string().as_bytes());
    }
}

/// Changes the value that is reached when `left` values were passed.
fn change_one(value: &mut Value, left: &mut usize, what: u8) -> bool {
    if *left == 0 {
        *value = odd(value, what);
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change_one(item, left, what)),
        Value::Object(members) => {
            members.iter_mut().any(|(_, member)| change_one(member, left, what))
        }
        _ => false,
    }
}

fn odd(value: &Value, what: u8) -> Value {
    match what % 12 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(""),
        3 => json!([]),
        4 => json!({}),
        5 => json!("*"),
        6 => json!(["*"]),
        7 => json!([value]),
        8 => json!([value, value]),
        9 => json!(1.5),
        10 => json!(i64::from(what) - 20),
        _ => json!({ "organization": value, "x": [value] }),
    }
}
