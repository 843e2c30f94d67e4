//! 持出し: takes a copy out of the store. It is tracked by holder, place and due date until it is attested
//! destroyed.

use serde::{Deserialize, Serialize};

use super::open::{self, Opened};
use super::store::{self, CopyRow};
use super::subject::Item;
use crate::clock::{self, Millis};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{CopyId, ItemId};
use crate::rules::facts::{Action, Circumstances};
use crate::text::Name;

const DAY: Millis = 24 * 60 * 60 * 1000;

/// Takes a copy out.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Download {
    /// The item.
    pub item: ItemId,
    /// The version's number; the newest when left out.
    #[arg(long)]
    #[serde(default)]
    pub version: Option<i64>,
    /// The device or place where the copy will be.
    #[arg(long)]
    pub place: Name,
    /// The device is a person's own.
    #[arg(long)]
    #[serde(default)]
    pub personal_device: bool,
}

/// The copy, and the ticket to its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Downloaded {
    /// The copy, to be attested destroyed.
    pub copy: CopyId,
    /// By when it is to be destroyed.
    pub due: String,
    /// The ticket.
    pub opened: Opened,
}

impl Operation for Download {
    const ACTION: Action = Action("download");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Downloaded;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn circumstances(&self, _: &Item, _: &mut Tx<'_>, circumstances: &mut Circumstances) -> Result<()> {
        circumstances.personal_device = Some(self.personal_device);
        Ok(())
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Downloaded> {
        let version = open::version(tx, self.item, self.version).await?;
        let class = tx
            .rules()
            .class_of_rank(on.0.facts.rank)
            .ok_or_else(|| Error::internal("the item has a class that the pack does not know"))?;
        let days = class.copy_days;
        let row = CopyRow {
            id: tx.id(CopyId::new),
            item: self.item,
            version: version.id,
            holder: tx.asker_id()?,
            manner: "download".to_owned(),
            place: self.place.into(),
            taken: tx.now(),
            due: (tx.now() + days * DAY).min(on.0.due.max(tx.now())),
            ended: 0,
        };
        store::insert_copy(tx, &row).await?;
        tx.note("copy", row.id.to_string());
        tx.note("due", clock::rfc3339(row.due));
        tx.note("version", version.number.to_string());
        let opened = open::ticket(tx, &on, &version, "").await?;
        Ok(Downloaded { copy: row.id, due: clock::rfc3339(row.due), opened })
    }
}
