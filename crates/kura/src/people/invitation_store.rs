//! Statements on invitations.

use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::PersonId;

/// Keeps an invitation in the place of the person's former one.
pub(crate) async fn replace(tx: &mut Tx<'_>, person: PersonId, digest: &str, expires: Millis) -> Result<()> {
    remove(tx, person).await?;
    sqlx::query("insert into invitation (digest, person, expires) values ($1, $2, $3)")
        .bind(digest)
        .bind(person.to_string())
        .bind(expires)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Takes a person's invitation away.
pub(crate) async fn remove(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    sqlx::query("delete from invitation where person = $1")
        .bind(person.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Whom an invitation that is still good invites.
pub(crate) async fn invited(
    connection: &mut AnyConnection,
    digest: &str,
    now: Millis,
) -> Result<Option<PersonId>> {
    let row: Option<(String,)> =
        sqlx::query_as("select person from invitation where digest = $1 and expires > $2")
            .bind(digest)
            .bind(now)
            .fetch_optional(connection)
            .await?;
    row.map(|(person,)| person.parse().map_err(Error::internal)).transpose()
}

/// Uses a person's invitation up; whether it was theirs and still good.
pub(crate) async fn take(tx: &mut Tx<'_>, person: PersonId, digest: &str) -> Result<bool> {
    let now = tx.now();
    let taken = sqlx::query("delete from invitation where digest = $1 and person = $2 and expires > $3")
        .bind(digest)
        .bind(person.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(taken > 0)
}
