//! Statements on attempts at courses.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{AttemptId, PersonId};
use crate::people::office_store;
use crate::rules::courses::Course;

/// An attempt's row.
pub(super) struct AttemptRow {
    pub(super) id: AttemptId,
    pub(super) person: PersonId,
    pub(super) course: String,
    pub(super) edition: i64,
    pub(super) version: i64,
    pub(super) questions: String,
    pub(super) drawn: Millis,
    pub(super) answers: String,
    pub(super) answered: Millis,
    pub(super) correct: i64,
    pub(super) until: Millis,
}

/// A course that somebody completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    pub(crate) course: String,
    pub(crate) edition: i64,
    pub(crate) until: Millis,
}

/// Somebody among the officers and staff, as courses are for them.
pub(crate) struct Learner {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) employment: String,
    pub(crate) offices: Vec<String>,
    /// Whether they are accountable for material or a matter.
    pub(crate) custodian: bool,
    pub(crate) completions: Vec<Completion>,
}

impl Learner {
    /// Whether a course is for them.
    pub(crate) fn takes(&self, course: &Course) -> bool {
        course.is_for(&self.employment, &self.offices, self.custodian)
    }
}

/// Keeps an attempt; those of the same person at the same course that were never answered go.
pub(super) async fn insert(connection: &mut AnyConnection, row: &AttemptRow) -> Result<()> {
    sqlx::query("delete from attempt where person = $1 and course = $2 and answered = 0")
        .bind(row.person.to_string())
        .bind(&row.course)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into attempt (id, person, course, edition, version, questions, drawn, answers, answered, correct, until) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id.to_string())
    .bind(row.person.to_string())
    .bind(&row.course)
    .bind(row.edition)
    .bind(row.version)
    .bind(&row.questions)
    .bind(row.drawn)
    .bind(&row.answers)
    .bind(row.answered)
    .bind(row.correct)
    .bind(row.until)
    .execute(connection)
    .await?;
    Ok(())
}

/// Somebody's own attempt.
pub(super) async fn attempt(
    connection: &mut AnyConnection,
    id: AttemptId,
    person: PersonId,
) -> Result<AttemptRow> {
    let row = sqlx::query("select * from attempt where id = $1 and person = $2")
        .bind(id.to_string())
        .bind(person.to_string())
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("attempt"))?;
    Ok(AttemptRow {
        id,
        person,
        course: row.try_get("course")?,
        edition: row.try_get("edition")?,
        version: row.try_get("version")?,
        questions: row.try_get("questions")?,
        drawn: row.try_get("drawn")?,
        answers: row.try_get("answers")?,
        answered: row.try_get("answered")?,
        correct: row.try_get("correct")?,
        until: row.try_get("until")?,
    })
}

/// Keeps what was answered.
pub(super) async fn answered(connection: &mut AnyConnection, row: &AttemptRow) -> Result<()> {
    sqlx::query("update attempt set answers = $2, answered = $3, correct = $4, until = $5 where id = $1")
        .bind(row.id.to_string())
        .bind(&row.answers)
        .bind(row.answered)
        .bind(row.correct)
        .bind(row.until)
        .execute(connection)
        .await?;
    Ok(())
}

/// What somebody completed: of each edition of a course, until when at the longest.
pub(crate) async fn completions(connection: &mut AnyConnection, person: PersonId) -> Result<Vec<Completion>> {
    let rows: Vec<(String, i64, Millis)> = sqlx::query_as(
        "select course, edition, max(until) from attempt where person = $1 and until > 0 \
         group by course, edition",
    )
    .bind(person.to_string())
    .fetch_all(connection)
    .await?;
    let completion = |(course, edition, until)| Completion { course, edition, until };
    Ok(rows.into_iter().map(completion).collect())
}

/// Whether somebody is accountable for held material or an open matter.
pub(crate) async fn is_custodian(connection: &mut AnyConnection, person: PersonId) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(
        "select cast(1 as bigint) from person p where p.id = $1 \
         and (exists (select 1 from item i where i.custodian = p.id and i.state = 'held') \
         or exists (select 1 from matter m where m.custodian = p.id and m.state = 'open'))",
    )
    .bind(person.to_string())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Officers and staff who may act, by name, with the offices that they hold on a day and what they completed.
pub(crate) async fn staff(connection: &mut AnyConnection, today: &str) -> Result<Vec<Learner>> {
    let mut held = BTreeMap::<String, Vec<String>>::new();
    for holding in office_store::holders(&mut *connection, today).await? {
        held.entry(holding.person.to_string()).or_default().push(holding.office);
    }
    let completed: Vec<(String, String, i64, Millis)> = sqlx::query_as(
        "select person, course, edition, max(until) from attempt where until > 0 \
         group by person, course, edition",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut done = BTreeMap::<String, Vec<Completion>>::new();
    for (person, course, edition, until) in completed {
        done.entry(person).or_default().push(Completion { course, edition, until });
    }
    let people: Vec<(String, String, String, i64)> = sqlx::query_as(
        "select p.id, p.name, p.employment, cast(case \
         when exists (select 1 from item i where i.custodian = p.id and i.state = 'held') then 1 \
         when exists (select 1 from matter m where m.custodian = p.id and m.state = 'open') then 1 \
         else 0 end as bigint) \
         from person p where p.party = '' and p.suspended = 0 order by p.name, p.id",
    )
    .fetch_all(connection)
    .await?;
    let learner = |(id, name, employment, custodian): (String, String, String, i64)| {
        Ok(Learner {
            person: id.parse().map_err(Error::internal)?,
            offices: held.remove(&id).unwrap_or_default(),
            completions: done.remove(&id).unwrap_or_default(),
            custodian: custodian != 0,
            name,
            employment,
        })
    };
    people.into_iter().map(learner).collect()
}

/// Sets until when everybody's training is valid, by their completions of a course in an edition or a later one.
pub(super) async fn retrain(connection: &mut AnyConnection, course: &str, edition: i64) -> Result<()> {
    sqlx::query(
        "update person set rev = rev + 1, trained_until = coalesce((select max(a.until) from attempt a \
         where a.person = person.id and a.course = $1 and a.edition >= $2), 0) where party = ''",
    )
    .bind(course)
    .bind(edition)
    .execute(connection)
    .await?;
    Ok(())
}
