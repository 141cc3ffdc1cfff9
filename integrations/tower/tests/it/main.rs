//! What the layer promises, at real servers where that matters.

mod base;
mod hostile;
mod server;
