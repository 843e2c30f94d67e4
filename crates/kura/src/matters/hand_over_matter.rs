//! Hands a matter over: someone else becomes its custodian, who names its people, reports and closes it. The items under it
//! keep theirs.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Matter;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, PersonId};
use crate::rules::facts::{Action, PersonFacts};

/// Hands a matter over.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverMatter {
    /// The matter.
    pub matter: MatterId,
    /// The new custodian.
    #[arg(long)]
    pub to: PersonId,
}

impl Operation for HandOverMatter {
    const ACTION: Action = Action("hand_over_matter");
    const WRITES: bool = true;
    type Subject = Matter;
    type Output = ();

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<()> {
        if !on.0.facts.open {
            return Err(Error::conflict("the matter is closed already"));
        }
        successor(tx, "to", self.to).await?;
        store::set_custodian(tx, self.matter, self.to).await?;
        tx.note("from", on.0.facts.custodian.to_string());
        tx.note("to", self.to.to_string());
        Ok(())
    }
}

/// Whether a person can be accountable for anything: someone of the firm who may act.
pub(crate) async fn successor(tx: &mut Tx<'_>, field: &'static str, to: PersonId) -> Result<PersonFacts> {
    let person = tx.facts_of(to).await?.ok_or(Error::NotFound("person"))?;
    if person.party.is_some() {
        return Err(Error::invalid(field, "a guest cannot be accountable for material"));
    }
    if person.suspended {
        return Err(Error::invalid(field, "this person is suspended"));
    }
    Ok(person)
}
