//! Hands out a record of the ledger to whoever audits it, as a file to verify: who did what, when, how it ended, and what
//! of a duty, a version of the policy, a ruling, an exception or a finding it tells. What names material, a matter or a party stays closed, and so does what
//! the rules were told of a person.

use kura_ledger::consent::CONSENT;
use kura_ledger::evidence::Act;
use kura_ledger::leaf::{Leaf, Opening, Outcome};
use serde::{Deserialize, Serialize};

use super::shown;
use super::store::{self, SealedRecord, StoredRecord};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EventId;
use crate::rules::facts::Action;

/// Hands out a record of the ledger as a file to verify.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowEntry {
    /// The record's id.
    pub record: EventId,
}

/// A record's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EntryText {
    /// Text of the file, to be kept as it is.
    pub file: String,
    /// The record's index in the ledger.
    pub index: i64,
}

/// Fields of a record that whoever audits may see.
fn seen(leaf: &Leaf) -> &'static [&'static str] {
    match (leaf.outcome, leaf.operation.as_str()) {
        (Outcome::Refused, _) => &["actor", "decided_by", "repeats"],
        (_, "discharge_duty" | "attest_duty") => {
            &["actor", "input", "duty", "clause", "scheduled_on", "late"]
        }
        (_, "witness_duty") => &["actor", "duty", "scheduled_on", "done_by"],
        _ if Act::is_in(leaf) => {
            &["actor", "decided_by", "input", "clause", "version", "ruling", "exception", "finding", "late"]
        }
        (_, "vote") => &["actor", "input", CONSENT],
        _ => &["actor", "decided_by", "version", "pack", "resolution", "effective_on", "loosens"],
    }
}

/// Opens of a record what whoever audits may see. What belongs to erased material opens no more.
pub(crate) fn open(tx: &Tx<'_>, record: &SealedRecord) -> Result<Vec<Opening>> {
    let opened = tx.unseal_record(record.item.as_ref(), record.event, &record.sealed);
    let mut openings = if record.item.is_some() { opened.unwrap_or_default() } else { opened? };
    let fields = seen(&Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?);
    openings.retain(|opening| fields.contains(&opening.field.as_str()));
    Ok(openings)
}

impl Operation for ShowEntry {
    const ACTION: Action = Action("show_entry");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = EntryText;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<EntryText> {
        let record = store::sealed_with_id(tx.connection(), self.record).await?;
        let record = record.ok_or(Error::NotFound("record"))?;
        let openings = open(tx, &record)?;
        let SealedRecord { index, leaf, event, sealed, .. } = record;
        let file = shown::file(tx, StoredRecord { index, leaf, event, sealed }, openings).await?;
        Ok(EntryText { file: file.encode(), index: index as i64 })
    }
}
