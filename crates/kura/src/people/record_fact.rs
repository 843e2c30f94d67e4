//! Records that a person's training is valid until a day. Stands in for courses until the policy runs them.

use serde::{Deserialize, Serialize};

use super::store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// Records a person's training.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordFact {
    /// The person.
    pub person: PersonId,
    /// Last day on which their training is valid (2027-03-31).
    #[arg(long)]
    pub trained_until: String,
}

impl Operation for RecordFact {
    const ACTION: Action = Action("record_fact");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = store::person(tx, self.person).await?;
        row.trained_until = clock::parse_moment(&self.trained_until)
            .ok_or_else(|| Error::invalid("trained_until", "a day looks like 2027-03-31"))?;
        store::update(tx, &row).await?;
        tx.note("person", row.id.to_string());
        Ok(())
    }
}
