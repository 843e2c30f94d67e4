//! 調査: keeps what was found out about a case.

use serde::{Deserialize, Serialize};

use super::store::StepRow;
use super::subject::Violation;
use super::{APPEALED, HEARD, INVESTIGATED, step};
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ViolationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Keeps what was found out about a case.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteInvestigation {
    /// The case.
    pub violation: ViolationId,
    /// What was found out, and how.
    #[arg(long)]
    pub told: Note,
}

impl Operation for NoteInvestigation {
    const ACTION: Action = Action("note_investigation");
    const WRITES: bool = true;
    const CONFIDENTIAL: bool = true;
    type Subject = Violation;
    type Output = ();

    fn subject(&self) -> ViolationId {
        self.violation
    }

    async fn perform(self, on: Violation, tx: &mut Tx<'_>) -> Result<()> {
        step::is_in(&on, &[INVESTIGATED, HEARD, APPEALED])?;
        let told = StepRow { step: "noted".to_owned(), told: self.told.to_string(), ..StepRow::default() };
        step::take(tx, &on, told).await
    }
}
