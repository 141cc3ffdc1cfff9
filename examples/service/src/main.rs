//! Starts the service.
//!
//! ```console
//! $ cargo run -p cog-auth-example-service
//! ```
//!
//! | variable | default | meaning |
//! |---|---|---|
//! | `ADDRESS` | `127.0.0.1:8080` | where it listens |
//! | `DATA` | `example-service-data` | the folder of the root keys, and of the SQLite file |
//! | `DATABASE_URL` | | `postgres://…` for PostgreSQL in place of SQLite |
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "a program prints")]

use cog_auth_example_service::{Config, Service};
use std::env;
use std::error::Error;
use std::net::SocketAddr;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt().init();
    let variable = |name, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let config = Config {
        folder: variable("DATA", "example-service-data").into(),
        database_url: env::var("DATABASE_URL").ok(),
    };
    let service = Service::open(&config).await?;
    let listener = TcpListener::bind(variable("ADDRESS", "127.0.0.1:8080")).await?;
    println!("the root keys are in {}: whoever has them can make tokens", service.keys().display());
    println!("open http://{}/ to sign in", listener.local_addr()?);
    let app = service.router().into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(interrupted()).await?;
    service.close().await;
    Ok(())
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!("there will be no notice of an interrupt: {error}");
        std::future::pending().await
    }
}
