//! Attests that a copy which someone held outside the store was destroyed or brought back.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{CopyId, ItemId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Attests that a copy is gone.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attest {
    /// The item.
    pub item: ItemId,
    /// The copy.
    #[arg(long)]
    pub copy: CopyId,
    /// How it was destroyed, or to whom it was brought back.
    #[arg(long)]
    pub manner: Note,
}

impl Operation for Attest {
    const ACTION: Action = Action("attest");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<()> {
        let asker = tx.asker_id()?;
        let copies = store::copies(tx, self.item).await?;
        let copy = copies.into_iter().find(|copy| copy.id == self.copy).ok_or(Error::NotFound("copy"))?;
        if copy.holder != asker && on.0.facts.custodian != asker {
            return Err(Error::conflict("its holder or the item's custodian attests that a copy is gone"));
        }
        if copy.ended != 0 {
            return Err(Error::conflict("the copy was attested gone already"));
        }
        store::end_copy(tx, copy.id, self.manner.as_str()).await?;
        tx.note("copy", copy.id.to_string());
        tx.note("holder", copy.holder.to_string());
        tx.note("manner", String::from(self.manner));
        Ok(())
    }
}
