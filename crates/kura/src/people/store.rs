//! Statements on people.

use sqlx::Row as _;

use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{PartyId, PersonId};

/// A person's row, without offices and matters.
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) employment: String,
    pub(crate) party: Option<PartyId>,
    pub(crate) until: Millis,
    pub(crate) clearance: i64,
    pub(crate) suspended: bool,
    pub(crate) trained_until: Millis,
    pub(crate) acknowledged: i64,
    pub(crate) password: String,
}

/// Adds a person.
pub(crate) async fn insert(tx: &mut Tx<'_>, row: &PersonRow) -> Result<()> {
    sqlx::query(
        "insert into person (id, login, name, employment, party, until, clearance, suspended, \
         trained_until, acknowledged, password, rev) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
    )
    .bind(row.id.to_string())
    .bind(&row.login)
    .bind(&row.name)
    .bind(&row.employment)
    .bind(
        row.party
            .map_or_else(String::new, |party| party.to_string()),
    )
    .bind(row.until)
    .bind(row.clearance)
    .bind(i64::from(row.suspended))
    .bind(row.trained_until)
    .bind(row.acknowledged)
    .bind(&row.password)
    .execute(tx.connection())
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::invalid("login", "somebody already signs in with this name"),
        other => other,
    })?;
    Ok(())
}

/// A person's row.
pub(crate) async fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<PersonRow> {
    let row = sqlx::query("select * from person where id = $1")
        .bind(id.to_string())
        .fetch_optional(tx.connection())
        .await?
        .ok_or(Error::NotFound("person"))?;
    read(&row)
}

fn read(row: &sqlx::any::AnyRow) -> Result<PersonRow> {
    let party: String = row.try_get("party")?;
    Ok(PersonRow {
        id: row
            .try_get::<String, _>("id")?
            .parse()
            .map_err(Error::internal)?,
        login: row.try_get("login")?,
        name: row.try_get("name")?,
        employment: row.try_get("employment")?,
        party: (!party.is_empty())
            .then(|| party.parse().map_err(Error::internal))
            .transpose()?,
        until: row.try_get("until")?,
        clearance: row.try_get("clearance")?,
        suspended: row.try_get::<i64, _>("suspended")? != 0,
        trained_until: row.try_get("trained_until")?,
        acknowledged: row.try_get("acknowledged")?,
        password: row.try_get("password")?,
    })
}

/// Everyone, by sign-in name.
pub(crate) async fn all(tx: &mut Tx<'_>) -> Result<Vec<PersonRow>> {
    let rows = sqlx::query("select * from person order by login")
        .fetch_all(tx.connection())
        .await?;
    rows.iter().map(read).collect()
}

/// A person's offices.
pub(crate) async fn offices(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select office from office where person = $1 order by office")
            .bind(id.to_string())
            .fetch_all(tx.connection())
            .await?;
    Ok(rows.into_iter().map(|(office,)| office).collect())
}

/// Writes a person's row back and moves its revision on.
pub(crate) async fn update(tx: &mut Tx<'_>, row: &PersonRow) -> Result<()> {
    sqlx::query(
        "update person set name = $2, employment = $3, until = $4, clearance = $5, suspended = $6, \
         trained_until = $7, acknowledged = $8, password = $9, rev = rev + 1 where id = $1",
    )
    .bind(row.id.to_string())
    .bind(&row.name)
    .bind(&row.employment)
    .bind(row.until)
    .bind(row.clearance)
    .bind(i64::from(row.suspended))
    .bind(row.trained_until)
    .bind(row.acknowledged)
    .bind(&row.password)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Gives or takes an office; moves the person's revision on.
pub(crate) async fn set_office(
    tx: &mut Tx<'_>,
    id: PersonId,
    office: &str,
    holds: bool,
) -> Result<()> {
    sqlx::query("delete from office where person = $1 and office = $2")
        .bind(id.to_string())
        .bind(office)
        .execute(tx.connection())
        .await?;
    if holds {
        sqlx::query("insert into office (person, office) values ($1, $2)")
            .bind(id.to_string())
            .bind(office)
            .execute(tx.connection())
            .await?;
    }
    touch(tx, id).await
}

/// Moves a person's revision on.
pub(crate) async fn touch(tx: &mut Tx<'_>, id: PersonId) -> Result<()> {
    sqlx::query("update person set rev = rev + 1 where id = $1")
        .bind(id.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}
