//! Names another person to conduct an evaluation: whoever conducted it is away, or left.

use serde::{Deserialize, Serialize};

use super::subject::Evaluation;
use super::{able_to_lead, store};
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{EvaluationId, PersonId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Names another person to conduct an evaluation.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignEvaluation {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// Who conducts it from now on.
    #[arg(long)]
    pub lead: PersonId,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for ReassignEvaluation {
    const ACTION: Action = Action("reassign_evaluation");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = ();

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, mut on: Evaluation, tx: &mut Tx<'_>) -> Result<()> {
        on.goes_on()?;
        on.0.lead_name = able_to_lead(tx, "lead", self.lead, &on.0.kind, &on.0.audited).await?;
        tx.note("before", on.0.lead.to_string());
        on.0.lead = self.lead;
        store::update(tx.connection(), &on.0).await
    }
}
