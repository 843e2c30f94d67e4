//! Takes a law, treaty or contract off the register: it is no more, or asks for no more than the policy does.

use serde::{Deserialize, Serialize};

use super::{list_requirements, requirement_store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::RequirementId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Takes a law, treaty or contract off the register.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRequirement {
    /// The law, treaty or contract.
    pub requirement: RequirementId,
    /// Why it asks for nothing any more.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for EndRequirement {
    const ACTION: Action = Action("end_requirement");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = list_requirements::known(tx, self.requirement).await?;
        if row.ended != 0 {
            return Err(Error::conflict("it has ended already"));
        }
        let by = tx.asker_id()?;
        row.ended = tx.now();
        row.ended_name = people::store::person(tx, by).await?.name;
        row.ended_reason = self.reason.to_string();
        requirement_store::end(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
