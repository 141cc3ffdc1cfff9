//! One at a time: of all who want to read the same thing, one does.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Mutex as Turn;

/// What is being read at the moment, and whose turn it is.
pub(super) struct Flights<K> {
    turns: Mutex<HashMap<K, Arc<Turn<()>>>>,
}

impl<K: Clone + Eq + Hash> Flights<K> {
    pub(super) fn new() -> Self {
        Self { turns: Mutex::new(HashMap::new()) }
    }

    /// Does something when no other does for this key. One who gives up leaves the turn to the
    /// next.
    pub(super) async fn take_turn<T>(&self, key: &K, work: impl Future<Output = T>) -> T {
        let place = Place {
            flights: self,
            key,
            turn: self.turns().entry(key.clone()).or_default().clone(),
        };
        let _turn = place.turn.lock().await;
        work.await
    }

    fn turns(&self) -> MutexGuard<'_, HashMap<K, Arc<Turn<()>>>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the line for a key. The last to leave takes the line away.
struct Place<'f, K: Clone + Eq + Hash> {
    flights: &'f Flights<K>,
    key: &'f K,
    turn: Arc<Turn<()>>,
}

impl<K: Clone + Eq + Hash> Drop for Place<'_, K> {
    fn drop(&mut self) {
        // Who comes gets a copy while the map is locked, so that nobody comes in between.
        let mut turns = self.flights.turns();
        if Arc::strong_count(&self.turn) <= 2 {
            turns.remove(self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Flights;

    #[test]
    fn nothing_is_left_behind() {
        let flights = Flights::new();
        pollster::block_on(async {
            flights.take_turn(&1, async {}).await;
            assert!(flights.turns().is_empty());
            flights
                .take_turn(&1, async {
                    let mut second = Box::pin(flights.take_turn(&1, async {}));
                    // It waits, and gives up.
                    assert!(is_waiting(&mut second));
                    drop(second);
                    assert_eq!(flights.turns().len(), 1);
                })
                .await;
            assert!(flights.turns().is_empty());
        });
    }

    fn is_waiting(future: &mut (impl Future + Unpin)) -> bool {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        std::pin::Pin::new(future).poll(&mut context).is_pending()
    }
}
