//! Writing records in Redis: each write is a script, which Redis runs on its own.

use super::store::RedisStore;
use super::{keys, reply};
use crate::{RecordWriter, Revision, Revoked, Unavailable, WriteError};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use redis::Cmd;
use redis::aio::ConnectionLike;
use std::collections::BTreeMap;

impl<C: ConnectionLike + Clone + Send + Sync> RecordWriter for RedisStore<C> {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        let mut script = script(include_str!("scripts/insert.lua"), record.id());
        script.arg(record.to_json()).arg(revoked_at(record));
        reply::written(&self.ask::<String>(&script).await?)
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        let mut script = script(include_str!("scripts/replace.lua"), record.id());
        script.arg(record.to_json()).arg(revoked_at(record)).arg(read.number());
        reply::written(&self.ask::<String>(&script).await?)
    }

    async fn revoke(&self, id: CredentialId, at: Time) -> Result<Revoked, WriteError> {
        let mut script = script(include_str!("scripts/revoke.lua"), id);
        script.arg(at.seconds());
        match reply::written(&self.ask::<String>(&script).await?) {
            Ok(_) => Ok(Revoked::Now),
            Err(WriteError::Revoked) => Ok(Revoked::Before),
            Err(error) => Err(error),
        }
    }

    async fn used(&self, uses: &[(CredentialId, Time)]) -> Result<(), Unavailable> {
        // In a cluster one script has records of one node alone.
        let mut by_tag: BTreeMap<char, Vec<&(CredentialId, Time)>> = BTreeMap::new();
        for used in uses {
            by_tag.entry(keys::tag(used.0)).or_default().push(used);
        }
        for uses in by_tag.values() {
            let Some((first, _)) = uses.first() else { continue };
            let mut script = redis::cmd("EVAL");
            script.arg(include_str!("scripts/used.lua")).arg(uses.len().saturating_add(1));
            script.arg(keys::current(*first));
            for (id, _) in uses {
                script.arg(keys::record(*id));
            }
            for (_, at) in uses {
                script.arg(at.seconds());
            }
            match reply::written(&self.ask::<String>(&script).await?) {
                Ok(_) => {}
                Err(WriteError::Unavailable(error)) => return Err(error),
                Err(error) => return Err(Unavailable::because(error)),
            }
        }
        Ok(())
    }
}

/// A script about one record, which is told its id first.
pub(super) fn script(text: &str, id: CredentialId) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(text).arg(2).arg(keys::record(id)).arg(keys::current(id)).arg(id.as_str());
    command
}

fn revoked_at(record: &Record) -> String {
    record.revoked_at().map(|at| at.seconds().to_string()).unwrap_or_default()
}
