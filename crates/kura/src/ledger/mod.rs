//! The ledger's place in the database: appending inside a commit, reading back, exporting, proving.
//!
//! The writer appends at the end of each batch, inside the batch's own transaction: there is no moment at
//! which a change is committed and its record is not. The mathematics and formats are `kura-ledger`'s.

pub mod export;
pub mod high_water;
pub mod list_records;
pub(crate) mod page;
pub mod retire_key;
pub mod rotate_key;
pub mod show_entry;
pub(crate) mod shown;
pub mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::tz::TimeZone;
use kura_ledger::checkpoint::{Checkpoint, LogKey, VerifyKey};
use kura_ledger::leaf::{FORMAT, ITEM, Leaf, Opening, Outcome, PREVIOUS, SEQUENCE};
use kura_ledger::tree::{self, Edge};
use kura_vault::keys::{Key, fill_random};
use sqlx::AnyConnection;

use crate::clock::{self, Millis};
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId};

/// Purpose of the keys that seal openings, under an item's key or the firm's.
const OPENING: &str = "kura/opening/v1";

/// A record about to be appended.
pub struct Draft {
    /// Its id.
    pub event: EventId,
    /// When.
    pub at: Millis,
    /// The operation.
    pub operation: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Digest of the rules that decided.
    pub rules: String,
    /// Fields by name.
    pub fields: Vec<(&'static str, String)>,
    /// The item whose chain it joins.
    pub item: Option<ItemId>,
    /// The key under which its openings are sealed: the item's, or the firm's.
    pub key: Key,
    /// A salt chosen beforehand for one field, where the opening is kept elsewhere too.
    pub salted: Option<(&'static str, [u8; 32])>,
}

/// How far an item's chain has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Number of records.
    pub records: u64,
    /// Leaf hash of the last in hexadecimal, or `none`.
    pub last: String,
}

impl Default for Link {
    fn default() -> Self {
        Self { records: 0, last: "none".to_owned() }
    }
}

/// A record in its final form, waiting for the batch's end.
pub(crate) struct Entry {
    pub(crate) event: EventId,
    pub(crate) item: Option<ItemId>,
    pub(crate) leaf: String,
    pub(crate) sealed: Vec<u8>,
}

/// The log as its one writer holds it.
pub struct Log {
    /// Those that sign, newest first.
    keys: Vec<LogKey>,
    origin: String,
    edge: Edge,
    /// Chains of the items of this batch, ahead of the database.
    links: HashMap<ItemId, Link>,
    entries: Vec<Entry>,
    /// Refusals of this batch by the rules that decided them and the month: how often, and when the last time.
    denials: BTreeMap<(String, String), (i64, Millis)>,
    /// The firm's, in which months are told.
    zone: TimeZone,
}

/// Seals a record's openings under its key.
fn seal(key: &Key, event: EventId, openings: &[Opening]) -> Vec<u8> {
    let text = serde_json::to_vec(openings).expect("openings are plain data");
    key.derive(OPENING, event.bytes()).seal(event.bytes(), &text)
}

/// Opens what was sealed for a record.
pub(crate) fn unseal(key: &Key, event: EventId, sealed: &[u8]) -> Result<Vec<Opening>> {
    let text = key
        .derive(OPENING, event.bytes())
        .open(event.bytes(), sealed)
        .map_err(|error| Error::internal(format!("opening of record {event}: {error}")))?;
    serde_json::from_slice(&text).map_err(Error::internal)
}

impl Log {
    /// Takes up the log where the database has it, and checks that its head is what its entries make.
    pub async fn load(
        connection: &mut AnyConnection,
        keys: Vec<LogKey>,
        origin: &str,
        zone: TimeZone,
    ) -> Result<Self> {
        let mut log = Self {
            keys,
            origin: origin.to_owned(),
            edge: Edge::default(),
            links: HashMap::new(),
            entries: Vec::new(),
            denials: BTreeMap::new(),
            zone,
        };
        log.reload(connection).await?;
        let note = store::checkpoint(connection).await?;
        let newest = log.keys.first().map(LogKey::verify_key);
        if let (Some(note), Some(newest)) = (note, newest)
            && Checkpoint::open(note.as_bytes(), &newest, &[]).is_err()
        {
            // The key was changed, and the program ended before it signed.
            log.sign_anew(connection).await?;
        }
        Ok(log)
    }

    /// Signs from now on with these keys, the head as it stands among what they sign.
    pub(crate) async fn take_up_keys(
        &mut self,
        connection: &mut AnyConnection,
        keys: Vec<LogKey>,
    ) -> Result<()> {
        self.keys = keys;
        self.sign_anew(connection).await
    }

    async fn sign_anew(&self, connection: &mut AnyConnection) -> Result<()> {
        if self.edge.size() == 0 {
            return Ok(());
        }
        let head = self.checkpoint();
        let note = self.sign(&head)?;
        store::move_head(connection, (head.size, head.root), &head, &note).await
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: self.origin.clone(), size: self.edge.size(), root: self.edge.root() }
    }

    fn sign(&self, head: &Checkpoint) -> Result<String> {
        head.sign(&self.keys()).map_err(Error::internal)
    }

    /// Takes up the log again where the database has it; what waited is forgotten.
    pub(crate) async fn reload(&mut self, connection: &mut AnyConnection) -> Result<()> {
        self.links.clear();
        self.entries.clear();
        self.denials.clear();
        let head = store::head(connection).await?;
        let (size, root) = head.unwrap_or((0, hex::encode(tree::EMPTY_ROOT)));
        self.edge = store::edge(connection, size).await?;
        if hex::encode(self.edge.root()) != root {
            return Err(Error::internal(
                "the ledger's entries do not make the root that its head states: it was tampered with \
                 or damaged; restore a backup and compare with the last export or witness",
            ));
        }
        Ok(())
    }

