//! Takes a grant away before its end.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, PersonId};
use crate::rules::facts::Action;

/// Takes a grant away.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// The item.
    pub item: ItemId,
    /// From whom.
    #[arg(long)]
    pub person: PersonId,
}

impl Operation for Revoke {
    const ACTION: Action = Action("revoke");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, _: Item, tx: &mut Tx<'_>) -> Result<()> {
        if !store::delete_grant(tx, self.item, self.person).await? {
            return Err(Error::NotFound("grant"));
        }
        tx.note("person", self.person.to_string());
        Ok(())
    }
}
