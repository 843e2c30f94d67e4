//! Gives a person an office, or takes it.

use serde::{Deserialize, Serialize};

use super::{Office, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// Appoints a person to an office.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appoint {
    /// The person.
    pub person: PersonId,
    /// The office.
    #[arg(long)]
    pub office: Office,
    /// Takes the office instead.
    #[arg(long)]
    #[serde(default)]
    pub dismiss: bool,
}

impl Operation for Appoint {
    const ACTION: Action = Action("appoint");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = store::person(tx, self.person).await?;
        if !self.dismiss && person.id == tx.asker_id()? {
            return Err(Error::conflict("nobody gives themselves an office: another administrator does"));
        }
        if person.party.is_some() {
            return Err(Error::invalid("person", "a guest holds no office"));
        }
        store::set_office(tx, person.id, self.office.name(), !self.dismiss).await?;
        store::check_administered(tx).await?;
        tx.note("person", person.id.to_string());
        tx.note("office", self.office.name());
        Ok(())
    }
}
