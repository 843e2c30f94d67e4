//! The door's statements: who acts, revisions, approvals, idempotency, statements.

use std::collections::{BTreeSet, HashSet};

use kura_ledger::statement::Kind;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::operation::{Rev, Revised};
use crate::clock::Millis;
use crate::db::placeholders;
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId, MatterId, PersonId, RequestId, StatementId};
use crate::rules::facts::PersonFacts;
use crate::rules::pack::Pack;

type AskerRow = (String, String, String, i64, i64, i64, i64, i64, i64);

/// Who asks, as the rules see them, and the version of the policy in force, all as of one moment.
pub(crate) struct Asker {
    pub(crate) facts: PersonFacts,
    pub(crate) rev: i64,
    pub(crate) policy: i64,
}

/// A person who asks, on a day, in one statement: it is part of every decision. An office is not held after its term, nor
/// while it is delegated; it is held by whom it is delegated to. `people::office_store` says the same of everyone.
pub(crate) async fn asker(
    connection: &mut AnyConnection,
    id: PersonId,
    today: &str,
) -> Result<Option<Asker>> {
    let rows: Vec<AskerRow> = sqlx::query_as(
        "select 'person', employment, party, until, clearance, suspended, trained_until, acknowledged, rev \
         from person where id = $1 \
         union all select 'office', o.office, '', 0, 0, 0, 0, 0, 0 from office o where o.person = $1 \
         and (o.until = '' or o.until >= $2) and not exists (select 1 from delegation d \
         where d.person = o.person and d.office = o.office and d.ended = 0 \
         and d.first_day <= $2 and d.last_day >= $2) \
         union all select 'office', d.office, '', 0, 0, 0, 0, 0, 0 from delegation d \
         join office o on o.person = d.person and o.office = d.office where d.delegate = $1 and d.ended = 0 \
         and d.first_day <= $2 and d.last_day >= $2 and (o.until = '' or o.until >= $2) \
         union all select 'matter', matter, '', 0, 0, 0, 0, 0, 0 from member where person = $1 \
         union all select 'policy', value, '', 0, 0, 0, 0, 0, 0 from installation \
         where name = 'policy_version'",
    )
    .bind(id.to_string())
    .bind(today)
    .fetch_all(&mut *connection)
    .await?;
    let (mut found, mut offices, mut matters, mut policy) = (None, Vec::new(), Vec::new(), None);
    for (kind, name, party, until, clearance, suspended, trained_until, acknowledged, rev) in rows {
        match kind.as_str() {
            "office" => offices.push(name),
            "matter" => matters.push(name.parse().map_err(Error::internal)?),
            "policy" => policy = Some(name),
            _ => {
                let party = match party.as_str() {
                    "" => None,
                    party => Some(party.parse().map_err(Error::internal)?),
                };
                let facts = PersonFacts {
                    id,
                    employment: name,
                    party,
                    until,
                    clearance,
                    suspended: suspended != 0,
                    trained_until,
                    acknowledged,
                    offices: Vec::new(),
                    matters: Vec::new(),
                };
                found = Some((facts, rev));
            }
        }
    }
    let policy = policy_version(policy);
    Ok(found.map(|(facts, rev)| Asker { facts: PersonFacts { offices, matters, ..facts }, rev, policy }))
}

/// The matters whose custodian somebody is.
pub(crate) async fn accountable_for(
    connection: &mut AnyConnection,
    person: PersonId,
) -> Result<Vec<MatterId>> {
    let rows: Vec<(String,)> = sqlx::query_as("select id from matter where custodian = $1 order by id desc")
        .bind(person.to_string())
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::internal)).collect()
}

/// The pack in force; nothing when the installation has none on record yet.
pub(crate) async fn pack(connection: &mut AnyConnection) -> Result<Option<Pack>> {
    let row: Option<(String,)> = sqlx::query_as("select files from policy_version where state = 'in_force'")
        .fetch_optional(connection)
        .await?;
    let Some((files,)) = row else {
        return Ok(None);
    };
    let files = serde_json::from_str(&files).map_err(Error::internal)?;
    Pack::load(&files).map(Some).map_err(|error| Error::internal(format!("the pack in force: {error}")))
}

/// The version of the policy in force, from its kept value: 1 until another was adopted.
pub(crate) fn policy_version(value: Option<String>) -> i64 {
    value.and_then(|version| version.parse().ok()).unwrap_or(1)
}

