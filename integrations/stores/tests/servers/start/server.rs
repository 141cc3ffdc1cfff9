//! What servers of every kind have in common.

use super::process::{Process, free_port, hand_over};
use std::marker::PhantomData;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// A kind of server.
pub(crate) trait Kind {
    /// What a server on a port of this machine is reached by.
    fn address(port: u16) -> String;

    /// What starts it, without the settings of one server.
    fn command(folder: &Path, port: u16) -> Command;

    /// Whether it answers.
    async fn answers(address: &str) -> bool;
}

/// A server of its own, on a free port, in a temporary folder.
pub(crate) struct Server<K> {
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    process: Process,
    kind: PhantomData<K>,
}

impl<K: Kind> Server<K> {
    /// A server over what is in a folder, with settings as its command takes them.
    pub(super) async fn of(folder: TempDir, settings: Vec<String>) -> Self {
        let port = free_port();
        let process = launch::<K>(&folder, port, &settings);
        let server = Self { folder, port, settings, process, kind: PhantomData };
        server.wait().await;
        server
    }

    pub(crate) fn address(&self) -> String {
        K::address(self.port)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again after it was killed.
    pub(crate) async fn start_again(&mut self) {
        self.process = launch::<K>(&self.folder, self.port, &self.settings);
        self.wait().await;
    }

    /// Makes it stand still, connections and all.
    pub(crate) fn freeze(&self) {
        self.process.signal("STOP");
    }

    /// Makes it go on.
    pub(crate) fn thaw(&self) {
        self.process.signal("CONT");
    }

    async fn wait(&self) {
        for _ in 0..600 {
            if K::answers(&self.address()).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} does not start", self.address());
    }
}

fn launch<K: Kind>(folder: &TempDir, port: u16, settings: &[String]) -> Process {
    Process::start(K::command(folder.path(), port).args(settings))
}

/// A folder that the server may write to.
pub(super) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    hand_over(folder.path());
    folder
}
