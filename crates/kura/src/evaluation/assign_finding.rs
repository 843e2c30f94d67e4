//! Names another person to answer for a finding: people leave.

use serde::{Deserialize, Serialize};

use super::answer_finding::step;
use super::subject::Finding;
use super::{ANSWERED, OPEN, able, finding_store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{FindingId, PersonId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Names another person to answer for a finding.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignFinding {
    /// The finding.
    pub finding: FindingId,
    /// Who answers for it from now on.
    #[arg(long)]
    pub owner: PersonId,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for AssignFinding {
    const ACTION: Action = Action("assign_finding");
    const WRITES: bool = true;
    type Subject = Finding;
    type Output = ();

    fn subject(&self) -> FindingId {
        self.finding
    }

    async fn perform(self, on: Finding, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = on.0;
        // Once it is done, whoever did it stays the one who did.
        if row.state != OPEN && row.state != ANSWERED {
            return Err(Error::conflict("what is done stays with whoever did it"));
        }
        row.owner_name = able(tx, "owner", self.owner).await?;
        row.owner = self.owner;
        let told = format!("{}: {}", row.owner_name, self.reason);
        let assigned = step(tx, "assigned", &told).await?;
        finding_store::insert_step(tx.connection(), row.id, &assigned).await?;
        finding_store::update(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
