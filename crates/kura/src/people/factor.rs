//! A second factor that somebody shows: a passkey, a one-time code, a recovery code. Each use is on record, and none but a
//! passkey's is good a second time.

use serde::{Deserialize, Serialize};

use super::totp::{self, Shared, Typed};
use super::totp_store;
use crate::door::Tx;
use crate::error::{Error, Result};

/// A passkey's use: its credential and its counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Used {
    /// The credential's id, base64url.
    pub(crate) credential: String,
    /// The counter that it told.
    pub(crate) counter: u32,
}

/// A second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Factor {
    /// A passkey, whose answer was checked.
    Passkey(Used),
    /// What was typed as a code: it is checked here.
    Code(String),
}

/// What is said of a code that is not good, whatever it is that is wrong with it.
pub(crate) const WRONG: &str = "this code is not good, or was used before: wait for the next one";

impl Factor {
    /// Checks it, notes in the record which it was, and uses it up.
    ///
    /// # Errors
    /// A passkey's counter that did not grow; a code that is wrong or was used.
    pub(crate) async fn show(&self, tx: &mut Tx<'_>) -> Result<()> {
        let code = match self {
            Self::Passkey(used) => {
                tx.use_passkey(&used.credential, used.counter).await?;
                tx.note("passkey", used.credential.as_str());
                return Ok(());
            }
            Self::Code(code) => Typed::read(code),
        };
        let (person, now) = (tx.asker_id()?, tx.now());
        let wrong = || Error::conflict(WRONG);
        let row = totp_store::of_person(tx.connection(), person).await?.ok_or_else(wrong)?;
        match code {
            Typed::Code(code) => {
                let shared = Shared::from_bytes(&tx.open_factor(person, &row.sealed)?)?;
                let step = shared.step(&code, now, row.last_step).ok_or_else(wrong)?;
                if !totp_store::use_step(tx, person, step).await? {
                    return Err(wrong());
                }
                tx.note("factor", "code");
            }
            Typed::Recovery(code) => {
                if !totp_store::use_recovery(tx, person, &totp::recovery_digest(&code)).await? {
                    return Err(wrong());
                }
                tx.note("factor", "recovery code");
            }
        }
        Ok(())
    }
}
