//! Statements on evaluations, their samples and working papers.

use kura_ledger::leaf::{Leaf, Outcome};
use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{EvaluationId, EventId, ItemId, OccurrenceId, PersonId};

/// An evaluation's row.
pub(crate) struct EvaluationRow {
    pub(crate) id: EvaluationId,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) aspect: String,
    pub(crate) audited: String,
    pub(crate) lead: PersonId,
    pub(crate) lead_name: String,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) due_on: String,
    pub(crate) planned: Millis,
    pub(crate) planned_name: String,
    pub(crate) closed: Millis,
    pub(crate) conclusion: String,
    pub(crate) event: String,
}

/// A sample's row.
pub(super) struct SampleRow {
    pub(super) draw: i64,
    pub(super) source: String,
    pub(super) seed: String,
    pub(super) population: i64,
    pub(super) drawn: Millis,
    pub(super) drawn_name: String,
}

/// The row of something that was drawn.
pub(super) struct EntryRow {
    pub(super) draw: i64,
    pub(super) number: i64,
    pub(super) place: i64,
    pub(super) about: String,
    pub(super) facts: String,
}

/// A working paper's row.
pub(super) struct PaperRow {
    pub(super) event: String,
    pub(super) about: String,
    pub(super) made: Millis,
    pub(super) made_name: String,
    pub(super) result: String,
    pub(super) told: String,
}

