//! 返却: begins giving an item back. Its content is closed for use; [`super::package`] hands it out, and
//! [`super::confirm_return`] ends it.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ItemId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Begins a return.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveBack {
    /// The item.
    pub item: ItemId,
    /// To whom and how it goes back.
    #[arg(long)]
    pub manner: Note,
}

impl Operation for GiveBack {
    const ACTION: Action = Action("give_back");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, _: Item, tx: &mut Tx<'_>) -> Result<()> {
        store::set_state(tx, self.item, "returning").await?;
        tx.note("manner", String::from(self.manner));
        Ok(())
    }
}
