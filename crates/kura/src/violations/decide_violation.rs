//! 懲戒: records what the body that is competent for the person concerned decided.

use serde::{Deserialize, Serialize};

use super::store::{self, StepRow};
use super::subject::Violation;
use super::{APPEALED, DECIDED, HEARD, step};
use crate::bodies::propose_resolution::carried;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ResolutionId, ViolationId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Records what the body decided, after the person concerned was heard; of an appeal, what it decided again.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideViolation {
    /// The case.
    pub violation: ViolationId,
    /// What follows: a sanction that the policy knows for people of this kind.
    #[arg(long)]
    pub sanction: String,
    /// The resolution that was carried upon it; its words hold the case's number, and no name.
    #[arg(long)]
    pub resolution: ResolutionId,
    /// What the person concerned is told.
    #[arg(long)]
    pub told: Note,
}

impl Operation for DecideViolation {
    const ACTION: Action = Action("decide_violation");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, mut on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        step::is_in(&on, &[HEARD, APPEALED])?;
        let track = tx.rules().violations.track(&on.0.employment).cloned();
        let track = track.ok_or_else(|| Error::conflict("the policy in force says of nobody who decides"))?;
        if !track.sanction.iter().any(|sanction| sanction.id == self.sanction) {
            let known: Vec<&str> = track.sanction.iter().map(|sanction| sanction.id.as_str()).collect();
            let what = format!("the policy knows of these for people of this kind: {}", known.join(", "));
            return Err(Error::invalid("sanction", what));
        }
        let steps = store::steps(tx.connection(), on.0.id).await?;
        let answered = steps.iter().any(|step| step.step == "said");
        if on.0.state == HEARD && !answered && tx.today().to_string() <= on.0.answer_by {
            return Err(Error::conflict(
                "the person concerned has not answered, and still can: wait until they did or their day has passed",
            ));
        }
        let resolution = carried(tx, self.resolution, "", &track.body).await?;
        if !resolution.words.contains(&on.0.number) && !resolution.title.contains(&on.0.number) {
            let what = format!("the resolution is not about this case: write {} in its words", on.0.number);
            return Err(Error::conflict(what));
        }
        store::decide(tx.connection(), on.0.id, resolution.id).await?;
        on.0.sanction = self.sanction;
        on.0.decided = tx.now();
        on.0.state = DECIDED.to_owned();
        store::update(tx.connection(), &on.0).await?;
        tx.note("resolution", resolution.id.to_string());
        let told = StepRow { step: DECIDED.to_owned(), told: self.told.to_string(), ..StepRow::default() };
        step::take(tx, &on, told).await
    }
}
