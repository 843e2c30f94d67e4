//! Registers a passkey. Only the desk passes it, once the authenticator's answer was checked.
//!
//! The record keeps the public key: whoever holds a record that was signed with it can see that the ledger knew the key
//! as this person's.

use kura_ledger::consent::PASSKEY;
use serde::{Deserialize, Serialize};

use super::passkey_store::{self, PasskeyRow};
use super::totp_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::PasskeyId;
use crate::rules::facts::Action;
use crate::text::Name;

/// Registers a passkey of one's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddPasskey {
    /// What the person calls it.
    pub(crate) label: Name,
    /// The credential's id, base64url.
    pub(crate) credential: String,
    /// The public key: COSE in hexadecimal.
    pub(crate) public_key: String,
    /// The authenticator's counter.
    pub(crate) counter: u32,
    /// Whether its maker may copy it to other devices.
    pub(crate) synced: bool,
}

impl Operation for AddPasskey {
    const ACTION: Action = Action("add_passkey");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = PasskeyId;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PasskeyId> {
        let (now, asker) = (tx.now(), tx.asker_id()?);
        let first = passkey_store::of_person(tx.connection(), asker).await?.is_empty()
            && totp_store::of_person(tx.connection(), asker).await?.is_none();
        tx.shown_lately(first)?;
        let row = PasskeyRow {
            id: tx.id(PasskeyId::new),
            person: asker,
            credential: self.credential,
            label: self.label.into(),
            public_key: self.public_key,
            counter: i64::from(self.counter),
            synced: self.synced,
            created: now,
            used: 0,
            event: tx.event(),
        };
        passkey_store::insert(tx, &row).await?;
        tx.note("passkey_id", row.id.to_string());
        tx.note(PASSKEY, row.public_key);
        Ok(row.id)
    }
}
