//! A server's processes.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// A server that was started. It ends with this value.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self { child: child.expect("the server is installed") }
    }

    /// Sends a signal to all its processes.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        let mut command = Command::new("kill");
        command.args(["-s", name, &id.to_string()]).args(children.split_whitespace());
        // One of them may have ended meanwhile.
        command.stderr(Stdio::null()).status().unwrap();
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        if self.child.try_wait().unwrap().is_none() {
            self.signal("KILL");
            self.child.wait().unwrap();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A command that does not run as root, since PostgreSQL refuses to.
pub(crate) fn unprivileged(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", program]);
    command
}

/// Gives a folder to whom [`unprivileged`] runs as.
pub(crate) fn hand_over(folder: &std::path::Path) {
    if is_root() {
        let status = Command::new("chown").arg("nobody:nogroup").arg(folder).status().unwrap();
        assert!(status.success());
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
