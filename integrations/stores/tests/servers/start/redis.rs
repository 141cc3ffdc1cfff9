//! Redis.

use super::process::{Process, free_port, hand_over, unprivileged};
use std::time::Duration;
use tempfile::TempDir;

/// A Redis server of its own, on a free port, in a temporary folder.
pub(crate) struct Redis {
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    process: Process,
}

impl Redis {
    /// A server without anything in it, with settings as `--name value`.
    pub(crate) async fn start(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        hand_over(folder.path());
        let port = free_port();
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let process = launch(&folder, port, &settings);
        let server = Self { folder, port, settings, process };
        server.wait().await;
        server
    }

    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again after it was killed.
    pub(crate) async fn start_again(&mut self) {
        self.process = launch(&self.folder, self.port, &self.settings);
        self.wait().await;
    }

    /// Makes it stand still.
    pub(crate) fn freeze(&self) {
        self.process.signal("STOP");
    }

    /// Makes it go on.
    pub(crate) fn thaw(&self) {
        self.process.signal("CONT");
    }

    /// Runs a command, with its words separated by spaces.
    pub(crate) async fn run(&self, words: &str) -> ::redis::Value {
        self.try_to_run(words).await.unwrap()
    }

    async fn try_to_run(&self, words: &str) -> ::redis::RedisResult<::redis::Value> {
        let client = ::redis::Client::open(self.address())?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let mut words = words.split(' ');
        let mut command = ::redis::cmd(words.next().unwrap());
        words.for_each(|word| {
            command.arg(word);
        });
        command.query_async(&mut connection).await
    }

    async fn wait(&self) {
        for _ in 0..600 {
            if self.try_to_run("PING").await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("Redis does not start");
    }
}

fn launch(folder: &TempDir, port: u16, settings: &[String]) -> Process {
    let mut command = unprivileged("redis-server");
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""])
        .args(["--dir", folder.path().to_str().unwrap()])
        .args(settings);
    Process::start(&mut command)
}
