//! Everything that the built-in policy's guards look at: each input with its values, null, what is
//! ill-typed, and missing.

/// What a value puts into the request: a place, and a member's name and JSON text. `{action}` and
/// so on are replaced.
type Puts = &'static [(Place, &'static str)];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Subject,
    SubjectAccount,
    Resource,
    ResourceAccount,
    Credential,
    Context,
}
use Place::{Context, Credential, Resource, ResourceAccount, Subject, SubjectAccount};

/// An input: its name, and its values by name. The first value is the one that hinders least.
pub struct Input {
    pub name: &'static str,
    pub values: &'static [(&'static str, Puts)],
}

/// The inputs besides the action, the type of the subject and the kind of the credential.
pub const INPUTS: &[Input] = &[
    Input {
        name: "sso",
        values: &[
            ("false", &[(SubjectAccount, r#""sso":false"#)]),
            ("true", &[(SubjectAccount, r#""sso":true"#)]),
            ("null", &[(SubjectAccount, r#""sso":null"#)]),
            ("ill-typed", &[(SubjectAccount, r#""sso":"false""#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "plan",
        values: &[
            ("team", &[(SubjectAccount, r#""plan":"team""#)]),
            ("core", &[(SubjectAccount, r#""plan":"core""#)]),
            ("free", &[(SubjectAccount, r#""plan":"free""#)]),
            ("enterprise", &[(SubjectAccount, r#""plan":"enterprise""#)]),
            ("undeclared", &[(SubjectAccount, r#""plan":"Team""#)]),
            ("null", &[(SubjectAccount, r#""plan":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "features",
        values: &[
            ("beta", &[(SubjectAccount, r#""features":["pat_beta"]"#)]),
            ("beta and another", &[(SubjectAccount, r#""features":["new_editor","pat_beta"]"#)]),
            ("another", &[(SubjectAccount, r#""features":["new_editor"]"#)]),
            ("none", &[(SubjectAccount, r#""features":[]"#)]),
            ("ill-typed", &[(SubjectAccount, r#""features":"pat_beta""#)]),
            ("null", &[(SubjectAccount, r#""features":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "resource sso",
        values: &[
            ("false", &[(ResourceAccount, r#""sso":false"#)]),
            ("true", &[(ResourceAccount, r#""sso":true"#)]),
            ("null", &[(ResourceAccount, r#""sso":null"#)]),
            ("ill-typed", &[(ResourceAccount, r#""sso":0"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "resource plan",
        values: &[
            ("team", &[(ResourceAccount, r#""plan":"team""#)]),
            ("core", &[(ResourceAccount, r#""plan":"core""#)]),
            ("free", &[(ResourceAccount, r#""plan":"free""#)]),
            ("enterprise", &[(ResourceAccount, r#""plan":"enterprise""#)]),
            ("undeclared", &[(ResourceAccount, r#""plan":"trial""#)]),
            ("null", &[(ResourceAccount, r#""plan":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "account",
        values: &[
            (
                "same",
                &[(SubjectAccount, r#""id":"acct_7""#), (ResourceAccount, r#""id":"acct_7""#)],
            ),
            (
                "another",
                &[(SubjectAccount, r#""id":"acct_7""#), (ResourceAccount, r#""id":"acct_8""#)],
            ),
            ("own missing", &[(ResourceAccount, r#""id":"acct_7""#)]),
            ("resource's missing", &[(SubjectAccount, r#""id":"acct_7""#)]),
        ],
    },
    Input {
        name: "organization",
        values: &[
            ("org-a", &[(Resource, r#""organization":"org-a""#)]),
            ("null", &[(Resource, r#""organization":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "held",
        values: &[
            (
                "everywhere",
                &[(
                    Subject,
                    r#""roles":[],"permissions":[{account}],"memberships":[{"organization":"org-a","roles":[],"permissions":[{permission}]}]"#,
                )],
            ),
            (
                "here",
                &[(
                    Subject,
                    r#""roles":[],"permissions":[],"memberships":[{"organization":"org-a","roles":[],"permissions":[{permission}]}]"#,
                )],
            ),
            (
                "elsewhere",
                &[(
                    Subject,
                    r#""roles":[],"permissions":[],"memberships":[{"organization":"org-b","roles":[],"permissions":[{permission}]}]"#,
                )],
            ),
            ("account", &[(Subject, r#""roles":[],"permissions":[{account}],"memberships":[]"#)]),
            ("nothing", &[(Subject, r#""roles":[],"permissions":[],"memberships":[]"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "scopes",
        values: &[
            ("all", &[(Credential, r#""scopes":["*"]"#)]),
            ("action", &[(Credential, r#""scopes":[{action},"ViewOrgTags"]"#)]),
            ("another", &[(Credential, r#""scopes":["ViewOrgTags"]"#)]),
            ("none", &[(Credential, r#""scopes":[]"#)]),
            ("null", &[(Credential, r#""scopes":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "organizations",
        values: &[
            ("all", &[(Credential, r#""organizations":["*"]"#)]),
            ("org-a", &[(Credential, r#""organizations":["org-a"]"#)]),
            ("org-b", &[(Credential, r#""organizations":["org-b"]"#)]),
            ("none", &[(Credential, r#""organizations":[]"#)]),
            ("null", &[(Credential, r#""organizations":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "owner",
        values: &[
            ("self", &[(Resource, r#""owner":"prn_1""#)]),
            ("another", &[(Resource, r#""owner":"prn_2""#)]),
            ("null", &[(Resource, r#""owner":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "kind",
        values: &[
            ("fitting", &[(Resource, r#""kind":{kind}"#)]),
            ("undeclared", &[(Resource, r#""kind":"session""#)]),
            ("other", &[(Resource, r#""kind":{other_kind}"#)]),
            ("missing", &[]),
        ],
    },
    Input { name: "type", values: &[("credential", &[]), ("account", &[])] },
    Input {
        name: "id",
        values: &[
            ("presented", &[(Credential, r#""id":"AAAABBBBCCCC""#)]),
            ("another", &[(Credential, r#""id":"DDDDEEEEFFFF""#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "new scopes",
        values: &[
            ("none", &[(Resource, r#""scopes":[]"#)]),
            ("narrow", &[(Resource, r#""scopes":["ViewOrgTags"]"#)]),
            ("wide", &[(Resource, r#""scopes":["ViewOrgTags","ManageBilling"]"#)]),
            ("all", &[(Resource, r#""scopes":["*"]"#)]),
            ("undeclared", &[(Resource, r#""scopes":["Future"]"#)]),
            ("null", &[(Resource, r#""scopes":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "new organizations",
        values: &[
            ("none", &[(Resource, r#""organizations":[]"#)]),
            ("org-a", &[(Resource, r#""organizations":["org-a"]"#)]),
            ("both", &[(Resource, r#""organizations":["org-a","org-b"]"#)]),
            ("all", &[(Resource, r#""organizations":["*"]"#)]),
            ("null", &[(Resource, r#""organizations":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "new addresses",
        values: &[
            ("prefix", &[(Resource, r#""addresses":["192.0.2.0/24"]"#)]),
            ("none", &[(Resource, r#""addresses":[]"#)]),
            ("within", &[(Resource, r#""addresses":["192.0.2.7"]"#)]),
            ("more", &[(Resource, r#""addresses":["192.0.2.0/24","198.51.100.7"]"#)]),
            ("all", &[(Resource, r#""addresses":["*"]"#)]),
            ("null", &[(Resource, r#""addresses":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "lifetime",
        values: &[
            ("3600", &[(Resource, r#""lifetime":3600"#)]),
            ("3601", &[(Resource, r#""lifetime":3601"#)]),
            ("7776000", &[(Resource, r#""lifetime":7776000"#)]),
            ("7776001", &[(Resource, r#""lifetime":7776001"#)]),
            ("31536000", &[(Resource, r#""lifetime":31536000"#)]),
            ("31536001", &[(Resource, r#""lifetime":31536001"#)]),
            ("ill-typed", &[(Resource, r#""lifetime":"3600""#)]),
            ("null", &[(Resource, r#""lifetime":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "token limit",
        values: &[
            ("missing", &[]),
            ("null", &[(SubjectAccount, r#""max_token_lifetime":null"#)]),
            ("3600", &[(SubjectAccount, r#""max_token_lifetime":3600"#)]),
            ("31536001", &[(SubjectAccount, r#""max_token_lifetime":31536001"#)]),
            ("ill-typed", &[(SubjectAccount, r#""max_token_lifetime":3600.5"#)]),
        ],
    },
    Input {
        name: "key limit",
        values: &[
            ("missing", &[]),
            ("null", &[(SubjectAccount, r#""max_key_lifetime":null"#)]),
            ("3600", &[(SubjectAccount, r#""max_key_lifetime":3600"#)]),
            ("31536001", &[(SubjectAccount, r#""max_key_lifetime":31536001"#)]),
            ("ill-typed", &[(SubjectAccount, r#""max_key_lifetime":[3600]"#)]),
        ],
    },
    Input {
        name: "expires in",
        values: &[
            ("null", &[(Credential, r#""expires_in":null"#)]),
            ("missing", &[]),
            ("3600", &[(Credential, r#""expires_in":3600"#)]),
            ("31536001", &[(Credential, r#""expires_in":31536001"#)]),
            ("ill-typed", &[(Credential, r#""expires_in":"never""#)]),
        ],
    },
    Input {
        name: "remaining",
        values: &[
            ("null", &[(Resource, r#""remaining":null"#)]),
            ("missing", &[]),
            ("3600", &[(Resource, r#""remaining":3600"#)]),
            ("31536001", &[(Resource, r#""remaining":31536001"#)]),
            ("ill-typed", &[(Resource, r#""remaining":false"#)]),
        ],
    },
    Input {
        name: "idle",
        values: &[
            ("missing", &[]),
            ("null", &[(Credential, r#""idle":null"#)]),
            ("3600", &[(Credential, r#""idle":3600"#)]),
            ("3601", &[(Credential, r#""idle":3601"#)]),
            ("ill-typed", &[(Credential, r#""idle":"3600""#)]),
        ],
    },
    Input {
        name: "idle limit",
        values: &[
            ("missing", &[]),
            ("null", &[(SubjectAccount, r#""max_idle":null"#)]),
            ("3600", &[(SubjectAccount, r#""max_idle":3600"#)]),
            ("ill-typed", &[(SubjectAccount, r#""max_idle":-1"#)]),
        ],
    },
    Input {
        name: "address",
        values: &[
            ("within", &[(Context, r#""client_address":"192.0.2.7""#)]),
            ("mapped", &[(Context, r#""client_address":"::ffff:192.0.2.7""#)]),
            ("outside", &[(Context, r#""client_address":"192.0.3.7""#)]),
            ("ill-typed", &[(Context, r#""client_address":"192.0.2.7:443""#)]),
            ("null", &[(Context, r#""client_address":null"#)]),
            ("missing", &[]),
        ],
    },
    Input {
        name: "token addresses",
        values: &[
            ("missing", &[]),
            ("null", &[(Credential, r#""addresses":null"#)]),
            ("prefix", &[(Credential, r#""addresses":["2001:db8::/32","192.0.2.0/24"]"#)]),
            ("none", &[(Credential, r#""addresses":[]"#)]),
            ("ill-typed", &[(Credential, r#""addresses":["192.0.2.7","*"]"#)]),
        ],
    },
    Input {
        name: "account addresses",
        values: &[
            ("missing", &[]),
            ("null", &[(SubjectAccount, r#""ip_access_list":null"#)]),
            ("prefix", &[(SubjectAccount, r#""ip_access_list":["192.0.2.7"]"#)]),
            ("none", &[(SubjectAccount, r#""ip_access_list":[]"#)]),
            ("ill-typed", &[(SubjectAccount, r#""ip_access_list":"192.0.2.7""#)]),
        ],
    },
    Input {
        name: "resource addresses",
        values: &[
            ("missing", &[]),
            ("null", &[(ResourceAccount, r#""ip_access_list":null"#)]),
            ("prefix", &[(ResourceAccount, r#""ip_access_list":["192.0.2.0/30","192.0.2.4/30"]"#)]),
            ("none", &[(ResourceAccount, r#""ip_access_list":[]"#)]),
            ("ill-typed", &[(ResourceAccount, r#""ip_access_list":{}"#)]),
        ],
    },
    Input { name: "member", values: &[("another", &[]), ("self", &[])] },
];

/// The subject's types, and the kinds of credential with their member.
pub const SUBJECTS: [&str; 3] = ["user", "service_user", "robot"];
pub const KINDS: [(&str, &str); 5] = [
    ("session", r#""kind":"session""#),
    ("personal_access_token", r#""kind":"personal_access_token""#),
    ("service_user_key", r#""kind":"service_user_key""#),
    ("null", r#""kind":null"#),
    ("missing", ""),
];

/// Which inputs an attribute of the policy is made of. The action, the subject's type and the
/// credential's kind are beside the inputs.
pub fn of_attribute(attribute: &str) -> &'static [&'static str] {
    match attribute {
        "action.name" | "subject.type" | "credential.kind" => &[],
        "account.sso" => &["sso"],
        "account.plan" => &["plan"],
        "account.features" => &["features"],
        "resource.account.sso" => &["resource sso"],
        "resource.account.plan" => &["resource plan"],
        "account.id" | "resource.account.id" => &["account"],
        "resource.organization" => &["organization"],
        "subject.permissions" => &["held", "account", "organization"],
        "credential.scopes" | "credential.scope_list" => &["scopes"],
        "credential.organizations" => &["organizations"],
        "resource.owner" | "subject.id" => &["owner"],
        "member.id" => &["member"],
        "resource.lifetime" => &["lifetime"],
        "resource.remaining" => &["remaining"],
        "account.max_token_lifetime" => &["token limit"],
        "account.max_key_lifetime" => &["key limit"],
        "account.max_idle" => &["idle limit"],
        "credential.expires_in" => &["expires in"],
        "credential.idle" => &["idle"],
        "context.client_address" => &["address"],
        "credential.addresses" | "credential.address_list" => &["token addresses"],
        "account.ip_access_list" => &["account addresses"],
        "resource.account.ip_access_list" => &["resource addresses"],
        "resource.kind" => &["kind"],
        "resource.type" => &["type"],
        "resource.id" => &["id", "member"],
        "credential.id" => &["id"],
        "resource.scopes" | "requested.scope_list" => &["new scopes"],
        "resource.organizations" => &["new organizations"],
        "resource.addresses" => &["new addresses"],
        other => panic!("a rule reads {other}: give it an input"),
    }
}

/// The place of an input in [`INPUTS`].
pub fn place(input: &str) -> usize {
    INPUTS.iter().position(|known| known.name == input).unwrap()
}
