//! Records what came of a change to the systems.

use serde::{Deserialize, Serialize};

use super::store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ChangeId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was undone, or not done.
    Undone,
}

/// Records what came of a change.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordChange {
    /// The change.
    pub change: ChangeId,
    /// What came of it.
    #[arg(long)]
    pub outcome: Outcome,
    /// What was done, and how it was seen that it works.
    #[arg(long)]
    pub told: Note,
    /// The day on which it was done (2026-12-05); today when left out.
    #[arg(long)]
    #[serde(default)]
    pub done_on: Option<String>,
}

impl Operation for RecordChange {
    const ACTION: Action = Action("record_change");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = store::change(tx.connection(), self.change).await?;
        if !row.outcome.is_empty() {
            return Err(Error::conflict("what came of it is on record already"));
        }
        if row.resolution.is_none() && !row.urgent && self.outcome == Outcome::Done {
            return Err(Error::conflict(
                "the subcommittee has not resolved upon it: put it before the subcommittee first",
            ));
        }
        let today = tx.today();
        let done = clock::day_come("done_on", self.done_on.as_deref(), today)?;
        let by = tx.asker_id()?;
        row.outcome = match self.outcome {
            Outcome::Done => "done",
            Outcome::Undone => "undone",
        }
        .to_owned();
        row.told = self.told.to_string();
        row.done_on = done.to_string();
        row.recorded = tx.now();
        row.recorded_name = people::store::person(tx, by).await?.name;
        store::update(tx.connection(), &row).await?;
        tx.note("number", row.number);
        Ok(())
    }
}
