//! 委任: whoever holds an office lets somebody else hold it for some days. The office moves: whoever delegated it does not
//! hold it meanwhile, so that a body has no member twice and never do both act in one office.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::office_store::{self, DelegationRow};
use super::{Office, store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{DelegationId, PersonId};
use crate::rules::facts::Action;
use crate::text::Note;

/// Days that a delegation may last.
const MOST: i64 = 92;

/// Delegates an office that one holds to somebody else, for some days.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateOffice {
    /// The office.
    pub office: Office,
    /// Who holds it meanwhile.
    #[arg(long)]
    pub delegate: PersonId,
    /// The first day (2027-03-01), today when left out.
    #[arg(long)]
    #[serde(default)]
    pub first_day: Option<String>,
    /// The last day, within 92 days (2027-03-31).
    #[arg(long)]
    pub last_day: String,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

/// The delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Delegated {
    /// Its id.
    pub delegation: DelegationId,
}

impl Operation for DelegateOffice {
    const ACTION: Action = Action("delegate_office");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Delegated;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Delegated> {
        let (by, office) = (tx.asker()?.clone(), self.office.name());
        if self.office.is_personal() {
            return Err(Error::invalid(
                "office",
                "this office is personal and is not delegated: a system administrator appoints somebody else",
            ));
        }
        let today = tx.today();
        let first = clock::given_day("first_day", self.first_day.as_deref(), today)?;
        let last = clock::given_day("last_day", Some(&self.last_day), today)?;
        if first < today {
            return Err(Error::invalid("first_day", "the day has passed: choose today or a later day"));
        }
        if last < first {
            return Err(Error::invalid("last_day", "the last day comes before the first"));
        }
        if last > first.saturating_add((MOST - 1).days()) {
            return Err(Error::invalid(
                "last_day",
                "a delegation lasts 92 days at most: choose an earlier last day, or a system administrator appoints \
                 somebody else",
            ));
        }
        let (today, first, last) = (today.to_string(), first.to_string(), last.to_string());
        let Some(term) = office_store::term(tx.connection(), by.id, office, &today).await? else {
            return Err(Error::invalid(
                "office",
                match by.offices.iter().any(|held| held == office) {
                    true => {
                        "you hold this office by delegation only: whom it belongs to delegates it, nobody else"
                    }
                    false => "you do not hold this office: only whoever holds it delegates it",
                },
            ));
        };
        if !term.is_empty() && term < last {
            return Err(Error::invalid("last_day", "your term ends before that: choose a day within it"));
        }
        if self.delegate == by.id {
            return Err(Error::invalid("delegate", "nobody delegates to themselves: choose somebody else"));
        }
        let delegate = store::person(tx, self.delegate).await?;
        if delegate.party.is_some() {
            return Err(Error::invalid("delegate", "a guest holds no office"));
        }
        if delegate.suspended {
            return Err(Error::invalid("delegate", "this person is suspended: choose somebody else"));
        }
        let standing = office_store::delegations(tx.connection(), &today).await?;
        let standing: Vec<_> =
            standing.iter().filter(|row| row.office == office && row.stands(&first, &last)).collect();
        if standing.iter().any(|row| row.person == by.id) {
            return Err(Error::invalid(
                "first_day",
                "you have delegated this office on some of these days already: end that delegation first, or choose \
                 other days",
            ));
        }
        let own = office_store::term(tx.connection(), delegate.id, office, &first).await?.is_some();
        if own || standing.iter().any(|row| row.delegate == delegate.id) {
            return Err(Error::invalid(
                "delegate",
                "this person holds the office already on some of these days: choose somebody else, or other days",
            ));
        }
        let row = DelegationRow {
            id: tx.id(DelegationId::new),
            office: office.to_owned(),
            person: by.id,
            name: String::new(),
            delegate: delegate.id,
            delegate_name: delegate.name,
            first_day: first,
            last_day: last,
            reason: self.reason.to_string(),
        };
        office_store::insert_delegation(tx, &row).await?;
        tx.note("delegation", row.id.to_string());
        tx.note("first_day", row.first_day);
        Ok(Delegated { delegation: row.id })
    }
}
