//! What comes of all four tasks, in a word each.

use super::{random, root_key, wanted};
use cog_auth::management::{Management, Owner, Refusal, Replacement};
use cog_auth::token::{Record, RecordDraft, Scopes};

pub(super) const DAY: u64 = 86_400;

/// The record of a credential of this owner.
pub(super) fn record(owner: Owner<'_>) -> Record {
    let token = root_key().mint(owner.kind(), None, &random(9)).unwrap();
    RecordDraft::new(&token, owner.id(), Scopes::all(), super::now()).for_edges().issue().unwrap()
}

/// `allowed`, or the reason codes of the refusal.
pub(super) fn word<T>(answer: Result<T, Refusal>) -> String {
    match answer {
        Ok(_) => "allowed".to_owned(),
        Err(refusal) => {
            assert_eq!(refusal.status(), 403, "{refusal:?}");
            refusal.reasons().map(|reason| reason.code).collect::<Vec<_>>().join(" ")
        }
    }
}

/// What comes of all four tasks: create, list, rotate, revoke.
pub(super) fn all_tasks(management: Management<'_>, owner: Owner<'_>) -> [String; 4] {
    let (wanted, record) = (wanted(30 * DAY), record(owner));
    let replacement = Replacement { lifetime: Some(30 * DAY), grace: 0 };
    [
        word(management.create(owner, &wanted)),
        word(management.list(owner)),
        word(management.rotate(owner, &record, replacement)),
        word(management.revoke(owner, &record)),
    ]
}

/// The same word for each task.
pub(super) fn all(word: &str) -> [String; 4] {
    [word, word, word, word].map(str::to_owned)
}
