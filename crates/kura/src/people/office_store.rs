//! Statements on offices: who is appointed until when, what is delegated, and who holds which office on a day.
//!
//! An appointment is not held after its last day, nor while it is delegated: then it is held by whom it is delegated to. All
//! of it is derived from the day; nothing is written when a term or a delegation ends. The door says the same of the one who
//! asks (`store::asker`), in the statement of every decision.

use sqlx::AnyConnection;

use super::store::touch;
use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{DelegationId, PersonId};

/// Somebody who holds an office on a day.
#[derive(Debug, Clone)]
pub(crate) struct Holding {
    pub(crate) office: String,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) suspended: bool,
    /// The last day, of the term or of the delegation; empty for none.
    pub(crate) until: String,
    /// Who was appointed to it: whoever holds it, or whoever delegated it to them.
    pub(crate) seat: PersonId,
    /// The name of whoever delegated it; empty when they hold it in their own right.
    pub(crate) by: String,
}

type HoldingRow = (String, String, String, i64, String, String, String);

/// Who holds which office on a day, by office and name. There are few.
pub(crate) async fn holders(connection: &mut AnyConnection, today: &str) -> Result<Vec<Holding>> {
    let rows: Vec<HoldingRow> = sqlx::query_as(
        "select o.office, p.id, p.name, p.suspended, o.until, p.id, '' \
         from office o join person p on p.id = o.person \
         where (o.until = '' or o.until >= $1) and not exists (select 1 from delegation d \
         where d.person = o.person and d.office = o.office and d.ended = 0 \
         and d.first_day <= $1 and d.last_day >= $1) \
         union all select d.office, t.id, t.name, t.suspended, \
         case when o.until <> '' and o.until < d.last_day then o.until else d.last_day end, p.id, p.name \
         from delegation d join office o on o.person = d.person and o.office = d.office \
         join person p on p.id = d.person join person t on t.id = d.delegate \
         where d.ended = 0 and d.first_day <= $1 and d.last_day >= $1 and (o.until = '' or o.until >= $1) \
         order by 1, 3, 2",
    )
    .bind(today)
    .fetch_all(connection)
    .await?;
    let holding = |(office, person, name, suspended, until, seat, by): HoldingRow| {
        Ok(Holding {
            office,
            person: person.parse().map_err(Error::internal)?,
            name,
            suspended: suspended != 0,
            until,
            seat: seat.parse().map_err(Error::internal)?,
            by,
        })
    };
    rows.into_iter().map(holding).collect()
}

/// Who is appointed until a day between these two, and until which: a line for each office.
pub(crate) async fn ending(
    connection: &mut AnyConnection,
    first: &str,
    last: &str,
) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select person, until from office where until <> '' and until >= $1 and until <= $2 order by until, person",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    let read = |(person, until): (String, String)| Ok((person.parse().map_err(Error::internal)?, until));
    rows.into_iter().map(read).collect()
}

/// The offices that a person is appointed to, whatever the day and whoever holds them meanwhile.
pub(crate) async fn appointed(connection: &mut AnyConnection, person: PersonId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sqlx::query_as("select office from office where person = $1 order by office")
        .bind(person.to_string())
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|(office,)| office).collect())
}

/// The last day of a person's appointment to an office, empty for none; nothing when they are not appointed, or were.
pub(crate) async fn term(
    connection: &mut AnyConnection,
    person: PersonId,
    office: &str,
    today: &str,
) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as(
        "select until from office where person = $1 and office = $2 and (until = '' or until >= $3)",
    )
    .bind(person.to_string())
    .bind(office)
    .bind(today)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(until,)| until))
}

/// Gives an office until a day, empty for no end, or takes it; moves the person's revision on. Delegations of it that this
/// leaves without a ground end: those by whoever does not hold it, and those to whoever holds it in their own right now.
pub(crate) async fn set_office(
    tx: &mut Tx<'_>,
    id: PersonId,
    office: &str,
    until: Option<&str>,
) -> Result<()> {
    let today = tx.today().to_string();
    let held = term(tx.connection(), id, office, &today).await?.is_some();
    sqlx::query("delete from office where person = $1 and office = $2")
        .bind(id.to_string())
        .bind(office)
        .execute(tx.connection())
        .await?;
    if let Some(until) = until {
        sqlx::query("insert into office (person, office, until) values ($1, $2, $3)")
            .bind(id.to_string())
            .bind(office)
            .bind(until)
            .execute(tx.connection())
            .await?;
        end_delegations(tx, office, None, Some(id)).await?;
    }
    if until.is_none() || !held {
        end_delegations(tx, office, Some(id), None).await?;
    }
    touch(tx, id).await
}

/// Whether somebody is left who keeps the register, without end: without them nobody could undo the change.
pub(crate) async fn check_administered(tx: &mut Tx<'_>) -> Result<()> {
    let row: (i64,) = sqlx::query_as(
        "select count(*) from office o join person p on p.id = o.person where p.suspended = 0 and o.until = '' \
         and (o.office = 'system_administrator' or o.office = 'chief_system_administrator')",
    )
    .fetch_one(tx.connection())
    .await?;
    if row.0 == 0 {
        return Err(Error::conflict(
            "nobody would be left to keep the register: appoint another system administrator without a last day first",
        ));
    }
    Ok(())
}

