//! Shows a finding with all that became of it.

use serde::{Deserialize, Serialize};

use super::list_findings::{FindingLine, line};
use super::subject::Finding;
use super::{finding_store, store};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::FindingId;
use crate::rules::facts::Action;

/// Shows a finding.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowFinding {
    /// The finding.
    pub finding: FindingId,
}

/// A step that was taken on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StepView {
    /// answered, assigned, done, effective or ineffective.
    pub step: String,
    /// What was told.
    pub told: String,
    /// The root cause.
    pub cause: String,
    /// What was corrected.
    pub correction: String,
    /// What is done against the root cause.
    pub corrective: String,
    /// The day by which that is done.
    pub due: String,
    /// Who took it.
    pub by: String,
    /// When.
    pub at: String,
    /// The record of it.
    pub event: String,
}

/// A finding and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingView {
    /// The finding.
    pub line: FindingLine,
    /// What the evaluation is called.
    pub title: String,
    /// The steps that were taken, the first one first.
    pub steps: Vec<StepView>,
    /// Of what is done with a finding, what you may do now.
    pub may: Vec<String>,
}

/// What may be done with a finding, by its state.
fn next(state: &str) -> &'static [&'static str] {
    match state {
        super::OPEN => &["answer_finding", "assign_finding"],
        super::ANSWERED => &["complete_action", "assign_finding"],
        super::DONE => &["check_effectiveness"],
        _ => &[],
    }
}

impl Operation for ShowFinding {
    const ACTION: Action = Action("show_finding");
    const WRITES: bool = false;
    type Subject = Finding;
    type Output = FindingView;

    fn subject(&self) -> FindingId {
        self.finding
    }

    async fn perform(self, on: Finding, tx: &mut Tx<'_>) -> Result<FindingView> {
        let today = tx.today().to_string();
        let may = tx.may_of(next(&on.0.state), &on.0.resource());
        let steps = finding_store::steps(tx.connection(), on.0.id).await?;
        let steps = steps.into_iter().map(|step| StepView {
            step: step.step,
            told: step.told,
            cause: step.cause,
            correction: step.correction,
            corrective: step.action,
            due: step.due,
            by: step.made_name,
            at: clock::rfc3339(step.made),
            event: step.event,
        });
        let evaluation = store::evaluation(tx.connection(), on.0.evaluation).await?;
        Ok(FindingView {
            title: evaluation.map(|evaluation| evaluation.title).unwrap_or_default(),
            line: line(on.0, &today),
            steps: steps.collect(),
            may,
        })
    }
}
