//! The ledger's statements.

use std::collections::BTreeMap;

use kura_ledger::checkpoint::Checkpoint;
use kura_ledger::leaf::Leaf;
use kura_ledger::tile;
use kura_ledger::tree::{self, Edge, FullTile, Hash, TILE_WIDTH, TileId, TreeError};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{Entry, Link};
use crate::db::placeholders;
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId, PersonId};

/// Rows inserted by one statement; both engines allow this many parameters and more.
const ROWS: usize = 500;

/// Size and root (in hexadecimal) of the head, when there is one.
pub async fn head(connection: &mut AnyConnection) -> Result<Option<(u64, String)>> {
    let row: Option<(i64, String)> =
        sqlx::query_as("select size, root from ledger_head where one = 1").fetch_optional(connection).await?;
    Ok(row.map(|(size, root)| (size as u64, root)))
}

/// The head's signed checkpoint, when there is one.
pub async fn checkpoint(connection: &mut AnyConnection) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sqlx::query_as("select checkpoint from ledger_head where one = 1").fetch_optional(connection).await?;
    Ok(row.map(|(note,)| note))
}

/// The open right side of a tree of this size: leaves since the last full tile, and the roots of full
/// tiles since the last full tile of the level above.
pub async fn edge(connection: &mut AnyConnection, size: u64) -> Result<Edge> {
    let width = TILE_WIDTH as u64;
    let from = size - size % width;
    let leaves: Vec<Hash> =
        leaves(connection, from, size).await?.iter().map(|leaf| tree::leaf_hash(leaf.as_bytes())).collect();
    let mut levels = vec![leaves];
    let mut full = size / width;
    for level in 0i64.. {
        if full == 0 {
            break;
        }
        let from = full - full % width;
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as(
            "select root from ledger_tile where level = $1 and idx >= $2 and idx < $3 order by idx",
        )
        .bind(level)
        .bind(from as i64)
        .bind(full as i64)
        .fetch_all(&mut *connection)
        .await?;
        let roots = rows.into_iter().map(|(root,)| Hash::try_from(root));
        let roots: Result<Vec<Hash>, _> = roots.collect();
        levels.push(roots.map_err(|_| Error::internal("a tile's root is not a hash"))?);
        full /= width;
    }
    Edge::from_partial_tiles(size, levels)
        .map_err(|error| Error::internal(format!("the ledger has lost entries or tiles: {error}")))
}

/// Root over the first so many entries, each read and hashed: what no tile vouches for.
pub async fn whole_root(connection: &mut AnyConnection, size: u64) -> Result<Hash> {
    const PAGE: u64 = 4096;
    let mut edge = Edge::default();
    while edge.size() < size {
        let from = edge.size();
        let entries = leaves(connection, from, (from + PAGE).min(size)).await?;
        if entries.is_empty() {
            return Err(Error::conflict(format!("entry {from} of the ledger is missing: restore a backup")));
        }
        for entry in entries {
            for full in edge.append(tree::leaf_hash(entry.as_bytes())) {
                let kept = tile(connection, full.id).await?;
                if kept.is_none_or(|kept| kept != full.hashes) {
                    return Err(Error::conflict(format!(
                        "tile {}/{} of the ledger is not what its entries make: restore a backup",
                        full.id.level, full.id.index
                    )));
                }
            }
        }
    }
    Ok(edge.root())
}

/// Texts of the leaves from one index up to another.
pub async fn leaves(connection: &mut AnyConnection, from: u64, to: u64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select leaf from ledger_leaf where idx >= $1 and idx < $2 order by idx")
            .bind(from as i64)
            .bind(to as i64)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(leaf,)| leaf).collect())
}

/// How far an item's chain has come.
pub async fn link(connection: &mut AnyConnection, item: ItemId) -> Result<Link> {
    let row: Option<(i64, String)> = sqlx::query_as("select records, last from ledger_chain where item = $1")
        .bind(item.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.map_or_else(Link::default, |(records, last)| Link { records: records as u64, last }))
}

