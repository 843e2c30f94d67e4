//! Restores a backup into a new data folder. Fails closed when keyring or ledger are behind what is known.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use kura_ledger::checkpoint::{Checkpoint, VerifyKey};
use kura_vault::keyring::{self, Keyring};
use kura_vault::slots::{Slot, Unlock};
use serde::{Deserialize, Serialize};

use super::{Manifest, at};
use crate::clock::Clock;
use crate::config::Settings;
use crate::custody::store as custody;
use crate::custody::upload_store as custody_uploads;
use crate::db::{self, Database, Location};
use crate::door::log_keys::LogKeys;
use crate::door::operation::Installation as Whole;
use crate::door::{Actor, Operation, Options, Tx, backup_secret};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::install::{self, Installation};
use crate::ledger::{self, high_water::HighWater};
use crate::rules::facts::Action;

/// From what, and how, to restore.
pub struct Restoring {
    /// The backup's folder.
    pub backup: PathBuf,
    /// The newest copy of the keyring.
    pub keyring: PathBuf,
    /// File of the recovery identity, when the key file is lost. A new key file is made.
    pub recovery_file: Option<PathBuf>,
    /// A new name for the ledger, when records after the backup are lost.
    pub new_origin: Option<String>,
    /// The newest checkpoint known of an export or a witness.
    pub checkpoint: Option<PathBuf>,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The ledger's name from now on.
    pub origin: String,
    /// Number of records in the backup's ledger.
    pub records: u64,
    /// Number of records known to be lost.
    pub lost: u64,
    /// Items in the backup that were erased since, and stay erased.
    pub erased: Vec<ItemId>,
    /// The log's public key.
    pub log_key: String,
}

/// Opens the copied keyring by the key file, or by the recovery identity.
fn unlock(settings: &Settings, folder: &Path, recovery_file: Option<&Path>) -> Result<Keyring> {
    let Some(recovery_file) = recovery_file else {
        return install::keyring(settings);
    };
    let text = fs::read_to_string(recovery_file).map_err(at(recovery_file))?;
    let identity = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-"));
    let identity =
        identity.ok_or_else(|| Error::invalid("recovery_file", "it holds no recovery identity"))?;
    Ok(Keyring::open(folder, &Unlock::Recovery(identity))?)
}

/// Makes a new key file for a keyring that was opened by the recovery identity.
fn make_key_file(settings: &Settings, keyring: &Keyring) -> Result<()> {
    let key = install::write_key(settings)?;
    keyring.change_slots(|root, slots| {
        slots.retain(|slot| !matches!(slot, Slot::KeyFile { .. }));
        slots.push(Slot::key_file(root, &key));
        Ok(())
    })?;
    Ok(())
}

