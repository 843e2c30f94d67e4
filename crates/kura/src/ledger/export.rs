//! The whole ledger as static files.

use std::io::BufRead;
use std::path::Path;

use futures_util::stream::{BoxStream, StreamExt as _};
use kura_ledger::checkpoint::{Checkpoint, VerifyKey};
use kura_ledger::export::{ExportError, Writer};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use super::store;
use crate::db::Database;
use crate::db::transaction::Snapshot;
use crate::door::log_keys;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Leaves read at once: memory does not grow with the ledger.
const PAGE: u64 = 4096;

/// Writes the ledger as it stands to a folder. The connection must be in a transaction, so that the
/// checkpoint and the entries are of one moment.
pub async fn write(connection: &mut AnyConnection, folder: &Path, key: &VerifyKey) -> Result<Checkpoint> {
    let note = store::checkpoint(connection)
        .await?
        .ok_or_else(|| Error::conflict("the ledger is empty: there is nothing to export yet"))?;
    let head_size = size(connection).await?;
    let mut writer = Writer::create(folder).map_err(failed)?;
    writer.succession(log_keys::succession(connection, key.name()).await?);
    let mut from = 0;
    while from < head_size {
        let to = (from + PAGE).min(head_size);
        for leaf in store::leaves(connection, from, to).await? {
            writer.push(leaf.as_bytes()).map_err(failed)?;
        }
        from = to;
    }
    writer.finish(&note, key).map_err(failed)
}

async fn size(connection: &mut AnyConnection) -> Result<u64> {
    Ok(store::head(connection).await?.map_or(0, |(size, _)| size))
}

fn failed(error: ExportError) -> Error {
    match error {
        ExportError::Io { .. } => Error::invalid("folder", error),
        other => Error::internal(other),
    }
}

/// Asks for the whole ledger. The edge streams it once this is recorded.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportLedger {}

impl Operation for ExportLedger {
    const ACTION: Action = Action("export_ledger");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
}

/// The checkpoint as it stands, the changes of the log's key, and the entries below the checkpoint, a line of
/// JSON each.
pub async fn stream(db: Database, origin: &str) -> Result<(BoxStream<'static, Result<String>>, u64)> {
    let (note, succession, size) = {
        let mut snapshot = Snapshot::begin(&db).await?;
        let read = async {
            let reader = snapshot.connection();
            let note = store::checkpoint(reader).await?;
            let succession = log_keys::succession(reader, origin).await?;
            Ok::<_, Error>((note, succession, size(reader).await?))
        };
        let read = read.await;
        snapshot.end().await?;
        read?
    };
    let note = note.ok_or_else(|| Error::conflict("the ledger is empty: there is nothing to export yet"))?;
    let first = serde_json::to_string(&note).map_err(Error::internal)?;
    let second = serde_json::to_string(&succession).map_err(Error::internal)?;
    // Entries are never changed: pages read at different moments belong together.
    let pages = futures_util::stream::try_unfold((db, 0), move |(db, from)| async move {
        if from >= size {
            return Ok::<_, Error>(None);
        }
        let to = (from + PAGE).min(size);
        let mut reader = db.reader().await?;
        let mut lines = Vec::new();
        for leaf in store::leaves(&mut reader, from, to).await? {
            lines.push(serde_json::to_string(&leaf).map_err(Error::internal)?);
        }
        drop(reader);
        Ok(Some((lines.join("\n"), (db, to))))
    });
    let lines = futures_util::stream::iter([Ok(first), Ok(second)]).chain(pages);
    Ok((lines.boxed(), size))
}

/// Writes a streamed ledger to a folder as static files, and checks it on the way.
pub fn receive(lines: impl BufRead, folder: &Path, key: &VerifyKey) -> Result<Checkpoint> {
    let mut writer = Writer::create(folder).map_err(failed)?;
    let cut = |error| Error::internal(format!("the export was cut: {error}"));
    let mut lines = lines.lines();
    let mut next = || lines.next().transpose().map_err(cut);
    let (Some(note), Some(succession)) = (next()?, next()?) else {
        return Err(Error::internal("the export is empty"));
    };
    let note: String = serde_json::from_str(&note).map_err(Error::internal)?;
    writer.succession(serde_json::from_str(&succession).map_err(Error::internal)?);
    while let Some(line) = next()? {
        let text: String = serde_json::from_str(&line).map_err(Error::internal)?;
        writer.push(text.as_bytes()).map_err(failed)?;
    }
    writer.finish(&note, key).map_err(failed)
}
