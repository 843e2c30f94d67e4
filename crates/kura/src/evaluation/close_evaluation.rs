//! Closes an evaluation with its conclusion; what was found lives on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::subject::Evaluation;
use super::{Verdict, check_sample, finding_store, store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EvaluationId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Closes an evaluation.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseEvaluation {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// What it comes to.
    #[arg(long)]
    pub conclusion: Note,
}

impl Operation for CloseEvaluation {
    const ACTION: Action = Action("close_evaluation");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = ();

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, mut on: Evaluation, tx: &mut Tx<'_>) -> Result<()> {
        on.goes_on()?;
        let papers = store::papers(tx.connection(), self.evaluation).await?;
        let newest = |about: &str| papers.iter().find(|paper| paper.about == about);
        let found: BTreeSet<String> = finding_store::of(tx.connection(), self.evaluation)
            .await?
            .into_iter()
            .map(|finding| finding.clause)
            .collect();
        for (clause, _) in store::criteria(tx.connection(), self.evaluation).await? {
            match newest(&clause) {
                None => {
                    let what = format!("{clause}: say first whether it conforms to this clause");
                    return Err(Error::conflict(what));
                }
                Some(paper) if paper.result == Verdict::Nonconforming.name() && !found.contains(&clause) => {
                    let what = format!("{clause}: raise a finding on what does not conform to this clause");
                    return Err(Error::conflict(what));
                }
                Some(_) => {}
            }
        }
        let entries = store::entries(tx.connection(), self.evaluation).await?;
        let open =
            entries.iter().filter(|entry| newest(&check_sample::name(entry.draw, entry.number)).is_none());
        let open = open.count();
        if open > 0 {
            return Err(Error::conflict(format!("{open} of what was drawn: look at it first")));
        }
        on.0.closed = tx.now();
        on.0.conclusion = self.conclusion.to_string();
        on.0.event = tx.event().to_string();
        store::update(tx.connection(), &on.0).await
    }
}
