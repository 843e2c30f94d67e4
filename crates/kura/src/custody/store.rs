//! Statements on items, versions, uploads, copies, grants, holds, requests and transmissions.

use std::collections::BTreeSet;

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::show::RequestView;
use crate::clock::Millis;
use crate::db::search;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{
    CopyId, HoldId, ItemId, MatterId, PartyId, PersonId, RequestId, StatementId, TransmissionId, VersionId,
};
use crate::matters::store as matters;
use crate::rules::facts::{ItemFacts, MatterFacts};

/// An item's row with its matter's facts.
#[derive(Debug, Clone)]
pub(crate) struct ItemRow {
    pub(crate) facts: ItemFacts,
    pub(crate) matter: MatterFacts,
    pub(crate) matter_rev: i64,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) source: String,
    pub(crate) shard: String,
    pub(crate) taken: Millis,
    pub(crate) due: Millis,
    pub(crate) rev: i64,
}

/// An id in a column.
pub(super) fn id<T: std::str::FromStr<Err: std::fmt::Display>>(row: &AnyRow, column: usize) -> Result<T> {
    row.try_get::<String, _>(column)?.parse().map_err(Error::internal)
}

/// Reads an item's columns followed by its matter's facts.
pub(crate) fn item_row(row: &AnyRow) -> Result<ItemRow> {
    let (matter, matter_rev) = matters::facts_at(row, 17)?;
    let yes = |column: usize| row.try_get::<i64, _>(column).map(|value| value != 0);
    let granted: Millis = row.try_get(16)?;
    Ok(ItemRow {
        facts: ItemFacts {
            id: id(row, 0)?,
            rank: row.try_get(5)?,
            kind: row.try_get(2)?,
            form: row.try_get(3)?,
            state: row.try_get(8)?,
            custodian: id(row, 6)?,
            matter: matter.id,
            shared: yes(9)?,
            contained: yes(10)?,
            held: yes(11)?,
            granted_until: (granted != 0).then_some(granted),
        },
        matter,
        matter_rev,
        name: row.try_get(1)?,
        place: row.try_get(4)?,
        source: row.try_get(7)?,
        shard: row.try_get(12)?,
        taken: row.try_get(13)?,
        due: row.try_get(14)?,
        rev: row.try_get(15)?,
    })
}

/// An item as a person sees it (their grant with it).
pub(crate) async fn item(tx: &mut Tx<'_>, id: ItemId, asker: Option<PersonId>) -> Result<Option<ItemRow>> {
    item_at(tx.connection(), id, asker).await
}

/// The same, on a bare connection.
pub(crate) async fn item_at(
    connection: &mut sqlx::AnyConnection,
    id: ItemId,
    asker: Option<PersonId>,
) -> Result<Option<ItemRow>> {
    let row = sqlx::query(
        "select i.id, i.name, i.kind, i.form, i.place, i.class, i.custodian, i.source, i.state, i.shared, \
         i.contained, i.holds, i.shard, i.taken, i.due, i.rev, coalesce(g.until, 0), \
         m.id, m.state, m.party, m.custodian, m.copies, m.summaries, m.subcontractor, m.generative_ai, \
         m.abroad, m.personal_device, m.rev \
         from item i join matter m on m.id = i.matter \
         left join grants g on g.item = i.id and g.person = $2 where i.id = $1",
    )
    .bind(id.to_string())
    .bind(asker.map_or_else(String::new, |asker| asker.to_string()))
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(item_row).transpose()
}

/// Adds an item in state `held`.
pub(crate) async fn insert_item(tx: &mut Tx<'_>, row: &ItemRow) -> Result<()> {
    let facts = &row.facts;
    sqlx::query(
        "insert into item (id, name, kind, form, place, class, custodian, matter, party, source, state, \
         shared, contained, holds, shard, taken, due, rev) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'held', $11, 0, 0, $12, $13, $14, 1)",
    )
    .bind(facts.id.to_string())
    .bind(&row.name)
    .bind(&facts.kind)
    .bind(&facts.form)
    .bind(&row.place)
    .bind(facts.rank)
    .bind(facts.custodian.to_string())
    .bind(facts.matter.to_string())
    .bind(row.matter.party.to_string())
    .bind(&row.source)
    .bind(i64::from(facts.shared))
    .bind(&row.shard)
    .bind(row.taken)
    .bind(row.due)
    .execute(tx.connection())
    .await?;
    let (engine, sought) = (tx.engine(), search::sought(&row.name, &row.place, &row.source));
    search::add(tx.connection(), engine, &facts.id.to_string(), &sought).await
}

