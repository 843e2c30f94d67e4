//! Carries the bytes of an upload that [`super::begin`] authorised.
//!
//! Parts come in order, each at once: sealed, written, synced, and only then acknowledged. An acknowledged
//! part is never written again: the same bytes sent again are fine, others are a conflict. The content's
//! SHA-256 runs along; after a restart it is rebuilt inside the vault from what is stored.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{self, SHA256};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};

use super::upload_store::{self as store, UploadRow};
use crate::door::{Actor, Door};
use crate::error::{Error, Result};
use crate::id::{PersonId, UploadId};
use crate::matters::subject::Matter;
use crate::rules::facts::{Action, Circumstances};

/// The content's hash so far.
struct Running {
    parts: usize,
    hash: digest::Context,
}

type Shared = Arc<AsyncMutex<Option<Running>>>;

/// Uploads under way on this server.
#[derive(Clone)]
pub struct Uploads {
    running: Arc<Mutex<HashMap<UploadId, Shared>>>,
    room: Arc<Semaphore>,
}

/// Parts in memory at once, whoever sends them.
const PARTS: usize = 8;

impl Default for Uploads {
    fn default() -> Self {
        Self { running: Arc::default(), room: Arc::new(Semaphore::new(PARTS)) }
    }
}

/// How far an upload has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Progress {
    /// The upload.
    pub upload: UploadId,
    /// Length of every part but the last.
    pub part_size: u64,
    /// Number of parts in all.
    pub parts: u64,
    /// SHA-256 of each part that is stored, from part 0 on.
    pub stored: Vec<String>,
    /// SHA-256 of the whole content, once every part is stored.
    pub sha256: Option<String>,
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&SHA256, bytes))
}

impl UploadRow {
    fn parts(&self) -> i64 {
        (self.size + self.part_size - 1) / self.part_size
    }

    /// Length of part `number`.
    fn length_of(&self, number: i64) -> i64 {
        self.part_size.min(self.size - number * self.part_size)
    }
}

async fn load(
    door: &Door,
    person: Option<PersonId>,
    upload: UploadId,
) -> Result<(UploadRow, Vec<(i64, i64, String, String)>)> {
    let mut reader = door.database().reader().await?;
    let row = store::upload(&mut reader, upload).await?;
    let row = row.filter(|row| Some(row.person) == person).ok_or(Error::NotFound("upload"))?;
    let parts = store::parts(&mut reader, row.version).await?;
    Ok((row, parts.into_iter().filter(|part| part.3 == "stored").collect()))
}

/// Whether what was begun may go on: people are suspended, leave matters, and matters are closed.
async fn permitted(door: &Door, actor: &Actor, row: &UploadRow) -> Result<()> {
    let then = Circumstances { rank: Some(row.rank), ..Circumstances::default() };
    door.still_permitted::<Matter>(actor, Action("begin"), &row.matter, then).await
}

impl Uploads {
    /// A place in memory for one part. Whoever is late waits before their bytes are read.
    pub async fn room(&self) -> Result<OwnedSemaphorePermit> {
        self.room.clone().acquire_owned().await.map_err(Error::internal)
    }

    /// How far an upload has come: what to send next.
    pub async fn progress(&self, door: &Door, actor: &Actor, upload: UploadId) -> Result<Progress> {
        let (row, stored) = load(door, actor.id(), upload).await?;
        permitted(door, actor, &row).await?;
        Ok(Progress {
            upload,
            part_size: row.part_size.unsigned_abs(),
            parts: row.parts().unsigned_abs(),
            stored: stored.into_iter().map(|part| part.2).collect(),
            sha256: ["complete", "used"].contains(&row.state.as_str()).then_some(row.sha256),
        })
    }

