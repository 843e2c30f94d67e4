//! Statements on findings.

use std::collections::HashMap;

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{EvaluationId, FindingId, PersonId};

/// A finding's row.
pub(crate) struct FindingRow {
    pub(crate) id: FindingId,
    pub(crate) evaluation: EvaluationId,
    pub(crate) clause: String,
    pub(crate) grade: String,
    pub(crate) told: String,
    pub(crate) audited: String,
    pub(crate) raised: Millis,
    pub(crate) raised_by: PersonId,
    pub(crate) raised_name: String,
    pub(crate) owner: PersonId,
    pub(crate) owner_name: String,
    pub(crate) state: String,
    pub(crate) due: String,
    pub(crate) done_by: Option<PersonId>,
    pub(crate) regressed_from: Option<FindingId>,
}

/// The row of a step that was taken on a finding.
#[derive(Default)]
pub(crate) struct StepRow {
    pub(crate) event: String,
    pub(crate) made: Millis,
    pub(crate) made_name: String,
    pub(crate) step: String,
    pub(crate) told: String,
    pub(crate) cause: String,
    pub(crate) correction: String,
    pub(crate) action: String,
    pub(crate) due: String,
}

/// Keeps a finding.
pub(super) async fn insert(connection: &mut AnyConnection, row: &FindingRow) -> Result<()> {
    let regressed_from = row.regressed_from.map_or_else(String::new, |from| from.to_string());
    sqlx::query(
        "insert into finding (id, evaluation, clause, grade, told, audited, raised, raised_by, raised_name, owner, \
         owner_name, state, due, done_by, regressed_from) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14)",
    )
    .bind(row.id.to_string())
    .bind(row.evaluation.to_string())
    .bind(&row.clause)
    .bind(&row.grade)
    .bind(&row.told)
    .bind(&row.audited)
    .bind(row.raised)
    .bind(row.raised_by.to_string())
    .bind(&row.raised_name)
    .bind(row.owner.to_string())
    .bind(&row.owner_name)
    .bind(&row.state)
    .bind(&row.due)
    .bind(regressed_from)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps who answers for a finding and where it stands.
pub(super) async fn update(connection: &mut AnyConnection, row: &FindingRow) -> Result<()> {
    sqlx::query(
        "update finding set owner = $2, owner_name = $3, state = $4, due = $5, done_by = $6 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(row.owner.to_string())
    .bind(&row.owner_name)
    .bind(&row.state)
    .bind(&row.due)
    .bind(row.done_by.map_or_else(String::new, |by| by.to_string()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a step that was taken.
pub(super) async fn insert_step(
    connection: &mut AnyConnection,
    finding: FindingId,
    step: &StepRow,
) -> Result<()> {
    sqlx::query(
        "insert into finding_step (event, finding, number, made, made_name, step, told, cause, correction, action, due) \
         values ($1, $2, (select count(*) + 1 from finding_step where finding = $2), $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&step.event)
    .bind(finding.to_string())
    .bind(step.made)
    .bind(&step.made_name)
    .bind(&step.step)
    .bind(&step.told)
    .bind(&step.cause)
    .bind(&step.correction)
    .bind(&step.action)
    .bind(&step.due)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<FindingRow> {
    let id = |name: &str| row.try_get::<String, _>(name);
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(FindingRow {
        id: id("id")?.parse().map_err(Error::internal)?,
        evaluation: id("evaluation")?.parse().map_err(Error::internal)?,
        clause: row.try_get("clause")?,
        grade: row.try_get("grade")?,
        told: row.try_get("told")?,
        audited: row.try_get("audited")?,
        raised: row.try_get("raised")?,
        raised_by: id("raised_by")?.parse().map_err(Error::internal)?,
        raised_name: row.try_get("raised_name")?,
        owner: id("owner")?.parse().map_err(Error::internal)?,
        owner_name: row.try_get("owner_name")?,
        state: row.try_get("state")?,
        due: row.try_get("due")?,
        done_by: some(id("done_by")?).map(|by| by.parse().map_err(Error::internal)).transpose()?,
        regressed_from: some(id("regressed_from")?)
            .map(|from| from.parse().map_err(Error::internal))
            .transpose()?,
    })
}

/// A finding.
pub(super) async fn finding(connection: &mut AnyConnection, id: FindingId) -> Result<Option<FindingRow>> {
    let row = sqlx::query("select * from finding where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The findings that are not closed, the one whose day comes first before.
pub(crate) async fn open(connection: &mut AnyConnection) -> Result<Vec<FindingRow>> {
    let rows = sqlx::query("select * from finding where state <> 'closed' order by due, id");
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// The newest findings, closed ones among them.
pub(super) async fn newest(connection: &mut AnyConnection, most: i64) -> Result<Vec<FindingRow>> {
    let rows = sqlx::query("select * from finding order by raised desc, id desc limit $1").bind(most);
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// The findings of an evaluation, the first one first.
pub(super) async fn of(connection: &mut AnyConnection, evaluation: EvaluationId) -> Result<Vec<FindingRow>> {
    let rows = sqlx::query("select * from finding where evaluation = $1 order by raised, id")
        .bind(evaluation.to_string());
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// How many findings each evaluation raised, and how many of them are not closed.
pub(super) async fn by_evaluation(
    connection: &mut AnyConnection,
) -> Result<HashMap<EvaluationId, (i64, i64)>> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "select evaluation, count(*), cast(sum(case when state <> 'closed' then 1 else 0 end) as bigint) \
         from finding group by evaluation",
    )
    .fetch_all(connection)
    .await?;
    let one = |(of, all, open): (String, i64, i64)| Ok((of.parse().map_err(Error::internal)?, (all, open)));
    rows.into_iter().map(one).collect()
}

/// The steps that were taken on a finding, the first one first.
pub(super) async fn steps(connection: &mut AnyConnection, finding: FindingId) -> Result<Vec<StepRow>> {
    let rows = sqlx::query(
        "select event, made, made_name, step, told, cause, correction, action, due from finding_step \
         where finding = $1 order by number",
    )
    .bind(finding.to_string())
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(StepRow {
            event: row.try_get("event")?,
            made: row.try_get("made")?,
            made_name: row.try_get("made_name")?,
            step: row.try_get("step")?,
            told: row.try_get("told")?,
            cause: row.try_get("cause")?,
            correction: row.try_get("correction")?,
            action: row.try_get("action")?,
            due: row.try_get("due")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The newest finding on a clause and an office that was closed.
pub(super) async fn closed_before(
    connection: &mut AnyConnection,
    clause: &str,
    audited: &str,
) -> Result<Option<FindingId>> {
    let id: Option<String> = sqlx::query_scalar(
        "select id from finding where clause = $1 and audited = $2 and state = 'closed' \
         order by raised desc, id desc limit 1",
    )
    .bind(clause)
    .bind(audited)
    .fetch_optional(connection)
    .await?;
    id.map(|id| id.parse().map_err(Error::internal)).transpose()
}

/// How many findings on each clause are not closed, and how many of them are past their day.
pub(crate) async fn by_clause(
    connection: &mut AnyConnection,
    today: &str,
) -> Result<Vec<(String, i64, i64)>> {
    let rows = sqlx::query_as(
        "select clause, count(*), cast(sum(case when due < $1 then 1 else 0 end) as bigint) from finding \
         where state <> 'closed' group by clause",
    )
    .bind(today)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// How many findings are not closed, and how many of them are past their day.
pub(crate) async fn followed(connection: &mut AnyConnection, today: &str) -> Result<(i64, i64)> {
    let row = sqlx::query_as(
        "select count(*), cast(coalesce(sum(case when due < $1 then 1 else 0 end), 0) as bigint) from finding \
         where state <> 'closed'",
    )
    .bind(today)
    .fetch_one(connection)
    .await?;
    Ok(row)
}
