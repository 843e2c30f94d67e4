//! Makes a backup while the server runs.

use std::fs;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{FORMAT, Manifest, Part, at};
use crate::clock;
use crate::custody::store as custody;
use crate::db;
use crate::disk;
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Makes a backup in the places that the settings name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateBackup {}

/// The backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BackupCreated {
    /// Its name, by which it is restored and its key destroyed.
    pub backup: String,
    /// Number of sealed parts of content in it.
    pub parts: i64,
}

impl Operation for CreateBackup {
    const ACTION: Action = Action("create_backup");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = BackupCreated;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<BackupCreated> {
        let backup = tx.event().to_string();
        tx.note("backup", backup.clone());
        Ok(BackupCreated { backup, parts: 0 })
    }

    async fn follow_up(door: &Door, output: BackupCreated) -> Result<BackupCreated> {
        let parts = write(door, &output.backup).await? as i64;
        let output = BackupCreated { parts, ..output };
        let finished = FinishBackup { backup: output.backup.clone(), parts };
        door.pass(&Actor::system(), finished, Options::default()).await?;
        Ok(output)
    }
}

/// Records that a backup is whole and on disk. The program itself does this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FinishBackup {
    backup: String,
    parts: i64,
}

impl Operation for FinishBackup {
    const ACTION: Action = Action("finish_backup");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        tx.note("backup", self.backup);
        Ok(())
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    disk::make_folder(folder).map_err(at(folder))?;
    disk::write_new(path, bytes).map_err(at(path))
}

/// Writes the backup: database, content, keyring, and last the manifest, without which it is none.
async fn write(door: &Door, name: &str) -> Result<usize> {
    let places = door.backups();
    let database = places.database.as_ref().ok_or_else(|| {
        Error::conflict(
            "the database is a PostgreSQL server's: back it up with pg_dump, and copy the keyring apart",
        )
    })?;
    let folder = places.data.join(name);
    let copy = places.keyring.join(name);
    if folder.join("manifest.json").exists() {
        // Asked again, after its answer was lost: it is whole.
        return Ok(super::manifest(&folder)?.parts.len());
    }
    // What an earlier try left without a manifest is no backup.
    for left in [&folder, &copy] {
        match fs::remove_dir_all(left) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(at(left)(error)),
            _ => {}
        }
    }
    disk::make_folder(&folder).map_err(at(&folder))?;
    let live = door.database_key()?;
    let own = door.backup_key(name)?;
    let to = folder.join("kura.db");
    let listed = db::copy_encrypted((database, &live), (&to, &own), |connection| {
        Box::pin(custody::all_parts(connection))
    })
    .await?;
    let mut parts = Vec::new();
    for (store, item, version, number) in listed {
        // A part that is gone was erased since the database was copied.
        let Some(bytes) = door.stores().get_whole(&store, (item, version, number)).await? else {
            continue;
        };
        let sha256 = hex::encode(digest(&SHA256, &bytes));
        let part = Part { store, item, version, part: number, sha256 };
        put(&part.file(&folder)?, &bytes)?;
        parts.push(part);
    }
    disk::make_folder(&places.keyring).map_err(at(&places.keyring))?;
    let copying = {
        let door = door.clone();
        tokio::task::spawn_blocking(move || door.copy_keyring(&copy))
    };
    copying.await.map_err(Error::internal)??;
    let number = parts.len();
    let mut manifest = Manifest {
        kura_backup: FORMAT,
        name: name.to_owned(),
        origin: door.log_key().name().to_owned(),
        made: clock::rfc3339(door.clock().now()),
        parts,
        seal: String::new(),
    };
    manifest.seal = manifest.sealed(&own)?;
    put(&folder.join("manifest.json"), &serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?)?;
    thin_out(&places.keyring)?;
    Ok(number)
}

/// Copies of the keyring that are kept: the newest opens every backup whose key still exists, and older ones are
/// only more places that an erasure has to reach.
const KEYRINGS: usize = 3;

/// Takes away the older copies of the keyring. Their names begin with the time.
fn thin_out(folder: &Path) -> Result<()> {
    let listed = fs::read_dir(folder).map_err(at(folder))?;
    let mut copies: Vec<_> =
        listed.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    copies.sort();
    let older = copies.len().saturating_sub(KEYRINGS);
    for copy in &copies[..older] {
        fs::remove_dir_all(copy).map_err(at(copy))?;
    }
    disk::sync_folder(folder).map_err(at(folder))
}
