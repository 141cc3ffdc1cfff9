//! The libraries that decide, one file each.

mod biscuit;
mod casbin;
mod cedar;
mod cel;
mod cog_auth;
mod floor;
mod regorus;
mod zen;

use crate::world::{Request, Shape};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Decides a request, by its number among those that it was made with.
pub type Decide = Box<dyn Fn(usize) -> bool>;

/// A library, as the tables show it.
pub struct Peer {
    pub name: &'static str,
    /// The package whose version stands beside the name; none for what is written here.
    pub package: Option<&'static str>,
    /// What it does more or less than the others.
    pub note: &'static str,
    /// In which form it has many rules, if that is not rules as in the first table.
    pub note_on_many_rules: &'static str,
    /// Decides requests that are ready in the library's own form.
    pub ready: fn(&[Request<'static>]) -> Decide,
    /// Decides requests from their JSON text.
    pub from_text: fn(&[Request<'static>]) -> Decide,
    /// Decides the two requests of a shape with so many rules.
    pub rules: fn(Shape, usize) -> Decide,
    /// The most rules that it is measured with: with more a round takes minutes, or it refuses.
    pub most_rules: usize,
}

/// All, ours first and the floor before it.
pub const PEERS: &[Peer] = &[
    floor::PEER,
    cog_auth::PEER,
    cog_auth::ANSWERS,
    cel::PEER,
    casbin::PEER,
    regorus::MACHINE,
    regorus::INTERPRETER,
    zen::PEER,
    cedar::PEER,
    biscuit::PEER,
];

/// The texts of requests, to be read over and over.
fn texts(requests: &[Request<'static>]) -> Vec<String> {
    requests.iter().map(Request::text).collect()
}

/// The result of a future that waits for nothing, without the cost of a runtime.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something"),
    }
}
