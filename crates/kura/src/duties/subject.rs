//! An occurrence, as an operation is about it.

use super::store::{self, OccurrenceRow};
use crate::door::{Rev, Subject, Tx};
use crate::error::Result;
use crate::id::{OccurrenceId, PersonId};
use crate::rules::facts::{DutyFacts, Resource};

/// An occurrence of a duty.
pub struct Occurrence(pub(crate) OccurrenceRow);

impl Subject for Occurrence {
    type Key = OccurrenceId;
    const NAME: &'static str = "duty that is due";

    async fn load(tx: &mut Tx<'_>, _: Option<PersonId>, key: &OccurrenceId) -> Result<Option<Self>> {
        Ok(store::occurrence(tx.connection(), *key).await?.map(Self))
    }

    fn resource(&self) -> Resource {
        let row = &self.0;
        Resource::Duty(DutyFacts {
            id: row.id,
            office: row.office.clone(),
            deputy: (!row.deputy.is_empty()).then(|| row.deputy.clone()),
            by: row.done_by,
        })
    }

    fn revs(&self) -> Vec<Rev> {
        Vec::new()
    }
}
