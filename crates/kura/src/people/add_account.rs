//! Ties an account with the firm's OpenID Provider to a person. Only the desk passes it, for whoever the provider vouched for.

use serde::{Deserialize, Serialize};

use super::{account_store, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::openid::Account;
use crate::rules::facts::Action;

/// Ties an account to oneself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddAccount {
    /// The account.
    pub(crate) account: Account,
    /// Whether the person's name at the provider tied it, at a first sign-in; otherwise they did, within a session.
    pub(crate) by_name: bool,
}

impl Operation for AddAccount {
    const ACTION: Action = Action("add_account");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = tx.asker_id()?;
        if self.by_name {
            // Whoever removed the tie, or was helped after losing everything, is not tied again behind their back.
            if account_store::was_tied(tx, person, &self.account.issuer).await? {
                return Err(Error::conflict(
                    "this person was tied to an account before: they tie one again themselves, under \"My account\"",
                ));
            }
        } else {
            let first = !store::has_factor(tx).await?;
            tx.shown_lately(first)?;
        }
        account_store::insert(tx, person, &self.account).await?;
        tx.note("issuer", self.account.issuer);
        tx.note("subject", self.account.subject);
        tx.note("tied_by", if self.by_name { "name" } else { "person" });
        Ok(())
    }
}
