//! Redis Cluster.

use super::process::free_port;
use super::redis::Redis;
use crate::within_seconds;
use ::redis::cluster::ClusterClient;
use ::redis::cluster_async::ClusterConnection;
use std::time::Duration;

/// How many slots there are.
const SLOTS: usize = 16_384;

/// Servers that share the slots.
pub(crate) struct Cluster {
    nodes: Vec<Redis>,
}

impl Cluster {
    /// So many servers, each with a part of the slots, that know each other.
    pub(crate) async fn start(count: usize) -> Self {
        let mut nodes = Vec::new();
        let mut met: Option<(u16, String)> = None;
        let slots: Vec<usize> = (0..SLOTS).collect();
        for part in slots.chunks(SLOTS.div_ceil(count)) {
            // The port for other nodes is the server's and 10,000 by default, which may be too
            // much.
            let among = free_port().to_string();
            let settings = ["--cluster-enabled", "yes", "--cluster-port", &among];
            let node = Redis::start(&settings).await;
            let (first, last) = (part.first().unwrap(), part.last().unwrap());
            node.run(&format!("CLUSTER ADDSLOTSRANGE {first} {last}")).await;
            match &met {
                Some((port, among)) => {
                    node.run(&format!("CLUSTER MEET 127.0.0.1 {port} {among}")).await;
                }
                None => met = Some((node.port(), among)),
            }
            nodes.push(node);
        }
        let cluster = Self { nodes };
        within_seconds(60, async {
            while !cluster.is_whole().await {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        })
        .await;
        cluster
    }

    /// Whether every node knows who has which slot.
    async fn is_whole(&self) -> bool {
        let size = format!("cluster_size:{}\r", self.nodes.len());
        for node in &self.nodes {
            let info = match node.run("CLUSTER INFO").await {
                ::redis::Value::BulkString(text) => String::from_utf8(text).unwrap(),
                ::redis::Value::VerbatimString { text, .. } => text,
                other => panic!("{other:?}"),
            };
            if !info.contains("cluster_state:ok") || !info.contains(&size) {
                return false;
            }
        }
        true
    }

    pub(crate) async fn connect(&self) -> ClusterConnection {
        let client = ClusterClient::new([self.address()]).unwrap();
        client.get_async_connection().await.unwrap()
    }

    /// The address of one of them.
    pub(crate) fn address(&self) -> String {
        self.nodes[0].address()
    }

    /// The last of them.
    pub(crate) fn last(&mut self) -> &mut Redis {
        self.nodes.last_mut().unwrap()
    }

    /// How many keys each of them has.
    pub(crate) async fn keys(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for node in &self.nodes {
            match node.run("DBSIZE").await {
                ::redis::Value::Int(count) => counts.push(count),
                other => panic!("{other:?}"),
            }
        }
        counts
    }
}
