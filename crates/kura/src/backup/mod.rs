//! Backups: what is kept and the keyring, apart from each other; one key for each backup; and a restore in
//! which what was erased stays erased.
//!
//! A backup holds the database, encrypted anew under the backup's own key, and the sealed content as it is.
//! The keyring is copied to another place and kept for a shorter time. Without the keyring a backup is
//! noise; with the newest keyring it gives back everything but what was erased since; an older keyring is
//! refused.

pub mod create_backup;
pub mod destroy_backup;
pub mod restore;

use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use kura_vault::keys::Key;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Where backups go, and where the database is.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Folder of the backups.
    pub data: PathBuf,
    /// Folder of the keyring's backups.
    pub keyring: PathBuf,
    /// The encrypted SQLite database; nothing when it is a PostgreSQL server's.
    pub database: Option<PathBuf>,
}

/// What a backup is, in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// Format of the backup.
    pub(crate) kura_backup: u32,
    /// Its name, by which its key is known.
    pub(crate) name: String,
    /// The log's name.
    pub(crate) origin: String,
    /// When it was made.
    pub(crate) made: String,
    /// The sealed parts of content in it.
    pub(crate) parts: Vec<Part>,
    /// Under the backup's key, over all of the above: nobody without it leaves a part out.
    pub(crate) seal: String,
}

impl Manifest {
    /// What the seal must be.
    pub(crate) fn sealed(&self, key: &Key) -> Result<String> {
        let open = Self { seal: String::new(), ..self.clone() };
        let text = serde_json::to_vec(&open).map_err(Error::internal)?;
        Ok(hex::encode(key.derive("kura/manifest/v1", digest(&SHA256, &text).as_ref()).expose()))
    }
}

/// One sealed part of content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) store: String,
    pub(crate) item: crate::id::ItemId,
    pub(crate) version: crate::id::VersionId,
    pub(crate) part: i64,
    /// SHA-256 of the sealed bytes.
    pub(crate) sha256: String,
}

/// Format that this program writes.
pub(crate) const FORMAT: u32 = 1;

impl Part {
    /// Where it is inside a backup.
    pub(crate) fn file(&self, backup: &Path) -> Result<PathBuf> {
        let Self { store, item, version, part, .. } = self;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if store.is_empty() || !store.chars().all(plain) {
            return Err(Error::invalid("store", format!("{store:?} is no name of a store")));
        }
        Ok(backup
            .join("content")
            .join(store)
            .join(item.to_string())
            .join(version.to_string())
            .join(part.to_string()))
    }
}

/// Checks a backup's name, which becomes part of file names.
pub(crate) fn checked(name: &str) -> Result<&str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=50).contains(&name.len()) && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(Error::invalid("name", "a backup's name has lower-case letters, digits and hyphens"))
    }
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::invalid("backup", format!("{}: {error}", path.display()))
}

/// Reads a backup's manifest.
pub(crate) fn manifest(backup: &Path) -> Result<Manifest> {
    let path = backup.join("manifest.json");
    let text = std::fs::read(&path).map_err(at(&path))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| Error::invalid("backup", format!("{}: {error}", path.display())))?;
    if manifest.kura_backup != FORMAT {
        return Err(Error::invalid("backup", "it was made by another version of Kura: use that one"));
    }
    checked(&manifest.name)?;
    Ok(manifest)
}

/// When each backup in a folder was made.
pub(crate) fn made(folder: &std::path::Path) -> Vec<std::time::SystemTime> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let whole = entries.filter(|entry| entry.path().join("manifest.json").exists());
    whole.filter_map(|entry| entry.metadata().ok()?.modified().ok()).collect()
}
