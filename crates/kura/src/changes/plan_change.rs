//! Plans a change to the systems.

use serde::{Deserialize, Serialize};

use super::store::{self, ChangeRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ChangeId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::{Name, Note};

/// Plans a change to the systems.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    /// What it is called.
    pub title: Name,
    /// What is changed, and on which system.
    #[arg(long)]
    pub words: Note,
    /// Why.
    #[arg(long)]
    pub reason: Note,
    /// How it is undone when it goes wrong.
    #[arg(long)]
    pub way_back: Note,
    /// The day on which it is done (2026-12-05).
    #[arg(long)]
    pub planned_on: String,
    /// It cannot wait for a resolution: it is resolved upon afterwards.
    #[arg(long)]
    #[serde(default)]
    pub urgent: bool,
}

/// The change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlannedChange {
    /// Its id.
    pub change: ChangeId,
    /// Its number, which the resolution names.
    pub number: String,
}

impl Operation for PlanChange {
    const ACTION: Action = Action("plan_change");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = PlannedChange;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PlannedChange> {
        let today = tx.today();
        let day = clock::day_ahead("planned_on", Some(&self.planned_on), today, today)?;
        let year = today.year().to_string();
        let by = tx.asker_id()?;
        let row = ChangeRow {
            id: tx.id(ChangeId::new),
            number: format!("C{year}-{}", store::numbered(tx.connection(), &year).await? + 1),
            title: self.title.to_string(),
            words: self.words.to_string(),
            reason: self.reason.to_string(),
            way_back: self.way_back.to_string(),
            planned_on: day.to_string(),
            urgent: self.urgent,
            planned: tx.now(),
            planned_name: people::store::person(tx, by).await?.name,
            resolution: None,
            approved: 0,
            approved_name: String::new(),
            outcome: String::new(),
            told: String::new(),
            done_on: String::new(),
            recorded: 0,
            recorded_name: String::new(),
        };
        store::insert(tx.connection(), &row).await?;
        tx.note("change", row.id.to_string());
        tx.note("number", row.number.clone());
        Ok(PlannedChange { change: row.id, number: row.number })
    }
}
