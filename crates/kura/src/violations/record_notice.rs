//! Records that somebody who must be told of a leak was told, and stops the clock of it.

use serde::{Deserialize, Serialize};

use super::clocks::clocks;
use super::store::StepRow;
use super::subject::Violation;
use super::{REPORTED, step};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ViolationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Records that somebody who must be told was told.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordNotice {
    /// The case.
    pub violation: ViolationId,
    /// The clock: consignor, preliminary, final, …
    #[arg(long)]
    pub clock: String,
    /// Who was told, what, and how.
    #[arg(long)]
    pub told: Note,
    /// The day on which they were told (2026-11-25); today when left out.
    #[arg(long)]
    #[serde(default)]
    pub done_on: Option<String>,
}

impl Operation for RecordNotice {
    const ACTION: Action = Action("record_notice");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        if on.0.state == REPORTED {
            return step::is_in(&on, &[]);
        }
        let running = clocks(tx, &on.0).await?;
        let Some(found) = running.iter().find(|clock| clock.clock == self.clock) else {
            return Err(Error::invalid("clock", "no such clock runs in this case"));
        };
        if !found.done_on.is_empty() {
            return Err(Error::conflict("that was recorded already"));
        }
        // Whose material it is, is told first: they may have to tell others themselves.
        let first = running.iter().find(|clock| clock.entrusted && clock.done_on.is_empty());
        if first.is_some_and(|first| first.clock != self.clock) {
            return Err(Error::conflict("the material is a consignor's: tell the consignor first"));
        }
        let today = tx.today();
        let done = clock::day_come("done_on", self.done_on.as_deref(), today)?;
        let told = StepRow {
            step: "notified".to_owned(),
            told: self.told.to_string(),
            clock: self.clock,
            day: done.to_string(),
            ..StepRow::default()
        };
        step::take(tx, &on, told).await
    }
}
