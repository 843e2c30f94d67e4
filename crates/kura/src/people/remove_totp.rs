//! Takes one-time codes and recovery codes away: the app is lost, or others are to be set up.

use serde::{Deserialize, Serialize};

use super::totp_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Takes your one-time codes and recovery codes away.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveTotp {}

impl Operation for RemoveTotp {
    const ACTION: Action = Action("remove_totp");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = tx.asker_id()?;
        tx.shown_lately(false)?;
        if !totp_store::remove(tx, person).await? {
            return Err(Error::NotFound("one-time code"));
        }
        Ok(())
    }
}
