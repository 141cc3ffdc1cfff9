//! PostgreSQL.

use super::process::{Process, free_port, hand_over, unprivileged};
use std::fs;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;

/// A PostgreSQL server of its own, on a free port, in a temporary folder.
pub(crate) struct Postgres {
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    process: Process,
}

impl Postgres {
    /// A server without anything in it, with settings as `name=value`.
    pub(crate) async fn start(settings: &[&str]) -> Self {
        let folder = folder();
        let data = folder.path().join("data");
        run(unprivileged(&program("initdb")).args([
            "--auth=trust",
            "--username=issuer",
            "--no-sync",
            "--pgdata",
            data.to_str().unwrap(),
        ]));
        Self::of(folder, settings).await
    }

    /// A server that follows this one.
    pub(crate) async fn replica(&self, settings: &[&str]) -> Self {
        let folder = folder();
        let data = folder.path().join("data");
        run(unprivileged(&program("pg_basebackup")).args([
            "--dbname",
            &self.address(),
            "--pgdata",
            data.to_str().unwrap(),
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        ]));
        Self::of(folder, settings).await
    }

    async fn of(folder: TempDir, settings: &[&str]) -> Self {
        let port = free_port();
        let settings: Vec<_> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let process = launch(&folder, port, &settings);
        let server = Self { folder, port, settings, process };
        server.wait().await;
        server
    }

    pub(crate) fn address(&self) -> String {
        format!("postgres://issuer@127.0.0.1:{}/postgres", self.port)
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

    /// Makes it stand still, connections and all.
    pub(crate) fn freeze(&self) {
        self.process.signal("STOP");
    }

    /// Makes it go on.
    pub(crate) fn thaw(&self) {
        self.process.signal("CONT");
    }

    /// Runs a statement.
    pub(crate) async fn run(&self, sql: &str) {
        let pool = sqlx::PgPool::connect(&self.address()).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        pool.close().await;
    }

    async fn wait(&self) {
        for _ in 0..600 {
            if let Ok(pool) = sqlx::PgPool::connect(&self.address()).await {
                pool.close().await;
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("PostgreSQL does not start");
    }
}

fn launch(folder: &TempDir, port: u16, settings: &[String]) -> Process {
    let folder = folder.path();
    let mut command = unprivileged(&program("postgres"));
    // What is lost when the machine fails does not matter here.
    command.args(["-F", "-h", "127.0.0.1", "-p", &port.to_string()]).args([
        "-k",
        folder.to_str().unwrap(),
        "-D",
        folder.join("data").to_str().unwrap(),
    ]);
    for setting in settings {
        command.args(["-c", setting]);
    }
    Process::start(&mut command)
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    hand_over(folder.path());
    folder
}

/// A program of the newest version that Debian has installed.
fn program(name: &str) -> String {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let newest = versions
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok())
        .max()
        .expect("PostgreSQL is installed");
    format!("/usr/lib/postgresql/{newest}/bin/{name}")
}

fn run(command: &mut std::process::Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