/// Restores a backup and records it.
pub async fn restore(settings: Settings, restoring: Restoring, clock: Clock) -> Result<Restored> {
    if !settings.database_url_file.as_os_str().is_empty() {
        return Err(Error::conflict(
            "restore a PostgreSQL database with pg_restore, then start with the newest keyring",
        ));
    }
    let manifest = super::manifest(&restoring.backup)?;
    let data = settings.data.clone();
    if fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::invalid(
            "data",
            format!("{} is not empty: restore into a new folder", data.display()),
        ));
    }
    let installation = keyring::installation(&restoring.keyring)?;
    let mark = HighWater::of(&settings.high_water_file, &installation)?;
    let erasures = keyring::erasures(&restoring.keyring)?;
    if let Some(mark) = mark.as_ref().filter(|mark| erasures < mark.erasures) {
        return Err(Error::conflict(format!(
            "this copy of the keyring knows {erasures} erasures where {} happened: with it, erased material \
             would come back. Bring the newest copy",
            mark.erasures
        )));
    }
    install::make_private(&data)?;
    let folder = data.join("keyring");
    keyring::copy(&restoring.keyring, &folder)?;
    let keyring = unlock(&settings, &folder, restoring.recovery_file.as_deref())?;
    let secret = backup_secret(&manifest.name);
    if !keyring.has_secret(&secret)? {
        return Err(Error::conflict(
            "the backup's key is not in this keyring: it was destroyed, or the keyring is older",
        ));
    }
    let (own, live) = (keyring.secret(&secret)?, keyring.secret("database")?);
    if manifest.sealed(&own)? != manifest.seal {
        return Err(Error::conflict("the backup's manifest was changed: use another backup"));
    }
    let file = data.join("kura.db");
    db::copy_encrypted((&restoring.backup.join("kura.db"), &own), (&file, &live), |_| {
        Box::pin(async { Ok(()) })
    })
    .await?;
    let log_key = {
        let db = Database::at(&Location::File(file, live))?;
        let mut reader = db.reader().await?;
        let keys = LogKeys::load(&mut reader, &keyring, &manifest.origin).await;
        drop(reader);
        db.close().await;
        keys?.verify_key()
    };
    // All that is known of how far the ledger had come, before anything is written to it.
    let known = known(&restoring, &manifest, mark, &log_key)?;
    let lost = behind(&settings, &keyring, &restoring, &manifest, known.as_ref()).await?;
    if restoring.recovery_file.is_some() {
        make_key_file(&settings, &keyring)?;
    }
    drop(keyring);

    let origin = restoring.new_origin.clone().unwrap_or_else(|| manifest.origin.clone());
    install::write_head(&data, &origin)?;
    // The mark belongs to the old ledger, and has been held against it.
    let without_mark = Settings { high_water_file: PathBuf::new(), ..settings.clone() };
    let open = Installation::open_as_it_is(without_mark, clock).await?;
    let finished = finish(&open, &restoring, &manifest, (lost, known)).await;
    open.close().await;
    match finished {
        Ok(restored) => Ok(restored),
        Err(error) => {
            // What is half restored must not be served.
            let _ = fs::remove_file(data.join("installation.toml"));
            Err(error)
        }
    }
}

/// How far the ledger is known to have come: size, and root in hexadecimal.
type Known = (u64, String);

/// The furthest of the high-water mark and the checkpoint that was brought.
fn known(
    restoring: &Restoring,
    manifest: &Manifest,
    mark: Option<HighWater>,
    log_key: &VerifyKey,
) -> Result<Option<Known>> {
    let marked = mark.filter(|mark| mark.origin == manifest.origin).map(|mark| (mark.size, mark.root));
    let Some(path) = &restoring.checkpoint else {
        if marked.is_none() && restoring.new_origin.is_none() {
            return Err(Error::conflict(
                "nothing tells how far the ledger had come, so that records may be lost unnoticed: bring the \
                 high-water file, or the newest checkpoint of an export or a witness (--checkpoint FILE), or go \
                 on under a new name (--new-origin NAME)",
            ));
        }
        return Ok(marked);
    };
    let note = fs::read(path).map_err(at(path))?;
    let brought = Checkpoint::open(&note, log_key, &[])
        .map_err(|error| Error::invalid("checkpoint", format!("{}: {error}", path.display())))?;
    let brought = (brought.size, hex::encode(brought.root));
    Ok(Some(match marked {
        Some(marked) if marked.0 > brought.0 => marked,
        _ => brought,
    }))
}

/// How many records are lost; an error when that is not admitted, or when the ledger has another past.
async fn behind(
    settings: &Settings,
    keyring: &Keyring,
    restoring: &Restoring,
    manifest: &Manifest,
    known: Option<&Known>,
) -> Result<u64> {
    let db = Database::at(&install::location(settings, keyring)?)?;
    let looked = async {
        let mut reader = db.reader().await?;
        let records = ledger::store::head(&mut reader).await?.map_or(0, |(size, _)| size);
        let Some((size, root)) = known else { return Ok(0) };
        let lost = size.saturating_sub(records);
        if lost > 0 && restoring.new_origin.is_none() {
            return Err(Error::conflict(format!(
                "{lost} records were written after this backup and are not in it. If nothing newer is left, \
                 restore again with --new-origin NAME: the ledger goes on under a new name, beginning with a \
                 record that says what was lost"
            )));
        }
        if lost == 0 && hex::encode(ledger::store::edge(&mut reader, *size).await?.root()) != *root {
            return Err(Error::conflict(format!(
                "the ledger of {} in this backup is not the one that is known: it was rewritten",
                manifest.origin
            )));
        }
        Ok(lost)
    };
    let looked = looked.await;
    db.close().await;
    looked
}

