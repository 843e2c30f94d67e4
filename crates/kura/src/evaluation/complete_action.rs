//! Says that the corrective action on a finding is done.

use serde::{Deserialize, Serialize};

use super::answer_finding::step;
use super::subject::Finding;
use super::{ANSWERED, DONE, finding_store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::FindingId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Says that the corrective action on a finding is done.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteAction {
    /// The finding.
    pub finding: FindingId,
    /// What was done, and how that is seen.
    #[arg(long)]
    pub told: Note,
}

impl Operation for CompleteAction {
    const ACTION: Action = Action("complete_action");
    const WRITES: bool = true;
    type Subject = Finding;
    type Output = ();

    fn subject(&self) -> FindingId {
        self.finding
    }

    async fn perform(self, on: Finding, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = on.0;
        if row.state != ANSWERED {
            return Err(Error::conflict("no corrective action is under way: answer the finding first"));
        }
        let done = step(tx, "done", &self.told.to_string()).await?;
        finding_store::insert_step(tx.connection(), row.id, &done).await?;
        row.state = DONE.to_owned();
        row.done_by = Some(tx.asker_id()?);
        tx.note("late", (row.due < tx.today().to_string()).to_string());
        finding_store::update(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
