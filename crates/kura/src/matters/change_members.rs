//! Puts a person on a matter, or takes them off.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Matter;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, PersonId};
use crate::people;
use crate::rules::facts::Action;

/// Puts a person on a matter.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMembers {
    /// The matter.
    pub matter: MatterId,
    /// The person.
    #[arg(long)]
    pub person: PersonId,
    /// Takes the person off instead.
    #[arg(long)]
    #[serde(default)]
    pub remove: bool,
}

impl Operation for ChangeMembers {
    const ACTION: Action = Action("change_members");
    const WRITES: bool = true;
    type Subject = Matter;
    type Output = ();

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<()> {
        let person = people::store::person(tx, self.person).await?;
        if person.party.is_some_and(|party| party != on.0.facts.party) && !self.remove {
            return Err(Error::invalid("person", "a guest works on matters of their own party only"));
        }
        store::set_member(tx, self.matter, person.id, !self.remove).await?;
        // What the rules see of the person has changed.
        people::store::touch(tx, person.id).await?;
        tx.note("person", person.id.to_string());
        Ok(())
    }
}
