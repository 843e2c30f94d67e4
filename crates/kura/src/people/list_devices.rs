//! Lists devices: one's own, and everyone's for whoever keeps the register.

use serde::{Deserialize, Serialize};

use super::device_store::{self, DeviceRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{DeviceId, PersonId};
use crate::rules::facts::Action;

/// Lists your devices.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOwnDevices {}

/// Lists everyone's devices.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDevices {}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DeviceLine {
    /// Its id.
    pub device: DeviceId,
    /// Whose it is.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// What they call it.
    pub label: String,
    /// firm, personal, or claimed: said to be the firm's, and not confirmed yet.
    pub kind: String,
    /// Since when it is registered.
    pub created: String,
}

fn line(row: DeviceRow) -> DeviceLine {
    DeviceLine {
        device: row.id,
        person: row.person,
        person_name: row.person_name,
        label: row.label,
        kind: row.kind,
        created: clock::rfc3339(row.created),
    }
}

impl Operation for ListOwnDevices {
    const ACTION: Action = Action("list_own_devices");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<DeviceLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<DeviceLine>> {
        let own = Some(tx.asker_id()?);
        Ok(device_store::list(tx, own).await?.into_iter().map(line).collect())
    }
}

impl Operation for ListDevices {
    const ACTION: Action = Action("list_devices");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<DeviceLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<DeviceLine>> {
        Ok(device_store::list(tx, None).await?.into_iter().map(line).collect())
    }
}
