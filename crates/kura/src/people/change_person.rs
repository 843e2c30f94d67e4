//! Changes what is on record of a person: employment, clearance, suspension.

use serde::{Deserialize, Serialize};

use super::{Employment, office_store, rank_of, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;
use crate::text::Name;

/// Changes a person; what is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePerson {
    /// The person.
    pub person: PersonId,
    /// New name.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<Name>,
    /// New kind of employment.
    #[arg(long)]
    #[serde(default)]
    pub employment: Option<Employment>,
    /// New highest class.
    #[arg(long)]
    #[serde(default)]
    pub clearance: Option<String>,
    /// Suspends (true) or restores (false) the person's use.
    #[arg(long)]
    #[serde(default)]
    pub suspended: Option<bool>,
}

impl Operation for ChangePerson {
    const ACTION: Action = Action("change_person");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = store::person(tx, self.person).await?;
        let own = row.id == tx.asker_id()?;
        if own && (self.clearance.is_some() || self.employment.is_some()) {
            return Err(Error::conflict(
                "nobody changes their own employment or clearance: another administrator does",
            ));
        }
        if let Some(class) = &self.clearance {
            row.clearance = rank_of(tx.rules(), "clearance", class)?;
        }
        if let Some(name) = self.name {
            row.name = name.into();
        }
        if let Some(employment) = self.employment {
            row.employment = employment.name().to_owned();
        }
        row.suspended = self.suspended.unwrap_or(row.suspended);
        store::update(tx, &row).await?;
        if row.suspended {
            // Whoever may not act stands in for nobody, and nobody acts for them.
            office_store::end_delegations(tx, "", Some(row.id), Some(row.id)).await?;
        }
        office_store::check_administered(tx).await?;
        tx.note("person", row.id.to_string());
        tx.note("employment", row.employment);
        tx.note("clearance", row.clearance.to_string());
        tx.note("suspended", row.suspended.to_string());
        Ok(())
    }
}
