//! Registers the browser that somebody is before as a device of theirs (情報機器). A personal one counts at once: it only
//! narrows what may be done. One that is said to be the firm's counts once an administrator has confirmed it.
//!
//! No edge offers it but the page: the browser's cookie is what it is known by.

use serde::{Deserialize, Serialize};

use super::device_store::{self, DeviceRow};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::DeviceId;
use crate::rules::facts::Action;
use crate::text::Name;

/// Registers a device of one's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddDevice {
    /// What its person calls it.
    pub(crate) label: Name,
    /// Whether it is the person's own, not the firm's.
    pub(crate) personal: bool,
    /// The digest of its cookie.
    pub(crate) digest: String,
}

impl Operation for AddDevice {
    const ACTION: Action = Action("add_device");
    const WRITES: bool = true;
    const SECRET: bool = true;
    type Subject = Installation;
    type Output = DeviceId;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<DeviceId> {
        let row = DeviceRow {
            id: tx.id(DeviceId::new),
            person: tx.asker_id()?,
            person_name: String::new(),
            label: self.label.into(),
            kind: if self.personal { "personal" } else { "claimed" }.to_owned(),
            digest: self.digest,
            created: tx.now(),
        };
        device_store::insert(tx, &row).await?;
        tx.note("device", row.id.to_string());
        tx.note("label", row.label);
        tx.note("kind", row.kind);
        Ok(row.id)
    }
}
