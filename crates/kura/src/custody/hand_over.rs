//! Hands custody over: someone else becomes accountable for an item.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, PersonId};
use crate::people;
use crate::rules::facts::Action;

/// Hands custody over.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The item.
    pub item: ItemId,
    /// The new custodian.
    #[arg(long)]
    pub to: PersonId,
}

impl Operation for HandOver {
    const ACTION: Action = Action("hand_over");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<()> {
        let to = people::store::person(tx, self.to).await?;
        if to.party.is_some() {
            return Err(Error::invalid("to", "a guest cannot be accountable for material"));
        }
        if to.suspended {
            return Err(Error::invalid("to", "this person is suspended"));
        }
        if to.clearance < on.0.facts.rank {
            return Err(Error::invalid("to", "the item is above this person's clearance"));
        }
        store::set_custodian(tx, self.item, to.id).await?;
        tx.note("from", on.0.facts.custodian.to_string());
        tx.note("to", to.id.to_string());
        Ok(())
    }
}
