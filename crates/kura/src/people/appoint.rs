//! 任命: gives a person an office, until a day or without end, or takes it. To appoint again changes the term.

use serde::{Deserialize, Serialize};

use super::{Office, office_store, store};
use crate::clock;
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
    /// The last day of the term (2028-03-31); without end when left out.
    #[arg(long)]
    #[serde(default)]
    pub until: Option<String>,
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
        if self.dismiss && self.until.is_some() {
            return Err(Error::invalid("until", "an office that is taken ends today: leave the day empty"));
        }
        let today = tx.today();
        let until = match self.until {
            None => String::new(),
            Some(day) => {
                let last = clock::given_day("until", Some(&day), today)?;
                if last < today {
                    return Err(Error::invalid("until", "the day has passed: choose today or a later day"));
                }
                last.to_string()
            }
        };
        let term = (!self.dismiss).then_some(until.as_str());
        office_store::set_office(tx, person.id, self.office.name(), term).await?;
        office_store::check_administered(tx).await?;
        tx.note("person", person.id.to_string());
        tx.note("office", self.office.name());
        if !until.is_empty() {
            tx.note("until", until);
        }
        Ok(())
    }
}
