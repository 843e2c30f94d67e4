//! Statements on devices.

use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::clock::Millis;
use crate::db::compose::{Composed, Value};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{DeviceId, PersonId};

/// A device's row.
#[derive(Debug, Clone)]
pub(crate) struct DeviceRow {
    pub(crate) id: DeviceId,
    pub(crate) person: PersonId,
    pub(crate) person_name: String,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) digest: String,
    pub(crate) created: Millis,
}

/// Keeps a device, unless this browser is registered to the person already.
pub(crate) async fn insert(tx: &mut Tx<'_>, row: &DeviceRow) -> Result<()> {
    let there: (i64,) =
        sqlx::query_as("select count(*) from device where digest = $1 and person = $2 and ended = 0")
            .bind(&row.digest)
            .bind(row.person.to_string())
            .fetch_one(tx.connection())
            .await?;
    if there.0 > 0 {
        return Err(Error::conflict("this device is registered already"));
    }
    sqlx::query(
        "insert into device (id, person, label, kind, digest, created, ended) values ($1, $2, $3, $4, $5, $6, 0)",
    )
    .bind(row.id.to_string())
    .bind(row.person.to_string())
    .bind(&row.label)
    .bind(&row.kind)
    .bind(&row.digest)
    .bind(row.created)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// What is read of a device.
const DEVICE: &str = "select d.id, d.person, p.name, d.label, d.kind, d.digest, d.created from device d \
     join person p on p.id = d.person where d.ended = 0 and ";

fn read(row: &AnyRow) -> Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.try_get::<String, _>(0)?.parse().map_err(Error::internal)?,
        person: row.try_get::<String, _>(1)?.parse().map_err(Error::internal)?,
        person_name: row.try_get(2)?,
        label: row.try_get(3)?,
        kind: row.try_get(4)?,
        digest: row.try_get(5)?,
        created: row.try_get(6)?,
    })
}

/// Devices that are registered, newest first: one person's, or everyone's.
pub(crate) async fn list(tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Vec<DeviceRow>> {
    let mut composed = Composed::new(DEVICE);
    match person {
        Some(person) => composed.push("d.person = {}", &[Value::Text(person.to_string())]),
        None => composed.push("1=1", &[]),
    }
    composed.ordered("d.id desc", None);
    composed.fetch(tx.connection()).await?.iter().map(read).collect()
}

/// A device that is registered.
pub(crate) async fn device(tx: &mut Tx<'_>, id: DeviceId) -> Result<DeviceRow> {
    let mut composed = Composed::new(DEVICE);
    composed.push("d.id = {}", &[Value::Text(id.to_string())]);
    composed.fetch(tx.connection()).await?.first().map(read).ok_or(Error::NotFound("device"))?
}

/// Confirms a device as the firm's; whether one waited for it.
pub(crate) async fn confirm(tx: &mut Tx<'_>, id: DeviceId) -> Result<bool> {
    let confirmed =
        sqlx::query("update device set kind = 'firm' where id = $1 and kind = 'claimed' and ended = 0")
            .bind(id.to_string())
            .execute(tx.connection())
            .await?
            .rows_affected();
    Ok(confirmed > 0)
}

/// Ends a device.
pub(crate) async fn end(tx: &mut Tx<'_>, id: DeviceId) -> Result<()> {
    let now = tx.now();
    sqlx::query("update device set ended = $2 where id = $1 and ended = 0")
        .bind(id.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Ends all devices of a person.
pub(crate) async fn end_all(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    let now = tx.now();
    sqlx::query("update device set ended = $2 where person = $1 and ended = 0")
        .bind(person.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?;
    Ok(())
}
