//! Gives someone a fresh first password who has lost theirs, or their passkey: what they signed in with before goes, and
//! their sessions end. An administrator does it for another person, never for themselves, and it is on record: a passkey
//! that is registered afterwards stands in the ledger after this.

use serde::{Deserialize, Serialize};

use super::{passkey_store, password, store, totp_store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// Gives a person a fresh first password, and takes their passkeys, codes and sessions away.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetSignIn {
    /// The person.
    pub person: PersonId,
    /// A first password, to be changed by them.
    #[arg(long, env = "KURA_NEW_PASSWORD", hide_env_values = true)]
    pub password: String,
}

impl Operation for ResetSignIn {
    const ACTION: Action = Action("reset_sign_in");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const PREPARES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    fn prepare(&mut self) -> Result<()> {
        self.password = password::verifier(&self.password)?;
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        if tx.asker_id()? == self.person {
            return Err(Error::conflict("nobody resets their own sign-in: another administrator does"));
        }
        let mut person = store::person(tx, self.person).await?;
        person.password = self.password;
        store::update(tx, &person).await?;
        let ended = store::end_others(tx, self.person, None).await?;
        let passkeys = passkey_store::remove_all(tx, self.person).await?;
        let codes = totp_store::remove(tx, self.person).await?;
        tx.note("person", self.person.to_string());
        tx.note("ended", ended.to_string());
        tx.note("passkeys", passkeys.to_string());
        tx.note("codes", codes.to_string());
        Ok(())
    }
}