/// Moves an item to a state.
pub(crate) async fn set_state(tx: &mut Tx<'_>, item: ItemId, state: &str) -> Result<()> {
    sqlx::query("update item set state = $2, rev = rev + 1 where id = $1")
        .bind(item.to_string())
        .bind(state)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Gives an item another class.
pub(crate) async fn set_class(tx: &mut Tx<'_>, item: ItemId, rank: i64) -> Result<()> {
    sqlx::query("update item set class = $2, rev = rev + 1 where id = $1")
        .bind(item.to_string())
        .bind(rank)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Gives an item another custodian.
pub(crate) async fn set_custodian(tx: &mut Tx<'_>, item: ItemId, person: PersonId) -> Result<()> {
    sqlx::query("update item set custodian = $2, rev = rev + 1 where id = $1")
        .bind(item.to_string())
        .bind(person.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Moves an item's revision on.
pub(crate) async fn touch(tx: &mut Tx<'_>, item: ItemId) -> Result<()> {
    sqlx::query("update item set rev = rev + 1 where id = $1")
        .bind(item.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Notes that the package of a return was handed out.
pub(crate) async fn set_packaged(tx: &mut Tx<'_>, item: ItemId) -> Result<()> {
    let now = tx.now();
    sqlx::query("update item set packaged = $2 where id = $1")
        .bind(item.to_string())
        .bind(now)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Whether the package of a return was handed out.
pub(crate) async fn packaged(tx: &mut Tx<'_>, item: ItemId) -> Result<bool> {
    let row: Option<(i64,)> = sqlx::query_as("select packaged from item where id = $1")
        .bind(item.to_string())
        .fetch_optional(tx.connection())
        .await?;
    Ok(row.is_some_and(|(when,)| when != 0))
}

/// Takes from the register what named the content of an erased or returned item; a stub stays.
pub(crate) async fn leave_stub(tx: &mut Tx<'_>, item: ItemId, state: &str) -> Result<()> {
    let engine = tx.engine();
    search::remove(tx.connection(), engine, &item.to_string()).await?;
    sqlx::query(
        "update item set name = '', source = '', place = '', state = $2, rev = rev + 1 where id = $1",
    )
    .bind(item.to_string())
    .bind(state)
    .execute(tx.connection())
    .await?;
    sqlx::query("update version set name = '', media = '', sha256 = '' where item = $1")
        .bind(item.to_string())
        .execute(tx.connection())
        .await?;
    sqlx::query("update part set sha256 = '', state = 'deleted' where version in (select id from version where item = $1)")
        .bind(item.to_string())
        .execute(tx.connection())
        .await?;
    for statement in [
        "update upload set name = '', media = '', sha256 = '' where item = $1",
        "update transmission set sha256 = '' where item = $1",
        "update request set input = '' where item = $1",
        "delete from grants where item = $1",
        // What was answered once and may be told again names files and their hashes.
        "delete from idempotency where operation in ('download', 'transmit', 'package') \
         and event in (select event from ledger_opening where item = $1)",
    ] {
        sqlx::query(statement).bind(item.to_string()).execute(tx.connection()).await?;
    }
    Ok(())
}

/// A few items that have a version with the same content as one of an item's, each with no relation.
pub(crate) async fn same_content(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<(ItemId, String)>> {
    let own: Vec<(String,)> =
        sqlx::query_as("select distinct sha256 from version where item = $1 and sha256 <> ''")
            .bind(item.to_string())
            .fetch_all(tx.connection())
            .await?;
    let mut same = BTreeSet::new();
    for (sha256,) in own {
        // By the index alone: content such as an empty file may be held a million times.
        let rows: Vec<(String,)> = sqlx::query_as(
            "select item from version where sha256 = $1 and item <> $2 order by item desc limit 100",
        )
        .bind(sha256)
        .bind(item.to_string())
        .fetch_all(tx.connection())
        .await?;
        same.extend(rows);
    }
    same.into_iter().rev().map(|(id,)| Ok((id.parse().map_err(Error::internal)?, String::new()))).collect()
}

/// Items in a state, with the shard of their keys.
pub(crate) async fn items_in_state(connection: &mut sqlx::AnyConnection, state: &str) -> Result<Vec<ItemId>> {
    let rows: Vec<(String,)> = sqlx::query_as("select id from item where state = $1 order by id")
        .bind(state)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::internal)).collect()
}

/// Revisions of a matter's items, oldest first.
pub(crate) async fn revisions_of(tx: &mut Tx<'_>, matter: MatterId) -> Result<Vec<(ItemId, i64)>> {
    let rows: Vec<(String, i64)> = sqlx::query_as("select id, rev from item where matter = $1 order by id")
        .bind(matter.to_string())
        .fetch_all(tx.connection())
        .await?;
    rows.into_iter().map(|(id, rev)| Ok((id.parse().map_err(Error::internal)?, rev))).collect()
}

/// Items of a matter, oldest first.
pub(crate) async fn items_of(tx: &mut Tx<'_>, matter: MatterId) -> Result<Vec<ItemId>> {
    let rows: Vec<(String,)> = sqlx::query_as("select id from item where matter = $1 order by id")
        .bind(matter.to_string())
        .fetch_all(tx.connection())
        .await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(Error::internal)).collect()
}

// versions and parts ---------------------------------------------------------------------------------

/// A version's row.
#[derive(Debug, Clone)]
pub(crate) struct VersionRow {
    pub(crate) id: VersionId,
    pub(crate) item: ItemId,
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) size: i64,
    pub(crate) sha256: String,
    pub(crate) store: String,
    pub(crate) stored: Millis,
    pub(crate) person: PersonId,
}

/// Adds a version.
pub(crate) async fn insert_version(tx: &mut Tx<'_>, row: &VersionRow) -> Result<()> {
    sqlx::query(
        "insert into version (id, item, number, name, media, size, sha256, format, store, stored, person) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id.to_string())
    .bind(row.item.to_string())
    .bind(row.number)
    .bind(&row.name)
    .bind(&row.media)
    .bind(row.size)
    .bind(&row.sha256)
    .bind(kura_vault::parts::FORMAT)
    .bind(&row.store)
    .bind(row.stored)
    .bind(row.person.to_string())
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// An item's versions, oldest first.
pub(crate) async fn versions(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<VersionRow>> {
    let rows = sqlx::query(
        "select id, item, number, name, media, size, sha256, store, stored, person from version \
         where item = $1 order by number",
    )
    .bind(item.to_string())
    .fetch_all(tx.connection())
    .await?;
    rows.iter().map(version_row).collect()
}

fn version_row(row: &AnyRow) -> Result<VersionRow> {
    Ok(VersionRow {
        id: id(row, 0)?,
        item: id(row, 1)?,
        number: row.try_get(2)?,
        name: row.try_get(3)?,
        media: row.try_get(4)?,
        size: row.try_get(5)?,
        sha256: row.try_get(6)?,
        store: row.try_get(7)?,
        stored: row.try_get(8)?,
        person: id(row, 9)?,
    })
}

/// A version of an item, the newest when no number is given, with its parts' plaintext lengths: in one statement,
/// since every opening asks it.
pub(crate) async fn version_with_parts(
    tx: &mut Tx<'_>,
    item: ItemId,
    number: Option<i64>,
) -> Result<Option<(VersionRow, Vec<u64>)>> {
    let rows = sqlx::query(
        "select v.id, v.item, v.number, v.name, v.media, v.size, v.sha256, v.store, v.stored, v.person, \
         coalesce(p.size, -1) from version v left join part p on p.version = v.id \
         where v.item = $1 and v.number = case when $2 = 0 \
         then (select max(w.number) from version w where w.item = $1) else $2 end order by p.number",
    )
    .bind(item.to_string())
    .bind(number.unwrap_or(0))
    .fetch_all(tx.connection())
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let version = version_row(first)?;
    let sizes = rows.iter().map(|row| row.try_get::<i64, _>(10));
    let sizes: Vec<i64> = sizes.collect::<std::result::Result<_, _>>()?;
    // An empty file has no parts.
    let parts = sizes.into_iter().filter(|size| *size >= 0).map(|size| size as u64).collect();
    Ok(Some((version, parts)))
}

/// Plaintext lengths of a version's parts, in order.
pub(crate) async fn part_sizes(tx: &mut Tx<'_>, version: VersionId) -> Result<Vec<u64>> {
    let rows: Vec<(i64,)> = sqlx::query_as("select size from part where version = $1 order by number")
        .bind(version.to_string())
        .fetch_all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|(size,)| size as u64).collect())
}

/// Every sealed part of an item: store, version, number.
pub(crate) async fn sealed_parts(
    connection: &mut sqlx::AnyConnection,
    item: ItemId,
) -> Result<Vec<(String, VersionId, i64)>> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select v.store, v.id, p.number from version v join part p on p.version = v.id where v.item = $1",
    )
    .bind(item.to_string())
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(store, version, number)| Ok((store, version.parse().map_err(Error::internal)?, number)))
        .collect()
}

// lineage, copies, grants, holds -----------------------------------------------------------------------

/// Ties a derivative to its origin.
pub(crate) async fn insert_lineage(
    tx: &mut Tx<'_>,
    item: ItemId,
    origin: ItemId,
    relation: &str,
) -> Result<()> {
    sqlx::query("insert into lineage (item, origin, relation) values ($1, $2, $3)")
        .bind(item.to_string())
        .bind(origin.to_string())
        .bind(relation)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Everything made from an item, however far: id, relation to its own origin, state.
pub(crate) async fn derivatives(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<(ItemId, String, String)>> {
    // `cross join` keeps the order: with figures of the tables' sizes SQLite would read every item through.
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "with recursive made (id, relation) as ( \
         select item, relation from lineage where origin = $1 \
         union select l.item, l.relation from lineage l join made on l.origin = made.id) \
         select i.id, made.relation, i.state from made cross join item i where i.id = made.id order by i.id",
    )
    .bind(item.to_string())
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|(id, relation, state)| Ok((id.parse().map_err(Error::internal)?, relation, state)))
        .collect()
}

/// The items that an item was made from: id and relation.
pub(crate) async fn origins(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<(ItemId, String)>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select origin, relation from lineage where item = $1 order by origin")
            .bind(item.to_string())
            .fetch_all(tx.connection())
            .await?;
    rows.into_iter().map(|(id, relation)| Ok((id.parse().map_err(Error::internal)?, relation))).collect()
}

/// A copy that someone holds outside the store.
#[derive(Debug, Clone)]
pub(crate) struct CopyRow {
    pub(crate) id: CopyId,
    pub(crate) item: ItemId,
    pub(crate) version: VersionId,
    pub(crate) holder: PersonId,
    pub(crate) manner: String,
    pub(crate) place: String,
    pub(crate) taken: Millis,
    pub(crate) due: Millis,
    pub(crate) ended: Millis,
}

/// Notes a copy.
pub(crate) async fn insert_copy(tx: &mut Tx<'_>, row: &CopyRow) -> Result<()> {
    sqlx::query(
        "insert into copy (id, item, version, holder, manner, place, taken, due, ended, ending) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')",
    )
    .bind(row.id.to_string())
    .bind(row.item.to_string())
    .bind(row.version.to_string())
    .bind(row.holder.to_string())
    .bind(&row.manner)
    .bind(&row.place)
    .bind(row.taken)
    .bind(row.due)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Copies of an item, oldest first.
pub(crate) async fn copies(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<CopyRow>> {
    let rows = sqlx::query(
        "select id, item, version, holder, manner, place, taken, due, ended from copy \
         where item = $1 order by id",
    )
    .bind(item.to_string())
    .fetch_all(tx.connection())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(CopyRow {
                id: id(row, 0)?,
                item: id(row, 1)?,
                version: id(row, 2)?,
                holder: id(row, 3)?,
                manner: row.try_get(4)?,
                place: row.try_get(5)?,
                taken: row.try_get(6)?,
                due: row.try_get(7)?,
                ended: row.try_get(8)?,
            })
        })
        .collect()
}

/// Ends a copy: how it ended, and when.
pub(crate) async fn end_copy(tx: &mut Tx<'_>, copy: CopyId, ending: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query("update copy set ended = $2, ending = $3 where id = $1")
        .bind(copy.to_string())
        .bind(now)
        .bind(ending)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Grants a person use of an item until a moment; an earlier grant to them gives way.
pub(crate) async fn set_grant(
    tx: &mut Tx<'_>,
    item: ItemId,
    person: PersonId,
    until: Millis,
    by: PersonId,
) -> Result<()> {
    sqlx::query(
        "insert into grants (item, person, until, given_by) values ($1, $2, $3, $4) \
         on conflict (item, person) do update set until = excluded.until, given_by = excluded.given_by",
    )
    .bind(item.to_string())
    .bind(person.to_string())
    .bind(until)
    .bind(by.to_string())
    .execute(tx.connection())
    .await?;
    touch(tx, item).await
}

/// Takes a grant away; whether there was one.
pub(crate) async fn delete_grant(tx: &mut Tx<'_>, item: ItemId, person: PersonId) -> Result<bool> {
    let gone = sqlx::query("delete from grants where item = $1 and person = $2")
        .bind(item.to_string())
        .bind(person.to_string())
        .execute(tx.connection())
        .await?
        .rows_affected();
    touch(tx, item).await?;
    Ok(gone > 0)
}

/// Places a hold.
pub(crate) async fn insert_hold(
    tx: &mut Tx<'_>,
    hold: HoldId,
    item: ItemId,
    reason: &str,
    by: PersonId,
) -> Result<()> {
    let now = tx.now();
    sqlx::query(
        "insert into hold (id, item, reason, placed_by, placed, released, released_by) \
         values ($1, $2, $3, $4, $5, 0, '')",
    )
    .bind(hold.to_string())
    .bind(item.to_string())
    .bind(reason)
    .bind(by.to_string())
    .bind(now)
    .execute(tx.connection())
    .await?;
    sqlx::query("update item set holds = holds + 1, rev = rev + 1 where id = $1")
        .bind(item.to_string())
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Releases a hold; whether it was there and not released yet.
pub(crate) async fn release_hold(tx: &mut Tx<'_>, hold: HoldId, item: ItemId, by: PersonId) -> Result<bool> {
    let now = tx.now();
    let released = sqlx::query(
        "update hold set released = $3, released_by = $4 where id = $1 and item = $2 and released = 0",
    )
    .bind(hold.to_string())
    .bind(item.to_string())
    .bind(now)
    .bind(by.to_string())
    .execute(tx.connection())
    .await?
    .rows_affected();
    if released > 0 {
        sqlx::query("update item set holds = holds - 1, rev = rev + 1 where id = $1")
            .bind(item.to_string())
            .execute(tx.connection())
            .await?;
    }
    Ok(released > 0)
}

/// Holds on an item that are not released: id, reason, since when.
pub(crate) async fn holds(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<(HoldId, String, Millis)>> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("select id, reason, placed from hold where item = $1 and released = 0 order by id")
            .bind(item.to_string())
            .fetch_all(tx.connection())
            .await?;
    rows.into_iter()
        .map(|(id, reason, placed)| Ok((id.parse().map_err(Error::internal)?, reason, placed)))
        .collect()
}

// requests, transmissions ------------------------------------------------------------------------------

/// A request for approval.
pub(crate) struct NewRequest<'a> {
    pub(crate) id: RequestId,
    pub(crate) person: PersonId,
    pub(crate) operation: &'a str,
    pub(crate) input: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) item: ItemId,
    pub(crate) rev: i64,
    pub(crate) reason: &'a str,
}

/// Keeps a request.
pub(crate) async fn insert_request(tx: &mut Tx<'_>, row: NewRequest<'_>) -> Result<()> {
    let now = tx.now();
    sqlx::query(
        "insert into request (id, person, operation, input, digest, item, rev, reason, state, asked) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9)",
    )
    .bind(row.id.to_string())
    .bind(row.person.to_string())
    .bind(row.operation)
    .bind(row.input)
    .bind(row.digest)
    .bind(row.item.to_string())
    .bind(row.rev)
    .bind(row.reason)
    .bind(now)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Keeps a decision on a request; a refusal ends it.
pub(crate) async fn insert_approval(
    tx: &mut Tx<'_>,
    request: RequestId,
    person: PersonId,
    approved: bool,
    reason: &str,
) -> Result<()> {
    let now = tx.now();
    sqlx::query(
        "insert into approval (request, person, decided, approved, reason) values ($1, $2, $3, $4, $5)",
    )
    .bind(request.to_string())
    .bind(person.to_string())
    .bind(now)
    .bind(i64::from(approved))
    .bind(reason)
    .execute(tx.connection())
    .await
    .map_err(|error| match Error::from(error) {
        Error::Conflict(_) => Error::conflict("you have decided this request already"),
        other => other,
    })?;
    if !approved {
        sqlx::query("update request set state = 'refused' where id = $1")
            .bind(request.to_string())
            .execute(tx.connection())
            .await?;
    }
    Ok(())
}

/// A transmission.
pub(crate) struct TransmissionRow {
    pub(crate) id: TransmissionId,
    pub(crate) item: ItemId,
    pub(crate) version: VersionId,
    pub(crate) party: PartyId,
    pub(crate) recipient: String,
    pub(crate) person: PersonId,
    pub(crate) basis: String,
    pub(crate) sent: Millis,
    pub(crate) sha256: String,
}

/// Notes a transmission.
pub(crate) async fn insert_transmission(tx: &mut Tx<'_>, row: &TransmissionRow) -> Result<()> {
    sqlx::query(
        "insert into transmission (id, item, version, party, recipient, person, basis, sent, sha256) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.id.to_string())
    .bind(row.item.to_string())
    .bind(row.version.to_string())
    .bind(row.party.to_string())
    .bind(&row.recipient)
    .bind(row.person.to_string())
    .bind(&row.basis)
    .bind(row.sent)
    .bind(&row.sha256)
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Transmissions of an item: to which party, when, on what basis.
pub(crate) async fn transmissions(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<(String, Millis, String)>> {
    Ok(sqlx::query_as(
        "select p.name, t.sent, t.basis from transmission t join party p on p.id = t.party \
         where t.item = $1 order by t.id",
    )
    .bind(item.to_string())
    .fetch_all(tx.connection())
    .await?)
}

// statements, requests, grants, for showing ---------------------------------------------------------------

/// A statement on an item.
pub(crate) struct StatementRow {
    pub(crate) id: StatementId,
    pub(crate) kind: String,
    pub(crate) made: Millis,
}

/// Statements on an item, oldest first.
pub(crate) async fn statements(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<StatementRow>> {
    statements_at(tx.connection(), item).await
}

/// The same, on a bare connection.
pub(crate) async fn statements_at(
    connection: &mut sqlx::AnyConnection,
    item: ItemId,
) -> Result<Vec<StatementRow>> {
    let rows = sqlx::query("select id, kind, made from statement where item = $1 order by id")
        .bind(item.to_string())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok(StatementRow { id: id(row, 0)?, kind: row.try_get(1)?, made: row.try_get(2)? }))
        .collect()
}

/// What a statement is about: an item and its matter, where it is about one.
pub(crate) async fn stated(
    tx: &mut Tx<'_>,
    statement: StatementId,
) -> Result<Option<(Option<ItemId>, Option<MatterId>)>> {
    let row: Option<(String, String)> = sqlx::query_as("select item, matter from statement where id = $1")
        .bind(statement.to_string())
        .fetch_optional(tx.connection())
        .await?;
    row.map(|(item, matter)| {
        let item = if item.is_empty() { None } else { Some(item.parse().map_err(Error::internal)?) };
        let matter = if matter.is_empty() { None } else { Some(matter.parse().map_err(Error::internal)?) };
        Ok((item, matter))
    })
    .transpose()
}

/// Requests on an item, oldest first.
pub(crate) async fn requests(tx: &mut Tx<'_>, item: ItemId, asker: PersonId) -> Result<Vec<RequestView>> {
    let rows = sqlx::query(
        "select r.id, p.name, p.id, r.operation, r.reason, r.state, \
         (select count(*) from approval a where a.request = r.id and a.approved = 1) \
         from request r join person p on p.id = r.person where r.item = $1 order by r.id",
    )
    .bind(item.to_string())
    .fetch_all(tx.connection())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(RequestView {
                request: id(row, 0)?,
                person: row.try_get(1)?,
                mine: id::<PersonId>(row, 2)? == asker,
                operation: row.try_get(3)?,
                reason: row.try_get(4)?,
                state: row.try_get(5)?,
                approvals: row.try_get(6)?,
            })
        })
        .collect()
}

/// Grants on an item: to whom, their name, until when.
pub(crate) async fn grants(tx: &mut Tx<'_>, item: ItemId) -> Result<Vec<(PersonId, String, Millis)>> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select p.id, p.name, g.until from grants g join person p on p.id = g.person \
         where g.item = $1 order by p.name, p.id",
    )
    .bind(item.to_string())
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|(person, name, until)| Ok((person.parse().map_err(Error::internal)?, name, until)))
        .collect()
}

// backups ----------------------------------------------------------------------------------------------

/// Every stored part of content: store, item, version, number.
pub(crate) async fn all_parts(
    connection: &mut sqlx::AnyConnection,
) -> Result<Vec<(String, ItemId, VersionId, i64)>> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "select v.store, v.item, v.id, p.number from version v join part p on p.version = v.id \
         where p.state = 'stored' order by v.id, p.number",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(store, item, version, number)| {
            Ok((
                store,
                item.parse().map_err(Error::internal)?,
                version.parse().map_err(Error::internal)?,
                number,
            ))
        })
        .collect()
}

