//! Waiting for the notices of a server: connecting, again whenever that is needed, and asking a
//! server that says nothing for long whether it is still there.

use crate::Notice;
use crate::deadline::{TIMEOUT, within};
use crate::error::Unavailable;
use std::fmt;
use std::time::Duration;

/// After how long a silence the server is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(10);

/// How long to wait between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(500);

/// A server that gives notices, as its client has it.
pub(crate) trait Server: Send + Sync {
    /// A connection on which notices come.
    type Listener: Send;

    /// What the client says goes wrong.
    type Error: Into<Unavailable>;

    /// Connects, and asks for notices.
    fn connect(&self) -> impl Future<Output = Result<Self::Listener, Self::Error>> + Send;

    /// Waits for the next notice. None: the connection is lost.
    fn hear(listener: &mut Self::Listener) -> impl Future<Output = Option<Notice>> + Send;

    /// Asks for something that changes nothing and needs an answer.
    fn probe(listener: &mut Self::Listener)
    -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A server, and the connection to it if there is one.
pub(crate) struct Listening<S: Server> {
    server: S,
    listener: Option<S::Listener>,
}

impl<S: Server> Listening<S> {
    /// It connects when it is first asked.
    pub(crate) const fn to(server: S) -> Self {
        Self { server, listener: None }
    }

    /// The next notice, which is [`Notice::All`] whenever it has connected.
    pub(crate) async fn next(&mut self) -> Notice {
        loop {
            let Some(listener) = &mut self.listener else {
                match within(TIMEOUT, self.server.connect()).await {
                    Ok(listener) => {
                        self.listener = Some(listener);
                        return Notice::All;
                    }
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
                continue;
            };
            let is_there = match tokio::time::timeout(SILENCE, S::hear(listener)).await {
                Ok(Some(notice)) => return notice,
                Ok(None) => false,
                Err(_) => within(TIMEOUT, S::probe(listener)).await.is_ok(),
            };
            if !is_there {
                self.listener = None;
            }
        }
    }
}

impl<S: Server> fmt::Display for Listening<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.listener.is_some() { "connected" } else { "not connected" })
    }
}
