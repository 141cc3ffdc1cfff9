//! Writing records in Redis: each write is a script, which Redis runs on its own.

use super::keys::{self, Place};
use super::reply;
use super::store::RedisStore;
use crate::facts::principal_type;
use crate::{RecordWriter, Revision, Revoked, Unavailable, WriteError};
use cog_auth::Time;
use cog_auth::token::{CredentialId, Record};
use redis::Cmd;
use redis::aio::ConnectionLike;
use std::collections::BTreeMap;

impl<C: ConnectionLike + Clone + Send + Sync> RecordWriter for RedisStore<C> {
    async fn insert(&self, record: &Record) -> Result<Revision, WriteError> {
        self.list_below(record).await?;
        let Place { key, current } = keys::record(record.id());
        let mut script = redis::cmd("EVAL");
        script.arg(include_str!("scripts/insert.lua")).arg(3).arg(key).arg(current);
        script.arg(keys::credentials(keys::tag(record.id())).key).arg(record.id().as_str());
        script.arg(record.to_json()).arg(revoked_at(record));
        reply::written(&self.ask::<String>(&script).await?)
    }

    async fn replace(&self, record: &Record, read: Revision) -> Result<Revision, WriteError> {
        self.list_below(record).await?;
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
            script.arg(keys::record(*first).current);
            for (id, _) in uses {
                script.arg(keys::record(*id).key);
            }
            for (_, at) in uses {
                script.arg(at.seconds());
            }
            self.write(&script).await?;
        }
        Ok(())
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// Lists a record below its principal, before it is written: it may be on another node.
    async fn list_below(&self, record: &Record) -> Result<(), Unavailable> {
        let owner = principal_type(record.kind());
        let place = keys::credentials_of(owner, record.principal());
        self.index(&place, record.id().as_str()).await
    }

    /// Adds to a sorted set.
    pub(super) async fn index(&self, place: &Place, member: &str) -> Result<(), Unavailable> {
        let mut script = redis::cmd("EVAL");
        script.arg(include_str!("scripts/index.lua")).arg(2).arg(&place.key).arg(&place.current);
        script.arg(member);
        self.write(&script).await
    }

    /// Runs a script that can only fail for want of a store.
    pub(super) async fn write(&self, script: &Cmd) -> Result<(), Unavailable> {
        match reply::written(&self.ask::<String>(script).await?) {
            Ok(_) => Ok(()),
            Err(WriteError::Unavailable(error)) => Err(error),
            Err(error) => Err(Unavailable::because(error)),
        }
    }
}

/// A script about one record, which is told its id first.
pub(super) fn script(text: &str, id: CredentialId) -> Cmd {
    let Place { key, current } = keys::record(id);
    let mut command = redis::cmd("EVAL");
    command.arg(text).arg(2).arg(key).arg(current).arg(id.as_str());
    command
}

fn revoked_at(record: &Record) -> String {
    record.revoked_at().map(|at| at.seconds().to_string()).unwrap_or_default()
}
