//! ホールド: places a hold, so that an item is neither returned nor erased. There may be several at once.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{HoldId, ItemId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Places a hold.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The item.
    pub item: ItemId,
    /// Why it must stay, for example a dispute.
    #[arg(long)]
    pub reason: Note,
}

/// The hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Held {
    /// Its id, to release it by.
    pub hold: HoldId,
}

impl Operation for Hold {
    const ACTION: Action = Action("hold");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Held;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, _: Item, tx: &mut Tx<'_>) -> Result<Held> {
        let hold = tx.id(HoldId::new);
        let by = tx.asker_id()?;
        store::insert_hold(tx, hold, self.item, self.reason.as_str(), by).await?;
        tx.note("hold", hold.to_string());
        Ok(Held { hold })
    }
}
