//! 招待: a code by which somebody sets their own first password, so that no administrator ever knows it.
//!
//! A code is good once and for a week; a newer one takes the place of an older. The register keeps its digest.

use serde::{Deserialize, Serialize};

use super::create_token::token_digest;
use super::{invitation_store, password, store, totp};
use crate::clock::{self, Millis};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// How long an invitation is good.
const GOOD: Millis = 7 * 24 * 60 * 60 * 1000;

/// An invitation, told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Invited {
    /// The code.
    pub code: String,
    /// Until when it is good.
    pub expires: String,
}

/// The digest of a code, however it was typed.
pub(crate) fn code_digest(code: &str) -> String {
    token_digest(&format!("invitation {}", totp::plain_code(code)))
}

/// Where an invitation is accepted. What stands behind the `#` a browser keeps to itself: no server, log or referrer sees it.
pub(crate) fn link(origin: &str, code: &str) -> String {
    format!("{origin}/welcome#{code}")
}

/// Invites a person.
pub(super) async fn invite(tx: &mut Tx<'_>, person: PersonId) -> Result<Invited> {
    let invited = invite_quietly(tx, person).await?;
    tx.note("invited_until", (tx.now() + GOOD).to_string());
    Ok(invited)
}

/// The same for one of many: what the record says of it, its caller says.
pub(super) async fn invite_quietly(tx: &mut Tx<'_>, person: PersonId) -> Result<Invited> {
    let (code, expires) = (totp::spoken_code(5), tx.now() + GOOD);
    invitation_store::replace(tx, person, &code_digest(&code), expires).await?;
    Ok(Invited { code, expires: clock::rfc3339(expires) })
}

/// A first password: that which was given, or none and an invitation to set one.
pub(super) fn first_password(given: Option<&String>) -> Result<Option<String>> {
    given.map(|password| password::verifier(password)).transpose()
}

/// Sets one's own first password. Only the desk passes it, for whoever has the code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitation {
    /// The code's digest.
    pub(crate) digest: String,
    /// The password, 12 to 512 characters.
    pub(crate) password: String,
}

impl Operation for AcceptInvitation {
    const ACTION: Action = Action("accept_invitation");
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
        let id = tx.asker_id()?;
        if !invitation_store::take(tx, id, &self.digest).await? {
            return Err(Error::conflict(NOT_GOOD));
        }
        let mut person = store::person(tx, id).await?;
        person.password = self.password;
        store::update(tx, &person).await?;
        store::end_others(tx, id, None).await?;
        Ok(())
    }
}

/// What is said of a code that opens nothing, whatever it is that is wrong with it.
pub(crate) const NOT_GOOD: &str =
    "this invitation is not good, or not any more: ask a system administrator for another";
