//! Takes a passkey away: a device that is lost or left behind.

use serde::{Deserialize, Serialize};

use super::{passkey_store, store};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PasskeyId;
use crate::rules::facts::Action;

/// Takes a passkey of your own away.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovePasskey {
    /// The passkey's id.
    pub passkey: PasskeyId,
}

impl Operation for RemovePasskey {
    const ACTION: Action = Action("remove_passkey");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = tx.asker_id()?;
        tx.shown_lately(false)?;
        if !passkey_store::remove(tx, self.passkey, person).await? {
            return Err(Error::NotFound("passkey"));
        }
        store::check_way_in(tx).await?;
        tx.note("passkey_id", self.passkey.to_string());
        Ok(())
    }
}
