//! Lists the exceptions from clauses, those of before among them.

use serde::{Deserialize, Serialize};

use super::exception_store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{ExceptionId, ResolutionId};
use crate::rules::facts::Action;

/// Lists the exceptions, those that end last first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListExceptions {}

/// An exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExceptionView {
    /// Its id.
    pub exception: ExceptionId,
    /// The clause.
    pub clause: String,
    /// What does not have to comply with it.
    pub about: String,
    /// Why it cannot.
    pub reason: String,
    /// What is done instead.
    pub measure: String,
    /// Its first day.
    pub since: String,
    /// Its last day.
    pub last_day: String,
    /// Whether it stands today.
    pub open: bool,
    /// The resolution upon it.
    pub resolution: ResolutionId,
    /// What that is called.
    pub title: String,
    /// Who recorded it.
    pub made_by: String,
    /// When it was ended before its last day.
    pub ended: String,
    /// By whom.
    pub ended_by: String,
    /// Why.
    pub ended_reason: String,
}

impl Operation for ListExceptions {
    const ACTION: Action = Action("list_exceptions");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<ExceptionView>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<ExceptionView>> {
        let today = tx.today().to_string();
        let rows = exception_store::exceptions(tx.connection()).await?;
        let view = |row: exception_store::ExceptionRow| ExceptionView {
            open: row.ended == 0 && row.last_day >= today,
            exception: row.id,
            clause: row.clause,
            about: row.about,
            reason: row.reason,
            measure: row.measure,
            since: row.since,
            last_day: row.last_day,
            resolution: row.resolution,
            title: row.title,
            made_by: row.made_name,
            ended: clock::told(row.ended),
            ended_by: row.ended_name,
            ended_reason: row.ended_reason,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}
