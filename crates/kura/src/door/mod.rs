//! The one door. Every operation on protected material, by anyone, through any edge, passes here.
//!
//! The door loads what the operation is about, asks the rules, does the work and records it, in one
//! transaction; nothing is released before its record is durable. It alone holds the keyring, and
//! content opens only with a ticket that only the door makes.
//!
//! In reading order:
//! - [`operation`]: what an operation and its subject are;
//! - [`actor`]: who acts;
//! - [`tx`]: what an operation may touch while it is performed;
//! - [`pass`]: load, decide, do, record, commit; `record`: what the record says; `approval`: what two people approved;
//!   `repeat`: a write that is sent again;
//! - [`refusal`]: what a refused person is told, and that refusals are no flood;
//! - [`consent`]: what a person signed with their own passkey;
//! - [`content`]: tickets and the only way to plaintext;
//! - `log_keys`: the keys that sign the ledger;
//! - [`writer`]: the one writer, which commits many operations at once.

pub mod actor;
pub(crate) mod approval;
pub mod consent;
pub mod content;
pub(crate) mod log_keys;
pub mod operation;
pub mod pass;
mod record;
pub mod refusal;
mod repeat;
pub(crate) mod store;
pub mod tx;
pub mod writer;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use kura_ledger::checkpoint::VerifyKey;
use kura_vault::keyring::{Keyring, KeyringError};
use kura_vault::keys::Key;

pub use actor::Actor;
pub use operation::{Operation, Recorded, Rev, Subject};
pub use pass::Options;
pub use refusal::{Refusal, Stranger};
pub use tx::Tx;

use tokio::sync::Semaphore;

use crate::clock::{Clock, Millis};
use crate::db::Database;
use crate::error::Result;
use crate::id::PersonId;
use crate::policy::candidate::Candidate;
use crate::rules::pack::Pack;
use crate::stores::Stores;

/// How long the answer of a write is kept for whoever repeats it.
const ANSWERS_KEPT: Millis = 2 * 24 * 60 * 60 * 1000;
/// Passwords hashed at once.
const HASHING: usize = 2;

/// The door of one installation. Cloning it gives another handle on the same door.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

pub(in crate::door) struct Inner {
    db: Database,
    writer: writer::Writer,
    keyring: Keyring,
    /// Seals the openings of records that belong to no item.
    firm_key: Key,
    rules: RwLock<Arc<Pack>>,
    clock: Clock,
    stores: Stores,
    log_key: RwLock<VerifyKey>,
    backups: crate::backup::Places,
    tickets: Mutex<content::Tickets>,
    /// Makes the handles of tickets; another one at each start.
    ticket_key: Key,
    refusals: refusal::Repeats,
    strangers: refusal::Strangers,
    /// How often someone asked why, and since when.
    probes: Mutex<HashMap<PersonId, (Millis, u32)>>,
    candidate: RwLock<Option<Arc<Candidate>>>,
    /// Passwords hashed at once: each takes memory and a processor.
    hashing: Semaphore,
}

