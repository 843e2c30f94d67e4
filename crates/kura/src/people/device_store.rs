//! Statements on devices.

use sqlx::Row as _;

use crate::clock::Millis;
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

/// Devices that are registered, newest first: one person's, or everyone's.
pub(crate) async fn list(tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Vec<DeviceRow>> {
    let rows = sqlx::query(
        "select d.id, d.person, p.name, d.label, d.kind, d.digest, d.created from device d \
         join person p on p.id = d.person where d.ended = 0 and ($1 = '' or d.person = $1) order by d.id desc",
    )
    .bind(person.map_or_else(String::new, |person| person.to_string()))
    .fetch_all(tx.connection())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DeviceRow {
                id: row.try_get::<String, _>(0)?.parse().map_err(Error::internal)?,
                person: row.try_get::<String, _>(1)?.parse().map_err(Error::internal)?,
                person_name: row.try_get(2)?,
                label: row.try_get(3)?,
                kind: row.try_get(4)?,
                digest: row.try_get(5)?,
                created: row.try_get(6)?,
            })
        })
        .collect()
}

/// Confirms a device as the firm's; whose it is, nothing when none waits for it.
pub(crate) async fn confirm(tx: &mut Tx<'_>, id: DeviceId) -> Result<bool> {
    let confirmed =
        sqlx::query("update device set kind = 'firm' where id = $1 and kind = 'claimed' and ended = 0")
            .bind(id.to_string())
            .execute(tx.connection())
            .await?
            .rows_affected();
    Ok(confirmed > 0)
}

/// Ends a device, of one person or whosever it is; whether there was one.
pub(crate) async fn end(tx: &mut Tx<'_>, id: DeviceId, of: Option<PersonId>) -> Result<bool> {
    let now = tx.now();
    let ended =
        sqlx::query("update device set ended = $2 where id = $1 and ended = 0 and ($3 = '' or person = $3)")
            .bind(id.to_string())
            .bind(now)
            .bind(of.map_or_else(String::new, |person| person.to_string()))
            .execute(tx.connection())
            .await?
            .rows_affected();
    Ok(ended > 0)
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
