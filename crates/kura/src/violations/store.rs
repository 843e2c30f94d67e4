//! Statements on cases.

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{HoldId, ItemId, MatterId, PersonId, ResolutionId, ViolationId};

/// A case's row.
pub(crate) struct ViolationRow {
    pub(crate) id: ViolationId,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) told: String,
    pub(crate) happened_on: String,
    pub(crate) known: Millis,
    pub(crate) item: Option<ItemId>,
    pub(crate) matter: Option<MatterId>,
    pub(crate) reporter: Vec<u8>,
    pub(crate) sealed: bool,
    pub(crate) reported: Millis,
    pub(crate) clause: String,
    pub(crate) about: Option<PersonId>,
    pub(crate) about_name: String,
    pub(crate) employment: String,
    pub(crate) handler: Option<PersonId>,
    pub(crate) handler_name: String,
    pub(crate) personal: String,
    pub(crate) charge: String,
    pub(crate) answer_by: String,
    pub(crate) sanction: String,
    pub(crate) decided: Millis,
    pub(crate) lesson: String,
    pub(crate) closed: Millis,
}

/// The row of a step of a case.
#[derive(Default)]
pub(crate) struct StepRow {
    pub(crate) event: String,
    pub(crate) made: Millis,
    pub(crate) made_name: String,
    pub(crate) step: String,
    pub(crate) told: String,
    pub(crate) salt: String,
    pub(crate) clock: String,
    pub(crate) day: String,
}

fn text<T: ToString>(id: Option<T>) -> String {
    id.map_or_else(String::new, |id| id.to_string())
}

