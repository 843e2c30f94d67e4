//! Holds an evaluation against another clause.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Evaluation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EvaluationId;
use crate::policy::version::in_force;
use crate::rules::facts::Action;

/// Holds an evaluation against another clause, as it stands in the version in force.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCriterion {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The clause.
    #[arg(long)]
    pub clause: String,
}

/// Holds it against a clause of the version in force.
pub(super) async fn hold_against(tx: &mut Tx<'_>, evaluation: EvaluationId, clause: &str) -> Result<()> {
    if !tx.rules().clauses.iter().any(|known| known.id == clause) {
        return Err(Error::NotFound("clause"));
    }
    let version = in_force(tx).await?.number;
    store::insert_criterion(tx.connection(), evaluation, clause, version).await?;
    tx.note("version", version.to_string());
    Ok(())
}

impl Evaluation {
    /// That it goes on.
    ///
    /// # Errors
    /// It is closed.
    pub(super) fn goes_on(&self) -> Result<()> {
        if self.0.closed == 0 { Ok(()) } else { Err(Error::conflict("it is closed: plan another one")) }
    }
}

impl Operation for AddCriterion {
    const ACTION: Action = Action("add_criterion");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = ();

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, on: Evaluation, tx: &mut Tx<'_>) -> Result<()> {
        on.goes_on()?;
        hold_against(tx, self.evaluation, &self.clause).await
    }
}
