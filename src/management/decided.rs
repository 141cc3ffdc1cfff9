//! The policy's answer to a request, and the audit record of the request.

use super::facts::Facts;
use super::refusal::{Ground, Refusal};
use super::request::Asked;
use crate::address::Address;
use crate::error::{Code, Error};
use crate::gate::{write_credential, write_decision, write_principal};
use crate::json::Writer;
use crate::time::LATEST;
use crate::token::{Record, redact};
use alloc::string::String;

/// A request that the policy allows.
pub(super) struct Decided<'q> {
    pub(super) asked: Asked<'q>,
    /// The members of the audit record that say what the policy said.
    decision: String,
}

impl<'q> Decided<'q> {
    /// Has the policy decide.
    pub(super) fn of(asked: Asked<'q>, facts: &[u8]) -> Result<Self, Refusal> {
        let mut decided = Self { asked, decision: String::new() };
        let facts = match decided.facts(facts) {
            Ok(facts) => facts,
            Err(error) if is_about_requester(&error) => {
                return Err(decided.refuse(Ground::Barred(&error)));
            }
            Err(error) => return Err(decided.refuse(Ground::Undecided(&error))),
        };
        let text = asked.text(&facts);
        let request = match asked.request(text.as_bytes()) {
            Ok(request) => request,
            Err(error) => {
                // All but the facts was written here.
                let error = error.with_code(Code::InvalidFacts);
                return Err(decided.refuse(Ground::Undecided(&error)));
            }
        };
        let explanation = request.decide().explain();
        let mut writer = Writer::new();
        write_decision(&mut writer, &explanation);
        decided.decision = writer.finish();
        if explanation.is_allowed() {
            Ok(decided)
        } else {
            Err(decided.refuse(Ground::Denied(&explanation)))
        }
    }

    fn facts<'f>(&self, facts: &'f [u8]) -> Result<Facts<'f>, Error>
    where
        'q: 'f,
    {
        let Asked { policy, requester, owner, now, .. } = self.asked;
        let others =
            |record: &Record| record.principal() != owner.id() || record.kind() != owner.kind();
        if now.seconds() > LATEST.unsigned_abs() {
            return Err(Error::new(Code::ImplausibleTime));
        }
        if requester.has_ended(now) {
            return Err(Error::new(Code::RecordExpired));
        }
        if self.asked.record().is_some_and(others) {
            return Err(Error::new(Code::RecordMismatch));
        }
        let facts = Facts::read(policy, facts, requester, owner.organization());
        facts.map_err(|error| {
            if is_about_requester(&error) { error } else { error.with_code(Code::InvalidFacts) }
        })
    }

    pub(super) fn refuse(&self, ground: Ground<'_>) -> Refusal {
        let audit = self.audit_of(Some(ground), self.asked.record(), None);
        Refusal::new(ground, audit)
    }

    /// The audit record of a request that was done: about this credential, if it is about one, and
    /// with this successor of it.
    pub(super) fn audit(&self, record: Option<&Record>, successor: Option<&Record>) -> String {
        self.audit_of(None, record, successor)
    }

    fn audit_of(
        &self,
        refused: Option<Ground<'_>>,
        record: Option<&Record>,
        successor: Option<&Record>,
    ) -> String {
        let asked = &self.asked;
        let mut writer = Writer::new();
        writer.object(|w| {
            w.name("v").integer(1);
            w.name("time").natural(asked.now.seconds());
            w.name("outcome").string(if refused.is_none() { "allowed" } else { "refused" });
            if let Some(ground) = refused {
                w.name("status").natural(ground.status().into());
                w.name("code").string(ground.entry().name);
            }
            write_principal(w, asked.requester.principal_type(), asked.requester.id());
            if let Some(allowed) = asked.requester.presented() {
                write_credential(w, &allowed.handle(), Some(allowed.record()));
            }
            let is_address = |text: &&str| Address::parse(text).is_some();
            if let Some(address) = asked.client_address.filter(is_address) {
                w.name("client_address").string(address);
            }
            w.name("action").string(asked.action());
            w.name("organization");
            match asked.owner.organization() {
                Some(organization) => w.string(&redact(organization)),
                None => w.raw("null"),
            };
            w.name("resource").object(|w| self.write_resource(w, record, successor));
            if !self.decision.is_empty() {
                w.raw(&self.decision);
            }
            w.name("policy").string(&asked.policy.digest().to_hex());
        });
        writer.finish()
    }

    fn write_resource(&self, w: &mut Writer, record: Option<&Record>, successor: Option<&Record>) {
        let owner = self.asked.owner;
        w.name("type").string("credential");
        w.name("kind").string(owner.kind().name());
        w.name("owner").string(&redact(owner.id()));
        if let Some(record) = record {
            w.name("id").string(record.id().as_str());
            if let Some(name) = record.name() {
                w.name("name").string(&redact(name));
            }
        }
        if let Some(successor) = successor {
            w.name("successor").string(successor.id().as_str());
        }
    }
}

/// Whether the one who asks is barred, whatever the facts and the policy say besides.
fn is_about_requester(error: &Error) -> bool {
    matches!(error.code(), Code::DisabledPrincipal | Code::RecordExpired)
}
