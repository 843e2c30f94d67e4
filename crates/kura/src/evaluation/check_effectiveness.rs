//! 有効性: says whether what was done about a finding is effective. What is not is answered again.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::answer_finding::step;
use super::subject::Finding;
use super::{CLOSED, DONE, OPEN, finding_store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::FindingId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Days within which a finding is answered again.
const AGAIN_WITHIN: i64 = 14;

/// Whether it is effective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Effect {
    /// It is: the finding is closed.
    Effective,
    /// It is not: the finding is to be answered again.
    Ineffective,
}

/// Says whether what was done about a finding is effective.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckEffectiveness {
    /// The finding.
    pub finding: FindingId,
    /// Whether it is effective.
    #[arg(long)]
    pub effect: Effect,
    /// What was looked at, and what was found.
    #[arg(long)]
    pub told: Note,
}

impl Operation for CheckEffectiveness {
    const ACTION: Action = Action("check_effectiveness");
    const WRITES: bool = true;
    type Subject = Finding;
    type Output = ();

    fn subject(&self) -> FindingId {
        self.finding
    }

    async fn perform(self, on: Finding, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = on.0;
        if row.state != DONE {
            return Err(Error::conflict("nothing waits to be checked: the corrective action is not done"));
        }
        let name = match self.effect {
            Effect::Effective => "effective",
            Effect::Ineffective => "ineffective",
        };
        let checked = step(tx, name, &self.told.to_string()).await?;
        finding_store::insert_step(tx.connection(), row.id, &checked).await?;
        match self.effect {
            Effect::Effective => row.state = CLOSED.to_owned(),
            Effect::Ineffective => {
                row.state = OPEN.to_owned();
                row.due = tx.today().saturating_add(AGAIN_WITHIN.days()).to_string();
                row.done_by = None;
            }
        }
        finding_store::update(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
