//! Lists the delegations of offices that stand or are to come.

use serde::{Deserialize, Serialize};

use super::office_store::{self, DelegationRow};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{DelegationId, PersonId};
use crate::rules::facts::Action;

/// Lists the delegations that stand or are to come, by their first day.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDelegations {}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DelegationView {
    /// Its id.
    pub delegation: DelegationId,
    /// The office.
    pub office: String,
    /// Whose office it is.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Who holds it meanwhile.
    pub delegate: PersonId,
    /// What they are called.
    pub delegate_name: String,
    /// Its first day.
    pub first_day: String,
    /// Its last day.
    pub last_day: String,
    /// Whether it stands today.
    pub stands: bool,
    /// Why.
    pub reason: String,
}

impl Operation for ListDelegations {
    const ACTION: Action = Action("list_delegations");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<DelegationView>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<DelegationView>> {
        let today = tx.today().to_string();
        let rows = office_store::delegations(tx.connection(), &today).await?;
        let view = |row: DelegationRow| DelegationView {
            stands: row.stands(&today, &today),
            delegation: row.id,
            office: row.office,
            person: row.person,
            name: row.name,
            delegate: row.delegate,
            delegate_name: row.delegate_name,
            first_day: row.first_day,
            last_day: row.last_day,
            reason: row.reason,
        };
        Ok(rows.into_iter().map(view).collect())
    }
}
