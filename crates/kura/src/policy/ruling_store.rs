//! Statements on rulings.

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{PersonId, RulingId};

/// A ruling's row.
pub(super) struct RulingRow {
    pub(super) id: RulingId,
    pub(super) clause: String,
    pub(super) question: String,
    pub(super) words: String,
    pub(super) version: i64,
    pub(super) digest: String,
    pub(super) given: Millis,
    pub(super) given_by: PersonId,
    pub(super) given_name: String,
    pub(super) confirmed: Millis,
    pub(super) superseded_by: String,
}

/// Keeps a ruling.
pub(super) async fn insert(connection: &mut AnyConnection, row: &RulingRow) -> Result<()> {
    sqlx::query(
        "insert into ruling (id, clause, question, words, version, digest, given, given_by, given_name, confirmed, \
         superseded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id.to_string())
    .bind(&row.clause)
    .bind(&row.question)
    .bind(&row.words)
    .bind(row.version)
    .bind(&row.digest)
    .bind(row.given)
    .bind(row.given_by.to_string())
    .bind(&row.given_name)
    .bind(row.confirmed)
    .bind(&row.superseded_by)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes for which text a ruling holds, and what took its place.
pub(super) async fn update(connection: &mut AnyConnection, row: &RulingRow) -> Result<()> {
    sqlx::query(
        "update ruling set version = $2, digest = $3, confirmed = $4, superseded_by = $5 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(row.version)
    .bind(&row.digest)
    .bind(row.confirmed)
    .bind(&row.superseded_by)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<RulingRow> {
    Ok(RulingRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        clause: row.try_get("clause")?,
        question: row.try_get("question")?,
        words: row.try_get("words")?,
        version: row.try_get("version")?,
        digest: row.try_get("digest")?,
        given: row.try_get("given")?,
        given_by: row.try_get::<String, _>("given_by")?.parse().map_err(Error::internal)?,
        given_name: row.try_get("given_name")?,
        confirmed: row.try_get("confirmed")?,
        superseded_by: row.try_get("superseded_by")?,
    })
}

/// A ruling.
pub(super) async fn ruling(connection: &mut AnyConnection, id: RulingId) -> Result<RulingRow> {
    let row = sqlx::query("select * from ruling where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("ruling"))?;
    read(&row)
}

/// All rulings, the newest first.
pub(super) async fn rulings(connection: &mut AnyConnection) -> Result<Vec<RulingRow>> {
    let rows = sqlx::query("select * from ruling order by given desc, id desc").fetch_all(connection).await?;
    rows.iter().map(read).collect()
}
