//! 格納: stores a new version of an item. Earlier versions stay.

use serde::{Deserialize, Serialize};

use super::subject::Item;
use super::{intake, store, upload};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, UploadId};
use crate::rules::facts::Action;

/// Stores a new version of an item from a complete upload that was begun for it.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// The item.
    pub item: ItemId,
    /// The complete upload.
    #[arg(long)]
    pub upload: UploadId,
    /// SHA-256 of the file as sent, to be compared.
    #[arg(long)]
    #[serde(default)]
    pub sha256: Option<String>,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Stored {
    /// Number of the version, 1 the first.
    pub version: i64,
}

impl Operation for Store {
    const ACTION: Action = Action("store");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Stored;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Stored> {
        let sent = upload::completed(tx, self.upload, self.sha256.as_deref()).await?;
        if sent.item != self.item {
            return Err(Error::conflict("the upload was begun for something else: begin one for this item"));
        }
        if !tx.stores().accepts(&sent.store, on.0.facts.rank) {
            return Err(Error::conflict(
                "the item's class has changed since the upload was begun: begin again",
            ));
        }
        let last = store::versions(tx, self.item).await?.last().map_or(0, |version| version.number);
        let version = intake::add_version(tx, &sent, last + 1).await?;
        store::touch(tx, self.item).await?;
        tx.note("version", version.number.to_string());
        tx.note("size", version.size.to_string());
        tx.note("sha256", version.sha256);
        Ok(Stored { version: version.number })
    }
}
