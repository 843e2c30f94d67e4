//! Lists inspections, audits and evaluations: those that the asker may see.

use serde::{Deserialize, Serialize};

use super::finding_store;
use super::store::{self, EvaluationRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::EvaluationId;
use crate::rules::facts::Action;

/// Evaluations that are told.
const TOLD: i64 = 200;

/// Lists the evaluations, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEvaluations {}

/// An evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EvaluationLine {
    /// Its id.
    pub evaluation: EvaluationId,
    /// What it is called.
    pub title: String,
    /// inspection, audit or evaluation.
    pub kind: String,
    /// technical, physical or human.
    pub aspect: String,
    /// The office whose work is looked at.
    pub audited: String,
    /// Who conducts it.
    pub lead: String,
    /// The first day of what is looked at.
    pub first_day: String,
    /// The last day of what is looked at.
    pub last_day: String,
    /// The day by which it is done.
    pub due_on: String,
    /// Whether that day has passed and it is not done.
    pub overdue: bool,
    /// Who planned it.
    pub planned_by: String,
    /// When.
    pub planned: String,
    /// When it was closed; empty while it goes on.
    pub closed: String,
    /// Findings that it raised.
    pub findings: i64,
    /// Those of them that are not closed.
    pub open: i64,
}

/// An evaluation as it is told on a day, with how many findings it raised and how many of them are not closed.
pub(super) fn line(row: &EvaluationRow, (findings, open): (i64, i64), today: &str) -> EvaluationLine {
    EvaluationLine {
        evaluation: row.id,
        title: row.title.clone(),
        kind: row.kind.clone(),
        aspect: row.aspect.clone(),
        audited: row.audited.clone(),
        lead: row.lead_name.clone(),
        first_day: row.first_day.clone(),
        last_day: row.last_day.clone(),
        due_on: row.due_on.clone(),
        overdue: row.closed == 0 && row.due_on.as_str() < today,
        planned_by: row.planned_name.clone(),
        planned: clock::rfc3339(row.planned),
        closed: clock::told(row.closed),
        findings,
        open,
    }
}

async fn lines(tx: &mut Tx<'_>, rows: Vec<EvaluationRow>) -> Result<Vec<EvaluationLine>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (found, today) = (finding_store::by_evaluation(tx.connection()).await?, tx.today().to_string());
    let line = |row: &EvaluationRow| line(row, found.get(&row.id).copied().unwrap_or_default(), &today);
    Ok(rows.iter().map(line).collect())
}

/// The evaluations that the asker conducts and that go on.
pub(crate) async fn conducted(tx: &mut Tx<'_>) -> Result<Vec<EvaluationLine>> {
    let asker = tx.asker_id()?;
    let rows = store::conducted_by(tx.connection(), asker).await?;
    lines(tx, rows).await
}

impl Operation for ListEvaluations {
    const ACTION: Action = Action("list_evaluations");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<EvaluationLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<EvaluationLine>> {
        let mut rows = store::newest(tx.connection(), TOLD).await?;
        rows.retain(|row| tx.may("show_evaluation", &row.resource()));
        lines(tx, rows).await
    }
}
