//! An issuer of credentials, and a small API that they open, in one process.
//!
//! People sign in, make personal access tokens in their account settings, and administrators manage
//! the keys of service users. Every decision is the built-in policy's, through
//! [`cog_auth::management`] for the pages, and through [`cog_auth_tower`] for the API.
#![forbid(unsafe_code)]

// A request goes through these files from the top to the bottom. Each file knows only files further
// down in this list:
//   service                       puts it all together
//   pages/                        what people see: each page with what it does
//   api                           what tokens open
//   forms                         forms of this service's own pages
//   sign_in                       who is signed in
//   desk                          credentials: made, listed, replaced and ended
//   uses, audit                   what is noted of each request
//   database                      SQLite or PostgreSQL
//   keys, people, clock           root keys; who there is; what time it is
mod api;
mod audit;
mod clock;
mod database;
mod desk;
mod forms;
mod keys;
mod pages;
mod people;
mod service;
mod sign_in;
mod uses;

pub use service::{Config, Service};
