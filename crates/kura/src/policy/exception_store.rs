//! Statements on exceptions.

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{ExceptionId, ResolutionId};

/// An exception's row.
pub(super) struct ExceptionRow {
    pub(super) id: ExceptionId,
    pub(super) clause: String,
    pub(super) about: String,
    pub(super) reason: String,
    pub(super) measure: String,
    pub(super) since: String,
    pub(super) last_day: String,
    pub(super) resolution: ResolutionId,
    pub(super) title: String,
    pub(super) made_name: String,
    pub(super) ended: Millis,
    pub(super) ended_name: String,
    pub(super) ended_reason: String,
}

/// Keeps an exception. A resolution grants one.
pub(super) async fn insert(connection: &mut AnyConnection, row: &ExceptionRow) -> Result<()> {
    sqlx::query(
        "insert into policy_exception (id, clause, about, reason, measure, since, last_day, resolution, title, \
         made_name, ended, ended_name, ended_reason) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '')",
    )
    .bind(row.id.to_string())
    .bind(&row.clause)
    .bind(&row.about)
    .bind(&row.reason)
    .bind(&row.measure)
    .bind(&row.since)
    .bind(&row.last_day)
    .bind(row.resolution.to_string())
    .bind(&row.title)
    .bind(&row.made_name)
    .execute(connection)
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::conflict("this resolution granted another exception already"),
        other => other,
    })?;
    Ok(())
}

/// Ends an exception before its last day.
pub(super) async fn end(connection: &mut AnyConnection, row: &ExceptionRow) -> Result<()> {
    sqlx::query("update policy_exception set ended = $2, ended_name = $3, ended_reason = $4 where id = $1")
        .bind(row.id.to_string())
        .bind(row.ended)
        .bind(&row.ended_name)
        .bind(&row.ended_reason)
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<ExceptionRow> {
    Ok(ExceptionRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        clause: row.try_get("clause")?,
        about: row.try_get("about")?,
        reason: row.try_get("reason")?,
        measure: row.try_get("measure")?,
        since: row.try_get("since")?,
        last_day: row.try_get("last_day")?,
        resolution: row.try_get::<String, _>("resolution")?.parse().map_err(Error::internal)?,
        title: row.try_get("title")?,
        made_name: row.try_get("made_name")?,
        ended: row.try_get("ended")?,
        ended_name: row.try_get("ended_name")?,
        ended_reason: row.try_get("ended_reason")?,
    })
}

/// An exception.
pub(super) async fn exception(connection: &mut AnyConnection, id: ExceptionId) -> Result<ExceptionRow> {
    let row = sqlx::query("select * from policy_exception where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("exception"))?;
    read(&row)
}

/// All exceptions, those that end last first.
pub(super) async fn exceptions(connection: &mut AnyConnection) -> Result<Vec<ExceptionRow>> {
    let rows = sqlx::query("select * from policy_exception order by last_day desc, id desc");
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// How many exceptions there are from each clause on a day.
pub(super) async fn open(connection: &mut AnyConnection, today: &str) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query_as(
        "select clause, count(*) from policy_exception where ended = 0 and last_day >= $1 group by clause",
    )
    .bind(today)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
