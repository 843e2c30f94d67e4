//! Lists who is who, so that the right person can be named.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

use super::office_store::{self, Holding};
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
    /// Those alone who hold an office, or whose office somebody else holds for them.
    #[arg(long)]
    #[serde(default)]
    pub officers: bool,
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
    /// Of these offices those that have a last day, and those that are delegated to somebody else.
    pub terms: Vec<Term>,
}

/// Until when somebody holds an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Term {
    /// The office.
    pub office: String,
    /// The last day, of the term or of the delegation.
    pub until: String,
    /// Who delegated it to them; empty when they hold it in their own right.
    pub delegated_by: String,
    /// Who holds it for them until then; empty when they hold it themselves.
    pub delegated_to: String,
}

/// What each person holds, and what others hold for them.
fn held(holders: Vec<Holding>) -> BTreeMap<PersonId, (Vec<String>, Vec<Term>)> {
    let mut held = BTreeMap::<PersonId, (Vec<String>, Vec<Term>)>::new();
    for holding in holders {
        let Holding { office, person, name, until, seat, by, .. } = holding;
        let term = Term { office, until, delegated_by: by, delegated_to: String::new() };
        if seat != person {
            let away = Term { delegated_by: String::new(), delegated_to: name, ..term.clone() };
            held.entry(seat).or_default().1.push(away);
        }
        let (offices, terms) = held.entry(person).or_default();
        offices.push(term.office.clone());
        if !term.until.is_empty() {
            terms.push(term);
        }
    }
    held
}

impl Operation for ListPeople {
    const ACTION: Action = Action("list_people");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<Person>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<Person>> {
        crate::text::check_limit(self.limit)?;
        let rows = store::list(tx, self.name.as_deref(), (self.staff, self.officers), self.limit).await?;
        let today = tx.today().to_string();
        let mut held = held(office_store::holders(tx.connection(), &today).await?);
        let mut person = |row: store::PersonRow| {
            let (offices, terms) = held.remove(&row.id).unwrap_or_default();
            Person {
                person: row.id,
                login: row.login,
                name: row.name,
                employment: row.employment,
                party: row.party,
                suspended: row.suspended,
                mail: row.mail,
                offices,
                terms,
            }
        };
        let people = rows.into_iter().map(&mut person);
        // Terms end, and nothing is written of it: who held an office before is left out here.
        Ok(people
            .filter(|person| !self.officers || !person.offices.is_empty() || !person.terms.is_empty())
            .collect())
    }
}
