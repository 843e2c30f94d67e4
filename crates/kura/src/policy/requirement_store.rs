//! Statements on laws, treaties and contracts that ask for more than the policy.

use clap::ValueEnum as _;
use sqlx::{AnyConnection, Row as _};

use super::add_requirement::RequirementKind;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{MatterId, RequirementId};

/// A requirement's row.
pub(super) struct RequirementRow {
    pub(super) id: RequirementId,
    pub(super) clause: String,
    pub(super) kind: RequirementKind,
    pub(super) name: String,
    pub(super) asks: String,
    pub(super) found_at: String,
    pub(super) matter: Option<MatterId>,
    pub(super) review_on: String,
    pub(super) added: Millis,
    pub(super) added_name: String,
    pub(super) ended: Millis,
    pub(super) ended_name: String,
    pub(super) ended_reason: String,
}

/// A review's row.
pub(super) struct ReviewRow {
    pub(super) requirement: RequirementId,
    pub(super) made: Millis,
    pub(super) made_name: String,
    pub(super) told: String,
    pub(super) next_review: String,
}

/// Keeps a requirement.
pub(super) async fn insert(connection: &mut AnyConnection, row: &RequirementRow) -> Result<()> {
    sqlx::query(
        "insert into requirement (id, clause, kind, name, asks, found_at, matter, review_on, added, added_name, \
         ended, ended_name, ended_reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '')",
    )
    .bind(row.id.to_string())
    .bind(&row.clause)
    .bind(row.kind.name())
    .bind(&row.name)
    .bind(&row.asks)
    .bind(&row.found_at)
    .bind(row.matter.map(|matter| matter.to_string()).unwrap_or_default())
    .bind(&row.review_on)
    .bind(row.added)
    .bind(&row.added_name)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a review beside those before it, and the day that it sets.
pub(super) async fn insert_review(connection: &mut AnyConnection, row: &ReviewRow) -> Result<()> {
    let (before,): (i64,) = sqlx::query_as("select count(*) from requirement_review where requirement = $1")
        .bind(row.requirement.to_string())
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query(
        "insert into requirement_review (requirement, number, made, made_name, told, next_review) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(row.requirement.to_string())
    .bind(before + 1)
    .bind(row.made)
    .bind(&row.made_name)
    .bind(&row.told)
    .bind(&row.next_review)
    .execute(&mut *connection)
    .await?;
    sqlx::query("update requirement set review_on = $2 where id = $1")
        .bind(row.requirement.to_string())
        .bind(&row.next_review)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a requirement off the register.
pub(super) async fn end(connection: &mut AnyConnection, row: &RequirementRow) -> Result<()> {
    sqlx::query("update requirement set ended = $2, ended_name = $3, ended_reason = $4 where id = $1")
        .bind(row.id.to_string())
        .bind(row.ended)
        .bind(&row.ended_name)
        .bind(&row.ended_reason)
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<RequirementRow> {
    let matter: String = row.try_get("matter")?;
    let kind: String = row.try_get("kind")?;
    Ok(RequirementRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        clause: row.try_get("clause")?,
        kind: RequirementKind::from_str(&kind, false).map_err(Error::internal)?,
        name: row.try_get("name")?,
        asks: row.try_get("asks")?,
        found_at: row.try_get("found_at")?,
        matter: match matter.as_str() {
            "" => None,
            matter => Some(matter.parse().map_err(Error::internal)?),
        },
        review_on: row.try_get("review_on")?,
        added: row.try_get("added")?,
        added_name: row.try_get("added_name")?,
        ended: row.try_get("ended")?,
        ended_name: row.try_get("ended_name")?,
        ended_reason: row.try_get("ended_reason")?,
    })
}

/// A requirement.
pub(super) async fn requirement(connection: &mut AnyConnection, id: RequirementId) -> Result<RequirementRow> {
    let row = sqlx::query("select * from requirement where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("requirement"))?;
    read(&row)
}

/// All requirements: those that hold by the day of their review, then those that ended, the newest first.
pub(super) async fn requirements(connection: &mut AnyConnection) -> Result<Vec<RequirementRow>> {
    let rows = sqlx::query(
        "select * from requirement order by case when ended = 0 then 0 else 1 end, ended desc, review_on, id",
    );
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

fn read_review(row: &sqlx::any::AnyRow) -> Result<ReviewRow> {
    Ok(ReviewRow {
        requirement: row.try_get::<String, _>("requirement")?.parse().map_err(Error::internal)?,
        made: row.try_get("made")?,
        made_name: row.try_get("made_name")?,
        told: row.try_get("told")?,
        next_review: row.try_get("next_review")?,
    })
}

/// All reviews, the newest first.
pub(super) async fn reviews(connection: &mut AnyConnection) -> Result<Vec<ReviewRow>> {
    let rows = sqlx::query(
        "select requirement, made, made_name, told, next_review from requirement_review \
         order by requirement, number desc",
    );
    rows.fetch_all(connection).await?.iter().map(read_review).collect()
}

/// How many requirements hold on each clause, and of how many the review is overdue on a day.
pub(super) async fn holding(connection: &mut AnyConnection, today: &str) -> Result<Vec<(String, i64, i64)>> {
    let rows = sqlx::query_as(
        "select clause, count(*), count(case when review_on < $1 then 1 end) from requirement \
         where ended = 0 group by clause",
    )
    .bind(today)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}
