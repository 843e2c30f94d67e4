//! Statements on passkeys.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{EventId, PasskeyId, PersonId, TokenId};

/// A passkey's row.
#[derive(Debug, Clone)]
pub(crate) struct PasskeyRow {
    pub(crate) credential: String,
    pub(crate) id: PasskeyId,
    pub(crate) person: PersonId,
    pub(crate) label: String,
    pub(crate) public_key: String,
    pub(crate) counter: i64,
    pub(crate) synced: bool,
    pub(crate) created: Millis,
    pub(crate) used: Millis,
    pub(crate) event: EventId,
}

fn read(row: &AnyRow) -> Result<PasskeyRow> {
    let text = |column: usize| row.try_get::<String, _>(column);
    Ok(PasskeyRow {
        credential: text(0)?,
        id: text(1)?.parse().map_err(Error::internal)?,
        person: text(2)?.parse().map_err(Error::internal)?,
        label: text(3)?,
        public_key: text(4)?,
        counter: row.try_get(5)?,
        synced: row.try_get::<i64, _>(6)? != 0,
        created: row.try_get(7)?,
        used: row.try_get(8)?,
        event: text(9)?.parse().map_err(Error::internal)?,
    })
}

/// Keeps a passkey.
pub(crate) async fn insert(tx: &mut Tx<'_>, row: &PasskeyRow) -> Result<()> {
    sqlx::query(
        "insert into passkey (credential, id, person, label, public_key, counter, synced, created, used, event, \
         removed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)",
    )
    .bind(&row.credential)
    .bind(row.id.to_string())
    .bind(row.person.to_string())
    .bind(&row.label)
    .bind(&row.public_key)
    .bind(row.counter)
    .bind(i64::from(row.synced))
    .bind(row.created)
    .bind(row.used)
    .bind(row.event.to_string())
    .execute(tx.connection())
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::conflict("this passkey is registered already"),
        other => other,
    })?;
    Ok(())
}

/// A person's passkeys, oldest first.
pub(crate) async fn of_person(connection: &mut AnyConnection, person: PersonId) -> Result<Vec<PasskeyRow>> {
    let rows = sqlx::query(
        "select credential, id, person, label, public_key, counter, synced, created, used, event from passkey \
         where person = $1 and removed = 0 order by id",
    )
    .bind(person.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter().map(read).collect()
}

/// The passkey with this credential id.
pub(crate) async fn by_credential(
    connection: &mut AnyConnection,
    credential: &str,
) -> Result<Option<PasskeyRow>> {
    let row = sqlx::query(
        "select credential, id, person, label, public_key, counter, synced, created, used, event from passkey \
         where credential = $1 and removed = 0",
    )
    .bind(credential)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Takes a person's passkey away; whether there was one.
pub(crate) async fn remove(tx: &mut Tx<'_>, id: PasskeyId, person: PersonId) -> Result<bool> {
    let now = tx.now();
    let gone = sqlx::query("update passkey set removed = $3 where id = $1 and person = $2 and removed = 0")
        .bind(id.to_string())
        .bind(person.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(gone > 0)
}

/// Takes all of a person's passkeys away; how many.
pub(crate) async fn remove_all(tx: &mut Tx<'_>, person: PersonId) -> Result<u64> {
    let now = tx.now();
    let gone = sqlx::query("update passkey set removed = $2 where person = $1 and removed = 0")
        .bind(person.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(gone)
}

/// Notes in a session that its person has just shown a second factor.
pub(crate) async fn set_proved(tx: &mut Tx<'_>, session: TokenId) -> Result<()> {
    let (now, person) = (tx.now(), tx.asker_id()?);
    sqlx::query("update token set proved = $2 where id = $1 and person = $3 and kind = 'browser'")
        .bind(session.to_string())
        .bind(now)
        .bind(person.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}
