//! From a token, its record and facts to the request that the gate would decide.

use crate::acceptance::{Accepted, Presented, accepted, refused_because};
use crate::args::PermissionsArgs;
use crate::clock;
use crate::failure::Failure;
use crate::input::{Bytes, Inputs};
use crate::report::Report;
use cog_auth::gate::ActionSearch;
use cog_auth::policy::{Policy, Request};
use cog_auth::{Code, Time};

/// An accepted token and the facts about its principal, as they were read.
pub(crate) struct Asked<'a> {
    args: &'a PermissionsArgs,
    accepted: Accepted,
    now: Time,
    /// The name of the facts' file, and its text.
    name: String,
    facts: Bytes,
}

impl<'a> Asked<'a> {
    /// Verifies and accepts the token, and reads the facts; or gives the report that the credential
    /// is refused.
    pub(crate) fn read(
        args: &'a PermissionsArgs,
        inputs: &mut Inputs,
    ) -> Result<Result<Self, Report>, Failure> {
        let credential = &args.credential;
        let (Some(edge_keys), Some(record), Some(facts)) =
            (&credential.edge_keys, &credential.record, &credential.facts)
        else {
            return Err(Failure::usage(
                "say whose permissions: --request FILE, or a token with --edge-keys, --record \
                 and --facts",
            ));
        };
        let presented = Presented {
            token: &credential.token,
            edge_keys,
            record,
            peppers: credential.peppers.as_ref(),
        };
        let now = clock::now(credential.now.time)?;
        let accepted = match accepted(&presented, now, inputs)? {
            Ok(accepted) => accepted,
            Err(refused) => return Ok(Err(refused)),
        };
        let (name, facts) = (facts.name(), inputs.facts(facts)?);
        Ok(Ok(Self { args, accepted, now, name, facts }))
    }

    /// The request without an action; or the report that the principal is disabled.
    pub(crate) fn request<'q>(
        &'q self,
        policy: &'q Policy,
    ) -> Result<Result<Request<'q>, Report>, Failure> {
        let search = ActionSearch {
            policy,
            record: &self.accepted.record,
            valid_until: self.accepted.valid_until,
            organization: self.args.organization.as_deref(),
            context: self.args.credential.context.as_deref().map(str::as_bytes),
            now: self.now,
            client_address: self.args.credential.client_address.as_deref(),
        };
        match search.request(&self.facts) {
            Ok(request) => Ok(Ok(request)),
            Err(error) => match error.code() {
                Code::DisabledPrincipal => {
                    Ok(Err(refused_because(Code::DisabledPrincipal, "the principal is disabled")))
                }
                Code::ReservedContext | Code::InvalidContext => {
                    Err(Failure::invalid("--context", &error))
                }
                _ => Err(Failure::invalid(&self.name, &error)),
            },
        }
    }
}
