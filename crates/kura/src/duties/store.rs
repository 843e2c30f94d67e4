//! Statements on duties' occurrences.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::{DONE, OPEN, OccurrenceView, REPORTED};
use crate::clock::{self, Millis};
use crate::error::{Error, Result};
use crate::id::{EventId, OccurrenceId, PersonId};
use crate::people::office_store::{self, Holding};

/// An occurrence's row.
#[derive(Debug, Clone)]
pub(crate) struct OccurrenceRow {
    pub(crate) id: OccurrenceId,
    pub(crate) duty: String,
    pub(crate) scheduled_on: String,
    pub(crate) cause: String,
    pub(crate) due_on: String,
    pub(crate) last_day: String,
    pub(crate) office: String,
    pub(crate) deputy: String,
    pub(crate) version: i64,
    pub(crate) state: String,
    pub(crate) source: String,
    pub(crate) done: Millis,
    pub(crate) done_on: String,
    pub(crate) done_by: Option<PersonId>,
    pub(crate) done_name: String,
    pub(crate) done_office: String,
    pub(crate) late: bool,
    pub(crate) told: String,
    /// -1 when it was not counted.
    pub(crate) population: i64,
    /// -1 when it was not counted.
    pub(crate) found: i64,
    pub(crate) witness_name: String,
    pub(crate) witnessed: Millis,
    /// The record of whoever saw it.
    pub(crate) witness_event: String,
    pub(crate) event: String,
}

impl OccurrenceRow {
    /// As it is told to people on a day.
    pub(crate) fn view(self, today: &str) -> OccurrenceView {
        let waits = self.state == OPEN;
        let counted = |number: i64| (number >= 0).then_some(number);
        OccurrenceView {
            occurrence: self.id,
            late: if waits { self.last_day.as_str() < today } else { self.late },
            duty: self.duty,
            scheduled_on: self.scheduled_on,
            due_on: self.due_on,
            last_day: self.last_day,
            state: self.state,
            source: self.source,
            done: clock::told(self.done),
            done_on: self.done_on,
            done_by: self.done_name,
            office: if waits { self.office } else { self.done_office },
            told: self.told,
            population: counted(self.population),
            found: counted(self.found),
            witness: self.witness_name,
            event: self.event,
        }
    }
}

fn row(row: &AnyRow) -> Result<OccurrenceRow> {
    let id: String = row.try_get("id")?;
    let by: String = row.try_get("done_by")?;
    let late: i64 = row.try_get("late")?;
    Ok(OccurrenceRow {
        id: id.parse().map_err(Error::internal)?,
        duty: row.try_get("duty")?,
        scheduled_on: row.try_get("scheduled_on")?,
        cause: row.try_get("cause")?,
        due_on: row.try_get("due_on")?,
        last_day: row.try_get("last_day")?,
        office: row.try_get("office")?,
        deputy: row.try_get("deputy")?,
        version: row.try_get("version")?,
        state: row.try_get("state")?,
        source: row.try_get("source")?,
        done: row.try_get("done")?,
        done_on: row.try_get("done_on")?,
        done_by: if by.is_empty() { None } else { Some(by.parse().map_err(Error::internal)?) },
        done_name: row.try_get("done_name")?,
        done_office: row.try_get("done_office")?,
        late: late != 0,
        told: row.try_get("told")?,
        population: row.try_get("population")?,
        found: row.try_get("found")?,
        witness_name: row.try_get("witness_name")?,
        witnessed: row.try_get("witnessed")?,
        witness_event: row.try_get("witness_event")?,
        event: row.try_get("event")?,
    })
}

/// Makes an occurrence, unless the same one was made already; whether it was made.
pub(crate) async fn insert(connection: &mut AnyConnection, row: &OccurrenceRow) -> Result<bool> {
    let made = sqlx::query(
        "insert into duty_occurrence (id, duty, scheduled_on, cause, due_on, last_day, office, deputy, version, state, \
         source, done, done_on, done_by, done_name, done_office, late, told, population, found, witness_name, \
         witnessed, event) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, '', '', '', '', 0, '', -1, -1, '', 0, '') \
         on conflict (duty, scheduled_on, cause) do nothing",
    )
    .bind(row.id.to_string())
    .bind(&row.duty)
    .bind(&row.scheduled_on)
    .bind(&row.cause)
    .bind(&row.due_on)
    .bind(&row.last_day)
    .bind(&row.office)
    .bind(&row.deputy)
    .bind(row.version)
    .bind(&row.state)
    .execute(connection)
    .await?;
    Ok(made.rows_affected() > 0)
}

