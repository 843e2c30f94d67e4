//! Adds a person: officer, staff, or a guest of a party.

use serde::{Deserialize, Serialize};

use super::invitation::{self, Invited};
use super::store::{self, PersonRow};
use super::{Employment, Login, rank_of};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{PartyId, PersonId};
use crate::rules::facts::Action;
use crate::text::Name;

/// Adds a person to the register.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    /// What they sign in with.
    #[arg(long)]
    pub login: Login,
    /// Their name.
    #[arg(long)]
    pub name: Name,
    /// Kind of employment; left out for a guest.
    #[arg(long)]
    #[serde(default)]
    pub employment: Option<Employment>,
    /// Highest class that they may handle; left out for a guest.
    #[arg(long)]
    #[serde(default)]
    pub clearance: Option<String>,
    /// A guest's party.
    #[arg(long)]
    #[serde(default)]
    pub party: Option<PartyId>,
    /// A guest's last day (2026-12-31).
    #[arg(long)]
    #[serde(default)]
    pub until: Option<String>,
    /// A first password, to be changed by them; left out, they are invited to set their own.
    #[arg(long, env = "KURA_NEW_PASSWORD", hide_env_values = true)]
    #[serde(default)]
    pub password: Option<String>,
}

/// Who was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PersonAdded {
    /// The person's id.
    pub person: PersonId,
    /// The invitation to hand to them, when no password was given.
    pub invitation: Option<Invited>,
}

impl Operation for AddPerson {
    const ACTION: Action = Action("add_person");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const PREPARES: bool = true;
    type Subject = Installation;
    type Output = PersonAdded;

    fn subject(&self) {}

    fn prepare(&mut self) -> Result<()> {
        self.password = invitation::first_password(self.password.as_ref())?;
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PersonAdded> {
        let row = self.row(tx)?;
        if let Some(party) = row.party {
            crate::matters::store::party(tx, party).await?;
        }
        store::insert(tx, &row).await?;
        let invitation = match row.password.is_empty() {
            true => Some(invitation::invite(tx, row.id).await?),
            false => None,
        };
        tx.note("person", row.id.to_string());
        tx.note("name", row.name);
        tx.note("login", row.login);
        tx.note("employment", row.employment);
        tx.note("clearance", row.clearance.to_string());
        tx.note("party", row.party.map_or_else(String::new, |party| party.to_string()));
        tx.note("until", row.until.to_string());
        Ok(PersonAdded { person: row.id, invitation })
    }
}

impl AddPerson {
    fn row(self, tx: &Tx<'_>) -> Result<PersonRow> {
        let (employment, clearance, until) = match (self.party, self.employment) {
            (None, Some(employment)) => {
                let class = self.clearance.as_deref();
                let class = class
                    .ok_or_else(|| Error::invalid("clearance", "name the highest class they may handle"))?;
                (employment.name(), rank_of(tx.rules(), "clearance", class)?, 0)
            }
            (Some(_), None) => {
                let until = self.until.as_deref().ok_or_else(|| {
                    Error::invalid("until", "name a guest's last day, for example 2026-12-31")
                });
                let until = tx.until("until", until?)?;
                ("guest", 0, until)
            }
            _ => {
                return Err(Error::invalid("employment", "name either an employment or a guest's party"));
            }
        };
        Ok(PersonRow {
            id: tx.id(PersonId::new),
            login: self.login.into(),
            name: self.name.into(),
            employment: employment.to_owned(),
            party: self.party,
            until,
            clearance,
            suspended: false,
            trained_until: 0,
            acknowledged: 0,
            password: self.password.unwrap_or_default(),
            mail: String::new(),
        })
    }
}
