//! The words that requests, answers, documents and the gate share, each said once.
//!
//! The names of denials are [`Denial`](super::Denial)'s, and those of failed look-ups of routes
//! are [`RouteError`](super::RouteError)'s.

/// The members of AuthZEN requests and answers (sections 6, 10 and 11 of
/// `docs/policy-language.md`).
pub(crate) mod member {
    pub(crate) const EVALUATIONS: &str = "evaluations";
    pub(crate) const OPTIONS: &str = "options";
    pub(crate) const EVALUATIONS_SEMANTIC: &str = "evaluations_semantic";

    pub(crate) const DECISION: &str = "decision";
    pub(crate) const CONTEXT: &str = "context";
    pub(crate) const CLASS: &str = "class";
    pub(crate) const RULES: &str = "rules";
    pub(crate) const REASONS: &str = "reasons";
    pub(crate) const POSSIBLE: &str = "possible";
    pub(crate) const MISSING: &str = "missing";
    pub(crate) const UNUSABLE: &str = "unusable";
    pub(crate) const ADVICE: &str = "advice";
    pub(crate) const POLICY: &str = "policy";

    pub(crate) const CODE: &str = "code";
    pub(crate) const MESSAGE: &str = "message";
    pub(crate) const LINK: &str = "link";

    pub(crate) const POINTER: &str = "pointer";
    pub(crate) const NEEDS: &str = "needs";

    pub(crate) const RESULTS: &str = "results";
    pub(crate) const NAME: &str = "name";
}

/// The class of an item of a batch that is no request.
pub(crate) const MALFORMED: &str = "malformed";

/// The reason codes that no policy may use, since they are the library's own.
pub(crate) mod reason_code {
    pub(crate) const NO_GRANT: &str = "no_grant";
    pub(crate) const UNKNOWN_ACTION: &str = "unknown_action";
    pub(crate) const UNKNOWN_ROUTE: &str = "unknown_route";
    pub(crate) const WRONG_RESOURCE_TYPE: &str = "wrong_resource_type";
    pub(crate) const INCOMPLETE_REQUEST: &str = "incomplete_request";

    #[cfg(feature = "documents")]
    pub(crate) const ALL: [&str; 6] = [
        NO_GRANT,
        UNKNOWN_ACTION,
        UNKNOWN_ROUTE,
        WRONG_RESOURCE_TYPE,
        INCOMPLETE_REQUEST,
        super::MALFORMED,
    ];
}

/// The types of subject that the gate asks about, after the kind of the credential.
pub(crate) mod subject_type {
    pub(crate) const USER: &str = "user";
    pub(crate) const SERVICE_USER: &str = "service_user";

    #[cfg(feature = "documents")]
    pub(crate) const ALL: [&str; 2] = [USER, SERVICE_USER];
}

/// The types of resource that the gate asks about where a route names no other.
pub(crate) mod resource_type {
    pub(crate) const ACCOUNT: &str = "account";
    pub(crate) const ORGANIZATION: &str = "organization";
}

/// The members of a request's context that are the gate's own.
pub(crate) const RESERVED_CONTEXT: [&str; 3] = ["credential", "time", "client_address"];

/// The members of a membership, and of the account-level properties of a subject.
pub(crate) mod grant {
    pub(crate) const ORGANIZATION: &str = "organization";
    pub(crate) const ROLES: &str = "roles";
    pub(crate) const PERMISSIONS: &str = "permissions";

    /// Those of a membership.
    #[cfg(feature = "documents")]
    pub(crate) const ALL: [&str; 3] = [ORGANIZATION, ROLES, PERMISSIONS];
}

/// A place in a request that the library itself knows.
pub(crate) struct KnownPlace {
    /// The names on the way to it.
    #[cfg(feature = "documents")]
    pub(crate) names: &'static [&'static str],
    /// The JSON pointer (RFC 6901) to it.
    pub(crate) pointer: &'static str,
    /// Its index in the image's section `KNOWN_PLACES`.
    pub(crate) number: u32,
}

macro_rules! places {
    ($($number:literal $name:ident = $($part:literal)/+;)*) => {
        $(
            #[allow(dead_code, reason = "some are for compiling documents alone")]
            pub(crate) const $name: super::KnownPlace = super::KnownPlace {
                #[cfg(feature = "documents")]
                names: &[$($part),+],
                pointer: concat!($("/", $part),+),
                number: $number,
            };
        )*

        /// All of them, in the order of their numbers.
        #[cfg(feature = "documents")]
        pub(crate) const ALL: &[super::KnownPlace] = &[$($name),*];
    };
}

/// The places in a request that the library itself knows (section 6 of
/// `docs/policy-language.md`).
pub(crate) mod place {
    places! {
        0 SUBJECT_TYPE = "subject" / "type";
        1 SUBJECT_ID = "subject" / "id";
        2 SUBJECT_PROPERTIES = "subject" / "properties";
        3 SUBJECT_ACCOUNT = "subject" / "properties" / "account";
        4 SUBJECT_ACCOUNT_ID = "subject" / "properties" / "account" / "id";
        5 SUBJECT_ROLES = "subject" / "properties" / "roles";
        6 SUBJECT_PERMISSIONS = "subject" / "properties" / "permissions";
        7 SUBJECT_MEMBERSHIPS = "subject" / "properties" / "memberships";
        8 ACTION_NAME = "action" / "name";
        9 RESOURCE_TYPE = "resource" / "type";
        10 RESOURCE_ID = "resource" / "id";
        11 RESOURCE_PROPERTIES = "resource" / "properties";
        12 RESOURCE_ORGANIZATION = "resource" / "properties" / "organization";
        13 RESOURCE_ACCOUNT = "resource" / "properties" / "account";
        14 RESOURCE_ACCOUNT_ID = "resource" / "properties" / "account" / "id";
        15 CREDENTIAL_KIND = "context" / "credential" / "kind";
        16 CREDENTIAL_ID = "context" / "credential" / "id";
        17 CREDENTIAL_SCOPES = "context" / "credential" / "scopes";
        18 CREDENTIAL_ORGANIZATIONS = "context" / "credential" / "organizations";
        19 CREDENTIAL_EXPIRES_IN = "context" / "credential" / "expires_in";
        20 CREDENTIAL_ADDRESSES = "context" / "credential" / "addresses";
        21 CREDENTIAL_LAST_USED_AT = "context" / "credential" / "last_used_at";
        22 CREDENTIAL_IDLE = "context" / "credential" / "idle";
        23 CONTEXT_TIME = "context" / "time";
        24 CLIENT_ADDRESS = "context" / "client_address";
        25 SUBJECT = "subject";
        26 ACTION = "action";
        27 ACTION_PROPERTIES = "action" / "properties";
        // A policy need not read any property of an action. But what stands at a place is taken for
        // an object only if the place has children. This nameless child makes sure that
        // `action.properties` has one.
        28 ACTION_PROPERTY = "action" / "properties" / "";
        29 RESOURCE = "resource";
        30 CONTEXT = "context";
        31 CREDENTIAL = "context" / "credential";
    }
}
