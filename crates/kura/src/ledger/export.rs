//! The whole ledger as static files.

use std::path::Path;

use kura_ledger::checkpoint::{Checkpoint, VerifyKey};
use kura_ledger::export::{ExportError, Writer};
use sqlx::AnyConnection;

use super::store;
use crate::error::{Error, Result};

/// Leaves read at once: memory does not grow with the ledger.
const PAGE: u64 = 4096;

/// Writes the ledger as it stands to a folder. The connection must be in a transaction, so that the
/// checkpoint and the entries are of one moment.
pub async fn write(
    connection: &mut AnyConnection,
    folder: &Path,
    key: &VerifyKey,
) -> Result<Checkpoint> {
    let note = store::checkpoint(connection)
        .await?
        .ok_or_else(|| Error::conflict("the ledger is empty: there is nothing to export yet"))?;
    let head = Checkpoint::open(note.as_bytes(), key, &[]).map_err(Error::internal)?;
    let mut writer = Writer::create(folder).map_err(failed)?;
    let mut from = 0;
    while from < head.size {
        let to = (from + PAGE).min(head.size);
        for leaf in store::leaves(connection, from, to).await? {
            writer.push(leaf.as_bytes()).map_err(failed)?;
        }
        from = to;
    }
    writer.finish(&note, key).map_err(failed)
}

fn failed(error: ExportError) -> Error {
    match error {
        ExportError::Io { .. } => Error::invalid("folder", error),
        other => Error::internal(other),
    }
}
