//! Ends a delegation before its last day: the office is its holder's again.

use serde::{Deserialize, Serialize};

use super::{Office, office_store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::DelegationId;
use crate::rules::facts::Action;

/// Ends a delegation before its last day.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndDelegation {
    /// The delegation.
    pub delegation: DelegationId,
}

impl Operation for EndDelegation {
    const ACTION: Action = Action("end_delegation");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let (asker, today) = (tx.asker()?.clone(), tx.today().to_string());
        if !office_store::was_delegated(tx.connection(), self.delegation).await? {
            return Err(Error::NotFound("delegation"));
        }
        let standing = office_store::delegations(tx.connection(), &today).await?;
        let row = standing.into_iter().find(|row| row.id == self.delegation);
        let row = row.ok_or_else(|| Error::conflict("it has ended already"))?;
        let keeps = [Office::SystemAdministrator, Office::ChiefSystemAdministrator];
        let keeps = keeps.iter().any(|office| asker.offices.iter().any(|held| held == office.name()));
        if row.person != asker.id && !keeps {
            return Err(Error::conflict(
                "whoever delegated it ends it, or a system administrator: ask one of them",
            ));
        }
        office_store::end_delegation(tx, row.id, [row.person, row.delegate]).await?;
        tx.note("office", row.office);
        tx.note("person", row.person.to_string());
        tx.note("delegate", row.delegate.to_string());
        Ok(())
    }
}
