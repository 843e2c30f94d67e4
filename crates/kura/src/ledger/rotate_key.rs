//! Changes the log's key: a fresh one takes over, under the signature of the old one, and both sign until the
//! old one is retired.

use serde::{Deserialize, Serialize};

use crate::door::operation::Installation;
use crate::door::{Door, Operation, Tx};
use crate::error::Result;
use crate::rules::facts::Action;

/// Hands the log's key on to a fresh one.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateLogKey {}

/// The new key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LogKeyRotated {
    /// Its public half (C2SP vkey): give it to your clients and your auditor, then retire the old one.
    pub log_key: String,
}

impl Operation for RotateLogKey {
    const ACTION: Action = Action("rotate_log_key");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = LogKeyRotated;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<LogKeyRotated> {
        let log_key = tx.hand_on_log_key().await?.to_string();
        tx.note("new_key", log_key.clone());
        Ok(LogKeyRotated { log_key })
    }

    async fn follow_up(door: &Door, output: LogKeyRotated) -> Result<LogKeyRotated> {
        door.take_up_log_keys().await?;
        Ok(output)
    }
}
