//! Signs out: ends one of one's own tokens.

use serde::{Deserialize, Serialize};

use super::store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::TokenId;
use crate::rules::facts::Action;

/// Ends a token.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// The token's id.
    pub token: TokenId,
}

impl Operation for RevokeToken {
    const ACTION: Action = Action("revoke_token");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = tx.asker_id()?;
        if !store::delete_token(tx, self.token, person).await? {
            return Err(Error::NotFound("token"));
        }
        tx.note("token", self.token.to_string());
        Ok(())
    }
}
