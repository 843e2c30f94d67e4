//! An item as the subject of an operation.

use super::store::{self, ItemRow};
use crate::door::Tx;
use crate::door::operation::{Rev, Revised, Subject};
use crate::error::Result;
use crate::id::{ItemId, PersonId};
use crate::rules::facts::Resource;

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
