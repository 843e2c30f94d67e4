//! Shows a second factor: within a session, so that the rules see how old it is, or for a token that is about to be made.
//! Only the desk passes it.

use serde::{Deserialize, Serialize};

use super::factor::Factor;
use super::passkey_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::TokenId;
use crate::rules::facts::Action;

/// Notes that somebody has just shown a second factor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProveSession {
    /// The session within which, if any.
    pub(crate) session: Option<TokenId>,
    pub(crate) factor: Factor,
}

impl Operation for ProveSession {
    const ACTION: Action = Action("prove_session");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const TELLS_WHY_NOT: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        self.factor.show(tx).await?;
        match self.session {
            Some(session) => passkey_store::set_proved(tx, session).await,
            None => Ok(()),
        }
    }
}
