//! The service: what it is made of.

use crate::database::Database;
use crate::desk::Desk;
use crate::sign_in::Sessions;
use crate::{api, keys, pages, people};
use axum::Router;
use cog_auth::gate::Gate;
use cog_auth::policy::Policy;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the service keeps what it has.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the root keys, and of the SQLite file. It is made if it is not there.
    pub folder: PathBuf,
    /// The address of PostgreSQL, `postgres://…`. None: SQLite.
    pub database_url: Option<String>,
}

/// A service that is ready to answer.
pub struct Service {
    router: Router,
    keys: PathBuf,
    database: Database,
}

impl Service {
    /// Opens the database, and reads the root keys; makes what is not there.
    ///
    /// # Errors
    ///
    /// If the folder, the keys or the database cannot be used.
    pub async fn open(config: &Config) -> Result<Self, Box<dyn Error + Send + Sync>> {
        fs::create_dir_all(&config.folder)?;
        let keys = config.folder.join("root-keys.json");
        let roots = keys::read_or_make(&keys)?;
        let file = config.folder.join("credentials.db");
        let database = Database::open(&file, config.database_url.as_deref()).await?;
        people::introduce(&database).await?;

        let policy = Policy::builtin();
        let gate = Gate::at_origin(policy.clone(), roots.edge_keys(), roots.peppers());
        let api = api::router(gate, &database);
        let desk = Arc::new(Desk { policy, roots, database: database.clone() });
        let router = pages::router(desk, Sessions::default()).merge(api);
        Ok(Self { router, keys, database })
    }

    /// Pages and API. Serve it with `into_make_service_with_connect_info`: rules ask from where
    /// requests come.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Closes the database, once nobody is served any more.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// The file of the root keys.
    #[must_use]
    pub fn keys(&self) -> &Path {
        &self.keys
    }
}
