//! 指摘事項: raises a finding on a clause that an evaluation is held against.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::finding_store::{self, FindingRow};
use super::subject::Evaluation;
use super::{Grade, OPEN, able, store};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{EvaluationId, FindingId, PersonId};
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Days within which a finding is answered, where nothing else is said.
const ANSWERED_WITHIN: i64 = 14;

/// Raises a finding.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RaiseFinding {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The clause.
    #[arg(long)]
    pub clause: String,
    /// How much it weighs.
    #[arg(long)]
    pub grade: Grade,
    /// What is not so, and how that is seen.
    #[arg(long)]
    pub told: Note,
    /// Who answers for it.
    #[arg(long)]
    pub owner: PersonId,
    /// The day by which it is answered (2027-01-31); within 14 days when left out.
    #[arg(long)]
    #[serde(default)]
    pub due: Option<String>,
}

/// The finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Raised {
    /// Its id.
    pub finding: FindingId,
    /// The finding on the same clause and office that was closed before: it has come back.
    pub regressed_from: Option<FindingId>,
}

impl Operation for RaiseFinding {
    const ACTION: Action = Action("raise_finding");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = Raised;

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, on: Evaluation, tx: &mut Tx<'_>) -> Result<Raised> {
        on.goes_on()?;
        let criteria = store::criteria(tx.connection(), self.evaluation).await?;
        if !criteria.iter().any(|(clause, _)| *clause == self.clause) {
            return Err(Error::invalid("clause", "it is not held against this clause: add the clause first"));
        }
        let today = tx.today();
        let otherwise = today.saturating_add(ANSWERED_WITHIN.days());
        let due = clock::day_ahead("due", self.due.as_deref(), otherwise, today)?;
        let by = tx.asker_id()?;
        let row = FindingRow {
            id: tx.id(FindingId::new),
            evaluation: self.evaluation,
            grade: self.grade.name().to_owned(),
            told: self.told.to_string(),
            raised: tx.now(),
            raised_by: by,
            raised_name: people::store::person(tx, by).await?.name,
            owner: self.owner,
            owner_name: able(tx, "owner", self.owner).await?,
            state: OPEN.to_owned(),
            due: due.to_string(),
            done_by: None,
            regressed_from: finding_store::closed_before(tx.connection(), &self.clause, &on.0.audited)
                .await?,
            clause: self.clause,
            audited: on.0.audited,
        };
        finding_store::insert(tx.connection(), &row).await?;
        tx.note("finding", row.id.to_string());
        if let Some(before) = row.regressed_from {
            tx.note("regressed_from", before.to_string());
        }
        Ok(Raised { finding: row.id, regressed_from: row.regressed_from })
    }
}
