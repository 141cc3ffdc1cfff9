//! Notices of Redis: a channel that is subscribed to.

use super::keys::CHANNEL;
use super::store::client;
use crate::deadline::{TIMEOUT, within};
use crate::{Notice, Notices, Unavailable};
use futures_util::StreamExt;
use redis::Client;
use redis::aio::PubSub;
use std::fmt;
use std::time::Duration;

/// After how long a silence the server is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(10);

/// How long to wait between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(500);

/// Notices of what [`RedisStore`](crate::RedisStore) writes and copies, on the channel `cog-auth`.
/// They are about records alone.
pub struct RedisNotices {
    client: Client,
    listener: Option<PubSub>,
}

impl RedisNotices {
    /// The notices of a server by its address, in a cluster of any of its nodes. It connects when
    /// it is first asked.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the address is none.
    pub fn of(address: &str) -> Result<Self, Unavailable> {
        Ok(Self { client: client(address)?, listener: None })
    }

    async fn connect(&self) -> Result<PubSub, redis::RedisError> {
        let mut listener = self.client.get_async_pubsub().await?;
        listener.subscribe(CHANNEL).await?;
        Ok(listener)
    }
}

impl Notices for RedisNotices {
    async fn next(&mut self) -> Notice {
        loop {
            let Some(listener) = &mut self.listener else {
                match within(TIMEOUT, self.connect()).await {
                    Ok(listener) => {
                        self.listener = Some(listener);
                        return Notice::All;
                    }
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
                continue;
            };
            let came = tokio::time::timeout(SILENCE, listener.on_message().next()).await;
            let is_there = match came {
                Ok(Some(message)) => {
                    let text: Result<String, _> = message.get_payload();
                    return text.map_or(Notice::All, |text| Notice::read(&text));
                }
                Ok(None) => false,
                // To subscribe once more changes nothing, and needs an answer.
                Err(_) => within(TIMEOUT, listener.subscribe(CHANNEL)).await.is_ok(),
            };
            if !is_there {
                self.listener = None;
            }
        }
    }
}

impl fmt::Debug for RedisNotices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let connected = if self.listener.is_some() { "connected" } else { "not connected" };
        write!(f, "RedisNotices({connected})")
    }
}
