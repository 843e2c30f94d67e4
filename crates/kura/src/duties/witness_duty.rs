//! 立会い: records that somebody else saw a duty done.

use serde::{Deserialize, Serialize};

use super::subject::Occurrence;
use super::{DONE, REPORTED, store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::OccurrenceId;
use crate::people;
use crate::rules::duties::Source;
use crate::rules::facts::Action;

/// Records that one saw a duty done.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WitnessDuty {
    /// Which time.
    pub occurrence: OccurrenceId,
}

impl Operation for WitnessDuty {
    const ACTION: Action = Action("witness_duty");
    const WRITES: bool = true;
    type Subject = Occurrence;
    type Output = ();

    fn subject(&self) -> OccurrenceId {
        self.occurrence
    }

    async fn perform(self, on: Occurrence, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = on.0;
        if row.state != REPORTED {
            return Err(Error::conflict("nothing waits for a witness here"));
        }
        let asker = tx.asker_id()?;
        row.witness_name = people::store::person(tx, asker).await?.name;
        row.witnessed = tx.now();
        row.witness_event = tx.event().to_string();
        row.source = Source::Witnessed.name().to_owned();
        row.state = DONE.to_owned();
        store::update(tx.connection(), &row).await?;
        tx.note("duty", row.duty.clone());
        tx.note("scheduled_on", row.scheduled_on.clone());
        tx.note("done_by", row.done_by.map_or_else(String::new, |by| by.to_string()));
        Ok(())
    }
}
