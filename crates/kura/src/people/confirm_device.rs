//! Says of a device that somebody registered that it is the firm's, or ends it: what one person holds in their hand, another
//! looked at.

use serde::{Deserialize, Serialize};

use super::device_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::DeviceId;
use crate::rules::facts::Action;

/// Confirms that a device is the firm's, or ends it.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDevice {
    /// The device.
    pub device: DeviceId,
    /// Ends it instead: it is lost, passed on, or not what it was said to be.
    #[arg(long)]
    #[serde(default)]
    pub end: bool,
}

/// Removes a device of your own.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveDevice {
    /// The device.
    pub device: DeviceId,
}

impl Operation for ConfirmDevice {
    const ACTION: Action = Action("confirm_device");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let asker = tx.asker_id()?;
        let row = device_store::device(tx, self.device).await?;
        if row.person == asker && !self.end {
            return Err(Error::conflict("nobody confirms their own device: another administrator does"));
        }
        if self.end {
            device_store::end(tx, self.device).await?;
        } else if !device_store::confirm(tx, self.device).await? {
            return Err(Error::conflict("this device does not wait to be confirmed"));
        }
        tx.note("device", self.device.to_string());
        tx.note("person", row.person.to_string());
        tx.note("kind", if self.end { "ended" } else { "firm" });
        Ok(())
    }
}

impl Operation for RemoveDevice {
    const ACTION: Action = Action("remove_device");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let own = tx.asker_id()?;
        let row = device_store::device(tx, self.device).await?;
        if row.person != own {
            return Err(Error::NotFound("device"));
        }
        if row.kind == "personal" {
            // Otherwise what it may not do would be a click away.
            return Err(Error::conflict("a personal device is ended by a system administrator: ask one"));
        }
        device_store::end(tx, self.device).await?;
        tx.note("device", self.device.to_string());
        Ok(())
    }
}