/// Writes what became of an occurrence.
pub(crate) async fn update(connection: &mut AnyConnection, row: &OccurrenceRow) -> Result<()> {
    sqlx::query(
        "update duty_occurrence set office = $2, deputy = $3, state = $4, source = $5, done = $6, done_on = $7, \
         done_by = $8, done_name = $9, done_office = $10, late = $11, told = $12, population = $13, found = $14, \
         witness_name = $15, witnessed = $16, event = $17, witness_event = $18 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(&row.office)
    .bind(&row.deputy)
    .bind(&row.state)
    .bind(&row.source)
    .bind(row.done)
    .bind(&row.done_on)
    .bind(row.done_by.map_or_else(String::new, |by| by.to_string()))
    .bind(&row.done_name)
    .bind(&row.done_office)
    .bind(i64::from(row.late))
    .bind(&row.told)
    .bind(row.population)
    .bind(row.found)
    .bind(&row.witness_name)
    .bind(row.witnessed)
    .bind(&row.event)
    .bind(&row.witness_event)
    .execute(connection)
    .await?;
    Ok(())
}

/// An occurrence by its id.
pub(crate) async fn occurrence(
    connection: &mut AnyConnection,
    id: OccurrenceId,
) -> Result<Option<OccurrenceRow>> {
    let found = sqlx::query("select * from duty_occurrence where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    found.as_ref().map(row).transpose()
}

/// Occurrences that are not done yet, or wait for a witness, the earliest first.
pub(crate) async fn waiting(connection: &mut AnyConnection) -> Result<Vec<OccurrenceRow>> {
    let text = format!(
        "select * from duty_occurrence where state in ('{OPEN}', '{REPORTED}') order by last_day, duty, scheduled_on"
    );
    let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(connection).await?;
    rows.iter().map(row).collect()
}

/// The newest occurrences of a duty, so many.
pub(crate) async fn newest(
    connection: &mut AnyConnection,
    duty: &str,
    limit: i64,
) -> Result<Vec<OccurrenceRow>> {
    let rows = sqlx::query(
        "select * from duty_occurrence where duty = $1 order by scheduled_on desc, cause desc limit $2",
    )
    .bind(duty)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(row).collect()
}

/// The occurrences of a duty from one day to another, both included.
pub(crate) async fn within(
    connection: &mut AnyConnection,
    duty: &str,
    from: &str,
    until: &str,
) -> Result<Vec<OccurrenceRow>> {
    let rows = sqlx::query(
        "select * from duty_occurrence where duty = $1 and scheduled_on >= $2 and scheduled_on <= $3 \
         order by scheduled_on, cause",
    )
    .bind(duty)
    .bind(from)
    .bind(until)
    .fetch_all(connection)
    .await?;
    rows.iter().map(row).collect()
}

/// The newest occurrence of each duty that was done.
pub(crate) async fn last_done(connection: &mut AnyConnection) -> Result<Vec<OccurrenceRow>> {
    let text = format!(
        "select o.* from duty_occurrence o join (select duty, max(scheduled_on) as newest from duty_occurrence \
         where state = '{DONE}' group by duty) n on n.duty = o.duty and n.newest = o.scheduled_on \
         where o.state = '{DONE}'"
    );
    let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(connection).await?;
    rows.iter().map(row).collect()
}

/// How often each duty was done since a day: in time, late, and how often with something found.
pub(crate) async fn tallies(
    connection: &mut AnyConnection,
    since: &str,
) -> Result<BTreeMap<String, (i64, i64)>> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(AssertSqlSafe(format!(
        "select duty, count(*), cast(coalesce(sum(late), 0) as bigint) from duty_occurrence \
         where state = '{DONE}' and scheduled_on >= $1 group by duty"
    )))
    .bind(since)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(duty, done, late)| (duty, (done - late, late))).collect())
}

/// The day on which each person was reminded the last time.
pub(crate) async fn last_reminders(connection: &mut AnyConnection) -> Result<BTreeMap<PersonId, String>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select person, max(day) from reminder group by person").fetch_all(connection).await?;
    rows.into_iter().map(|(person, day)| Ok((person.parse().map_err(Error::internal)?, day))).collect()
}

/// Somebody who is reached by mail.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) person: PersonId,
    pub(crate) mail: String,
    pub(crate) offices: Vec<String>,
    /// The version of the policy that they acknowledged.
    pub(crate) acknowledged: i64,
}

impl Reached {
    /// Whether they hold an office, or a place in a body.
    pub(crate) fn holds(&self, office: &str) -> bool {
        self.offices.iter().any(|held| held == office)
    }
}