/// Items that should have a key, with its shard.
pub(crate) async fn keyed(connection: &mut sqlx::AnyConnection) -> Result<Vec<(ItemId, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select id, shard from item where state <> 'erased' and state <> 'returned' order by id",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|(item, shard)| Ok((item.parse().map_err(Error::internal)?, shard))).collect()
}

/// Items whose key was destroyed, with its shard.
pub(crate) async fn gone(connection: &mut sqlx::AnyConnection) -> Result<Vec<(ItemId, String)>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select id, shard from item where state = 'erased' or state = 'returned' order by id")
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(|(item, shard)| Ok((item.parse().map_err(Error::internal)?, shard))).collect()
}

/// Keeps what the people of an erasure signed until its certificate carries it.
pub(crate) async fn keep_consents(tx: &mut Tx<'_>, item: ItemId, consents: &str) -> Result<()> {
    sqlx::query("insert into erasure_consent (item, consents) values ($1, $2)")
        .bind(item.to_string())
        .bind(consents)
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Takes out what the people of an erasure signed.
pub(crate) async fn take_consents(tx: &mut Tx<'_>, item: ItemId) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as("select consents from erasure_consent where item = $1")
        .bind(item.to_string())
        .fetch_optional(tx.connection())
        .await?;
    sqlx::query("delete from erasure_consent where item = $1")
        .bind(item.to_string())
        .execute(tx.connection())
        .await?;
    Ok(row.map(|(consents,)| consents))
}
