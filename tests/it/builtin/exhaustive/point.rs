//! One point of the space, as a request.

use super::inputs::Place::{
    Context, Credential, Resource, ResourceAccount, Subject, SubjectAccount,
};
use super::inputs::{INPUTS, KINDS, Place, place};

/// An action, and the names that its requests hold.
#[derive(Clone)]
pub struct Action {
    pub name: String,
    /// The permission at an organization that allows it, where one does.
    pub permission: String,
    /// The permission at the account that allows it, itself or by implication.
    pub account_permission: Option<String>,
}

/// One point of the space: an action, a type, a kind, and a value of each input.
#[derive(Clone)]
pub struct Point<'a> {
    pub action: &'a Action,
    pub subject: &'static str,
    pub kind: (&'static str, &'static str),
    /// By the place of the input in [`INPUTS`].
    pub choices: [usize; INPUTS.len()],
}

impl Point<'_> {
    /// The name of an input's value.
    pub fn value(&self, input: &str) -> &'static str {
        let index = place(input);
        INPUTS[index].values[self.choices[index]].0
    }

    /// The request.
    pub fn json(&self) -> String {
        let members = |place: Place| {
            let puts =
                INPUTS.iter().zip(self.choices).flat_map(|(input, choice)| input.values[choice].1);
            let members = puts.filter(|(there, _)| *there == place).map(|(_, member)| *member);
            members.collect::<Vec<_>>().join(",")
        };
        let both = |one: &str, other: &str| {
            [one, other].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(",")
        };
        let entity = |place: Place, account: Place| {
            both(&members(place), &format!(r#""account":{{{}}}"#, members(account)))
        };
        let quoted = |name: &str| format!("\"{name}\"");
        let of_key = self.action.name.contains("ServiceUserKey");
        let id = if self.value("member") == "self" { "prn_1" } else { "AAAABBBBCCCC" };
        let (kind, other) =
            if of_key { (KINDS[2].0, KINDS[1].0) } else { (KINDS[1].0, KINDS[2].0) };
        [
            format!(r#"{{"subject":{{"type":"{}","id":"prn_1","#, self.subject),
            format!(r#""properties":{{{}}}}},"#, entity(Subject, SubjectAccount)),
            format!(r#""action":{{"name":"{}"}},"#, self.action.name),
            format!(r#""resource":{{"type":"{}","id":"{id}","#, self.value("type")),
            format!(r#""properties":{{{}}}}},"#, entity(Resource, ResourceAccount)),
            format!(
                r#""context":{{{}}}}}"#,
                both(
                    &format!(r#""credential":{{{}}}"#, both(&members(Credential), self.kind.1)),
                    &members(Context)
                )
            ),
        ]
        .concat()
        .replace("{action}", &quoted(&self.action.name))
        .replace("{permission}", &quoted(&self.action.permission))
        .replace(
            "{account}",
            &self.action.account_permission.as_deref().map_or_else(String::new, quoted),
        )
        .replace("{kind}", &quoted(kind))
        .replace("{other_kind}", &quoted(other))
    }
}