/// Keeps a case.
pub(super) async fn insert(connection: &mut AnyConnection, row: &ViolationRow) -> Result<()> {
    sqlx::query(
        "insert into violation (id, number, kind, state, told, happened_on, known, item, matter, reporter, sealed, \
         reported, clause, about, about_name, employment, handler, handler_name, personal, charge, answer_by, \
         sanction, decided, lesson, closed) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '', '', 'none', '', '', '', \
         0, '', 0)",
    )
    .bind(row.id.to_string())
    .bind(&row.number)
    .bind(&row.kind)
    .bind(&row.state)
    .bind(&row.told)
    .bind(&row.happened_on)
    .bind(row.known)
    .bind(text(row.item))
    .bind(text(row.matter))
    .bind(&row.reporter)
    .bind(i64::from(row.sealed))
    .bind(row.reported)
    .bind(&row.clause)
    .bind(text(row.about))
    .bind(&row.about_name)
    .bind(&row.employment)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps where a case stands.
pub(super) async fn update(connection: &mut AnyConnection, row: &ViolationRow) -> Result<()> {
    sqlx::query(
        "update violation set state = $2, clause = $3, about = $4, about_name = $5, employment = $6, handler = $7, \
         handler_name = $8, personal = $9, charge = $10, answer_by = $11, sanction = $12, decided = $13, \
         lesson = $14, closed = $15 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(&row.state)
    .bind(&row.clause)
    .bind(text(row.about))
    .bind(&row.about_name)
    .bind(&row.employment)
    .bind(text(row.handler))
    .bind(&row.handler_name)
    .bind(&row.personal)
    .bind(&row.charge)
    .bind(&row.answer_by)
    .bind(&row.sanction)
    .bind(row.decided)
    .bind(&row.lesson)
    .bind(row.closed)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<ViolationRow> {
    fn id<T: std::str::FromStr<Err = crate::id::NoId>>(
        row: &sqlx::any::AnyRow,
        name: &str,
    ) -> Result<Option<T>> {
        let text: String = row.try_get(name)?;
        (!text.is_empty()).then(|| text.parse().map_err(Error::internal)).transpose()
    }
    Ok(ViolationRow {
        id: row.try_get::<String, _>("id")?.parse().map_err(Error::internal)?,
        number: row.try_get("number")?,
        kind: row.try_get("kind")?,
        state: row.try_get("state")?,
        told: row.try_get("told")?,
        happened_on: row.try_get("happened_on")?,
        known: row.try_get("known")?,
        item: id(row, "item")?,
        matter: id(row, "matter")?,
        reporter: row.try_get("reporter")?,
        sealed: row.try_get::<i64, _>("sealed")? != 0,
        reported: row.try_get("reported")?,
        clause: row.try_get("clause")?,
        about: id(row, "about")?,
        about_name: row.try_get("about_name")?,
        employment: row.try_get("employment")?,
        handler: id(row, "handler")?,
        handler_name: row.try_get("handler_name")?,
        personal: row.try_get("personal")?,
        charge: row.try_get("charge")?,
        answer_by: row.try_get("answer_by")?,
        sanction: row.try_get("sanction")?,
        decided: row.try_get("decided")?,
        lesson: row.try_get("lesson")?,
        closed: row.try_get("closed")?,
    })
}

/// A case.
pub(super) async fn violation(
    connection: &mut AnyConnection,
    id: ViolationId,
) -> Result<Option<ViolationRow>> {
    let row = sqlx::query("select * from violation where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// All cases, the newest first.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<ViolationRow>> {
    let rows = sqlx::query("select * from violation order by reported desc, id desc");
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// The cases that are not over.
pub(super) async fn open(connection: &mut AnyConnection) -> Result<Vec<ViolationRow>> {
    let rows = sqlx::query("select * from violation where closed = 0 order by reported, id");
    rows.fetch_all(connection).await?.iter().map(read).collect()
}

/// How many cases have a number of a year.
pub(super) async fn numbered(connection: &mut AnyConnection, year: &str) -> Result<i64> {
    let count = sqlx::query_scalar("select count(*) from violation where number like $1")
        .bind(format!("{year}-%"))
        .fetch_one(connection)
        .await?;
    Ok(count)
}

/// How many cases on each clause are not over.
pub(crate) async fn by_clause(connection: &mut AnyConnection) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query_as(
        "select clause, count(*) from violation where closed = 0 and state <> 'reported' and clause <> '' \
         group by clause",
    )
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Keeps a step.
pub(super) async fn insert_step(
    connection: &mut AnyConnection,
    violation: ViolationId,
    step: &StepRow,
) -> Result<()> {
    sqlx::query(
        "insert into violation_step (event, violation, number, made, made_name, step, told, salt, clock, day) \
         values ($1, $2, (select count(*) + 1 from violation_step where violation = $2), $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&step.event)
    .bind(violation.to_string())
    .bind(step.made)
    .bind(&step.made_name)
    .bind(&step.step)
    .bind(&step.told)
    .bind(&step.salt)
    .bind(&step.clock)
    .bind(&step.day)
    .execute(connection)
    .await?;
    Ok(())
}

/// The steps of a case, the first one first.
pub(super) async fn steps(connection: &mut AnyConnection, violation: ViolationId) -> Result<Vec<StepRow>> {
    let rows = sqlx::query(
        "select event, made, made_name, step, told, salt, clock, day from violation_step \
         where violation = $1 order by number",
    )
    .bind(violation.to_string())
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        Ok(StepRow {
            event: row.try_get("event")?,
            made: row.try_get("made")?,
            made_name: row.try_get("made_name")?,
            step: row.try_get("step")?,
            told: row.try_get("told")?,
            salt: row.try_get("salt")?,
            clock: row.try_get("clock")?,
            day: row.try_get("day")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Ties a resolution to the case that it decides on.
pub(super) async fn decide(
    connection: &mut AnyConnection,
    violation: ViolationId,
    resolution: ResolutionId,
) -> Result<()> {
    sqlx::query("insert into violation_decision (resolution, violation) values ($1, $2)")
        .bind(resolution.to_string())
        .bind(violation.to_string())
        .execute(connection)
        .await
        .map_err(|error| match Error::from(error) {
            Error::Conflict(_) => {
                Error::conflict("this resolution decided already: put it before the body again")
            }
            other => other,
        })?;
    Ok(())
}

/// Held material of an item or of a matter: ids and shards. What is held for a case already is left out.
pub(super) async fn to_hold(
    connection: &mut AnyConnection,
    violation: ViolationId,
    item: Option<ItemId>,
    matter: Option<MatterId>,
) -> Result<Vec<(ItemId, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select id, shard from item where (id = $1 or ($1 = '' and matter = $2)) and state = 'held' \
         and not exists (select 1 from violation_hold h join hold o on o.id = h.hold \
         where h.item = item.id and h.violation = $3 and o.released = 0) order by id",
    )
    .bind(text(item))
    .bind(text(matter))
    .bind(violation.to_string())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|(id, shard)| Ok((id.parse().map_err(Error::internal)?, shard))).collect()
}

/// Notes that a hold is a case's.
pub(super) async fn insert_hold(
    connection: &mut AnyConnection,
    violation: ViolationId,
    hold: HoldId,
    item: ItemId,
) -> Result<()> {
    sqlx::query("insert into violation_hold (hold, violation, item) values ($1, $2, $3)")
        .bind(hold.to_string())
        .bind(violation.to_string())
        .bind(item.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// The holds of a case that are not released: hold, item and the item's shard.
pub(super) async fn holds(
    connection: &mut AnyConnection,
    violation: ViolationId,
) -> Result<Vec<(HoldId, ItemId, String)>> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select h.hold, h.item, i.shard from violation_hold h join hold o on o.id = h.hold \
         join item i on i.id = h.item where h.violation = $1 and o.released = 0 order by h.hold",
    )
    .bind(violation.to_string())
    .fetch_all(connection)
    .await?;
    let read = |(hold, item, shard): (String, String, String)| {
        Ok((hold.parse().map_err(Error::internal)?, item.parse().map_err(Error::internal)?, shard))
    };
    rows.into_iter().map(read).collect()
}
