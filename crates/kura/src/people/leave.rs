//! 退職: someone leaves the firm. What they are accountable for is handed over first, and the copies that they hold are
//! attested; then everything that let them act ends at once.
//!
//! Whoever must be stopped at once, in an emergency, is suspended instead (`change_person`): that waits for nothing.

use serde::{Deserialize, Serialize};

use super::reset_sign_in::end_sign_in;
use super::{device_store, office_store, store};
use crate::custody::custody_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::evaluation::{self, finding_store};
use crate::id::PersonId;
use crate::matters::store as matters;
use crate::rules::facts::Action;

/// Records that a person leaves: their sign-in, offices, matters and grants end.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// The person.
    pub person: PersonId,
}

impl Operation for Leave {
    const ACTION: Action = Action("leave");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let id = self.person;
        if tx.asker_id()? == id {
            return Err(Error::conflict("nobody records their own leaving: another administrator does"));
        }
        let mut person = store::person(tx, id).await?;
        let keeps =
            custody_store::keeps_any(tx, id).await? || !matters::in_custody(tx, id, None).await?.is_empty();
        if keeps {
            return Err(Error::conflict(
                "this person is still accountable for material or a matter: it is handed over first, by themselves, a \
                 director or the risk-management subcommittee",
            ));
        }
        if custody_store::holds_copies(tx, id).await? {
            return Err(Error::conflict(
                "this person still holds copies of material: they, or its custodians, attest first that the copies are \
                 gone",
            ));
        }
        let open = finding_store::open(tx.connection()).await?;
        let conducts = evaluation::store::conducted_by(tx.connection(), id).await?;
        if open.iter().any(|finding| finding.owner == id) || !conducts.is_empty() {
            return Err(Error::conflict(
                "this person still answers for a finding or conducts an evaluation: others are named for it first",
            ));
        }
        person.suspended = true;
        person.password = String::new();
        store::update(tx, &person).await?;
        let offices = office_store::appointed(tx.connection(), id).await?;
        for office in &offices {
            office_store::set_office(tx, id, office, None).await?;
        }
        office_store::end_delegations(tx, "", None, Some(id)).await?;
        office_store::check_administered(tx).await?;
        end_sign_in(tx, id).await?;
        device_store::end_all(tx, id).await?;
        let left = matters::leave_all(tx, id).await?;
        let grants = custody_store::end_grants(tx, id).await?;
        tx.note("person", id.to_string());
        tx.note("offices_taken", offices.join(" "));
        tx.note("matters_left", left.to_string());
        tx.note("grants_ended", grants.to_string());
        Ok(())
    }
}
