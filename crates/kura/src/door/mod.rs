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
//! - [`pass`]: load, decide, do, record, commit;
//! - [`refusal`]: what a refused person is told, and that refusals are no flood;
//! - [`content`]: tickets and the only way to plaintext;
//! - [`writer`]: the one writer, which commits many operations at once.

pub mod actor;
pub mod content;
pub mod operation;
pub mod pass;
pub mod refusal;
pub(crate) mod store;
pub mod tx;
pub mod writer;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use kura_ledger::checkpoint::{LogKey, VerifyKey};
use kura_vault::keyring::Keyring;
use kura_vault::keys::Key;

pub use actor::Actor;
pub use operation::{Operation, Recorded, Rev, Subject};
pub use pass::Options;
pub use refusal::Refusal;
pub use tx::Tx;

use crate::clock::Clock;
use crate::db::Database;
use crate::error::Result;
use crate::rules::pack::Pack;
use crate::stores::Stores;

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
    log_key: VerifyKey,
    tickets: Mutex<HashMap<String, Arc<content::Ticket>>>,
    refusals: refusal::Repeats,
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
    ) -> Result<Self> {
        let firm_key = keyring.secret("opening")?;
        let log_key = LogKey::from_seed(origin, keyring.secret("log")?.expose())
            .map_err(|error| crate::Error::invalid("origin", error))?;
        let verify_key = log_key.verify_key();
        let writer = writer::Writer::start(db.clone(), log_key, origin.to_owned()).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                writer,
                keyring,
                firm_key,
                rules: RwLock::new(Arc::new(rules)),
                clock,
                stores,
                log_key: verify_key,
                tickets: Mutex::default(),
                refusals: refusal::Repeats::default(),
            }),
        })
    }

    /// The rules in force.
    pub fn rules(&self) -> Arc<Pack> {
        self.inner.rules()
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

    /// The log's public key.
    pub fn log_key(&self) -> &VerifyKey {
        &self.inner.log_key
    }

    /// Ends the writer after what is queued, and closes the database.
    pub async fn close(&self) {
        self.inner.writer.stop().await;
        self.inner.db.close().await;
    }
}

impl Inner {
    fn rules(&self) -> Arc<Pack> {
        // A pack is exchanged whole; there is no half-written one to be poisoned.
        self.rules
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