/// A delegation that stands or is to come.
#[derive(Debug, Clone)]
pub(crate) struct DelegationRow {
    pub(crate) id: DelegationId,
    pub(crate) office: String,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) delegate: PersonId,
    pub(crate) delegate_name: String,
    pub(crate) first_day: String,
    /// The last day, of the delegation or of the term that ends before.
    pub(crate) last_day: String,
    pub(crate) reason: String,
}

impl DelegationRow {
    /// Whether it stands on any day from one to another.
    pub(crate) fn stands(&self, first: &str, last: &str) -> bool {
        self.first_day.as_str() <= last && self.last_day.as_str() >= first
    }
}

type DelegationTuple = (String, String, String, String, String, String, String, String, String);

/// The delegations that stand on a day or are to come, the first ones first.
pub(crate) async fn delegations(connection: &mut AnyConnection, today: &str) -> Result<Vec<DelegationRow>> {
    let rows: Vec<DelegationTuple> = sqlx::query_as(
        "select d.id, d.office, d.person, p.name, d.delegate, t.name, d.first_day, \
         case when o.until <> '' and o.until < d.last_day then o.until else d.last_day end, d.reason \
         from delegation d join office o on o.person = d.person and o.office = d.office \
         join person p on p.id = d.person join person t on t.id = d.delegate \
         where d.ended = 0 and d.last_day >= $1 \
         and (o.until = '' or (o.until >= $1 and o.until >= d.first_day)) order by d.first_day, d.id",
    )
    .bind(today)
    .fetch_all(connection)
    .await?;
    let read = |(id, office, person, name, delegate, delegate_name, first_day, last_day, reason)| {
        let (id, person, delegate): (String, String, String) = (id, person, delegate);
        Ok(DelegationRow {
            id: id.parse().map_err(Error::internal)?,
            office,
            person: person.parse().map_err(Error::internal)?,
            name,
            delegate: delegate.parse().map_err(Error::internal)?,
            delegate_name,
            first_day,
            last_day,
            reason,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Keeps a delegation; moves the revisions of both on.
pub(crate) async fn insert_delegation(tx: &mut Tx<'_>, row: &DelegationRow) -> Result<()> {
    let made: Millis = tx.now();
    sqlx::query(
        "insert into delegation (id, office, person, delegate, first_day, last_day, reason, made, ended) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
    )
    .bind(row.id.to_string())
    .bind(&row.office)
    .bind(row.person.to_string())
    .bind(row.delegate.to_string())
    .bind(&row.first_day)
    .bind(&row.last_day)
    .bind(&row.reason)
    .bind(made)
    .execute(tx.connection())
    .await?;
    touch(tx, row.person).await?;
    touch(tx, row.delegate).await
}

/// Whether a delegation was ever made.
pub(crate) async fn was_delegated(connection: &mut AnyConnection, id: DelegationId) -> Result<bool> {
    let row: Option<(String,)> = sqlx::query_as("select id from delegation where id = $1")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Ends a delegation; moves the revisions of both on.
pub(crate) async fn end_delegation(tx: &mut Tx<'_>, id: DelegationId, both: [PersonId; 2]) -> Result<()> {
    let now: Millis = tx.now();
    sqlx::query("update delegation set ended = $2 where id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?;
    for person in both {
        touch(tx, person).await?;
    }
    Ok(())
}

/// Ends the delegations of an office, of all of them when it is empty, by somebody and to somebody; how many.
pub(crate) async fn end_delegations(
    tx: &mut Tx<'_>,
    office: &str,
    by: Option<PersonId>,
    to: Option<PersonId>,
) -> Result<usize> {
    let today = tx.today().to_string();
    let told = |person: Option<PersonId>| person.map_or_else(String::new, |person| person.to_string());
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select id, person, delegate from delegation where ended = 0 and last_day >= $1 \
         and (office = $2 or $2 = '') and (person = $3 or delegate = $4)",
    )
    .bind(today)
    .bind(office)
    .bind(told(by))
    .bind(told(to))
    .fetch_all(tx.connection())
    .await?;
    for (id, person, delegate) in &rows {
        let both = [person.parse().map_err(Error::internal)?, delegate.parse().map_err(Error::internal)?];
        end_delegation(tx, id.parse().map_err(Error::internal)?, both).await?;
    }
    Ok(rows.len())
}

/// From whose place somebody acts in an office: whoever delegated it to them, or they themselves.
pub(crate) async fn seat(
    connection: &mut AnyConnection,
    person: PersonId,
    office: &str,
    today: &str,
) -> Result<PersonId> {
    let standing = delegations(connection, today).await?;
    let own = standing
        .iter()
        .find(|row| row.delegate == person && row.office == office && row.stands(today, today));
    Ok(own.map_or(person, |row| row.person))
}
