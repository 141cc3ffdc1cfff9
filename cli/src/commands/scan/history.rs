//! The history of a git repository: every version of every file once, and what commits and tags
//! say.

use super::objects::{Found, Readers, State};
use super::progress::Progress;
use super::repository::{Named, Repository};
use super::show::count;
use super::work::each;
use super::{Scanned, because};
use crate::triage::Triage;
use std::collections::{HashMap, HashSet};

/// Looks through a history. What cannot be looked through is told, and takes nothing away from what
/// is found in the rest.
pub(super) fn scan(
    repository: &Repository,
    triage: &Triage,
    progress: &Progress,
    scanned: &mut Scanned,
) {
    let mut whys = Vec::new();
    let Named { objects, mut missing, is_damaged } = repository.objects().unwrap_or_else(|why| {
        whys.push(why);
        Named::default()
    });
    let readers = || Readers::new(repository);
    let found = each(&objects, readers, |readers, object| {
        let found = readers.scan(object, triage);
        progress.add(found.bytes, found.findings.len());
        found
    });
    let with_some = found.iter().filter(|found| !found.findings.is_empty());
    let ids: HashSet<String> = with_some.map(|found| found.id.clone()).collect();
    let (commits, why) =
        if ids.is_empty() { (HashMap::new(), None) } else { repository.commits(&ids) };
    whys.extend(why.map(str::to_owned));
    let mut damaged = 0_usize;
    for Found { id, findings, bytes, state } in found {
        // A commit itself, a tag, or what is staged.
        let commit = commits.get(&id).unwrap_or(&id);
        let findings = findings.into_iter().map(|finding| finding.in_commit(commit));
        scanned.findings.extend(findings);
        scanned.bytes = scanned.bytes.saturating_add(bytes);
        match state {
            State::Whole => {}
            State::Missing => missing = missing.saturating_add(1),
            State::Damaged => damaged = damaged.saturating_add(1),
            State::Unread(why) if whys.contains(&why) => {}
            State::Unread(why) => whys.push(why),
        }
    }
    match repository.is_shallow() {
        Ok(true) => whys.push(
            "its history is shallow, and what is older could not be looked through; git fetch \
             --unshallow brings it"
                .to_owned(),
        ),
        Ok(false) => {}
        Err(why) => whys.push(why),
    }
    if missing > 0 && !is_damaged {
        whys.push(format!(
            "its history lacks at least {}, which could not be looked through; if it is a partial \
             clone, git fetch --refetch --no-filter brings all of them",
            count(missing, "object")
        ));
    }
    if damaged > 0 || is_damaged {
        let lost = if is_damaged { damaged.saturating_add(missing) } else { damaged };
        whys.push(format!(
            "its history is damaged: {} and perhaps more could not be looked through; git fsck \
             says where",
            count(lost, "object")
        ));
    }
    scanned.errors.extend(whys.into_iter().map(|why| because(&repository.folder, why)));
    let before = scanned.objects.unwrap_or(0);
    scanned.objects = Some(before.saturating_add(objects.len()));
}
