//! Lists who is who, so that the right person can be named.

use serde::{Deserialize, Serialize};

use super::store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{PartyId, PersonId};
use crate::rules::facts::Action;

/// Lists the people in the register.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPeople {
    /// People whose name and sign-in name hold this text, or the one of this id.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<String>,
    /// Officers and staff only, no guests.
    #[arg(long)]
    #[serde(default)]
    pub staff: bool,
    /// Number of lines, all when left out.
    #[arg(long)]
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A person, as everyone in the firm may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Person {
    /// Id.
    pub person: PersonId,
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Kind of employment, or `guest`.
    pub employment: String,
    /// A guest's party.
    pub party: Option<PartyId>,
    /// Whether they may not act: suspended, or gone.
    pub suspended: bool,
    /// Where they are reached by mail; empty for nowhere.
    pub mail: String,
    /// Offices held.
    pub offices: Vec<String>,
}

impl Operation for ListPeople {
    const ACTION: Action = Action("list_people");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<Person>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<Person>> {
        crate::text::check_limit(self.limit)?;
        let rows = store::list(tx, self.name.as_deref(), self.staff, self.limit).await?;
        let mut offices = store::offices_by_person(tx).await?;
        let person = |row: store::PersonRow| Person {
            person: row.id,
            login: row.login,
            name: row.name,
            employment: row.employment,
            party: row.party,
            suspended: row.suspended,
            mail: row.mail,
            offices: offices.remove(&row.id).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(person).collect())
    }
}
