//! The door's statements: who acts, revisions, approvals, idempotency, statements.

use kura_ledger::statement::Kind;
use sqlx::AnyConnection;

use super::operation::{Rev, Revised};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId, MatterId, PersonId, RequestId, StatementId};
use crate::rules::facts::PersonFacts;

type PersonRow = (String, String, i64, i64, i64, i64, i64, i64);

/// What the rules see of a person, and the row's revision.
pub(crate) async fn person(
    connection: &mut AnyConnection,
    id: PersonId,
) -> Result<Option<(PersonFacts, i64)>> {
    let row: Option<PersonRow> = sqlx::query_as(
        "select employment, party, until, clearance, suspended, trained_until, acknowledged, rev \
         from person where id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((employment, party, until, clearance, suspended, trained, acknowledged, rev)) = row else {
        return Ok(None);
    };
    let groups: Vec<(String, String)> = sqlx::query_as(
        "select 'office', office from office where person = $1 \
         union all select 'matter', matter from member where person = $1",
    )
    .bind(id.to_string())
    .fetch_all(connection)
    .await?;
    let (mut offices, mut matters) = (Vec::new(), Vec::new());
    for (kind, name) in groups {
        if kind == "office" {
            offices.push(name);
        } else {
            matters.push(name.parse().map_err(Error::internal)?);
        }
    }
    let party = match party.as_str() {
        "" => None,
        party => Some(party.parse().map_err(Error::internal)?),
    };
    let facts = PersonFacts {
        id,
        employment,
        party,
        until,
        clearance,
        suspended: suspended != 0,
        trained_until: trained,
        acknowledged,
        offices,
        matters,
    };
    Ok(Some((facts, rev)))
}

/// The present revision of a row, or nothing when it is gone.
pub(crate) async fn rev(connection: &mut AnyConnection, of: &Rev) -> Result<Option<i64>> {
    let query = match of.of {
        Revised::Person => sqlx::query_as("select rev from person where id = $1"),
        Revised::Matter => sqlx::query_as("select rev from matter where id = $1"),
        Revised::Item => sqlx::query_as("select rev from item where id = $1"),
    };
    let row: Option<(i64,)> = query.bind(&of.id).fetch_optional(connection).await?;
    Ok(row.map(|(rev,)| rev))
}

/// A value kept once for the installation.
pub(crate) async fn value(connection: &mut AnyConnection, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as("select value from installation where name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|(value,)| value))
}

/// Keeps a value for the installation.
pub(crate) async fn set_value(connection: &mut AnyConnection, name: &str, value: &str) -> Result<()> {
    sqlx::query(
        "insert into installation (name, value) values ($1, $2) \
         on conflict (name) do update set value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await?;
    Ok(())
}

/// A request as the door checks it.
pub(crate) struct RequestRow {
    pub(crate) person: PersonId,
    pub(crate) operation: String,
    pub(crate) digest: String,
    pub(crate) item: ItemId,
    pub(crate) rev: i64,
    pub(crate) state: String,
}

/// A request by id.
pub(crate) async fn request(connection: &mut AnyConnection, id: RequestId) -> Result<Option<RequestRow>> {
    let row: Option<(String, String, String, String, i64, String)> =
        sqlx::query_as("select person, operation, digest, item, rev, state from request where id = $1")
            .bind(id.to_string())
            .fetch_optional(connection)
            .await?;
    row.map(|(person, operation, digest, item, rev, state)| {
        Ok(RequestRow {
            person: person.parse().map_err(Error::internal)?,
            operation,
            digest,
            item: item.parse().map_err(Error::internal)?,
            rev,
            state,
        })
    })
    .transpose()
}

/// Who approved a request, first to last.
pub(crate) async fn approvers(connection: &mut AnyConnection, id: RequestId) -> Result<Vec<PersonId>> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select person from approval where request = $1 and approved = 1 order by decided, person",
    )
    .bind(id.to_string())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|(person,)| person.parse().map_err(Error::internal)).collect()
}

/// Marks a request as carried out.
pub(crate) async fn request_done(connection: &mut AnyConnection, id: RequestId) -> Result<()> {
    sqlx::query("update request set state = 'done' where id = $1")
        .bind(id.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// What an idempotency key stands for: digest of the body, the record's id, the output.
pub(crate) async fn replayed(
    connection: &mut AnyConnection,
    person: &str,
    operation: &str,
    name: &str,
) -> Result<Option<(String, EventId, String)>> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "select body, event, output from idempotency where person = $1 and operation = $2 and name = $3",
    )
    .bind(person)
    .bind(operation)
    .bind(name)
    .fetch_optional(connection)
    .await?;
    row.map(|(body, event, output)| Ok((body, event.parse().map_err(Error::internal)?, output))).transpose()
}

/// One row of the idempotency table.
pub(crate) struct IdempotencyRow<'a> {
    pub(crate) person: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) name: &'a str,
    pub(crate) body: &'a str,
    pub(crate) event: EventId,
    pub(crate) output: &'a str,
    pub(crate) made: Millis,
}

/// Keeps an output under its idempotency key.
pub(crate) async fn keep_output(connection: &mut AnyConnection, row: IdempotencyRow<'_>) -> Result<()> {
    sqlx::query(
        "insert into idempotency (person, operation, name, body, event, output, made) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.person)
    .bind(row.operation)
    .bind(row.name)
    .bind(row.body)
    .bind(row.event.to_string())
    .bind(row.output)
    .bind(row.made)
    .execute(connection)
    .await?;
    Ok(())
}

/// A statement as kept.
pub(crate) struct StatementRow {
    pub(crate) id: StatementId,
    pub(crate) kind: Kind,
    pub(crate) matter: MatterId,
    pub(crate) item: Option<ItemId>,
    pub(crate) text: String,
    pub(crate) signature: String,
    pub(crate) salt: String,
    pub(crate) event: EventId,
    pub(crate) made: Millis,
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Receipt => "receipt",
        Kind::CounterReceipt => "counter-receipt",
        Kind::Certificate => "certificate",
        Kind::Report => "report",
    }
}

/// Keeps a statement.
pub(crate) async fn insert_statement(connection: &mut AnyConnection, row: &StatementRow) -> Result<()> {
    sqlx::query(
        "insert into statement (id, kind, matter, item, text, signature, salt, event, made) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id.to_string())
    .bind(kind_name(row.kind))
    .bind(row.matter.to_string())
    .bind(row.item.map_or_else(String::new, |item| item.to_string()))
    .bind(&row.text)
    .bind(&row.signature)
    .bind(&row.salt)
    .bind(row.event.to_string())
    .bind(row.made)
    .execute(connection)
    .await?;
    Ok(())
}

/// A kept statement: matter, text, signature, salt, event.
pub(crate) async fn statement(
    connection: &mut AnyConnection,
    id: StatementId,
) -> Result<Option<(MatterId, String, String, String, EventId)>> {
    let row: Option<(String, String, String, String, String)> =
        sqlx::query_as("select matter, text, signature, salt, event from statement where id = $1")
            .bind(id.to_string())
            .fetch_optional(connection)
            .await?;
    row.map(|(matter, text, signature, salt, event)| {
        Ok((
            matter.parse().map_err(Error::internal)?,
            text,
            signature,
            salt,
            event.parse().map_err(Error::internal)?,
        ))
    })
    .transpose()
}
