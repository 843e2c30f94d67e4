//! Destroys a backup's key: the names and records in it open nowhere any more.

use serde::{Deserialize, Serialize};

use crate::door::operation::Installation;
use crate::door::{Door, Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Destroys a backup's key. Older copies of the keyring still hold it until they are destroyed too.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DestroyBackup {
    /// The backup's name.
    pub backup: String,
}

/// What was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BackupDestroyed {
    /// The backup's name.
    pub backup: String,
    /// Whether its key was still there.
    pub destroyed: bool,
}

impl Operation for DestroyBackup {
    const ACTION: Action = Action("destroy_backup");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = BackupDestroyed;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<BackupDestroyed> {
        let backup = super::checked(&self.backup)?.to_owned();
        tx.note("backup", backup.clone());
        Ok(BackupDestroyed { backup, destroyed: false })
    }

    async fn follow_up(door: &Door, output: BackupDestroyed) -> Result<BackupDestroyed> {
        let (door, name) = (door.clone(), output.backup.clone());
        let destroying = tokio::task::spawn_blocking(move || door.destroy_backup_key(&name));
        let destroyed = destroying.await.map_err(Error::internal)??;
        if !destroyed {
            return Err(Error::NotFound("backup whose key exists"));
        }
        Ok(BackupDestroyed { destroyed, ..output })
    }
}
