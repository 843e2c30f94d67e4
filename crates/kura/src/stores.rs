//! Named stores of sealed content, each with the classes that it may hold (`basic-2`: infrastructure per
//! kind of information).
//!
//! A store holds sealed bytes only; it can neither read nor forge them. What was acknowledged is on disk:
//! the local store syncs file and folder.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};

use crate::error::{Error, Result};
use crate::id::{ItemId, VersionId};

/// One store.
#[derive(Clone)]
struct Store {
    name: String,
    /// Ranks of the classes that it may hold.
    ranks: std::ops::RangeInclusive<i64>,
    backend: Arc<dyn ObjectStore>,
}

/// All stores of an installation.
#[derive(Clone, Default)]
pub struct Stores {
    stores: Vec<Store>,
    quota: Option<u64>,
}

fn failed(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::internal(
            "a part of the content is missing in its store: restore the store from its backup",
        ),
        other => Error::internal(format!("store: {other}")),
    }
}

impl Stores {
    /// Adds a store in a local folder, which is made when missing.
    pub fn add_folder(
        &mut self,
        name: &str,
        folder: &Path,
        ranks: std::ops::RangeInclusive<i64>,
    ) -> Result<()> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::invalid("store", format!("{}: {error}", folder.display())))?;
        let backend = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
        // On disk when acknowledged; and no empty folder tells of what was there.
        let backend = backend.with_fsync(true).with_automatic_cleanup(true);
        self.stores.push(Store { name: name.to_owned(), ranks, backend: Arc::new(backend) });
        Ok(())
    }

    /// Limits what one person's uploads may hold before they are completed, in bytes.
    pub fn limit_uploads(&mut self, quota: u64) {
        self.quota = Some(quota);
    }

    /// What one person's uploads may hold before they are completed, in bytes.
    pub fn upload_quota(&self) -> u64 {
        self.quota.unwrap_or(u64::MAX)
    }

    /// The first store that may hold a class of this rank.
    pub fn accepting(&self, rank: i64) -> Result<&str> {
        self.stores
            .iter()
            .find(|store| store.ranks.contains(&rank))
            .map(|store| store.name.as_str())
            .ok_or_else(|| {
                Error::conflict(format!("no store may hold class {rank}: add one to the configuration"))
            })
    }

    /// Whether a store may hold a class of this rank.
    pub fn accepts(&self, name: &str, rank: i64) -> bool {
        self.find(name).is_ok_and(|store| store.ranks.contains(&rank))
    }

    fn find(&self, name: &str) -> Result<&Store> {
        self.stores
            .iter()
            .find(|store| store.name == name)
            .ok_or_else(|| Error::internal(format!("the store {name} is not in the configuration")))
    }

    fn place(item: ItemId, version: VersionId, part: i64) -> Place {
        Place::from(format!("{item}/{version}/{part:06}"))
    }

    /// Writes one sealed part; it is on disk when this returns.
    pub async fn put(
        &self,
        store: &str,
        (item, version, part): (ItemId, VersionId, i64),
        sealed: Vec<u8>,
    ) -> Result<()> {
        let place = Self::place(item, version, part);
        let payload = PutPayload::from(sealed);
        self.find(store)?.backend.put(&place, payload).await.map_err(failed)?;
        Ok(())
    }

    /// Reads a range of one sealed part.
    pub async fn get(
        &self,
        store: &str,
        (item, version, part): (ItemId, VersionId, i64),
        range: Range<u64>,
    ) -> Result<Bytes> {
        let place = Self::place(item, version, part);
        self.find(store)?.backend.get_range(&place, range).await.map_err(failed)
    }

    /// Reads one sealed part whole; nothing when it is gone.
    pub async fn get_whole(
        &self,
        store: &str,
        (item, version, part): (ItemId, VersionId, i64),
    ) -> Result<Option<Bytes>> {
        let place = Self::place(item, version, part);
        match self.find(store)?.backend.get(&place).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(failed)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Whether one sealed part is there.
    pub async fn has(&self, store: &str, (item, version, part): (ItemId, VersionId, i64)) -> Result<bool> {
        match self.find(store)?.backend.head(&Self::place(item, version, part)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Deletes one sealed part; one that is already gone is no error.
    pub async fn delete(&self, store: &str, (item, version, part): (ItemId, VersionId, i64)) -> Result<()> {
        match self.find(store)?.backend.delete(&Self::place(item, version, part)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other.map_err(failed),
        }
    }
}
