//! An item as the subject of an operation.

use super::store::{self, ItemRow};
use crate::door::Tx;
use crate::door::operation::{Rev, Revised, Subject};
use crate::error::Result;
use crate::id::{ItemId, PersonId};
use crate::rules::facts::{Action, Resource};

/// An item.
pub struct Item(pub(crate) ItemRow);

impl Subject for Item {
    type Key = ItemId;
    const NAME: &'static str = "item";

    async fn load(tx: &mut Tx<'_>, asker: Option<PersonId>, key: &ItemId) -> Result<Option<Self>> {
        Ok(store::item(tx, *key, asker).await?.map(Self))
    }

    fn resource(&self) -> Resource {
        Resource::Item(self.0.facts.clone(), self.0.matter.clone())
    }

    fn revs(&self) -> Vec<Rev> {
        vec![
            Rev { of: Revised::Item, id: self.0.facts.id.to_string(), rev: self.0.rev },
            Rev { of: Revised::Matter, id: self.0.matter.id.to_string(), rev: self.0.matter_rev },
        ]
    }

    fn item(&self) -> Option<(ItemId, String)> {
        Some((self.0.facts.id, self.0.shard.clone()))
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![("name", self.0.name.clone())]
    }
}

/// Whether the asker may know of an item.
pub(crate) fn may_know(tx: &Tx<'_>, row: &ItemRow) -> Result<bool> {
    let resource = Resource::Item(row.facts.clone(), row.matter.clone());
    Ok(tx.rules().decide(tx.asker()?, Action("know"), &resource, tx.circumstances())?.permitted)
}

/// An item as far as the asker may know of it: its row, or nothing.
pub(crate) async fn known(tx: &mut Tx<'_>, id: ItemId) -> Result<Option<ItemRow>> {
    let asker = tx.asker_id()?;
    match store::item(tx, id, Some(asker)).await? {
        Some(row) if may_know(tx, &row)? => Ok(Some(row)),
        _ => Ok(None),
    }
}
