//! Restores a backup into a new data folder. Fails closed when keyring or ledger are behind what is known.

use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use kura_vault::keyring::{self, Keyring};
use kura_vault::slots::{Slot, Unlock};
use serde::{Deserialize, Serialize};

use super::{FORMAT, Manifest, at};
use crate::clock::Clock;
use crate::config::Settings;
use crate::custody::store as custody;
use crate::db;
use crate::door::operation::Installation as Whole;
use crate::door::{Actor, Operation, Options, Tx, backup_secret};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::install::{self, Installation};
use crate::ledger::high_water::HighWater;
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

fn manifest(backup: &Path) -> Result<Manifest> {
    let path = backup.join("manifest.json");
    let text = fs::read(&path).map_err(at(&path))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| Error::invalid("backup", format!("{}: {error}", path.display())))?;
    if manifest.kura_backup != FORMAT {
        return Err(Error::invalid("backup", "it was made by another version of Kura: use that one"));
    }
    super::checked(&manifest.name)?;
    Ok(manifest)
}

/// Opens the copied keyring by the key file, or by the recovery identity, which makes a new key file.
fn unlock(settings: &Settings, folder: &Path, recovery_file: Option<&Path>) -> Result<Keyring> {
    let Some(recovery_file) = recovery_file else {
        return install::keyring(settings);
    };
    let text = fs::read_to_string(recovery_file).map_err(at(recovery_file))?;
    let identity = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-"));
    let identity =
        identity.ok_or_else(|| Error::invalid("recovery_file", "it holds no recovery identity"))?;
    let keyring = Keyring::open(folder, &Unlock::Recovery(identity))?;
    let key = install::write_key(settings)?;
    keyring.change_slots(|root, slots| {
        slots.retain(|slot| !matches!(slot, Slot::KeyFile { .. }));
        slots.push(Slot::key_file(root, &key));
        Ok(())
    })?;
    Ok(keyring)
}

/// Restores a backup and records it.
pub async fn restore(settings: Settings, restoring: Restoring, clock: Clock) -> Result<Restored> {
    if !settings.database_url_file.as_os_str().is_empty() {
        return Err(Error::conflict(
            "restore a PostgreSQL database with pg_restore, then start with the newest keyring",
        ));
    }
    let manifest = manifest(&restoring.backup)?;
    let data = settings.data.clone();
    if fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::invalid(
            "data",
            format!("{} is not empty: restore into a new folder", data.display()),
        ));
    }
    let mark = match settings.high_water_file.as_os_str().is_empty() {
        true => None,
        false => HighWater::read(&settings.high_water_file)?.filter(|mark| mark.origin == manifest.origin),
    };
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
    db::copy_encrypted((&restoring.backup.join("kura.db"), &own), (&data.join("kura.db"), &live)).await?;
    drop(keyring);

    let origin = restoring.new_origin.clone().unwrap_or_else(|| manifest.origin.clone());
    install::write_head(&data, &origin)?;
    // The mark belongs to the old ledger; it is held against the restored one below.
    let without_mark = Settings { high_water_file: PathBuf::new(), ..settings.clone() };
    let open = Installation::open(without_mark, clock).await?;
    let finished = finish(&open, &restoring, &manifest, mark).await;
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

async fn finish(
    open: &Installation,
    restoring: &Restoring,
    manifest: &Manifest,
    mark: Option<HighWater>,
) -> Result<Restored> {
    let door = &open.door;
    let (records, _) = *door.head().borrow();
    let lost = mark.as_ref().map_or(0, |mark| mark.size.saturating_sub(records));
    if lost > 0 && restoring.new_origin.is_none() {
        return Err(Error::conflict(format!(
            "{lost} records were written after this backup and are not in it. If nothing newer is left, restore \
             again with --new-origin NAME: the ledger goes on under a new name, beginning with a record that says \
             what was lost"
        )));
    }
    if let Some(mark) = mark.as_ref().filter(|mark| mark.size <= records) {
        let mut reader = door.database().reader().await?;
        mark.check(&mut reader, &manifest.origin, u64::MAX).await?;
    }
    for part in &manifest.parts {
        let path = part.file(&restoring.backup);
        let bytes = fs::read(&path).map_err(at(&path))?;
        if hex::encode(digest(&SHA256, &bytes)) != part.sha256 {
            return Err(Error::conflict(format!("{} is damaged: use another backup", path.display())));
        }
        door.stores().put(&part.store, (part.item, part.version, part.part), bytes).await?;
    }
    let gone = {
        let mut reader = door.database().reader().await?;
        let listed = custody::keyed(&mut reader).await?;
        listed.into_iter().filter(|(item, shard)| !door.has_item_key(shard, *item)).map(|(item, _)| item)
    };
    let erased: Vec<ItemId> = gone.collect();
    for item in &erased {
        let parts = manifest.parts.iter().filter(|part| part.item == *item);
        for part in parts {
            door.stores().delete(&part.store, (part.item, part.version, part.part)).await?;
        }
    }
    let record = Restore {
        backup: manifest.name.clone(),
        records,
        lost,
        witnessed: mark.map(|mark| format!("{} {} {}", mark.origin, mark.size, mark.root)),
        erased: erased.clone(),
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

/// Records a restore: what is lost, and what stays erased. The program itself does this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Restore {
    backup: String,
    records: u64,
    lost: u64,
    witnessed: Option<String>,
    erased: Vec<ItemId>,
}

impl Operation for Restore {
    const ACTION: Action = Action("restore");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Whole;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Whole, tx: &mut Tx<'_>) -> Result<()> {
        for item in &self.erased {
            custody::leave_stub(tx, *item, "erased").await?;
        }
        tx.note("backup", self.backup);
        tx.note("lost", self.lost.to_string());
        tx.note("witnessed", self.witnessed.unwrap_or_default());
        Ok(())
    }
}
