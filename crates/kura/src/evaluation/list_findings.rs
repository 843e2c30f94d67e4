//! Lists findings: those that the asker may see.

use serde::{Deserialize, Serialize};

use super::CLOSED;
use super::finding_store::{self, FindingRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{EvaluationId, FindingId};
use crate::rules::facts::Action;

/// Closed ones that are told.
const TOLD: i64 = 500;

/// Lists the findings that are not closed, the one whose day comes first before.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListFindings {
    /// Those of this clause only.
    #[arg(long)]
    #[serde(default)]
    pub clause: Option<String>,
    /// Closed ones too, the newest first.
    #[arg(long)]
    #[serde(default)]
    pub closed: bool,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FindingLine {
    /// Its id.
    pub finding: FindingId,
    /// The evaluation that raised it.
    pub evaluation: EvaluationId,
    /// The clause.
    pub clause: String,
    /// major, minor or observation.
    pub grade: String,
    /// What is not so.
    pub told: String,
    /// The office whose work it is about.
    pub audited: String,
    /// Who raised it.
    pub raised_by: String,
    /// When.
    pub raised: String,
    /// Who answers for it.
    pub owner: String,
    /// open, answered, done (and waits to be checked) or closed.
    pub state: String,
    /// The day by which it is answered, or its corrective action done.
    pub due: String,
    /// Whether that day has passed.
    pub overdue: bool,
    /// The finding on the same clause and office that was closed before: it has come back.
    pub regressed_from: Option<FindingId>,
}

/// A finding as it is told on a day.
pub(super) fn line(row: FindingRow, today: &str) -> FindingLine {
    FindingLine {
        overdue: row.state != CLOSED && row.due.as_str() < today,
        finding: row.id,
        evaluation: row.evaluation,
        clause: row.clause,
        grade: row.grade,
        told: row.told,
        audited: row.audited,
        raised_by: row.raised_name,
        raised: clock::rfc3339(row.raised),
        owner: row.owner_name,
        state: row.state,
        due: row.due,
        regressed_from: row.regressed_from,
    }
}

/// The findings that are not closed, whoever may see them.
pub(crate) async fn open(tx: &mut Tx<'_>) -> Result<Vec<FindingLine>> {
    let today = tx.today().to_string();
    let rows = finding_store::open(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| line(row, &today)).collect())
}

/// The findings that wait for the asker: to be answered, done or checked.
pub(crate) async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<FindingLine>> {
    let (asker, today) = (tx.asker_id()?, tx.today().to_string());
    let mut lines = Vec::new();
    for row in finding_store::open(tx.connection()).await? {
        let mine = match row.state.as_str() {
            super::DONE => tx.may("check_effectiveness", &row.resource()),
            _ => row.owner == asker,
        };
        if mine {
            lines.push(line(row, &today));
        }
    }
    Ok(lines)
}

impl Operation for ListFindings {
    const ACTION: Action = Action("list_findings");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<FindingLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<FindingLine>> {
        let today = tx.today().to_string();
        let rows = match self.closed {
            true => finding_store::newest(tx.connection(), TOLD).await?,
            false => finding_store::open(tx.connection()).await?,
        };
        let seen = rows.into_iter().filter(|row| {
            self.clause.as_ref().is_none_or(|clause| row.clause == *clause)
                && tx.may("show_finding", &row.resource())
        });
        Ok(seen.map(|row| line(row, &today)).collect())
    }
}