    /// Size and root.
    pub(crate) fn head(&self) -> (u64, tree::Hash) {
        (self.edge.size(), self.edge.root())
    }

    /// The keys that sign, newest first.
    pub(crate) fn keys(&self) -> Vec<&LogKey> {
        self.keys.iter().collect()
    }

    /// The log's name.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// How far an item's chain has come, this batch's records included.
    pub(crate) async fn link(&mut self, connection: &mut AnyConnection, item: ItemId) -> Result<Link> {
        if let Some(link) = self.links.get(&item) {
            return Ok(link.clone());
        }
        let link = store::link(connection, item).await?;
        self.links.insert(item, link.clone());
        Ok(link)
    }

    /// Brings a record into its final form. It is appended at the batch's end.
    pub(crate) async fn admit(&mut self, connection: &mut AnyConnection, draft: Draft) -> Result<()> {
        let mut fields = draft.fields;
        if draft.outcome == Outcome::Refused {
            self.count_denials(&fields, draft.at);
        }
        if let Some(item) = draft.item {
            let link = self.link(connection, item).await?;
            fields.push((ITEM, item.to_string()));
            fields.push((SEQUENCE, (link.records + 1).to_string()));
            fields.push((PREVIOUS, link.last));
        }
        let openings: Vec<Opening> = fields
            .into_iter()
            .map(|(field, value)| {
                let salt = match draft.salted {
                    Some((salted, salt)) if salted == field => salt,
                    _ => random_salt(),
                };
                Opening::new(field, salt, value)
            })
            .collect();
        let mut leaf = Leaf {
            kura: FORMAT,
            at: clock::rfc3339(draft.at),
            event: draft.event.to_string(),
            operation: draft.operation.to_owned(),
            outcome: draft.outcome,
            rules: draft.rules,
            fields: BTreeMap::new(),
        };
        leaf.commit(&openings);
        let leaf = leaf.encode();
        if leaf.len() > kura_ledger::tile::MAX_ENTRY {
            return Err(Error::internal("a record is too long for the ledger"));
        }
        if let Some(item) = draft.item {
            let link = self.links.entry(item).or_default();
            link.records += 1;
            link.last = hex::encode(tree::leaf_hash(leaf.as_bytes()));
        }
        self.entries.push(Entry {
            event: draft.event,
            item: draft.item,
            sealed: seal(&draft.key, draft.event, &openings),
            leaf,
        });
        Ok(())
    }

    /// Counts a refusal for each rule that decided it, with the repeats that were not put on record one by one.
    fn count_denials(&mut self, fields: &[(&'static str, String)], at: Millis) {
        let of =
            |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str());
        // A record that only counts repeats has no question of its own.
        let repeats: i64 = of("repeats").and_then(|repeats| repeats.parse().ok()).unwrap_or(0);
        let times = repeats + i64::from(of("question").is_some());
        let month = clock::month(clock::day_in(&self.zone, at));
        for rule in of("decided_by").unwrap_or_default().split_whitespace() {
            let (counted, last) = self.denials.entry((rule.to_owned(), month.clone())).or_default();
            *counted += times;
            *last = at.max(*last);
        }
    }

    /// Looks up the chains of several items at once, ahead of their records.
    pub(crate) async fn look_up(&mut self, connection: &mut AnyConnection, items: &[ItemId]) -> Result<()> {
        let unknown: BTreeSet<ItemId> =
            items.iter().copied().filter(|item| !self.links.contains_key(item)).collect();
        let unknown: Vec<ItemId> = unknown.into_iter().collect();
        for (item, link) in store::links(connection, &unknown).await? {
            self.links.insert(item, link);
        }
        Ok(())
    }

    /// How many records wait.
    pub(crate) fn waiting(&self) -> usize {
        self.entries.len()
    }

    /// Appends the waiting records inside the open transaction; returns the index of the first.
    pub(crate) async fn flush(&mut self, connection: &mut AnyConnection) -> Result<u64> {
        let first = self.edge.size();
        let entries = std::mem::take(&mut self.entries);
        let links = std::mem::take(&mut self.links);
        let denials = std::mem::take(&mut self.denials);
        if entries.is_empty() {
            return Ok(first);
        }
        let (old_size, old_root) = (self.edge.size(), self.edge.root());
        let mut tiles = Vec::new();
        for entry in &entries {
            tiles.extend(self.edge.append(tree::leaf_hash(entry.leaf.as_bytes())));
        }
        let items: BTreeSet<ItemId> = entries.iter().filter_map(|entry| entry.item).collect();
        let touched: Vec<(ItemId, Link)> =
            links.into_iter().filter(|(item, _)| items.contains(item)).collect();
        let head = self.checkpoint();
        let note = self.sign(&head)?;
        store::append(connection, first, &entries, &tiles, &touched).await?;
        store::move_head(connection, (old_size, old_root), &head, &note).await?;
        store::count_denials(connection, &denials).await?;
        Ok(first)
    }
}

/// The size that the signed head states, and whether the entries, computed again, make the root that it states.
///
/// # Errors
/// A ledger without a head, or with one that its key did not sign.
pub(crate) async fn is_whole(connection: &mut AnyConnection, log_key: &VerifyKey) -> Result<(u64, bool)> {
    let note = store::checkpoint(connection).await?;
    let note = note.ok_or_else(|| Error::conflict("the ledger is empty"))?;
    let head = Checkpoint::open(note.as_bytes(), log_key, &[]).map_err(Error::internal)?;
    Ok((head.size, store::whole_root(connection, head.size).await? == head.root))
}

fn random_salt() -> [u8; 32] {
    let mut salt = [0; 32];
    fill_random(&mut salt);
    salt
}
