//! Releases a hold.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{HoldId, ItemId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Releases a hold.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The item.
    pub item: ItemId,
    /// The hold.
    #[arg(long)]
    pub hold: HoldId,
    /// Why it is not needed any more.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for Release {
    const ACTION: Action = Action("release");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, _: Item, tx: &mut Tx<'_>) -> Result<()> {
        let by = tx.asker_id()?;
        if !store::release_hold(tx, self.hold, self.item, by).await? {
            return Err(Error::NotFound("hold that is not released yet"));
        }
        tx.note("hold", self.hold.to_string());
        Ok(())
    }
}
