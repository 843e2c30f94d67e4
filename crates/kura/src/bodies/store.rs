//! Statements on resolutions and votes.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{EventId, PersonId, ResolutionId};
use crate::people::office_store;
use crate::rules::bodies::Votes;

/// A resolution's row.
#[derive(Debug, Clone)]
pub(crate) struct ResolutionRow {
    pub(crate) id: ResolutionId,
    pub(crate) body: String,
    pub(crate) title: String,
    pub(crate) words: String,
    pub(crate) pack: String,
    pub(crate) digest: String,
    pub(crate) state: String,
    pub(crate) opened: Millis,
    pub(crate) opened_by: PersonId,
    pub(crate) opened_name: String,
    pub(crate) closes_on: String,
    pub(crate) closed: Millis,
    /// Members at the closing.
    pub(crate) members: i64,
    pub(crate) event: EventId,
}

/// A vote's row.
#[derive(Debug, Clone)]
pub(crate) struct VoteRow {
    pub(crate) person: PersonId,
    /// Whose place in the body it was cast from: their own, or that of whoever delegated it.
    pub(crate) seat: PersonId,
    /// The name of whoever delegated the place; empty when it is their own.
    pub(crate) by: String,
    pub(crate) name: String,
    pub(crate) choice: String,
    pub(crate) reason: String,
    pub(crate) made: Millis,
    pub(crate) signed: bool,
    pub(crate) event: EventId,
}

fn row(row: &AnyRow) -> Result<ResolutionRow> {
    let (id, by, event): (String, String, String) =
        (row.try_get("id")?, row.try_get("opened_by")?, row.try_get("event")?);
    Ok(ResolutionRow {
        id: id.parse().map_err(Error::internal)?,
        body: row.try_get("body")?,
        title: row.try_get("title")?,
        words: row.try_get("words")?,
        pack: row.try_get("pack")?,
        digest: row.try_get("digest")?,
        state: row.try_get("state")?,
        opened: row.try_get("opened")?,
        opened_by: by.parse().map_err(Error::internal)?,
        opened_name: row.try_get("opened_name")?,
        closes_on: row.try_get("closes_on")?,
        closed: row.try_get("closed")?,
        members: row.try_get("members")?,
        event: event.parse().map_err(Error::internal)?,
    })
}

/// Keeps a resolution.
pub(crate) async fn insert(connection: &mut AnyConnection, row: &ResolutionRow) -> Result<()> {
    sqlx::query(
        "insert into resolution (id, body, title, words, pack, digest, state, opened, opened_by, opened_name, closes_on, \
         closed, members, event) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(row.id.to_string())
    .bind(&row.body)
    .bind(&row.title)
    .bind(&row.words)
    .bind(&row.pack)
    .bind(&row.digest)
    .bind(&row.state)
    .bind(row.opened)
    .bind(row.opened_by.to_string())
    .bind(&row.opened_name)
    .bind(&row.closes_on)
    .bind(row.closed)
    .bind(row.members)
    .bind(row.event.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what became of a resolution.
pub(crate) async fn close(connection: &mut AnyConnection, row: &ResolutionRow) -> Result<()> {
    sqlx::query("update resolution set state = $2, closed = $3, members = $4 where id = $1")
        .bind(row.id.to_string())
        .bind(&row.state)
        .bind(row.closed)
        .bind(row.members)
        .execute(connection)
        .await?;
    Ok(())
}

/// A resolution by its id.
pub(crate) async fn resolution(
    connection: &mut AnyConnection,
    id: ResolutionId,
) -> Result<Option<ResolutionRow>> {
    let found = sqlx::query("select * from resolution where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    found.as_ref().map(row).transpose()
}

/// The newest resolutions, so many.
pub(crate) async fn newest(connection: &mut AnyConnection, limit: i64) -> Result<Vec<ResolutionRow>> {
    let rows = sqlx::query("select * from resolution order by id desc limit $1")
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(row).collect()
}

/// Open resolutions of a body on which neither a person nor anybody from their place has voted: id, title, last day.
pub(crate) async fn awaiting(
    connection: &mut AnyConnection,
    (person, seat): (PersonId, PersonId),
    body: &str,
    today: &str,
) -> Result<Vec<(ResolutionId, String, String)>> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select r.id, r.title, r.closes_on from resolution r where r.state = 'open' and r.body = $2 \
         and r.closes_on >= $3 \
         and not exists (select 1 from vote v where v.resolution = r.id \
         and (v.person = $1 or v.seat = $4)) order by r.closes_on, r.id",
    )
    .bind(person.to_string())
    .bind(body)
    .bind(today)
    .bind(seat.to_string())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|(id, title, day)| Ok((id.parse().map_err(Error::internal)?, title, day))).collect()
}

/// The resolutions upon a pack, the newest first.
pub(crate) async fn upon(connection: &mut AnyConnection, pack: &str) -> Result<Vec<ResolutionRow>> {
    let rows = sqlx::query("select * from resolution where pack = $1 order by id desc limit 20")
        .bind(pack)
        .fetch_all(connection)
        .await?;
    rows.iter().map(row).collect()
}

/// Resolutions whose time has passed and that are not decided.
pub(crate) async fn overdue(connection: &mut AnyConnection, today: &str) -> Result<Vec<ResolutionId>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select id from resolution where state = 'open' and closes_on < $1 order by id")
            .bind(today)
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::internal)).collect()
}