    /// Stores one part. When this returns, it is on disk.
    pub async fn put(
        &self,
        door: &Door,
        actor: &Actor,
        upload: UploadId,
        number: i64,
        bytes: Bytes,
    ) -> Result<()> {
        actor.may_write()?;
        let shared = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.entry(upload).or_default().clone()
        };
        // Two senders of one upload take turns.
        let mut running = shared.lock().await;
        let (row, stored) = load(door, actor.id(), upload).await?;
        permitted(door, actor, &row).await?;
        if door.clock().now() > row.expires {
            return Err(Error::conflict("the upload has expired: begin again"));
        }
        if !(0..row.parts()).contains(&number) {
            return Err(Error::invalid("part", format!("this upload has parts 0 to {}", row.parts() - 1)));
        }
        let length = row.length_of(number);
        if i64::try_from(bytes.len()) != Ok(length) {
            return Err(Error::invalid(
                "part",
                format!("part {number} has {length} bytes; {} came", bytes.len()),
            ));
        }
        let next = stored.len() as i64;
        if number < next {
            let sent = tokio::task::spawn_blocking(move || hash(&bytes)).await.map_err(Error::internal)?;
            return if stored[number as usize].2 == sent {
                Ok(())
            } else {
                Err(Error::conflict(format!(
                    "part {number} is stored already with other bytes: the file was changed; begin a new upload"
                )))
            };
        }
        if number > next {
            return Err(Error::conflict(format!("send part {next} next")));
        }
        let before = match running.take() {
            Some(state) if state.parts == stored.len() => state.hash,
            _ => rehash(door, &row, &stored).await?,
        };
        *running = Some(self.store(door, &row, number, bytes, before).await?);
        if number + 1 == row.parts() {
            self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload);
        }
        Ok(())
    }

    /// Seals while the row is noted, hashes while the disk writes: each part waits for the disk and little
    /// else.
    async fn store(
        &self,
        door: &Door,
        row: &UploadRow,
        number: i64,
        bytes: Bytes,
        mut whole: digest::Context,
    ) -> Result<Running> {
        let (upload, version, length) = (row.id, row.version, row.length_of(number));
        let last = number + 1 == row.parts();
        // The row stands before the first byte: what a crash leaves is known by it.
        let noting = door.upkeep(move |connection| {
            Box::pin(async move { store::part_writing(connection, version, number, length).await })
        });
        let sealing = {
            let (door, row, bytes) = (door.clone(), row.clone(), bytes.clone());
            tokio::task::spawn_blocking(move || {
                let part = u32::try_from(number).map_err(Error::internal)?;
                door.seal_part((&row.shard, row.item), row.version, part, &bytes)
            })
        };
        let (noted, sealed) = tokio::join!(noting, sealing);
        noted?;
        let sealed = sealed.map_err(Error::internal)??;
        let hashing = tokio::task::spawn_blocking(move || {
            whole.update(&bytes);
            (hash(&bytes), whole)
        });
        let (written, hashed) =
            tokio::join!(door.stores().put(&row.store, (row.item, version, number), sealed), hashing);
        written?;
        let (sha256, whole) = hashed.map_err(Error::internal)?;
        let complete = last.then(|| hex::encode(whole.clone().finish()));
        door.upkeep(move |connection| {
            Box::pin(async move {
                let part = (version, number, sha256.as_str());
                store::part_stored(connection, upload, part, complete.as_deref()).await
            })
        })
        .await?;
        Ok(Running { parts: usize::try_from(number).map_err(Error::internal)? + 1, hash: whole })
    }
}

/// Sweeps away what expired uploads left: their sealed parts, and the key of an item that never came in.
pub async fn sweep(door: &Door) -> Result<()> {
    let now = door.clock().now();
    let expired =
        door.upkeep(move |connection| Box::pin(async move { store::expired(connection, now).await })).await?;
    for (row, known) in expired {
        let parts: Vec<_> = (0..row.parts()).map(|number| (row.store.clone(), row.version, number)).collect();
        if known {
            for (name, version, number) in &parts {
                door.stores().delete(name, (row.item, *version, *number)).await?;
            }
        } else {
            door.shred((&row.shard, row.item), &parts).await?;
        }
        door.upkeep(move |connection| Box::pin(async move { store::forget(connection, &row).await })).await?;
    }
    Ok(())
}

/// The content's hash up to what is stored, read back inside the vault.
async fn rehash(
    door: &Door,
    row: &UploadRow,
    stored: &[(i64, i64, String, String)],
) -> Result<digest::Context> {
    let sizes = stored.iter().map(|part| part.1.unsigned_abs()).collect();
    let mut hash = digest::Context::new(&SHA256);
    door.hash_stored((&row.shard, row.item), row.version, &row.store, sizes, &mut hash).await?;
    Ok(hash)
}

/// An upload that is complete, the asker's own, and what the completing operation expects.
pub(super) async fn completed(
    tx: &mut crate::door::Tx<'_>,
    upload: UploadId,
    sha256: Option<&str>,
) -> Result<UploadRow> {
    let person = tx.asker_id()?;
    let row = store::upload(tx.connection(), upload).await?;
    let row = row.filter(|row| row.person == person).ok_or(Error::NotFound("upload"))?;
    if row.state != "used" && tx.now() > row.expires {
        return Err(Error::conflict("the upload has expired: begin again"));
    }
    match row.state.as_str() {
        "complete" => {}
        "open" => {
            return Err(Error::conflict("the upload is not complete: send the parts that are missing"));
        }
        _ => return Err(Error::conflict("the upload was used already")),
    }
    if sha256.is_some_and(|expected| !expected.eq_ignore_ascii_case(&row.sha256)) {
        return Err(Error::conflict("what was stored is not what you sent (SHA-256 differs): upload again"));
    }
    store::upload_used(tx, upload).await?;
    Ok(row)
}
