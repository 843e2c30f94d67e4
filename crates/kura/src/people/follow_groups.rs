//! Gives and takes the offices that a person's groups at the firm's OpenID Provider stand for. Only the desk passes it, with
//! what the provider said at a sign-in; which groups stand for which office is in the settings.

use serde::{Deserialize, Serialize};

use super::{Office, office_store, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Follows the provider's groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowGroups {
    /// Offices, each with whether the person's groups give it.
    pub(crate) offices: Vec<(Office, bool)>,
}

impl Operation for FollowGroups {
    const ACTION: Action = Action("follow_groups");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let id = tx.asker_id()?;
        if store::person(tx, id).await?.party.is_some() {
            return Err(Error::invalid("person", "a guest holds no office"));
        }
        let mut changed = [vec![], vec![]];
        for (office, holds) in self.offices {
            office_store::set_office(tx, id, office.name(), holds.then_some("")).await?;
            changed[usize::from(holds)].push(office.name());
        }
        office_store::check_administered(tx).await?;
        let [taken, given] = changed;
        tx.note("offices_given", given.join(" "));
        tx.note("offices_taken", taken.join(" "));
        Ok(())
    }
}