/// Keeps a vote, once for each member and each place; whether it was kept.
pub(crate) async fn insert_vote(
    connection: &mut AnyConnection,
    resolution: ResolutionId,
    vote: &VoteRow,
) -> Result<bool> {
    let kept = sqlx::query(
        "insert into vote (resolution, person, name, choice, reason, made, signed, event, seat) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
    )
    .bind(resolution.to_string())
    .bind(vote.person.to_string())
    .bind(&vote.name)
    .bind(&vote.choice)
    .bind(&vote.reason)
    .bind(vote.made)
    .bind(i64::from(vote.signed))
    .bind(vote.event.to_string())
    .bind(vote.seat.to_string())
    .execute(connection)
    .await?;
    Ok(kept.rows_affected() > 0)
}

/// The votes on a resolution, the first one first.
pub(crate) async fn votes(connection: &mut AnyConnection, resolution: ResolutionId) -> Result<Vec<VoteRow>> {
    type Row = (String, String, String, String, Millis, i64, String, String, String);
    let rows: Vec<Row> = sqlx::query_as(
        "select v.person, v.name, v.choice, v.reason, v.made, v.signed, v.event, v.seat, \
         case when v.seat = v.person then '' else p.name end \
         from vote v join person p on p.id = v.seat where v.resolution = $1 order by v.made, v.person",
    )
    .bind(resolution.to_string())
    .fetch_all(connection)
    .await?;
    let vote = |(person, name, choice, reason, made, signed, event, seat, by): Row| {
        Ok(VoteRow {
            person: person.parse().map_err(Error::internal)?,
            seat: seat.parse().map_err(Error::internal)?,
            by,
            name,
            choice,
            reason,
            made,
            signed: signed != 0,
            event: event.parse().map_err(Error::internal)?,
        })
    };
    rows.into_iter().map(vote).collect()
}

/// How the votes stand.
pub(crate) fn counted(votes: &[VoteRow]) -> Votes {
    let of = |choice: &str| votes.iter().filter(|vote| vote.choice == choice).count() as i64;
    Votes { yes: of("yes"), no: of("no"), abstain: of("abstain"), recused: of("recuse") }
}

/// How many hold a body's office on a day and may act.
pub(crate) async fn members(connection: &mut AnyConnection, body: &str, today: &str) -> Result<i64> {
    let holders = office_store::holders(connection, today).await?;
    Ok(holders.iter().filter(|holding| holding.office == body && !holding.suspended).count() as i64)
}
