//! Devices on pages: one's own browser registered, everyone's devices looked through.

use askama::Template;
use axum::extract::State;

use super::add_device::AddDevice;
use super::list_devices::{DeviceLine, ListDevices};
use crate::app::App;
use crate::error::Error;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::words::Words;
use crate::web::{Answer, go_to, page};

/// A device as it is shown.
pub(super) struct DeviceRow {
    pub(super) line: DeviceLine,
    pub(super) kind: String,
    pub(super) created: String,
}

impl DeviceRow {
    pub(super) fn of(t: &Words, line: DeviceLine) -> Self {
        Self { kind: t.device_kind(&line.kind), created: t.day(&line.created), line }
    }
}

/// Registers the browser as a device of the member's.
pub(crate) async fn add(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    if member.visit.device.is_empty() {
        return Err(Error::conflict("this browser keeps no cookies: a device is known by one").into());
    }
    let label = posted.text("label").parse().map_err(|error| Error::invalid("label", error))?;
    let personal = match posted.text("kind") {
        "personal" => true,
        "firm" => false,
        _ => return Err(Error::invalid("kind", "say whether it is the firm's or your own").into()),
    };
    member.pass(&app, AddDevice { label, personal, digest: member.visit.device.clone() }).await?;
    go_to("/me?done=add_device")
}

#[derive(Template)]
#[template(path = "people/devices.html")]
struct Devices {
    shell: Shell,
    devices: Vec<DeviceRow>,
}

/// 情報機器: everyone's.
pub(crate) async fn devices(State(app): State<App>, member: Member) -> Answer {
    let lines = member.pass(&app, ListDevices {}).await?;
    let t = member.words();
    page(&Devices {
        shell: Shell::new(&member, Place::Administration, t.devices()),
        devices: lines.into_iter().map(|line| DeviceRow::of(t, line)).collect(),
    })
}