/// How far the chains of several items have come; an item without one is left out.
pub async fn links(connection: &mut AnyConnection, items: &[ItemId]) -> Result<Vec<(ItemId, Link)>> {
    let mut links = Vec::with_capacity(items.len());
    for items in items.chunks(ROWS) {
        let sql = format!(
            "select item, records, last from ledger_chain where item in {}",
            placeholders(1, items.len())
        );
        let query =
            items.iter().fold(sqlx::query_as(AssertSqlSafe(sql)), |query, id| query.bind(id.to_string()));
        let rows: Vec<(String, i64, String)> = query.fetch_all(&mut *connection).await?;
        for (item, records, last) in rows {
            links.push((item.parse().map_err(Error::internal)?, Link { records: records as u64, last }));
        }
    }
    Ok(links)
}

/// Counts refusals by the rules that decided them, in all and by month.
pub(super) async fn count_denials(
    connection: &mut AnyConnection,
    denials: &BTreeMap<(String, String), (i64, i64)>,
) -> Result<()> {
    for ((rule, month), (times, last)) in denials {
        sqlx::query(
            "insert into rule_denial (rule, times, last) values ($1, $2, $3) on conflict (rule) do update \
             set times = rule_denial.times + excluded.times, last = excluded.last",
        )
        .bind(rule)
        .bind(times)
        .bind(last)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "insert into rule_denial_month (rule, month, times) values ($1, $2, $3) on conflict (rule, month) \
             do update set times = rule_denial_month.times + excluded.times",
        )
        .bind(rule)
        .bind(month)
        .bind(times)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Inserts a batch: leaves, openings, chains, tiles.
pub(super) async fn append(
    connection: &mut AnyConnection,
    first: u64,
    entries: &[Entry],
    tiles: &[FullTile],
    links: &[(ItemId, Link)],
) -> Result<()> {
    let mut index = first as i64;
    for rows in entries.chunks(ROWS) {
        let sql =
            format!("insert into ledger_leaf (idx, leaf, event) values {}", placeholders(rows.len(), 3));
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(rows.len() == 1);
        for entry in rows {
            query = query.bind(index).bind(&entry.leaf).bind(entry.event.to_string());
            index += 1;
        }
        query.execute(&mut *connection).await?;
        let places = index - rows.len() as i64..index;
        let sql = format!(
            "insert into ledger_opening (event, item, sealed, idx) values {}",
            placeholders(rows.len(), 4)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(rows.len() == 1);
        for (entry, place) in rows.iter().zip(places) {
            let item = entry.item.map_or_else(String::new, |item| item.to_string());
            query = query.bind(entry.event.to_string()).bind(item).bind(&entry.sealed).bind(place);
        }
        query.execute(&mut *connection).await?;
    }
    for rows in links.chunks(ROWS) {
        let sql = format!(
            "insert into ledger_chain (item, records, last) values {} \
             on conflict (item) do update set records = excluded.records, last = excluded.last",
            placeholders(rows.len(), 3)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(rows.len() == 1);
        for (item, link) in rows {
            query = query.bind(item.to_string()).bind(link.records as i64).bind(&link.last);
        }
        query.execute(&mut *connection).await?;
    }
    for tile in tiles {
        sqlx::query("insert into ledger_tile (level, idx, hashes, root) values ($1, $2, $3, $4)")
            .bind(i64::from(tile.id.level))
            .bind(tile.id.index as i64)
            .bind(tile::encode_tile(&tile.hashes))
            .bind(tile.root.to_vec())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Moves the head, if it still stands where this writer left it.
pub(super) async fn move_head(
    connection: &mut AnyConnection,
    (old_size, old_root): (u64, Hash),
    head: &Checkpoint,
    note: &str,
) -> Result<()> {
    let moved = if old_size == 0 {
        sqlx::query("insert into ledger_head (one, size, root, checkpoint) values (1, $1, $2, $3)")
            .bind(head.size as i64)
            .bind(hex::encode(head.root))
            .bind(note)
            .execute(connection)
            .await?
    } else {
        sqlx::query(
            "update ledger_head set size = $1, root = $2, checkpoint = $3 \
             where one = 1 and size = $4 and root = $5",
        )
        .bind(head.size as i64)
        .bind(hex::encode(head.root))
        .bind(note)
        .bind(old_size as i64)
        .bind(hex::encode(old_root))
        .execute(connection)
        .await?
    };
    if moved.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::internal("another program has written to this ledger; restart"))
    }
}

/// One record: its index and leaf, by its event's id.
pub async fn record(connection: &mut AnyConnection, event: EventId) -> Result<Option<(u64, String)>> {
    let row: Option<(i64, String)> = sqlx::query_as("select idx, leaf from ledger_leaf where event = $1")
        .bind(event.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|(index, leaf)| (index as u64, leaf)))
}

/// One change of the log's key.
pub(crate) struct LogKeyRow {
    pub(crate) number: i64,
    pub(crate) note: String,
    pub(crate) salt: String,
    pub(crate) event: EventId,
    pub(crate) predecessor_retired: bool,
}

/// The changes of the log's key, oldest first.
pub(crate) async fn log_keys(connection: &mut AnyConnection) -> Result<Vec<LogKeyRow>> {
    let rows: Vec<(i64, String, String, String, i64)> =
        sqlx::query_as("select number, note, salt, event, predecessor_retired from log_key order by number")
            .fetch_all(connection)
            .await?;
    rows.into_iter()
        .map(|(number, note, salt, event, retired)| {
            let event = event.parse().map_err(Error::internal)?;
            Ok(LogKeyRow { number, note, salt, event, predecessor_retired: retired != 0 })
        })
        .collect()
}

/// Keeps a change of the log's key.
pub(crate) async fn insert_log_key(connection: &mut AnyConnection, row: &LogKeyRow) -> Result<()> {
    sqlx::query(
        "insert into log_key (number, note, salt, event, predecessor_retired) values ($1, $2, $3, $4, 0)",
    )
    .bind(row.number)
    .bind(&row.note)
    .bind(&row.salt)
    .bind(row.event.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the key before this one is retired.
pub(crate) async fn retire_predecessor(connection: &mut AnyConnection, number: i64) -> Result<()> {
    sqlx::query("update log_key set predecessor_retired = 1 where number = $1")
        .bind(number)
        .execute(connection)
        .await?;
    Ok(())
}

/// A record of an item as stored.
pub struct StoredRecord {
    /// Index in the ledger.
    pub index: u64,
    /// The leaf's text.
    pub leaf: String,
    /// The record's id.
    pub event: EventId,
    /// Its sealed openings.
    pub sealed: Vec<u8>,
}

type StoredRow = (i64, String, String, Vec<u8>);

fn stored((index, leaf, event, sealed): StoredRow) -> Result<StoredRecord> {
    Ok(StoredRecord { index: index as u64, leaf, event: event.parse().map_err(Error::internal)?, sealed })
}

/// An item's records, first to last.
pub async fn history(connection: &mut AnyConnection, item: ItemId) -> Result<Vec<StoredRecord>> {
    let rows: Vec<StoredRow> = sqlx::query_as(
        "select o.idx, l.leaf, l.event, o.sealed from ledger_opening o \
         join ledger_leaf l on l.idx = o.idx where o.item = $1 order by o.idx",
    )
    .bind(item.to_string())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(stored).collect()
}

/// An item's newest records before an index, newest first.
pub async fn newest(
    connection: &mut AnyConnection,
    item: ItemId,
    before: i64,
    limit: i64,
) -> Result<Vec<StoredRecord>> {
    let rows: Vec<StoredRow> = sqlx::query_as(
        "select o.idx, l.leaf, l.event, o.sealed from ledger_opening o \
         join ledger_leaf l on l.idx = o.idx where o.item = $1 and o.idx < $2 order by o.idx desc limit $3",
    )
    .bind(item.to_string())
    .bind(before)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(stored).collect()
}

/// The newest records before an index, whatever they are of, newest first.
pub async fn any_before(
    connection: &mut AnyConnection,
    before: i64,
    limit: i64,
) -> Result<Vec<SealedRecord>> {
    let text = format!("{SEALED} where l.idx < $1 order by l.idx desc limit $2");
    let rows: Vec<SealedRow> =
        sqlx::query_as(AssertSqlSafe(text)).bind(before).bind(limit).fetch_all(connection).await?;
    rows.into_iter().map(sealed).collect()
}

/// An item's record at an index of the ledger.
pub async fn record_of(
    connection: &mut AnyConnection,
    item: ItemId,
    index: i64,
) -> Result<Option<StoredRecord>> {
    let row: Option<StoredRow> = sqlx::query_as(
        "select o.idx, l.leaf, l.event, o.sealed from ledger_opening o \
         join ledger_leaf l on l.idx = o.idx where o.item = $1 and o.idx = $2",
    )
    .bind(item.to_string())
    .bind(index)
    .fetch_optional(connection)
    .await?;
    row.map(stored).transpose()
}

/// A record by its id.
pub async fn record_with_id(connection: &mut AnyConnection, event: EventId) -> Result<Option<StoredRecord>> {
    let row: Option<StoredRow> = sqlx::query_as(
        "select l.idx, l.leaf, l.event, o.sealed from ledger_opening o \
         join ledger_leaf l on l.event = o.event where o.event = $1",
    )
    .bind(event.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(stored).transpose()
}

/// The newest records of items for which a person is accountable, among the newest of the ledger: item, name, record.
pub(crate) async fn newest_of_custodian(
    connection: &mut AnyConnection,
    person: PersonId,
    among: i64,
    limit: i64,
) -> Result<Vec<(ItemId, String, StoredRecord)>> {
    let rows: Vec<(String, String, i64, String, String, Vec<u8>)> = sqlx::query_as(
        "select i.id, i.shard, l.idx, l.leaf, l.event, o.sealed from ledger_leaf l \
         join ledger_opening o on o.event = l.event join item i on i.id = o.item \
         where l.idx > (select size from ledger_head) - $2 and i.custodian = $1 order by l.idx desc limit $3",
    )
    .bind(person.to_string())
    .bind(among)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(item, shard, index, leaf, event, sealed)| {
            let record = stored((index, leaf, event, sealed))?;
            Ok((item.parse().map_err(Error::internal)?, shard, record))
        })
        .collect()
}

async fn tile(connection: &mut AnyConnection, id: TileId) -> Result<Option<Vec<Hash>>> {
    let row: Option<(Vec<u8>,)> =
        sqlx::query_as("select hashes from ledger_tile where level = $1 and idx = $2")
            .bind(i64::from(id.level))
            .bind(id.index as i64)
            .fetch_optional(connection)
            .await?;
    let decoded =
        row.map(|(hashes,)| tile::decode_tile(&hashes).ok_or_else(|| Error::internal("a tile is malformed")));
    decoded.transpose()
}

/// Inclusion proof of a leaf in the tree of this size, which must be the head's.
pub async fn prove(connection: &mut AnyConnection, size: u64, index: u64) -> Result<Vec<Hash>> {
    let edge = edge(connection, size).await?;
    let mut tiles: BTreeMap<TileId, Vec<Hash>> = BTreeMap::new();
    for level in 0..8 {
        let partial = edge.partial_tile(level);
        if !partial.is_empty() {
            tiles.insert(edge.partial_id(level), partial.to_vec());
        }
    }
    loop {
        match tree::prove_inclusion(size, index, &tiles) {
            Ok(proof) => return Ok(proof),
            Err(TreeError::Missing(missing)) => {
                for id in missing {
                    let found = tile(connection, id).await?;
                    let found = found.filter(|_| !tiles.contains_key(&id));
                    let found =
                        found.ok_or_else(|| Error::internal(format!("the ledger has lost tile {id:?}")))?;
                    tiles.insert(id, found);
                }
            }
            Err(error) => return Err(Error::internal(error)),
        }
    }
}

/// The moment of the newest record, in milliseconds, to the second; 0 when there is none.
pub async fn latest(connection: &mut AnyConnection) -> Result<i64> {
    let row: Option<(String,)> = sqlx::query_as("select leaf from ledger_leaf order by idx desc limit 1")
        .fetch_optional(connection)
        .await?;
    // An entry that is not what was written is told by the ledger's own check, and better.
    let leaf = row.and_then(|(leaf,)| Leaf::parse(leaf.as_bytes()).ok());
    Ok(leaf.and_then(|leaf| crate::clock::parse_moment(&leaf.at)).unwrap_or(0))
}

/// The index of the first record since a moment: times do not run back along the ledger.
pub async fn first_since(connection: &mut AnyConnection, since: i64) -> Result<u64> {
    let (mut low, mut high) = (0, head(connection).await?.map_or(0, |head| head.0));
    while low < high {
        let middle = low + (high - low) / 2;
        let leaf = leaves(connection, middle, middle + 1).await?.into_iter().next().unwrap_or_default();
        let at = Leaf::parse(leaf.as_bytes()).ok().and_then(|leaf| crate::clock::parse_moment(&leaf.at));
        if at.is_some_and(|at| at < since - since.rem_euclid(1000)) {
            low = middle + 1
        } else {
            high = middle
        }
    }
    Ok(low)
}

/// A record with its sealed openings and the item whose key sealed them.
pub struct SealedRecord {
    /// Index in the ledger.
    pub index: u64,
    /// The leaf's text.
    pub leaf: String,
    /// The record's id.
    pub event: EventId,
    /// The item, with the shard of its key.
    pub item: Option<(ItemId, String)>,
    /// The sealed openings.
    pub sealed: Vec<u8>,
}

const SEALED: &str = "select l.idx, l.leaf, l.event, o.item, coalesce(i.shard, ''), o.sealed from ledger_leaf l \
                      join ledger_opening o on o.event = l.event left join item i on i.id = o.item";

type SealedRow = (i64, String, String, String, String, Vec<u8>);

fn sealed((index, leaf, event, item, shard, sealed): SealedRow) -> Result<SealedRecord> {
    let item = if item.is_empty() { None } else { Some((item.parse().map_err(Error::internal)?, shard)) };
    let event = event.parse().map_err(Error::internal)?;
    Ok(SealedRecord { index: index as u64, leaf, event, item, sealed })
}

/// Records from an index on, with what their openings are sealed under.
pub async fn openings(connection: &mut AnyConnection, from: u64, limit: i64) -> Result<Vec<SealedRecord>> {
    let text = format!("{SEALED} where l.idx >= $1 order by l.idx limit $2");
    let rows: Vec<SealedRow> =
        sqlx::query_as(AssertSqlSafe(text)).bind(from as i64).bind(limit).fetch_all(connection).await?;
    rows.into_iter().map(sealed).collect()
}

/// One record by its id, with what its openings are sealed under.
pub async fn sealed_with_id(connection: &mut AnyConnection, event: EventId) -> Result<Option<SealedRecord>> {
    let text = format!("{SEALED} where l.event = $1");
    let row: Option<SealedRow> =
        sqlx::query_as(AssertSqlSafe(text)).bind(event.to_string()).fetch_optional(connection).await?;
    row.map(sealed).transpose()
}

/// Of the records from one index up to another, every refusal, and what was done by these operations.
pub async fn refusals_and(
    connection: &mut AnyConnection,
    from: u64,
    to: u64,
    operations: &[&str],
) -> Result<Vec<SealedRecord>> {
    // A leaf is written in one way, and what it holds beside these names is numbers, times and hashes.
    let own = operations.iter().map(|operation| format!(" or l.leaf like '%\"operation\":\"{operation}\"%'"));
    let own: String = own.collect();
    let text = format!(
        "{SEALED} where l.idx >= $1 and l.idx < $2 and (l.leaf like '%\"outcome\":\"refused\"%'{own}) order by l.idx"
    );
    let rows: Vec<SealedRow> =
        sqlx::query_as(AssertSqlSafe(text)).bind(from as i64).bind(to as i64).fetch_all(connection).await?;
    rows.into_iter().map(sealed).collect()
}
