//! Notices of Redis: a channel that is subscribed to.

use super::keys::CHANNEL;
use super::store::client;
use crate::listening::{Listening, Server};
use crate::{Notice, Notices, Unavailable};
use futures_util::StreamExt;
use redis::aio::PubSub;
use redis::{Client, RedisError};
use std::fmt;

/// Notices of what [`RedisStore`](crate::RedisStore) writes and copies, on the channel `cog-auth`.
pub struct RedisNotices(Listening<Client>);

impl RedisNotices {
    /// The notices of a server by its address, in a cluster of any of its nodes. It connects when
    /// it is first asked.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the address is none.
    pub fn of(address: &str) -> Result<Self, Unavailable> {
        Ok(Self(Listening::to(client(address)?)))
    }
}

impl Server for Client {
    type Listener = PubSub;
    type Error = RedisError;

    async fn connect(&self) -> Result<PubSub, RedisError> {
        let mut listener = self.get_async_pubsub().await?;
        listener.subscribe(CHANNEL).await?;
        Ok(listener)
    }

    async fn hear(listener: &mut PubSub) -> Option<Notice> {
        let message = listener.on_message().next().await?;
        let text: Result<String, _> = message.get_payload();
        Some(text.map_or(Notice::All, |text| Notice::read(&text)))
    }

    /// To subscribe once more changes nothing.
    async fn probe(listener: &mut PubSub) -> Result<(), RedisError> {
        listener.subscribe(CHANNEL).await
    }
}

impl Notices for RedisNotices {
    async fn next(&mut self) -> Notice {
        self.0.next().await
    }
}

impl fmt::Debug for RedisNotices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisNotices({})", self.0)
    }
}
