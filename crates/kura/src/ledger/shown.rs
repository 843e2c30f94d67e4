//! A record as its holder checks it: the entry, those of its fields that they may see, its proof, and the record by which
//! the passkey of a consent was registered.

use kura_ledger::consent::{CONSENT, PASSKEY, RecordFile, Shown, Signed};
use kura_ledger::leaf::Opening;
use kura_ledger::proof::Proof;

use super::store::{self, StoredRecord};
use crate::door::{Tx, log_keys};
use crate::error::{Error, Result};

/// A record with these of its fields, and its proof as of now.
pub(crate) async fn shown(tx: &mut Tx<'_>, record: StoredRecord, openings: Vec<Opening>) -> Result<Shown> {
    let lost = || Error::internal("the ledger has no head");
    let (size, _) = store::head(tx.connection()).await?.ok_or_else(lost)?;
    let checkpoint = store::checkpoint(tx.connection()).await?.ok_or_else(lost)?;
    let path = store::prove(tx.connection(), size, record.index).await?;
    let proof = Proof { index: record.index, path, checkpoint }.encode();
    Ok(Shown { leaf: record.leaf, openings, proof })
}

/// The record by which the passkey of a consent was registered.
pub(crate) async fn passkey(tx: &mut Tx<'_>, signed: &str) -> Result<Option<Shown>> {
    let signed: Signed = serde_json::from_str(signed).map_err(Error::internal)?;
    let Some(event) = crate::door::store::passkey_record(tx.connection(), &signed.key).await? else {
        return Ok(None);
    };
    let Some(record) = store::record_with_id(tx.connection(), event).await? else {
        return Ok(None);
    };
    let mut openings = tx.unseal_firm(event, &record.sealed)?;
    openings.retain(|opening| ["actor", PASSKEY].contains(&opening.field.as_str()));
    Ok(Some(shown(tx, record, openings).await?))
}

/// A record's file.
pub(crate) async fn file(
    tx: &mut Tx<'_>,
    record: StoredRecord,
    openings: Vec<Opening>,
) -> Result<RecordFile> {
    let signed = openings.iter().find(|opening| opening.field == CONSENT);
    let passkey = match signed.map(|opening| opening.value.clone()) {
        Some(signed) => passkey(tx, &signed).await?,
        None => None,
    };
    let origin = tx.log_key().name().to_owned();
    let succession = log_keys::succession(tx.connection(), &origin).await?;
    Ok(RecordFile { record: shown(tx, record, openings).await?, passkey, succession })
}
