//! Redis.

use super::process::unprivileged;
use super::server::{Kind, Server, folder};
use std::path::Path;
use std::process::Command;

/// A Redis server.
pub(crate) type Redis = Server<RedisServer>;

pub(crate) struct RedisServer;

impl Kind for RedisServer {
    fn address(port: u16) -> String {
        format!("redis://127.0.0.1:{port}")
    }

    fn command(folder: &Path, port: u16) -> Command {
        let mut command = unprivileged("redis-server");
        command
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""])
            .args(["--dir", folder.to_str().unwrap()]);
        command
    }

    async fn answers(address: &str) -> bool {
        run(address, "PING").await.is_ok()
    }
}

impl Redis {
    /// A server without anything in it, with settings as `--name value`.
    pub(crate) async fn start(settings: &[&str]) -> Self {
        Self::of(folder(), settings.iter().map(|&setting| setting.to_owned()).collect()).await
    }

    /// Runs a command, with its words separated by spaces.
    pub(crate) async fn run(&self, words: &str) -> ::redis::Value {
        run(&self.address(), words).await.unwrap()
    }
}

async fn run(address: &str, words: &str) -> ::redis::RedisResult<::redis::Value> {
    let client = ::redis::Client::open(address)?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut words = words.split(' ');
    let mut command = ::redis::cmd(words.next().unwrap());
    words.for_each(|word| {
        command.arg(word);
    });
    command.query_async(&mut connection).await
}
