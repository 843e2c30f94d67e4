//! Opens an item's content for reading. What comes back is a ticket, not content.

use serde::{Deserialize, Serialize};

use super::store::{self, VersionRow};
use super::subject::Item;
use crate::door::content::TicketDraft;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::rules::facts::Action;

/// Opens a version of an item.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The item.
    pub item: ItemId,
    /// The version's number; the newest when left out.
    #[arg(long)]
    #[serde(default)]
    pub version: Option<i64>,
}

/// A ticket to a version's content, for five minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Opened {
    /// By which the content is asked for; good for the person who opened it only.
    pub ticket: String,
    /// The version's number.
    pub version: i64,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its length in bytes.
    pub size: i64,
    /// Its SHA-256, before any sealing for a recipient.
    pub sha256: String,
    /// Whether it comes out as an age file.
    pub sealed: bool,
}

const NO_VERSION: Error = Error::NotFound("version: nothing of it is stored here");

/// A version of an item, the newest when no number is given.
pub(super) async fn version(tx: &mut Tx<'_>, item: ItemId, number: Option<i64>) -> Result<VersionRow> {
    let mut versions = store::versions(tx, item).await?;
    let found = match number {
        Some(number) => versions.into_iter().find(|version| version.number == number),
        None => versions.pop(),
    };
    found.ok_or(NO_VERSION)
}

/// Asks for a ticket to a version, sealed for a recipient when one is given.
pub(super) async fn ticket(
    tx: &mut Tx<'_>,
    on: &Item,
    version: &VersionRow,
    recipient: &str,
) -> Result<Opened> {
    let parts = store::part_sizes(tx, version.id).await?;
    Ok(ticket_of(tx, on, version, parts, recipient))
}

fn ticket_of(tx: &mut Tx<'_>, on: &Item, version: &VersionRow, parts: Vec<u64>, recipient: &str) -> Opened {
    let ticket = tx.issue_ticket(TicketDraft {
        handle: String::new(),
        item: version.item,
        shard: on.0.shard.clone(),
        version: version.id,
        store: version.store.clone(),
        parts,
        recipient: recipient.to_owned(),
    });
    Opened {
        ticket,
        version: version.number,
        name: version.name.clone(),
        media: version.media.clone(),
        size: version.size,
        sha256: version.sha256.clone(),
        sealed: !recipient.is_empty(),
    }
}

impl Operation for Open {
    const ACTION: Action = Action("open");
    const WRITES: bool = false;
    const BY_REVISION: bool = true;
    type Subject = Item;
    type Output = Opened;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Opened> {
        let found = store::version_with_parts(tx, self.item, self.version).await?;
        let (version, parts) = found.ok_or(NO_VERSION)?;
        tx.note("version", version.number.to_string());
        Ok(ticket_of(tx, &on, &version, parts, ""))
    }
}
