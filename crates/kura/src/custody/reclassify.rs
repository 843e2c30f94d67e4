//! 機密区分の変更: gives an item another class. Up at once; down only with two people's approval.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::people;
use crate::rules::facts::{Action, Circumstances};
use crate::text::Note;

/// Gives an item another class.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reclassify {
    /// The item.
    pub item: ItemId,
    /// The new class.
    #[arg(long)]
    pub class: String,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for Reclassify {
    const ACTION: Action = Action("reclassify");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn circumstances(
        &self,
        _: &Item,
        tx: &mut Tx<'_>,
        circumstances: &mut Circumstances,
    ) -> Result<()> {
        circumstances.rank = Some(people::rank_of(tx.rules(), "class", &self.class)?);
        Ok(())
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<()> {
        let rank = people::rank_of(tx.rules(), "class", &self.class)?;
        if rank == on.0.facts.rank {
            return Err(Error::conflict("the item has this class already"));
        }
        let versions = store::versions(tx, self.item).await?;
        if let Some(version) = versions.iter().find(|version| !tx.stores().accepts(&version.store, rank)) {
            return Err(Error::conflict(format!(
                "the store {} may not hold this class: take the content into a store that may, as a new item",
                version.store
            )));
        }
        store::set_class(tx, self.item, rank).await?;
        tx.note("from", on.0.facts.rank.to_string());
        tx.note("to", rank.to_string());
        Ok(())
    }
}
