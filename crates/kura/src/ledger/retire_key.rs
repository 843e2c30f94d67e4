//! Retires the log's former key: it signs no more, and is destroyed.

use serde::{Deserialize, Serialize};

use crate::door::operation::Installation;
use crate::door::{Door, Operation, Tx};
use crate::error::Result;
use crate::rules::facts::Action;

/// Retires the key that the log had before the present one.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireLogKey {}

/// The key that signs alone from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LogKeyRetired {
    /// Its public half (C2SP vkey). Whoever holds the old one follows by the changes in an export or statement.
    pub log_key: String,
}

impl Operation for RetireLogKey {
    const ACTION: Action = Action("retire_log_key");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = LogKeyRetired;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<LogKeyRetired> {
        tx.retire_log_key().await?;
        Ok(LogKeyRetired { log_key: tx.log_key().to_string() })
    }

    async fn follow_up(door: &Door, output: LogKeyRetired) -> Result<LogKeyRetired> {
        door.take_up_log_keys().await?;
        Ok(output)
    }
}
