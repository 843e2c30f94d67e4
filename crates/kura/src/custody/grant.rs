//! Grants one person use of an item until a day.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, PersonId};
use crate::people;
use crate::rules::facts::Action;

/// Grants use.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The item.
    pub item: ItemId,
    /// To whom.
    #[arg(long)]
    pub person: PersonId,
    /// Until when: a day (2027-03-31) or a moment.
    #[arg(long)]
    pub until: String,
}

impl Operation for Grant {
    const ACTION: Action = Action("grant");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, _: Item, tx: &mut Tx<'_>) -> Result<()> {
        let until = tx.until("until", &self.until)?;
        if until <= tx.now() {
            return Err(Error::invalid("until", "the day has passed already"));
        }
        let person = people::store::person(tx, self.person).await?;
        if person.party.is_some() {
            return Err(Error::invalid(
                "person",
                "a guest sees what is shared of their matter; nothing is granted to guests",
            ));
        }
        let by = tx.asker_id()?;
        store::set_grant(tx, self.item, person.id, until, by).await?;
        tx.note("person", person.id.to_string());
        tx.note("until", clock::rfc3339(until));
        Ok(())
    }
}
