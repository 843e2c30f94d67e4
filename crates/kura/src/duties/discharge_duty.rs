//! 履行: records that a duty was done, by whoever did it.

use serde::{Deserialize, Serialize};

use super::subject::Occurrence;
use super::{DONE, OPEN, REPORTED, store};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::OccurrenceId;
use crate::people;
use crate::rules::duties::Source;
use crate::rules::facts::Action;
use crate::text::Note;

/// Records that a duty was done.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DischargeDuty {
    /// Which time.
    pub occurrence: OccurrenceId,
    /// What was done, and what was found.
    #[arg(long)]
    pub told: Note,
    /// The day on which it was done (2027-04-01); today when left out.
    #[arg(long)]
    #[serde(default)]
    pub done_on: Option<String>,
    /// How many things were looked at.
    #[arg(long)]
    #[serde(default)]
    pub population: Option<i64>,
    /// How many of them call for something to be done.
    #[arg(long)]
    #[serde(default)]
    pub found: Option<i64>,
}

/// What is on record now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Discharged {
    /// done, or reported: it waits for whoever saw it.
    pub state: String,
    /// Whether it was late.
    pub late: bool,
}

impl Operation for DischargeDuty {
    const ACTION: Action = Action("discharge_duty");
    const WRITES: bool = true;
    type Subject = Occurrence;
    type Output = Discharged;

    fn subject(&self) -> OccurrenceId {
        self.occurrence
    }

    async fn perform(self, on: Occurrence, tx: &mut Tx<'_>) -> Result<Discharged> {
        let mut row = on.0;
        if row.state != OPEN {
            return Err(Error::conflict("this was recorded already, or is not asked for any more"));
        }
        let duty = tx.rules().duties.iter().find(|duty| duty.id == row.duty).cloned();
        let duty =
            duty.ok_or_else(|| Error::conflict("the policy in force does not ask for this any more"))?;
        if duty.evidence == Source::System {
            return Err(Error::conflict("the program does this by itself, and keeps what it finds"));
        }
        let today = tx.today();
        let done_on = clock::day_come("done_on", self.done_on.as_deref(), today)?;
        let population = self.population.unwrap_or(-1);
        let found = self.found.unwrap_or(-1);
        if self.population.is_some_and(|number| number < 0) || self.found.is_some_and(|number| number < 0) {
            return Err(Error::invalid("found", "a count is 0 or more"));
        }
        if found > population {
            return Err(Error::invalid(
                "found",
                "at most as many as were looked at: say how many those were",
            ));
        }
        let asker = tx.asker()?.clone();
        let office = [&row.office, &row.deputy].into_iter().find(|office| asker.offices.contains(office));
        row.done_office = office.cloned().unwrap_or_default();
        row.done_name = people::store::person(tx, asker.id).await?.name;
        row.done_by = Some(asker.id);
        row.done = tx.now();
        row.done_on = done_on.to_string();
        // What is told afterwards is late: the day is the teller's own word.
        row.late = row.last_day < today.to_string();
        row.told = self.told.to_string();
        (row.population, row.found) = (population, found);
        row.event = tx.event().to_string();
        let waits = duty.evidence == Source::Witnessed;
        row.state = if waits { REPORTED } else { DONE }.to_owned();
        row.source = Source::Declared.name().to_owned();
        store::update(tx.connection(), &row).await?;
        super::schedule::done(tx, &row.duty, done_on).await?;
        tx.note("duty", row.duty.clone());
        tx.note("clause", duty.clause.clone());
        tx.note("scheduled_on", row.scheduled_on.clone());
        tx.note("late", row.late.to_string());
        Ok(Discharged { state: row.state, late: row.late })
    }
}