/// Rows asked for by one statement.
const ROWS: usize = 250;

/// Those of these revisions that are still the present ones.
pub(crate) async fn revs(connection: &mut AnyConnection, seen: &[&Rev]) -> Result<HashSet<Rev>> {
    let mut present = HashSet::new();
    for (of, select) in [
        (Revised::Person, "select id, rev from person"),
        (Revised::Matter, "select id, rev from matter"),
        (Revised::Item, "select id, rev from item"),
        // What is voted on never changes.
        (Revised::Resolution, "select id, cast(1 as bigint) from resolution"),
    ] {
        let ids: BTreeSet<&str> = seen.iter().filter(|rev| rev.of == of).map(|rev| rev.id.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        for ids in ids.chunks(ROWS) {
            let sql = format!("{select} where id in {}", placeholders(1, ids.len()));
            let query = ids.iter().fold(sqlx::query_as(AssertSqlSafe(sql)), |query, id| query.bind(*id));
            let rows: Vec<(String, i64)> = query.fetch_all(&mut *connection).await?;
            present.extend(rows.into_iter().map(|(id, rev)| Rev { of, id, rev }));
        }
    }
    Ok(present)
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
    pub(crate) asked: Millis,
}

/// A request by id.
pub(crate) async fn request(connection: &mut AnyConnection, id: RequestId) -> Result<Option<RequestRow>> {
    let row: Option<(String, String, String, String, i64, String, i64)> = sqlx::query_as(
        "select person, operation, digest, item, rev, state, asked from request where id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|(person, operation, digest, item, rev, state, asked)| {
        Ok(RequestRow {
            asked,
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

/// Forgets what came of writes before a moment: nobody repeats them any more.
pub(crate) async fn forget_outputs(connection: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("delete from idempotency where made < $1").bind(before).execute(connection).await?;
    Ok(())
}

/// A statement as kept.
pub(crate) struct StatementRow {
    pub(crate) id: StatementId,
    pub(crate) kind: Kind,
    /// The matter that it belongs to; nothing for what is the firm's.
    pub(crate) matter: Option<MatterId>,
    pub(crate) item: Option<ItemId>,
    pub(crate) text: String,
    pub(crate) signature: String,
    pub(crate) salt: String,
    pub(crate) event: EventId,
    pub(crate) made: Millis,
}

/// Keeps a statement.
pub(crate) async fn insert_statement(connection: &mut AnyConnection, row: &StatementRow) -> Result<()> {
    sqlx::query(
        "insert into statement (id, kind, matter, item, text, signature, salt, event, made) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id.to_string())
    .bind(row.kind.name())
    .bind(row.matter.map_or_else(String::new, |matter| matter.to_string()))
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

/// A kept statement: text, signature, salt, event.
pub(crate) async fn statement(
    connection: &mut AnyConnection,
    id: StatementId,
) -> Result<Option<(String, String, String, EventId)>> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("select text, signature, salt, event from statement where id = $1")
            .bind(id.to_string())
            .fetch_optional(connection)
            .await?;
    row.map(|(text, signature, salt, event)| {
        Ok((text, signature, salt, event.parse().map_err(Error::internal)?))
    })
    .transpose()
}

/// Notes that a passkey was used, with its counter; whether the counter follows the last one. One that does not may be
/// a copy.
pub(crate) async fn passkey_used(
    connection: &mut AnyConnection,
    credential: &str,
    counter: i64,
    now: Millis,
) -> Result<bool> {
    let followed = sqlx::query(
        "update passkey set counter = $2, used = $3 \
         where credential = $1 and removed = 0 and (counter < $2 or (counter = 0 and $2 = 0))",
    )
    .bind(credential)
    .bind(counter)
    .bind(now)
    .execute(connection)
    .await?
    .rows_affected();
    Ok(followed > 0)
}

/// The record that registered the passkey with this public key.
pub(crate) async fn passkey_record(
    connection: &mut AnyConnection,
    public_key: &str,
) -> Result<Option<EventId>> {
    let row: Option<(String,)> =
        sqlx::query_as("select event from passkey where public_key = $1 order by id limit 1")
            .bind(public_key)
            .fetch_optional(connection)
            .await?;
    row.map(|(event,)| event.parse().map_err(Error::internal)).transpose()
}
