//! Plans an inspection, an audit or an evaluation: whose work is held against which clauses, over which days, and by whom.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::store::{self, EvaluationRow};
use super::{Aspect, Kind, able_to_lead, add_criterion};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{EvaluationId, PersonId};
use crate::people::{self, Office};
use crate::rules::facts::Action;
use crate::text::Name;

/// Days ahead that an evaluation may be planned for.
const AHEAD: i64 = 732;

/// Plans an inspection, an audit or an evaluation.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanEvaluation {
    /// What it is called.
    pub title: Name,
    /// Which kind: an audit is conducted by an auditor who does not hold the office.
    #[arg(long)]
    pub kind: Kind,
    /// What side of security it looks at.
    #[arg(long)]
    pub aspect: Aspect,
    /// The office whose work is looked at.
    #[arg(long)]
    pub audited: Office,
    /// The first clause that the work is held against.
    #[arg(long)]
    pub clause: String,
    /// Who conducts it.
    #[arg(long)]
    pub lead: PersonId,
    /// The first day of what is looked at (2026-10-01).
    #[arg(long)]
    pub first_day: String,
    /// The last day of what is looked at (2026-12-31).
    #[arg(long)]
    pub last_day: String,
    /// The day by which it is done (2027-01-31).
    #[arg(long)]
    pub due_on: String,
}

/// The evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Planned {
    /// Its id.
    pub evaluation: EvaluationId,
}

impl Operation for PlanEvaluation {
    const ACTION: Action = Action("plan_evaluation");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Planned;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Planned> {
        let today = tx.today();
        let first = clock::given_day("first_day", Some(&self.first_day), today)?;
        let last = clock::given_day("last_day", Some(&self.last_day), today)?;
        let due = clock::given_day("due_on", Some(&self.due_on), today)?;
        if last < first {
            return Err(Error::invalid("last_day", "it ends after it begins"));
        }
        if due < today || due > today.saturating_add(AHEAD.days()) {
            return Err(Error::invalid("due_on", "a day from today on, within two years"));
        }
        let (kind, audited) = (self.kind.name(), self.audited.name());
        let lead_name = able_to_lead(tx, "lead", self.lead, kind, audited).await?;
        let by = tx.asker_id()?;
        let row = EvaluationRow {
            id: tx.id(EvaluationId::new),
            title: self.title.to_string(),
            kind: kind.to_owned(),
            aspect: self.aspect.name().to_owned(),
            audited: audited.to_owned(),
            lead: self.lead,
            lead_name,
            first_day: first.to_string(),
            last_day: last.to_string(),
            due_on: due.to_string(),
            planned: tx.now(),
            planned_name: people::store::person(tx, by).await?.name,
            closed: 0,
            conclusion: String::new(),
            event: tx.event().to_string(),
        };
        store::insert(tx.connection(), &row).await?;
        add_criterion::hold_against(tx, row.id, &self.clause).await?;
        tx.note("evaluation", row.id.to_string());
        Ok(Planned { evaluation: row.id })
    }
}
