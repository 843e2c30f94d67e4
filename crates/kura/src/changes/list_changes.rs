//! Lists the changes to the systems: those that are planned, and what came of the others.

use serde::{Deserialize, Serialize};

use super::store::{self, ChangeRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{ChangeId, ResolutionId};
use crate::rules::facts::Action;

/// Changes that are told.
const TOLD: i64 = 500;

/// Lists the changes to the systems, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChanges {}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChangeView {
    /// Its id.
    pub change: ChangeId,
    /// Its number.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// What is changed.
    pub words: String,
    /// Why.
    pub reason: String,
    /// How it is undone.
    pub way_back: String,
    /// The day on which it is planned.
    pub planned_on: String,
    /// Whether it could not wait for a resolution.
    pub urgent: bool,
    /// Who planned it.
    pub planned_by: String,
    /// When.
    pub planned: String,
    /// The resolution upon it.
    pub resolution: Option<ResolutionId>,
    /// planned, approved, done or undone.
    pub state: String,
    /// Whether it was done and is not resolved upon yet.
    pub unapproved: bool,
    /// Whether its day has passed and nothing is on record.
    pub overdue: bool,
    /// What came of it.
    pub told: String,
    /// The day on which it was done.
    pub done_on: String,
    /// Who recorded it.
    pub recorded_by: String,
}

fn view(row: ChangeRow, today: &str) -> ChangeView {
    let state = match (row.outcome.as_str(), &row.resolution) {
        ("", None) => "planned",
        ("", Some(_)) => "approved",
        (outcome, _) => outcome,
    };
    ChangeView {
        state: state.to_owned(),
        unapproved: row.outcome == "done" && row.resolution.is_none(),
        overdue: row.outcome.is_empty() && row.planned_on.as_str() < today,
        change: row.id,
        number: row.number,
        title: row.title,
        words: row.words,
        reason: row.reason,
        way_back: row.way_back,
        planned_on: row.planned_on,
        urgent: row.urgent,
        planned_by: row.planned_name,
        planned: clock::rfc3339(row.planned),
        resolution: row.resolution,
        told: row.told,
        done_on: row.done_on,
        recorded_by: row.recorded_name,
    }
}

impl Operation for ListChanges {
    const ACTION: Action = Action("list_changes");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<ChangeView>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<ChangeView>> {
        let today = tx.today().to_string();
        let rows = store::newest(tx.connection(), TOLD).await?;
        Ok(rows.into_iter().map(|row| view(row, &today)).collect())
    }
}
