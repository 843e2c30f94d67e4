//! 弁明: what the person concerned says to what is held against them.

use serde::{Deserialize, Serialize};

use super::store::StepRow;
use super::subject::Violation;
use super::{APPEALED, HEARD, step};
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ViolationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Says what one has to say to what is held against one; as often as there is something to say.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerCharge {
    /// The case.
    pub violation: ViolationId,
    /// What you say.
    #[arg(long)]
    pub told: Note,
}

impl Operation for AnswerCharge {
    const ACTION: Action = Action("answer_charge");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        super::show_charge::is_told(&on)?;
        step::is_in(&on, &[HEARD, APPEALED])?;
        let told = StepRow { step: "said".to_owned(), told: self.told.to_string(), ..StepRow::default() };
        step::take(tx, &on, told).await
    }
}
