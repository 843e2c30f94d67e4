//! The log's keys: which sign, how one is handed on to the next, how the old one is retired.
//!
//! Each key is a secret of the keyring, in no backup of data. While a key is being changed both sign, so that
//! whoever holds the old one has time to take note of the new one; retiring the old one destroys it.

use std::sync::PoisonError;

use kura_ledger::checkpoint::{LogKey, VerifyKey};
use kura_ledger::leaf::{LOG_KEY, Opening};
use kura_ledger::succession::{self, Change, Succession};
use kura_vault::keyring::Keyring;
use kura_vault::keys::fill_random;
use sqlx::AnyConnection;

use super::{Door, Tx};
use crate::error::{Error, Result};
use crate::ledger::store::{self, LogKeyRow};

/// Name of the secret that is the log's key of this number, 1 the first.
fn secret(number: i64) -> String {
    if number == 1 { "log".to_owned() } else { format!("log-{number}") }
}

/// The keys that sign, newest first: one, or two while a key is being changed.
pub(crate) struct LogKeys {
    pub(crate) signing: Vec<LogKey>,
    /// Number of the newest.
    number: i64,
}

fn key(keyring: &Keyring, origin: &str, number: i64) -> Result<LogKey> {
    let seed = keyring.secret(&secret(number))?;
    LogKey::from_seed(origin, seed.expose()).map_err(|error| Error::invalid("origin", error))
}

/// Whether a change is one of the log with this name: a ledger that goes on under a new name after a restore
/// keeps the changes of the old one on record, but they are not its own.
fn of(row: &LogKeyRow, origin: &str) -> bool {
    let from = row.note.lines().nth(1).unwrap_or_default();
    from.strip_prefix(origin).is_some_and(|rest| rest.starts_with('+'))
}

impl LogKeys {
    /// The keys of a log, as the database and the keyring have them.
    pub(crate) async fn load(
        connection: &mut AnyConnection,
        keyring: &Keyring,
        origin: &str,
    ) -> Result<Self> {
        let changes = store::log_keys(connection).await?;
        let number = changes.last().map_or(1, |row| row.number);
        let mut signing = vec![key(keyring, origin, number)?];
        if let Some(row) = changes.last().filter(|row| !row.predecessor_retired && of(row, origin)) {
            signing.push(key(keyring, origin, row.number - 1)?);
        }
        Ok(Self { signing, number })
    }

    /// The newest key's public half.
    pub(crate) fn verify_key(&self) -> VerifyKey {
        self.signing[0].verify_key()
    }
}

/// Destroys what retired keys left in the keyring. May be repeated.
pub(super) async fn destroy_retired(connection: &mut AnyConnection, keyring: &Keyring) -> Result<()> {
    for row in store::log_keys(connection).await?.iter().filter(|row| row.predecessor_retired) {
        let name = secret(row.number - 1);
        if keyring.has_secret(&name)? {
            keyring.destroy_secret(&name)?;
        }
    }
    Ok(())
}

/// How the key of the log with this name was changed.
pub(crate) async fn succession(connection: &mut AnyConnection, origin: &str) -> Result<Succession> {
    let mut changes = Vec::new();
    for row in store::log_keys(connection).await?.into_iter().filter(|row| of(row, origin)) {
        let salt = hex::decode(&row.salt).ok().and_then(|salt| salt.try_into().ok());
        let salt: [u8; 32] = salt.ok_or_else(|| Error::internal("a log key's salt is malformed"))?;
        let (index, _) = store::record(connection, row.event)
            .await?
            .ok_or_else(|| Error::internal("the record of a log key's change is missing in the ledger"))?;
        let opening = Opening::new(LOG_KEY, salt, succession::digest(&row.note));
        changes.push(Change { note: row.note, index, opening });
    }
    Ok(Succession(changes))
}

impl Tx<'_> {
    /// Hands the log's key on to a fresh one; both sign from the moment that the door takes them up. Returns
    /// the new key's public half.
    pub(crate) async fn hand_on_log_key(&mut self) -> Result<VerifyKey> {
        let (event, origin) = (self.event(), self.log_key().name().to_owned());
        let keyring = self.place.keyring;
        let keys = LogKeys::load(self.connection(), keyring, &origin).await?;
        let [old] = &keys.signing[..] else {
            return Err(Error::conflict("the key before the present one still signs: retire it first"));
        };
        let number = keys.number + 1;
        keyring.make_secret(&secret(number))?;
        let new = key(keyring, &origin, number)?;
        let note = succession::hand_on(old, &new).map_err(Error::internal)?;
        let mut salt = [0; 32];
        fill_random(&mut salt);
        self.effects.salted = Some((LOG_KEY, succession::digest(&note), salt));
        let row = LogKeyRow { number, note, salt: hex::encode(salt), event, predecessor_retired: false };
        store::insert_log_key(self.connection(), &row).await?;
        Ok(new.verify_key())
    }

    /// Retires the key before the present one; the door destroys it once that is on record.
    pub(crate) async fn retire_log_key(&mut self) -> Result<()> {
        let newest = store::log_keys(self.connection()).await?.pop();
        let Some(row) = newest.filter(|row| !row.predecessor_retired) else {
            return Err(Error::conflict("only one key signs: rotate it first"));
        };
        store::retire_predecessor(self.connection(), row.number).await
    }
}

impl Door {
    /// Takes up the log's keys as they are on record: signs the head anew with them, and destroys what is
    /// retired.
    pub(crate) async fn take_up_log_keys(&self) -> Result<()> {
        let (inner, origin) = (self.inner.clone(), self.log_key().name().to_owned());
        let keys = {
            let mut reader = inner.db.reader().await?;
            LogKeys::load(&mut reader, &inner.keyring, &origin).await?
        };
        let newest = keys.verify_key();
        inner.writer.take_up_keys(keys).await?;
        *inner.log_key.write().unwrap_or_else(PoisonError::into_inner) = newest;
        let mut reader = inner.db.reader().await?;
        destroy_retired(&mut reader, &inner.keyring).await
    }
}
