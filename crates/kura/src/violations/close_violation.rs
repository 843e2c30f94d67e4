//! Closes a case with what is learnt from it, and releases what was held for it.

use serde::{Deserialize, Serialize};

use super::clocks::{ClockView, clocks};
use super::show_charge::appeal_until;
use super::store::{self, StepRow};
use super::subject::Violation;
use super::{APPEALED, CLOSED, DECIDED, INVESTIGATED, step};
use crate::custody;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ViolationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Closes a case.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseViolation {
    /// The case.
    pub violation: ViolationId,
    /// What everybody learns from it: all officers and staff read it, so it names nobody.
    #[arg(long)]
    pub lesson: Note,
}

impl Operation for CloseViolation {
    const ACTION: Action = Action("close_violation");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, mut on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        // Whatever has nobody to answer for it is closed after the investigation.
        step::is_in(&on, &[INVESTIGATED, DECIDED])?;
        if on.0.state == DECIDED {
            let steps = store::steps(tx.connection(), on.0.id).await?;
            let appealed = steps.iter().any(|step| step.step == APPEALED);
            if !appealed && appeal_until(tx, &on).is_some_and(|last| tx.today() <= last) {
                return Err(Error::conflict(
                    "the decision can still be appealed: wait until that has passed",
                ));
            }
        }
        let running = clocks(tx, &on.0).await?;
        if let Some(open) = running.into_iter().find(ClockView::is_open) {
            let what = format!("{}: somebody must still be told; record that first", open.clock);
            return Err(Error::conflict(what));
        }
        let by = tx.asker_id()?;
        for (hold, item, shard) in store::holds(tx.connection(), on.0.id).await? {
            custody::store::release_hold(tx, hold, item, by).await?;
            tx.also(item, &shard, vec![("released", hold.to_string())]);
        }
        on.0.lesson = self.lesson.to_string();
        on.0.closed = tx.now();
        on.0.state = CLOSED.to_owned();
        store::update(tx.connection(), &on.0).await?;
        let told = StepRow { step: CLOSED.to_owned(), told: on.0.lesson.clone(), ..StepRow::default() };
        step::take(tx, &on, told).await
    }
}
