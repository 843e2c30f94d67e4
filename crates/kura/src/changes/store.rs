//! Statements on changes to the systems.

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{ChangeId, ResolutionId};

/// A change's row.
pub(super) struct ChangeRow {
    pub(super) id: ChangeId,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) reason: String,
    pub(super) way_back: String,
    pub(super) planned_on: String,
    pub(super) urgent: bool,
    pub(super) planned: Millis,
    pub(super) planned_name: String,
    pub(super) resolution: Option<ResolutionId>,
    pub(super) approved: Millis,
    pub(super) approved_name: String,
    pub(super) outcome: String,
    pub(super) told: String,
    pub(super) done_on: String,
    pub(super) recorded: Millis,
    pub(super) recorded_name: String,
}

/// Keeps a change that was planned.
pub(super) async fn insert(connection: &mut AnyConnection, row: &ChangeRow) -> Result<()> {
    sqlx::query(
        "insert into system_change (id, number, title, words, reason, way_back, planned_on, urgent, planned, \
         planned_name, resolution, approved, approved_name, outcome, told, done_on, recorded, recorded_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, '', '', '', '', 0, '')",
    )
    .bind(row.id.to_string())
    .bind(&row.number)
    .bind(&row.title)
    .bind(&row.words)
    .bind(&row.reason)
    .bind(&row.way_back)
    .bind(&row.planned_on)
    .bind(i64::from(row.urgent))
    .bind(row.planned)
    .bind(&row.planned_name)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps who resolved upon a change and what came of it.
pub(super) async fn update(connection: &mut AnyConnection, row: &ChangeRow) -> Result<()> {
    sqlx::query(
        "update system_change set resolution = $2, approved = $3, approved_name = $4, outcome = $5, told = $6, \
         done_on = $7, recorded = $8, recorded_name = $9 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(row.resolution.map_or_else(String::new, |resolution| resolution.to_string()))
    .bind(row.approved)
    .bind(&row.approved_name)
    .bind(&row.outcome)
    .bind(&row.told)
    .bind(&row.done_on)
    .bind(row.recorded)
    .bind(&row.recorded_name)
    .execute(connection)
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::conflict("this resolution is upon another change already"),
        other => other,
    })?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<ChangeRow> {
    let resolution: String = row.try_get("resolution")?;
    Ok(ChangeRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        number: row.try_get("number")?,
        title: row.try_get("title")?,
        words: row.try_get("words")?,
        reason: row.try_get("reason")?,
        way_back: row.try_get("way_back")?,
        planned_on: row.try_get("planned_on")?,
        urgent: row.try_get::<i64, _>("urgent")? != 0,
        planned: row.try_get("planned")?,
        planned_name: row.try_get("planned_name")?,
        resolution: (!resolution.is_empty())
            .then(|| resolution.parse().map_err(Error::internal))
            .transpose()?,
        approved: row.try_get("approved")?,
        approved_name: row.try_get("approved_name")?,
        outcome: row.try_get("outcome")?,
        told: row.try_get("told")?,
        done_on: row.try_get("done_on")?,
        recorded: row.try_get("recorded")?,
        recorded_name: row.try_get("recorded_name")?,
    })
}

/// A change.
pub(super) async fn change(connection: &mut AnyConnection, id: ChangeId) -> Result<ChangeRow> {
    let row = sqlx::query("select * from system_change where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("change"))?;
    read(&row)
}

/// The newest changes.
pub(super) async fn newest(connection: &mut AnyConnection, most: i64) -> Result<Vec<ChangeRow>> {
    let rows = sqlx::query("select * from system_change order by planned desc, id desc limit $1").bind(most);
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// How many changes have a number of a year.
pub(super) async fn numbered(connection: &mut AnyConnection, year: &str) -> Result<i64> {
    let count = sqlx::query_scalar("select count(*) from system_change where number like $1")
        .bind(format!("C{year}-%"))
        .fetch_one(connection)
        .await?;
    Ok(count)
}