async fn finish(
    open: &Installation,
    restoring: &Restoring,
    manifest: &Manifest,
    (lost, known): (u64, Option<Known>),
) -> Result<Restored> {
    let door = &open.door;
    let (records, _) = *door.head().borrow();
    let (keyed, gone, needed) = {
        let mut reader = door.database().reader().await?;
        let keyed = custody::keyed(&mut reader).await?;
        (keyed, custody::gone(&mut reader).await?, custody::all_parts(&mut reader).await?)
    };
    // What the ledger says was destroyed before the backup is destroyed in this keyring too, however old it is.
    for (item, shard) in &gone {
        if door.has_item_key(shard, *item)? {
            door.shred((shard, *item), &[]).await?;
        }
    }
    let mut erased = Vec::new();
    for (item, shard) in keyed {
        if !door.has_item_key(&shard, item)? {
            erased.push(item);
        }
    }
    let brought: HashSet<_> = manifest.parts.iter().map(|part| (part.version, part.part)).collect();
    let missing = needed
        .iter()
        .filter(|(_, item, version, part)| !erased.contains(item) && !brought.contains(&(*version, *part)));
    let missing = missing.count();
    if missing > 0 {
        return Err(Error::conflict(format!(
            "{missing} sealed parts are not in the backup: use another one"
        )));
    }
    for part in manifest.parts.iter().filter(|part| !erased.contains(&part.item)) {
        let path = part.file(&restoring.backup)?;
        let bytes = fs::read(&path).map_err(at(&path))?;
        if hex::encode(digest(&SHA256, &bytes)) != part.sha256 {
            return Err(Error::conflict(format!("{} is damaged: use another backup", path.display())));
        }
        door.stores().put(&part.store, (part.item, part.version, part.part), bytes).await?;
    }
    // Uploads that nothing completed yet are in no backup: they begin again.
    door.upkeep(|connection| Box::pin(custody_uploads::expire_unused(connection))).await?;
    for items in erased.chunks(STUBS) {
        let stubs = Stubs { items: items.to_vec() };
        door.pass(&Actor::system(), stubs, Options::default()).await?;
    }
    let record = Restore {
        backup: manifest.name.clone(),
        records,
        lost,
        witnessed: known.map(|(size, root)| format!("{} {size} {root}", manifest.origin)),
    };
    door.pass(&Actor::system(), record, Options::default()).await?;
    Ok(Restored {
        origin: door.log_key().name().to_owned(),
        records,
        lost,
        erased,
        log_key: door.log_key().to_string(),
    })
}

/// Items of which one operation leaves stubs: few enough for the writer's deadline.
const STUBS: usize = 50;

/// Leaves stubs of what was erased since the backup, and records it. The program itself does this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stubs {
    items: Vec<ItemId>,
}

impl Operation for Stubs {
    const ACTION: Action = Action("restore_erasures");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Whole;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Whole, tx: &mut Tx<'_>) -> Result<()> {
        for item in &self.items {
            custody::leave_stub(tx, *item, "erased").await?;
        }
        tx.note("erased", self.items.len().to_string());
        Ok(())
    }
}

/// Records a restore: what is lost, and what stays erased. The program itself does this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Restore {
    backup: String,
    records: u64,
    lost: u64,
    witnessed: Option<String>,
}

impl Operation for Restore {
    const ACTION: Action = Action("restore");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Whole;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Whole, tx: &mut Tx<'_>) -> Result<()> {
        tx.note("backup", self.backup);
        tx.note("lost", self.lost.to_string());
        tx.note("witnessed", self.witnessed.unwrap_or_default());
        Ok(())
    }
}
