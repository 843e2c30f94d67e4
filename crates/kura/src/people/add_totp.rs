//! Sets one-time codes up: only once a code of the app has shown that it holds the secret. No edge offers it but the page,
//! which shows the recovery codes once.

use serde::{Deserialize, Serialize};

use super::totp::{self, RECOVERY_CODES, Shared, Typed};
use super::{passkey_store, totp_store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Sets up one-time codes of one's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddTotp {
    /// The secret that the page showed, in base32.
    pub(crate) secret: String,
    /// The code that the app shows now.
    pub(crate) code: String,
}

impl Operation for AddTotp {
    const ACTION: Action = Action("add_totp");
    const WRITES: bool = true;
    const SECRET: bool = true;
    type Subject = Installation;
    /// The recovery codes, shown once.
    type Output = Vec<String>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<String>> {
        let (person, now) = (tx.asker_id()?, tx.now());
        if totp_store::of_person(tx.connection(), person).await?.is_some() {
            return Err(Error::conflict("one-time codes are set up already: remove them first"));
        }
        let first = passkey_store::of_person(tx.connection(), person).await?.is_empty();
        tx.shown_lately(first)?;
        let shared = Shared::from_base32(&self.secret)?;
        let step = match Typed::read(&self.code) {
            Typed::Code(code) => shared.step(&code, now, 0),
            Typed::Recovery(_) => None,
        };
        let step = step.ok_or_else(|| {
            Error::invalid(
                "code",
                "this is not the code that the app shows now: look again, and at the clock",
            )
        })?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| totp::recovery_code()).collect();
        let digests: Vec<String> = codes.iter().map(|code| totp::recovery_digest(code)).collect();
        let sealed = tx.seal_factor(person, shared.bytes());
        totp_store::insert(tx, person, sealed, step, &digests).await?;
        Ok(codes)
    }
}
