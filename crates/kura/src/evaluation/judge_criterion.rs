//! 調書: records whether the office's work conforms to a clause.

use serde::{Deserialize, Serialize};

use super::subject::Evaluation;
use super::{Verdict, check_sample, store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EvaluationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Records whether what was looked at conforms to a clause. What was recorded before stays; the newest counts.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeCriterion {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The clause.
    #[arg(long)]
    pub clause: String,
    /// Whether it conforms.
    #[arg(long)]
    pub result: Verdict,
    /// What was looked at, and what was found.
    #[arg(long)]
    pub told: Note,
}

impl Operation for JudgeCriterion {
    const ACTION: Action = Action("judge_criterion");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = ();

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, on: Evaluation, tx: &mut Tx<'_>) -> Result<()> {
        on.goes_on()?;
        let criteria = store::criteria(tx.connection(), self.evaluation).await?;
        if !criteria.iter().any(|(clause, _)| *clause == self.clause) {
            return Err(Error::invalid("clause", "it is not held against this clause: add the clause first"));
        }
        check_sample::keep(tx, self.evaluation, self.clause, self.result, &self.told).await
    }
}
