//! Gives someone a fresh first password who has lost theirs, or their passkey: what they signed in with before goes, and
//! their sessions end. An administrator does it for another person, never for themselves, and it is on record: a passkey
//! that is registered afterwards stands in the ledger after this.

use serde::{Deserialize, Serialize};

use super::invitation::{self, Invited};
use super::{account_store, invitation_store, passkey_store, store, totp_store};
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
    /// A first password, to be changed by them; left out, they are invited to set their own.
    #[arg(long, env = "KURA_NEW_PASSWORD", hide_env_values = true)]
    #[serde(default)]
    pub password: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignInReset {
    /// The person.
    pub person: PersonId,
    /// The invitation to hand to them, when no password was given.
    pub invitation: Option<Invited>,
}

/// Ends everything that somebody signs in with but their password, with the sessions and tokens that it opened; tells how much
/// of each there was.
pub(super) async fn end_sign_in(tx: &mut Tx<'_>, person: PersonId) -> Result<[(&'static str, String); 4]> {
    let ended = store::end_others(tx, person, None).await?;
    let passkeys = passkey_store::remove_all(tx, person).await?;
    let accounts = account_store::remove(tx, person).await?;
    let codes = totp_store::remove(tx, person).await?;
    invitation_store::remove(tx, person).await?;
    Ok([
        ("ended", ended.to_string()),
        ("passkeys", passkeys.to_string()),
        ("codes", codes.to_string()),
        ("accounts", accounts.to_string()),
    ])
}

impl Operation for ResetSignIn {
    const ACTION: Action = Action("reset_sign_in");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const PREPARES: bool = true;
    type Subject = Installation;
    type Output = SignInReset;

    fn subject(&self) {}

    fn prepare(&mut self) -> Result<()> {
        self.password = invitation::first_password(self.password.as_ref())?;
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<SignInReset> {
        if tx.asker_id()? == self.person {
            return Err(Error::conflict("nobody resets their own sign-in: another administrator does"));
        }
        let mut person = store::person(tx, self.person).await?;
        let invites = self.password.is_none();
        person.password = self.password.unwrap_or_default();
        store::update(tx, &person).await?;
        tx.note("person", self.person.to_string());
        for (what, ended) in end_sign_in(tx, self.person).await? {
            tx.note(what, ended);
        }
        let invitation = match invites {
            true => Some(invitation::invite(tx, self.person).await?),
            false => None,
        };
        Ok(SignInReset { person: self.person, invitation })
    }
}
