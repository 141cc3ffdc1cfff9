//! Tokens and policies together: outcomes, audit records, and what no client may bring about.

mod cases;
mod causes;
mod context;
mod hostile;
mod properties;
mod regressions;
mod request;
mod resource;
mod secrets;
mod shared;
mod values;
