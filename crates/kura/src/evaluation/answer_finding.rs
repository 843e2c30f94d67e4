//! Answers a finding: its root cause, what was corrected at once, and what is done so that it does not come back.

use serde::{Deserialize, Serialize};

use super::finding_store::{self, StepRow};
use super::subject::Finding;
use super::{ANSWERED, OPEN};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::FindingId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Answers a finding.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFinding {
    /// The finding.
    pub finding: FindingId,
    /// The root cause.
    #[arg(long)]
    pub cause: Note,
    /// What was corrected.
    #[arg(long)]
    pub correction: Note,
    /// What is done against the root cause.
    #[arg(long)]
    pub corrective: Note,
    /// The day by which that is done (2027-02-28).
    #[arg(long)]
    pub due: String,
}

/// A step of the asker's, at this moment.
pub(super) async fn step(tx: &mut Tx<'_>, step: &str, told: &str) -> Result<StepRow> {
    let by = tx.asker_id()?;
    Ok(StepRow {
        event: tx.event().to_string(),
        made: tx.now(),
        made_name: people::store::person(tx, by).await?.name,
        step: step.to_owned(),
        told: told.to_owned(),
        ..StepRow::default()
    })
}

impl Operation for AnswerFinding {
    const ACTION: Action = Action("answer_finding");
    const WRITES: bool = true;
    type Subject = Finding;
    type Output = ();

    fn subject(&self) -> FindingId {
        self.finding
    }

    async fn perform(self, on: Finding, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = on.0;
        if row.state != OPEN {
            return Err(Error::conflict("it was answered already"));
        }
        let today = tx.today();
        let due = clock::day_ahead("due", Some(&self.due), today, today)?;
        let answered = StepRow {
            cause: self.cause.to_string(),
            correction: self.correction.to_string(),
            action: self.corrective.to_string(),
            due: due.to_string(),
            ..step(tx, "answered", "").await?
        };
        finding_store::insert_step(tx.connection(), row.id, &answered).await?;
        (row.state, row.due) = (ANSWERED.to_owned(), due.to_string());
        finding_store::update(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