impl Door {
    /// Opens the door: takes up the ledger where the database has it and starts the writer.
    pub async fn open(
        db: Database,
        keyring: Keyring,
        rules: Pack,
        clock: Clock,
        stores: Stores,
        origin: &str,
        backups: crate::backup::Places,
    ) -> Result<Self> {
        let firm_key = keyring.secret("opening")?;
        let log_keys = {
            let mut reader = db.reader().await?;
            log_keys::destroy_retired(&mut reader, &keyring).await?;
            log_keys::LogKeys::load(&mut reader, &keyring, origin).await?
        };
        let verify_key = log_keys.verify_key();
        let (origin, zone) = (origin.to_owned(), clock.zone().clone());
        let writer = writer::Writer::start(db.clone(), log_keys.signing, origin, zone).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                writer,
                keyring,
                firm_key,
                rules: RwLock::new(Arc::new(rules)),
                clock,
                stores,
                log_key: RwLock::new(verify_key),
                backups,
                tickets: Mutex::default(),
                ticket_key: Key::random(),
                refusals: refusal::Repeats::default(),
                strangers: refusal::Strangers::default(),
                probes: Mutex::default(),
                candidate: RwLock::default(),
                hashing: Semaphore::new(HASHING),
            }),
        })
    }

    /// The rules in force.
    pub fn rules(&self) -> Arc<Pack> {
        self.inner.rules()
    }

    /// Lays a candidate pack ready, or takes it away.
    pub(crate) fn lay_ready(&self, candidate: Option<Arc<Candidate>>) {
        *self.inner.candidate.write().unwrap_or_else(PoisonError::into_inner) = candidate;
    }

    /// Takes up the pack that is on record as being in force.
    pub(crate) async fn take_up_pack(&self) -> Result<()> {
        let mut reader = self.inner.db.reader().await?;
        if let Some(pack) = store::pack(&mut reader).await? {
            *self.inner.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pack);
            self.lay_ready(None);
        }
        Ok(())
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The database, for reading what needs no permission (the ledger's own files, health).
    pub fn database(&self) -> &Database {
        &self.inner.db
    }

    /// The stores of sealed content.
    pub fn stores(&self) -> &Stores {
        &self.inner.stores
    }

    /// The firm's name.
    pub(crate) async fn firm(&self) -> Result<String> {
        let mut reader = self.inner.db.reader().await?;
        Ok(store::value(&mut reader, "firm").await?.unwrap_or_default())
    }

    /// The log's public key, the newest while two sign.
    pub fn log_key(&self) -> VerifyKey {
        self.inner.log_key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The ledger's head, as it moves.
    pub fn head(&self) -> tokio::sync::watch::Receiver<writer::Head> {
        self.inner.writer.head()
    }

    /// Where backups go.
    pub(crate) fn backups(&self) -> &crate::backup::Places {
        &self.inner.backups
    }

    /// How often keys were destroyed: tells an older keyring from the newest.
    pub fn erasures(&self) -> Result<u64> {
        Ok(self.inner.keyring.erasures()?)
    }

    /// The installation's random id.
    pub(crate) fn installation(&self) -> &[u8; 16] {
        self.inner.keyring.installation()
    }

    /// The key of the live database.
    pub(crate) fn database_key(&self) -> Result<Key> {
        Ok(self.inner.keyring.secret("database")?)
    }

    /// The key of one backup's database; made when there is none.
    pub(crate) fn backup_key(&self, name: &str) -> Result<Key> {
        Ok(self.inner.keyring.make_secret(&backup_secret(name))?)
    }

    /// Destroys the key of a backup: its database opens nowhere any more.
    pub(crate) fn destroy_backup_key(&self, name: &str) -> Result<bool> {
        let secret = backup_secret(name);
        let there = self.inner.keyring.has_secret(&secret)?;
        self.inner.keyring.destroy_secret(&secret)?;
        self.inner.purge_copies();
        Ok(there)
    }

    /// Copies the keyring, every secret in it wrapped, to a new folder.
    pub(crate) fn copy_keyring(&self, folder: &std::path::Path) -> Result<()> {
        Ok(self.inner.keyring.copy_to(folder)?)
    }

    /// Whether an item's key exists; a shard that is damaged is an error, not an erasure.
    pub(crate) fn has_item_key(&self, shard: &str, item: crate::id::ItemId) -> Result<bool> {
        match self.inner.keyring.item_key(shard, item.bytes()) {
            Ok(_) => Ok(true),
            Err(KeyringError::Destroyed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Counts someone who was refused before anybody knew who they are.
    pub fn count_stranger(&self, what: Stranger) {
        self.inner.strangers.count(what, self.inner.clock.now());
    }

    /// Forgets the answers of writes of more than two days ago, which were kept for whoever repeats them.
    pub(crate) async fn forget_answers(&self) -> Result<()> {
        let before = self.inner.clock.now() - ANSWERS_KEPT;
        self.upkeep(move |connection| Box::pin(store::forget_outputs(connection, before))).await
    }

    /// Ends the writer after what is queued, and closes the database.
    pub async fn close(&self) {
        if let Err(error) = self.flush_refusals(true).await {
            tracing::error!("refusals that were counted are not on record: {error}");
        }
        self.inner.writer.stop().await;
        self.inner.db.close().await;
    }
}

/// What an erasure did to the copies of the keyring.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Purged {
    /// Copies that no longer hold what was destroyed.
    pub(crate) copies: usize,
    /// Names of copies that could not be written, and still do.
    pub(crate) not_reached: Vec<String>,
}

/// Name of the secret under which a backup's database is encrypted.
pub(crate) fn backup_secret(name: &str) -> String {
    format!("backup-{name}")
}

impl Inner {
    /// Takes what was destroyed out of the copies of the keyring that backups made; tells which could not be
    /// reached.
    fn purge_copies(&self) -> Purged {
        let mut purged = Purged::default();
        let Ok(entries) = std::fs::read_dir(&self.backups.keyring) else {
            return purged;
        };
        for copy in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
            match self.keyring.purge(&copy) {
                Ok(()) => purged.copies += 1,
                Err(error) => {
                    tracing::error!("a copy of the keyring still holds what was destroyed: {error}");
                    let name = copy.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    purged.not_reached.push(name);
                }
            }
        }
        purged
    }

    fn rules(&self) -> Arc<Pack> {
        // A pack is exchanged whole; there is no half-written one to be poisoned.
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
