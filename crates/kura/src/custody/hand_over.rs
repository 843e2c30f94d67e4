//! Hands custody over: someone else becomes accountable for an item.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{ItemId, PersonId};
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
        super::intake::accountable(tx, "to", self.to, (on.0.facts.clone(), on.0.matter.clone())).await?;
        store::set_custodian(tx, self.item, self.to).await?;
        tx.note("from", on.0.facts.custodian.to_string());
        tx.note("to", self.to.to_string());
        Ok(())
    }
}
