//! Starting the service: what it makes, and what it finds again.

use crate::visitor::Running;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

const SESSIONS: &str = "/v3/organizations/org-research/sessions";

#[test]
fn keys_are_made_once_for_their_owner_alone() {
    let service = Running::start();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(service.keys()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let keys = fs::read(service.keys()).unwrap();
    let ben = service.sign_in("user_ben");
    let fields = [("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "1")];
    let token = ben.submit("/tokens", &fields).token();

    // After a restart tokens are good; sessions are not.
    let again = Running::start_in(service.stop());
    assert_eq!(fs::read(again.keys()).unwrap(), keys);
    assert_eq!(again.visitor().call(&token, SESSIONS).status, 200);
    let mut before = again.visitor();
    before.cookie = ben.cookie;
    assert_eq!(before.get("/tokens").location(), "/sign-in");
}

#[test]
fn no_file_has_a_token() {
    let service = Running::start();
    let ben = service.sign_in("user_ben");
    let fields = [("name", "x"), ("scopes", "all"), ("organizations", "all"), ("days", "1")];
    let token = ben.submit("/tokens", &fields).token();
    assert_eq!(ben.call(&token, SESSIONS).status, 200);
    let folder = service.stop();
    let (mut files, mut with_id) = (0, 0);
    for bytes in contents(folder.path()) {
        let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!has(&token[23..53]), "the secret of the token");
        files += 1;
        with_id += usize::from(has(&token[11..23]));
    }
    assert!(files >= 2 && with_id >= 1, "{files} files, {with_id} of them with the id");
}

/// What the files of a folder hold. Connections of SQLite end on threads of their own, and the last
/// one moves its journal into the database: if a file went away meanwhile, this reads them all
/// again.
fn contents(folder: &Path) -> Vec<Vec<u8>> {
    loop {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        match files.map(fs::read).collect::<io::Result<_>>() {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            contents => return contents.unwrap(),
        }
    }
}