/// Officers and staff who may act and are reached by mail, with the offices that they hold on a day.
pub(crate) async fn reached_by_mail(connection: &mut AnyConnection, today: &str) -> Result<Vec<Reached>> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select id, mail, acknowledged from person where party = '' and suspended = 0 and mail <> '' order by id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut reached = BTreeMap::<PersonId, Reached>::new();
    for (person, mail, acknowledged) in rows {
        let person: PersonId = person.parse().map_err(Error::internal)?;
        reached.insert(person, Reached { person, mail, acknowledged, offices: vec![] });
    }
    for Holding { person, office, .. } in office_store::holders(connection, today).await? {
        if let Some(one) = reached.get_mut(&person) {
            one.offices.push(office);
        }
    }
    Ok(reached.into_values().collect())
}

/// Notes that somebody is to be reminded on a day.
pub(crate) async fn insert_reminder(
    connection: &mut AnyConnection,
    person: PersonId,
    day: &str,
    event: EventId,
) -> Result<()> {
    sqlx::query(
        "insert into reminder (person, day, event, sent) values ($1, $2, $3, 0) on conflict (person, day) do nothing",
    )
    .bind(person.to_string())
    .bind(day)
    .bind(event.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// Who has reminders that are not handed in yet, and the day of the newest.
pub(crate) async fn unsent_reminders(connection: &mut AnyConnection) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select person, max(day) from reminder where sent = 0 group by person order by person",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|(person, day)| Ok((person.parse().map_err(Error::internal)?, day))).collect()
}

/// Notes what became of a person's reminders up to a day.
pub(crate) async fn set_reminded(
    connection: &mut AnyConnection,
    person: PersonId,
    day: &str,
    sent: Millis,
) -> Result<()> {
    sqlx::query("update reminder set sent = $3 where person = $1 and day <= $2 and sent = 0")
        .bind(person.to_string())
        .bind(day)
        .bind(sent)
        .execute(connection)
        .await?;
    Ok(())
}

/// How far a duty's days were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) rule: String,
    pub(crate) begins: String,
    pub(crate) made_until: String,
    pub(crate) last_done: String,
}

/// How far every duty's days were made.
pub(crate) async fn marks(connection: &mut AnyConnection) -> Result<BTreeMap<String, Mark>> {
    let rows: Vec<(String, String, String, String, String)> =
        sqlx::query_as("select duty, rule, begins, made_until, last_done from duty_mark")
            .fetch_all(connection)
            .await?;
    let marks = rows.into_iter().map(|(duty, rule, begins, made_until, last_done)| {
        (duty, Mark { rule, begins, made_until, last_done })
    });
    Ok(marks.collect())
}

/// Keeps how far a duty's days were made.
pub(crate) async fn set_mark(connection: &mut AnyConnection, duty: &str, mark: &Mark) -> Result<()> {
    sqlx::query(
        "insert into duty_mark (duty, rule, begins, made_until, last_done) values ($1, $2, $3, $4, $5) \
         on conflict (duty) do update set rule = excluded.rule, begins = excluded.begins, \
         made_until = excluded.made_until, last_done = excluded.last_done",
    )
    .bind(duty)
    .bind(&mark.rule)
    .bind(&mark.begins)
    .bind(&mark.made_until)
    .bind(&mark.last_done)
    .execute(connection)
    .await?;
    Ok(())
}

/// Held material, and how much of it has a custodian who cannot act.
pub(crate) async fn without_custodian(connection: &mut AnyConnection) -> Result<(i64, i64)> {
    let row: (i64, i64) = sqlx::query_as(
        "select count(*), cast(coalesce(sum(case when p.suspended = 0 then 0 else 1 end), 0) as bigint) \
         from item i left join person p on p.id = i.custodian where i.state = 'held'",
    )
    .fetch_one(connection)
    .await?;
    Ok(row)
}

/// Copies at hand, and how many of them are past their time limit.
pub(crate) async fn copies(connection: &mut AnyConnection, now: Millis) -> Result<(i64, i64)> {
    let row: (i64, i64) = sqlx::query_as(
        "select count(*), cast(coalesce(sum(case when due < $1 then 1 else 0 end), 0) as bigint) \
         from copy where ended = 0",
    )
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok(row)
}

/// Officers and staff who may act, and how many of them have not acknowledged a version.
pub(crate) async fn unacknowledged(connection: &mut AnyConnection, version: i64) -> Result<(i64, i64)> {
    let row: (i64, i64) = sqlx::query_as(
        "select count(*), cast(coalesce(sum(case when acknowledged < $1 then 1 else 0 end), 0) as bigint) \
         from person where party = '' and suspended = 0",
    )
    .bind(version)
    .fetch_one(connection)
    .await?;
    Ok(row)
}
