//! The store in memory.

use cog_auth_stores::{MemoryStore, conformance};
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_all_promises() {
    let store = Arc::new(MemoryStore::new());
    conformance::records(&store).await.unwrap();
    conformance::facts(&store).await.unwrap();
    conformance::lists(&store).await.unwrap();
    conformance::races(&store, 32).await.unwrap();
}
