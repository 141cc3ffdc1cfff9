//! What all decide: documents of organizations, and six rules about them.
//!
//! 1. Anybody may view a public document.
//! 2. Who is in the document's organization may view it and comment on it, unless it is private.
//! 3. Editors and admins of that organization may edit and share it.
//! 4. Its admins may also view, comment, delete, export and transfer it.
//! 5. Nobody who is suspended may do anything.
//! 6. Nobody may share a private document.

use serde::Deserialize;

pub const ACTIONS: [&str; 7] = ["view", "comment", "edit", "share", "delete", "export", "transfer"];
pub const ROLES: [&str; 3] = ["viewer", "editor", "admin"];
pub const VISIBILITIES: [&str; 3] = ["private", "internal", "public"];

/// The facts of one request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub role: &'a str,
    pub organization: &'a str,
    pub suspended: bool,
    pub action: &'a str,
    pub document: &'a str,
    pub document_organization: &'a str,
    pub visibility: &'a str,
}

impl<'a> Request<'a> {
    const fn new(role: &'a str, action: &'a str, visibility: &'a str) -> Self {
        Self {
            role,
            organization: "org-a",
            suspended: false,
            action,
            document: "doc-7",
            document_organization: "org-a",
            visibility,
        }
    }

    /// The request as `AuthZEN` writes it: what every peer reads that reads text.
    pub fn text(&self) -> String {
        serde_json::json!({
            "subject": { "type": "user", "id": "user-1", "properties": {
                "role": self.role, "organization": self.organization, "suspended": self.suspended } },
            "action": { "name": self.action },
            "resource": { "type": "document", "id": self.document, "properties": {
                "organization": self.document_organization, "visibility": self.visibility } },
            "context": {},
        })
        .to_string()
    }

    /// What the six rules say, written down once more: every peer must agree with it.
    pub fn is_allowed(&self) -> bool {
        let member = self.organization == self.document_organization;
        let permitted = match (self.action, self.role) {
            ("view", _) if self.visibility == "public" => true,
            ("view" | "comment", _) if member && self.visibility != "private" => true,
            ("edit" | "share", "editor" | "admin") => member,
            ("view" | "comment" | "delete" | "export" | "transfer", "admin") => member,
            _ => false,
        };
        let forbidden = self.suspended || (self.action == "share" && self.visibility == "private");
        permitted && !forbidden
    }
}

/// The six cases that are measured: one for each rule.
pub fn cases() -> Vec<Request<'static>> {
    vec![
        Request { document_organization: "org-b", ..Request::new("viewer", "view", "public") },
        Request::new("viewer", "comment", "internal"),
        Request::new("editor", "edit", "private"),
        Request::new("admin", "transfer", "internal"),
        Request { suspended: true, ..Request::new("admin", "view", "public") },
        Request::new("editor", "share", "private"),
    ]
}

/// All 252 combinations: what the peers are checked on.
pub fn grid() -> Vec<Request<'static>> {
    let mut grid = Vec::new();
    for role in ROLES {
        for action in ACTIONS {
            for visibility in VISIBILITIES {
                for suspended in [false, true] {
                    for document_organization in ["org-a", "org-b"] {
                        let request = Request::new(role, action, visibility);
                        grid.push(Request { suspended, document_organization, ..request });
                    }
                }
            }
        }
    }
    grid
}

/// How many rules there are, and what they look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Rule i permits action i to one role.
    OnActions,
    /// Rule i permits to view document i.
    OnDocuments,
}

pub fn rule_action(rule: usize) -> String {
    format!("action-{rule}")
}

pub fn rule_document(rule: usize) -> String {
    format!("document-{rule}")
}

pub fn rule_role(rule: usize) -> &'static str {
    ROLES[rule % ROLES.len()]
}

impl Shape {
    /// A request that the rule in the middle permits, and one that no rule does.
    pub fn requests(self, rules: usize) -> [Request<'static>; 2] {
        let middle = rules / 2;
        match self {
            Self::OnActions => {
                let action = rule_action(middle).leak();
                [
                    Request::new(rule_role(middle), action, "internal"),
                    Request::new(rule_role(middle + 1), action, "internal"),
                ]
            }
            Self::OnDocuments => {
                let request = Request::new("viewer", "view", "internal");
                [
                    Request { document: rule_document(middle).leak(), ..request },
                    Request { document: "document-none", ..request },
                ]
            }
        }
    }
}

/// The text of a request, read with `serde_json` into borrowed parts: what a service does that
/// hands facts to a library.
#[derive(Deserialize)]
pub struct Parsed<'a> {
    #[serde(borrow)]
    subject: Subject<'a>,
    action: Action<'a>,
    resource: Resource<'a>,
}

#[derive(Deserialize)]
struct Subject<'a> {
    #[serde(borrow)]
    properties: SubjectProperties<'a>,
}

#[derive(Deserialize)]
struct SubjectProperties<'a> {
    role: &'a str,
    organization: &'a str,
    suspended: bool,
}

#[derive(Deserialize)]
struct Action<'a> {
    name: &'a str,
}

#[derive(Deserialize)]
struct Resource<'a> {
    id: &'a str,
    #[serde(borrow)]
    properties: ResourceProperties<'a>,
}

#[derive(Deserialize)]
struct ResourceProperties<'a> {
    organization: &'a str,
    visibility: &'a str,
}

/// The facts in the text of a request.
pub fn read(text: &str) -> Request<'_> {
    let parsed: Parsed<'_> = serde_json::from_str(text).expect("our own text");
    Request {
        role: parsed.subject.properties.role,
        organization: parsed.subject.properties.organization,
        suspended: parsed.subject.properties.suspended,
        action: parsed.action.name,
        document: parsed.resource.id,
        document_organization: parsed.resource.properties.organization,
        visibility: parsed.resource.properties.visibility,
    }
}
