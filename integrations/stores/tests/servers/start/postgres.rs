//! PostgreSQL.

use super::process::unprivileged;
use super::server::{Kind, Server, folder};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A PostgreSQL server.
pub(crate) type Postgres = Server<PostgresServer>;

pub(crate) struct PostgresServer;

impl Kind for PostgresServer {
    fn address(port: u16) -> String {
        format!("postgres://issuer@127.0.0.1:{port}/postgres")
    }

    fn command(folder: &Path, port: u16) -> Command {
        let mut command = unprivileged(&program("postgres"));
        // What is lost when the machine fails does not matter here.
        command.args(["-F", "-h", "127.0.0.1", "-p", &port.to_string()]).args([
            "-k",
            folder.to_str().unwrap(),
            "-D",
            folder.join("data").to_str().unwrap(),
        ]);
        command
    }

    async fn answers(address: &str) -> bool {
        match sqlx::PgPool::connect(address).await {
            Ok(pool) => {
                pool.close().await;
                true
            }
            Err(_) => false,
        }
    }
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
        Self::of(folder, as_arguments(settings)).await
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
        Self::of(folder, as_arguments(settings)).await
    }

    /// Runs a statement.
    pub(crate) async fn run(&self, sql: &str) {
        let pool = sqlx::PgPool::connect(&self.address()).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        pool.close().await;
    }
}

fn as_arguments(settings: &[&str]) -> Vec<String> {
    settings.iter().flat_map(|&setting| ["-c".to_owned(), setting.to_owned()]).collect()
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

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
