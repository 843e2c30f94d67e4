//! Shows a second factor within a session: the rules then see how old it is. Only the desk passes it, once the passkey's
//! answer was checked.

use serde::{Deserialize, Serialize};

use super::passkey_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::TokenId;
use crate::rules::facts::Action;

/// A passkey's use: its credential and its counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Used {
    /// The credential's id, base64url.
    pub(crate) credential: String,
    /// The counter that it told.
    pub(crate) counter: u32,
}

impl Used {
    /// Notes the use.
    ///
    /// # Errors
    /// A counter that did not grow.
    pub(crate) async fn note(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.use_passkey(&self.credential, self.counter).await
    }
}

/// Notes that the person of a session has just shown their passkey.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProveSession {
    pub(crate) session: TokenId,
    pub(crate) passkey: Used,
}

impl Operation for ProveSession {
    const ACTION: Action = Action("prove_session");
    const WRITES: bool = true;
    const TELLS_WHY_NOT: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        self.passkey.note(tx).await?;
        passkey_store::set_proved(tx, self.session).await
    }
}
