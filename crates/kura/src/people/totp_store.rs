//! Statements on one-time codes and recovery codes.

use sqlx::{AnyConnection, Row as _};

use crate::clock::Millis;
use crate::door::Tx;
use crate::error::Result;
use crate::id::PersonId;

/// A person's secret, sealed, and the step of the last code that was used.
pub(crate) struct TotpRow {
    pub(crate) sealed: Vec<u8>,
    pub(crate) last_step: i64,
}

/// A person's secret, when they have one.
pub(crate) async fn of_person(connection: &mut AnyConnection, person: PersonId) -> Result<Option<TotpRow>> {
    let row = sqlx::query("select sealed, last_step from totp where person = $1")
        .bind(person.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok(TotpRow { sealed: row.try_get(0)?, last_step: row.try_get(1)? })).transpose()
}

/// When a person set codes up, and how many recovery codes are left.
pub(crate) async fn told(connection: &mut AnyConnection, person: PersonId) -> Result<Option<(Millis, i64)>> {
    let row: Option<(i64, i64)> = sqlx::query_as(
        "select t.created, (select count(*) from recovery_code r where r.person = t.person and r.used = 0) \
         from totp t where t.person = $1",
    )
    .bind(person.to_string())
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

/// Keeps a person's secret and the digests of their recovery codes.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    sealed: Vec<u8>,
    step: i64,
    digests: &[String],
) -> Result<()> {
    let now = tx.now();
    sqlx::query("insert into totp (person, sealed, created, last_step) values ($1, $2, $3, $4)")
        .bind(person.to_string())
        .bind(sealed)
        .bind(now)
        .bind(step)
        .execute(tx.connection())
        .await?;
    for digest in digests {
        sqlx::query("insert into recovery_code (digest, person, used) values ($1, $2, 0)")
            .bind(digest)
            .bind(person.to_string())
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// Uses the code of a step; whether none of it or a later one was used before.
pub(crate) async fn use_step(tx: &mut Tx<'_>, person: PersonId, step: i64) -> Result<bool> {
    let used = sqlx::query("update totp set last_step = $2 where person = $1 and last_step < $2")
        .bind(person.to_string())
        .bind(step)
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(used > 0)
}

/// Uses a recovery code; whether there is one of this digest that was not used.
pub(crate) async fn use_recovery(tx: &mut Tx<'_>, person: PersonId, digest: &str) -> Result<bool> {
    let now = tx.now();
    let used =
        sqlx::query("update recovery_code set used = $3 where person = $1 and digest = $2 and used = 0")
            .bind(person.to_string())
            .bind(digest)
            .bind(now)
            .execute(tx.connection())
            .await?
            .rows_affected();
    Ok(used > 0)
}

/// Takes a person's codes away; whether there were any.
pub(crate) async fn remove(tx: &mut Tx<'_>, person: PersonId) -> Result<bool> {
    sqlx::query("delete from recovery_code where person = $1")
        .bind(person.to_string())
        .execute(tx.connection())
        .await?;
    let gone = sqlx::query("delete from totp where person = $1")
        .bind(person.to_string())
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(gone > 0)
}
