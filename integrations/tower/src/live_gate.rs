//! The gate that decides now, and putting another in its place.

use crate::shadow::{Differences, Shadow};
use crate::telemetry;
use arc_swap::ArcSwap;
use cog_auth::gate::Gate;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// The gate that decides now. Policy and keys change by putting another gate in its place.
///
/// A request that has begun ends with the gate that it began with. Clones are one and the same:
/// what one puts in place, all have.
///
/// ```
/// use cog_auth::gate::Gate;
/// use cog_auth::policy::Policy;
/// use cog_auth::token::EdgeKeys;
/// use cog_auth_tower::LiveGate;
///
/// # let first = br#"{"v": 1, "use": "edge-tag", "keys":
/// #     {"01": "5uGI7IwsryC0QUs_Qock1iI_aVxbWQdQnMonPZY7RYA"}}"#;
/// let read = |keys: &[u8]| Ok::<_, cog_auth::Error>(
///     Gate::at_edge(Policy::builtin(), EdgeKeys::from_json(keys)?)
/// );
/// let gates = LiveGate::from(read(first)?);
///
/// // Later, for example after a signal, the keys are read again. These are none.
/// let error = gates.reload(|| read(b"{}")).unwrap_err();
/// assert_eq!(error.code(), cog_auth::Code::InvalidKeySet);
/// // The first gate decides as before.
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct LiveGate {
    current: Arc<ArcSwap<Gates>>,
}

/// What one request is decided with.
pub(crate) struct Gates {
    gate: Arc<Gate>,
    shadow: Option<Arc<Shadow>>,
}

impl LiveGate {
    /// Puts another gate in place. Requests that begin from now on are decided with it.
    pub fn replace(&self, gate: Gate) {
        let gate = Arc::new(gate);
        self.change(|gates| Gates { gate: gate.clone(), shadow: gates.shadow.clone() });
        telemetry::reloaded();
    }

    /// Reads another gate and puts it in place. If it cannot be read, the old one stays, and the
    /// log and a counter say so.
    ///
    /// # Errors
    ///
    /// What `read` says.
    pub fn reload<E: Error>(&self, read: impl FnOnce() -> Result<Gate, E>) -> Result<(), E> {
        match read() {
            Ok(gate) => {
                self.replace(gate);
                Ok(())
            }
            Err(error) => {
                telemetry::not_reloaded(&error);
                Err(error)
            }
        }
    }

    /// Lets another gate decide every request beside the real one. It is never obeyed: where it
    /// comes to something else, the difference is counted by rule and logged.
    ///
    /// It is given what the stores said to the real gate, and asks nothing itself. Give it the same
    /// keys and options, and the policy that you want to try. It makes every request as much slower
    /// as a decision takes, which is some microseconds. [`LiveGate::replace`] leaves it where it
    /// is.
    pub fn set_shadow(&self, gate: Gate) {
        let shadow = Arc::new(Shadow::new(gate));
        self.change(|gates| Gates { gate: gates.gate.clone(), shadow: Some(shadow.clone()) });
    }

    /// Ends what [`LiveGate::set_shadow`] began, and gives the differences up to now.
    pub fn end_shadow(&self) -> Differences {
        let differences = self.differences();
        self.change(|gates| Gates { gate: gates.gate.clone(), shadow: None });
        differences
    }

    /// How often the shadow came to something else since it was set. Without a shadow all is zero.
    #[must_use]
    pub fn differences(&self) -> Differences {
        let gates = self.current.load();
        gates.shadow.as_ref().map_or_else(Differences::default, |shadow| shadow.differences())
    }

    pub(crate) fn current(&self) -> Arc<Gates> {
        self.current.load_full()
    }

    fn change(&self, change: impl Fn(&Gates) -> Gates) {
        self.current.rcu(|gates| change(gates));
    }
}

impl From<Gate> for LiveGate {
    fn from(gate: Gate) -> Self {
        let gates = Gates { gate: Arc::new(gate), shadow: None };
        Self { current: Arc::new(ArcSwap::from_pointee(gates)) }
    }
}

impl fmt::Debug for LiveGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveGate").finish_non_exhaustive()
    }
}

impl Gates {
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) fn shadow(&self) -> Option<&Shadow> {
        self.shadow.as_deref()
    }
}
