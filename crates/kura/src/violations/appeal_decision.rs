//! 不服の申立て: the person concerned asks that it be decided again.

use serde::{Deserialize, Serialize};

use super::show_charge::appeal_until;
use super::store::{self, StepRow};
use super::subject::Violation;
use super::{APPEALED, DECIDED, step};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ViolationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Asks that it be decided again, once.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealDecision {
    /// The case.
    pub violation: ViolationId,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for AppealDecision {
    const ACTION: Action = Action("appeal_decision");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, mut on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        super::show_charge::is_told(&on)?;
        step::is_in(&on, &[DECIDED])?;
        let steps = store::steps(tx.connection(), on.0.id).await?;
        if steps.iter().any(|step| step.step == APPEALED) {
            return Err(Error::conflict("it was appealed and decided again: that is final"));
        }
        if appeal_until(tx, &on).is_none_or(|last| tx.today() > last) {
            return Err(Error::conflict("the time to appeal has passed"));
        }
        on.0.state = APPEALED.to_owned();
        store::update(tx.connection(), &on.0).await?;
        let told = StepRow { step: APPEALED.to_owned(), told: self.reason.to_string(), ..StepRow::default() };
        step::take(tx, &on, told).await
    }
}
