//! The high-water mark: how far the ledger has come, kept outside the data folder.
//!
//! A database that was set back to an earlier state is whole in itself; only something outside of it can
//! tell. The mark is written soon after each commit, so it may be a little behind, never ahead. A snapshot of
//! the whole machine sets the mark back too: against that only a witness helps.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::store;
use crate::error::{Error, Result};

/// The mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HighWater {
    /// The installation's id, whatever its ledger is called; an older mark has none.
    #[serde(default)]
    pub installation: String,
    /// The log's name.
    pub origin: String,
    /// Number of records.
    pub size: u64,
    /// Root hash in hexadecimal.
    pub root: String,
    /// How often keys were destroyed.
    pub erasures: u64,
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::invalid("high_water_file", format!("{}: {error}", path.display()))
}

impl HighWater {
    /// Reads the mark; nothing when there is none.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                toml::from_str(&text).map(Some).map_err(|error| Error::invalid("high_water_file", error))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(path)(error)),
        }
    }

    /// Replaces the mark whole.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = toml::to_string(self).map_err(Error::internal)?;
        crate::disk::replace(path, text.as_bytes()).map_err(at(path))
    }

    /// Reads the mark of an installation; another's is no mark.
    pub fn of(path: &Path, installation: &[u8; 16]) -> Result<Option<Self>> {
        if path.as_os_str().is_empty() {
            return Ok(None);
        }
        let own = hex::encode(installation);
        Ok(Self::read(path)?.filter(|mark| mark.installation.is_empty() || mark.installation == own))
    }

    /// Holds a database against the mark.
    ///
    /// # Errors
    /// A ledger or keyring that is behind the mark, or has another past.
    pub async fn check(&self, connection: &mut AnyConnection, origin: &str, erasures: u64) -> Result<()> {
        if erasures < self.erasures {
            return Err(Error::conflict(
                "the keyring is older than the newest erasure and may hold keys that were destroyed: put the \
                 newest keyring in place",
            ));
        }
        if self.origin != origin {
            return Ok(());
        }
        let size = store::head(connection).await?.map_or(0, |(size, _)| size);
        if size < self.size {
            return Err(Error::conflict(format!(
                "the ledger has {size} records where {} were written: the database was set back. Put the newest \
                 database in place; if it is lost, `kura restore --new-origin` goes on from a backup and says so",
                self.size
            )));
        }
        let root = store::edge(connection, self.size).await?.root();
        if hex::encode(root) != self.root {
            return Err(Error::conflict(
                "the ledger's past is not what it was: it was rewritten. Compare with the last export or witness",
            ));
        }
        Ok(())
    }
}
