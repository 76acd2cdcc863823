//! The store that a command works on.

use super::{
    Failure,
    store::{existing, failure},
};
use crate::store::{self, Store};
use clap::Args;
use std::{path::PathBuf, sync::Arc};

/// The store, for every command that needs one.
#[derive(Args)]
pub(super) struct StoreAddress {
    /// The store: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long = "store",
        value_name = "ADDRESS",
        env = "MAHWAR_STORE",
        hide_env_values = true,
        required = true
    )]
    store: String,
}

impl StoreAddress {
    /// Opens it; a file that is not there is made.
    pub(super) fn open(&self) -> Result<Arc<dyn Store>, Failure> {
        store::open(&self.store).map_err(failure)
    }

    /// Opens it where it is.
    pub(super) fn existing(&self) -> Result<Arc<dyn Store>, Failure> {
        existing(&self.store)
    }

    /// A file beside an SQLite store, or in the working folder.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        match self.store.strip_prefix("sqlite:") {
            Some(path) => format!("{}.{name}", path.strip_prefix("//").unwrap_or(path)).into(),
            None => format!("mahwar-{name}").into(),
        }
    }
}
