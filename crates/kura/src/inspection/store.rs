//! Statements on self-inspections.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::PersonId;

/// A self-inspection's row.
pub(super) struct Row {
    pub(super) version: i64,
    /// Answers by question, as JSON.
    pub(super) answers: String,
    pub(super) told: String,
    pub(super) made: Millis,
    pub(super) made_name: String,
    pub(super) event: String,
}

/// Keeps what somebody answered, once a quarter.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    person: PersonId,
    quarter: &str,
    row: &Row,
) -> Result<()> {
    sqlx::query(
        "insert into self_inspection (person, quarter, version, answers, told, made, made_name, event) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(person.to_string())
    .bind(quarter)
    .bind(row.version)
    .bind(&row.answers)
    .bind(&row.told)
    .bind(row.made)
    .bind(&row.made_name)
    .bind(&row.event)
    .execute(connection)
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::conflict("you have inspected yourself this quarter already"),
        other => other,
    })?;
    Ok(())
}

type Read = (i64, String, String, Millis, String, String);

fn read((version, answers, told, made, made_name, event): Read) -> Row {
    Row { version, answers, told, made, made_name, event }
}

/// What somebody answered in a quarter.
pub(super) async fn answered(
    connection: &mut AnyConnection,
    person: PersonId,
    quarter: &str,
) -> Result<Option<Row>> {
    let row: Option<Read> = sqlx::query_as(
        "select version, answers, told, made, made_name, event from self_inspection \
         where person = $1 and quarter = $2",
    )
    .bind(person.to_string())
    .bind(quarter)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(read))
}

/// Who answered in a quarter.
pub(crate) async fn answered_by(connection: &mut AnyConnection, quarter: &str) -> Result<BTreeSet<PersonId>> {
    let rows: Vec<(String,)> = sqlx::query_as("select person from self_inspection where quarter = $1")
        .bind(quarter)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|(person,)| person.parse().map_err(Error::internal)).collect()
}

/// What everyone answered in a quarter, by name.
pub(super) async fn of(connection: &mut AnyConnection, quarter: &str) -> Result<Vec<Row>> {
    let rows: Vec<Read> = sqlx::query_as(
        "select version, answers, told, made, made_name, event from self_inspection \
         where quarter = $1 order by made_name, made",
    )
    .bind(quarter)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many officers and staff may act, and how many of them have not inspected themselves in a quarter.
pub(crate) async fn lacking(connection: &mut AnyConnection, quarter: &str) -> Result<(i64, i64)> {
    let row = sqlx::query_as(
        "select count(*), cast(coalesce(sum(case when s.person is null then 1 else 0 end), 0) as bigint) \
         from person p left join self_inspection s on s.person = p.id and s.quarter = $1 \
         where p.party = '' and p.suspended = 0",
    )
    .bind(quarter)
    .fetch_one(connection)
    .await?;
    Ok(row)
}
