//! Lists one's own passkeys.

use serde::{Deserialize, Serialize};

use super::passkey_store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::PasskeyId;
use crate::rules::facts::Action;

/// Lists your passkeys.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPasskeys {}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PasskeyLine {
    /// Its id, to remove it by.
    pub passkey: PasskeyId,
    /// What you call it.
    pub label: String,
    /// Whether its maker may copy it to your other devices.
    pub synced: bool,
    /// When it was registered.
    pub created: String,
    /// When it was last used.
    pub used: Option<String>,
}

impl Operation for ListPasskeys {
    const ACTION: Action = Action("list_passkeys");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<PasskeyLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<PasskeyLine>> {
        let asker = tx.asker_id()?;
        let rows = passkey_store::of_person(tx.connection(), asker).await?;
        let line = |row: passkey_store::PasskeyRow| PasskeyLine {
            passkey: row.id,
            label: row.label,
            synced: row.synced,
            created: clock::rfc3339(row.created),
            used: (row.used > 0).then(|| clock::rfc3339(row.used)),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
