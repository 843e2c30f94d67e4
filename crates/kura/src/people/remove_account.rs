//! Removes the tie to an account with the firm's OpenID Provider.

use serde::{Deserialize, Serialize};

use super::{account_store, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Removes the tie to your account with the firm's provider.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveAccount {}

impl Operation for RemoveAccount {
    const ACTION: Action = Action("remove_account");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = tx.asker_id()?;
        let factor = store::has_factor(tx).await?;
        tx.shown_lately(!factor)?;
        if account_store::remove(tx, person).await? == 0 {
            return Err(Error::NotFound("account"));
        }
        store::check_way_in(tx).await?;
        Ok(())
    }
}
