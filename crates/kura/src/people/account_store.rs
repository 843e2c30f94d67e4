//! Statements on accounts with the firm's OpenID Provider.

use sqlx::AnyConnection;

use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::openid::Account;

/// Ties an account to a person.
pub(crate) async fn insert(tx: &mut Tx<'_>, person: PersonId, account: &Account) -> Result<()> {
    let now = tx.now();
    sqlx::query("insert into account (issuer, subject, person, created) values ($1, $2, $3, $4)")
        .bind(&account.issuer)
        .bind(&account.subject)
        .bind(person.to_string())
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(|error| match Error::from(error) {
            Error::Conflict(_) => Error::conflict(
                "this account is tied to a person already, or this person to another account: remove the tie first",
            ),
            other => other,
        })?;
    sqlx::query("delete from account_tied where person = $1 and issuer = $2")
        .bind(person.to_string())
        .bind(&account.issuer)
        .execute(tx.connection())
        .await?;
    sqlx::query("insert into account_tied (person, issuer) values ($1, $2)")
        .bind(person.to_string())
        .bind(&account.issuer)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Whether a person was tied to an account with a provider before.
pub(crate) async fn was_tied(tx: &mut Tx<'_>, person: PersonId, issuer: &str) -> Result<bool> {
    let row: (i64,) = sqlx::query_as("select count(*) from account_tied where person = $1 and issuer = $2")
        .bind(person.to_string())
        .bind(issuer)
        .fetch_one(tx.connection())
        .await?;
    Ok(row.0 > 0)
}

/// Whose account it is.
pub(crate) async fn person(connection: &mut AnyConnection, account: &Account) -> Result<Option<PersonId>> {
    let row: Option<(String,)> =
        sqlx::query_as("select person from account where issuer = $1 and subject = $2")
            .bind(&account.issuer)
            .bind(&account.subject)
            .fetch_optional(connection)
            .await?;
    row.map(|(person,)| person.parse().map_err(Error::internal)).transpose()
}

/// Whether an account is still the asker's: the tie may have been removed while they waited for their turn.
pub(crate) async fn still(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let asker = tx.asker_id()?;
    match person(tx.connection(), account).await? {
        Some(person) if person == asker => Ok(()),
        _ => Err(Error::conflict("what you sign in with was changed meanwhile: sign in again")),
    }
}

/// Since when a person has an account with a provider.
pub(crate) async fn since(
    connection: &mut AnyConnection,
    person: PersonId,
    issuer: &str,
) -> Result<Option<Millis>> {
    let row: Option<(i64,)> = sqlx::query_as("select created from account where person = $1 and issuer = $2")
        .bind(person.to_string())
        .bind(issuer)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|(created,)| created))
}

/// Removes a person's ties; how many.
pub(crate) async fn remove(tx: &mut Tx<'_>, person: PersonId) -> Result<u64> {
    let gone = sqlx::query("delete from account where person = $1")
        .bind(person.to_string())
        .execute(tx.connection())
        .await?
        .rows_affected();
    Ok(gone)
}
