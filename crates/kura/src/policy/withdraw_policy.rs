//! 取下げ: takes back the version of the policy that waits, draft or scheduled.

use serde::{Deserialize, Serialize};

use super::version::{WITHDRAWN, waiting};
use super::version_store;
use crate::door::operation::Installation;
use crate::door::{Door, Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;
use crate::text::Note;

/// Takes back the version of the policy that waits.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawPolicy {
    /// Its number.
    pub version: i64,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for WithdrawPolicy {
    const ACTION: Action = Action("withdraw_policy");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let row = waiting(tx).await?.filter(|row| row.number == self.version);
        let mut row = row.ok_or(Error::NotFound("version of the policy that waits"))?;
        row.state = WITHDRAWN.to_owned();
        row.ended = tx.now();
        version_store::update(tx.connection(), &row).await?;
        tx.note("version", row.number.to_string());
        tx.note("pack", row.digest);
        tx.note("reason", self.reason);
        Ok(())
    }

    async fn follow_up(door: &Door, output: ()) -> Result<()> {
        door.lay_ready(None);
        Ok(output)
    }
}