/// Keeps an evaluation.
pub(super) async fn insert(connection: &mut AnyConnection, row: &EvaluationRow) -> Result<()> {
    sqlx::query(
        "insert into evaluation (id, title, kind, aspect, audited, lead, lead_name, first_day, last_day, due_on, \
         planned, planned_name, closed, conclusion, event) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', $13)",
    )
    .bind(row.id.to_string())
    .bind(&row.title)
    .bind(&row.kind)
    .bind(&row.aspect)
    .bind(&row.audited)
    .bind(row.lead.to_string())
    .bind(&row.lead_name)
    .bind(&row.first_day)
    .bind(&row.last_day)
    .bind(&row.due_on)
    .bind(row.planned)
    .bind(&row.planned_name)
    .bind(&row.event)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps who conducts it, and its end.
pub(super) async fn update(connection: &mut AnyConnection, row: &EvaluationRow) -> Result<()> {
    sqlx::query(
        "update evaluation set lead = $2, lead_name = $3, closed = $4, conclusion = $5, event = $6 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(row.lead.to_string())
    .bind(&row.lead_name)
    .bind(row.closed)
    .bind(&row.conclusion)
    .bind(&row.event)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<EvaluationRow> {
    Ok(EvaluationRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        title: row.try_get("title")?,
        kind: row.try_get("kind")?,
        aspect: row.try_get("aspect")?,
        audited: row.try_get("audited")?,
        lead: row.try_get::<String, _>("lead")?.parse().map_err(Error::internal)?,
        lead_name: row.try_get("lead_name")?,
        first_day: row.try_get("first_day")?,
        last_day: row.try_get("last_day")?,
        due_on: row.try_get("due_on")?,
        planned: row.try_get("planned")?,
        planned_name: row.try_get("planned_name")?,
        closed: row.try_get("closed")?,
        conclusion: row.try_get("conclusion")?,
        event: row.try_get("event")?,
    })
}

/// An evaluation.
pub(super) async fn evaluation(
    connection: &mut AnyConnection,
    id: EvaluationId,
) -> Result<Option<EvaluationRow>> {
    let row = sqlx::query("select * from evaluation where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest evaluations.
pub(super) async fn newest(connection: &mut AnyConnection, most: i64) -> Result<Vec<EvaluationRow>> {
    let rows = sqlx::query("select * from evaluation order by planned desc, id desc limit $1").bind(most);
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// The evaluations that somebody conducts and that go on, the one that is due first before.
pub(crate) async fn conducted_by(
    connection: &mut AnyConnection,
    lead: PersonId,
) -> Result<Vec<EvaluationRow>> {
    let rows = sqlx::query("select * from evaluation where lead = $1 and closed = 0 order by due_on, id")
        .bind(lead.to_string());
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// The evaluations that go on.
pub(crate) async fn going_on(connection: &mut AnyConnection) -> Result<Vec<EvaluationRow>> {
    let rows = sqlx::query("select * from evaluation where closed = 0 order by due_on, id");
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// Holds an evaluation against a clause.
pub(super) async fn insert_criterion(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
    clause: &str,
    version: i64,
) -> Result<()> {
    sqlx::query("insert into criterion (evaluation, clause, version) values ($1, $2, $3)")
        .bind(evaluation.to_string())
        .bind(clause)
        .bind(version)
        .execute(connection)
        .await
        .map_err(|error| match Error::from(error) {
            Error::Conflict(_) => Error::conflict("it is held against this clause already"),
            other => other,
        })?;
    Ok(())
}

/// The clauses that it is held against, with the versions of the policy.
pub(super) async fn criteria(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query_as("select clause, version from criterion where evaluation = $1 order by clause")
        .bind(evaluation.to_string())
        .fetch_all(connection)
        .await?;
    Ok(rows)
}

/// Keeps a sample and what was drawn.
pub(super) async fn insert_sample(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
    sample: &SampleRow,
    entries: &[EntryRow],
) -> Result<()> {
    sqlx::query(
        "insert into sample (evaluation, draw, source, seed, population, drawn, drawn_name) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(evaluation.to_string())
    .bind(sample.draw)
    .bind(&sample.source)
    .bind(&sample.seed)
    .bind(sample.population)
    .bind(sample.drawn)
    .bind(&sample.drawn_name)
    .execute(&mut *connection)
    .await?;
    for entry in entries {
        sqlx::query(
            "insert into sample_entry (evaluation, draw, number, place, about, facts) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(evaluation.to_string())
        .bind(entry.draw)
        .bind(entry.number)
        .bind(entry.place)
        .bind(&entry.about)
        .bind(&entry.facts)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The samples of an evaluation, the first one first.
pub(super) async fn samples(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
) -> Result<Vec<SampleRow>> {
    let rows = sqlx::query("select * from sample where evaluation = $1 order by draw")
        .bind(evaluation.to_string())
        .fetch_all(connection)
        .await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(SampleRow {
            draw: row.try_get("draw")?,
            source: row.try_get("source")?,
            seed: row.try_get("seed")?,
            population: row.try_get("population")?,
            drawn: row.try_get("drawn")?,
            drawn_name: row.try_get("drawn_name")?,
        })
    };
    rows.iter().map(read).collect()
}

/// What was drawn for an evaluation.
pub(super) async fn entries(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
) -> Result<Vec<EntryRow>> {
    let rows = sqlx::query(
        "select draw, number, place, about, facts from sample_entry where evaluation = $1 order by draw, number",
    )
    .bind(evaluation.to_string())
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(EntryRow {
            draw: row.try_get("draw")?,
            number: row.try_get("number")?,
            place: row.try_get("place")?,
            about: row.try_get("about")?,
            facts: row.try_get("facts")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Keeps a working paper.
pub(super) async fn insert_paper(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
    paper: &PaperRow,
) -> Result<()> {
    sqlx::query(
        "insert into working_paper (event, evaluation, number, about, made, made_name, result, told) \
         values ($1, $2, (select count(*) + 1 from working_paper where evaluation = $2), $3, $4, $5, $6, $7)",
    )
    .bind(&paper.event)
    .bind(evaluation.to_string())
    .bind(&paper.about)
    .bind(paper.made)
    .bind(&paper.made_name)
    .bind(&paper.result)
    .bind(&paper.told)
    .execute(connection)
    .await?;
    Ok(())
}

/// The working papers of an evaluation, the newest first.
pub(super) async fn papers(
    connection: &mut AnyConnection,
    evaluation: EvaluationId,
) -> Result<Vec<PaperRow>> {
    let rows = sqlx::query(
        "select event, about, made, made_name, result, told from working_paper where evaluation = $1 \
         order by number desc",
    )
    .bind(evaluation.to_string())
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(PaperRow {
            event: row.try_get("event")?,
            about: row.try_get("about")?,
            made: row.try_get("made")?,
            made_name: row.try_get("made_name")?,
            result: row.try_get("result")?,
            told: row.try_get("told")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Ids of held material, in their order: the register as a population.
pub(super) async fn held(connection: &mut AnyConnection) -> Result<Vec<ItemId>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select id from item where state = 'held' order by id").fetch_all(connection).await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::internal)).collect()
}

/// Of an item: rank of its class, form, its custodian's name.
pub(super) async fn item(connection: &mut AnyConnection, id: ItemId) -> Result<(i64, String, String)> {
    let row = sqlx::query_as(
        "select i.class, i.form, p.name from item i join person p on p.id = i.custodian where i.id = $1",
    )
    .bind(id.to_string())
    .fetch_one(connection)
    .await?;
    Ok(row)
}

/// Officers and staff who may act, with names and employment, in the order of their ids.
pub(super) async fn staff(connection: &mut AnyConnection) -> Result<Vec<(String, String, String)>> {
    let rows = sqlx::query_as(
        "select id, name, employment from person where party = '' and suspended = 0 order by id",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Times of duties that their rules name in a period: id, duty, day, state; in the order of their ids.
pub(super) async fn times(
    connection: &mut AnyConnection,
    first_day: &str,
    last_day: &str,
) -> Result<Vec<(OccurrenceId, String, String, String)>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "select id, duty, scheduled_on, state from duty_occurrence \
         where scheduled_on >= $1 and scheduled_on <= $2 order by id",
    )
    .bind(first_day)
    .bind(last_day)
    .fetch_all(connection)
    .await?;
    let read = |(id, duty, day, state): (String, String, String, String)| {
        Ok((id.parse().map_err(Error::internal)?, duty, day, state))
    };
    rows.into_iter().map(read).collect()
}

/// The record at an index of the ledger: its id, its operation, and whether it was refused.
pub(super) async fn record_at(connection: &mut AnyConnection, index: u64) -> Result<(EventId, String, bool)> {
    let found = crate::ledger::store::openings(connection, index, 1).await?;
    let found = found.into_iter().next().ok_or_else(|| Error::internal("the ledger has no such record"))?;
    let leaf = Leaf::parse(found.leaf.as_bytes()).map_err(Error::internal)?;
    Ok((found.event, leaf.operation, leaf.outcome == Outcome::Refused))
}
