//! A record of an item as a file that its holder checks: the entry, what they may see of it, its proof, and the consent
//! of whoever did it, when they signed.

use kura_ledger::consent::{Attached, CONSENT, RecordFile, Signed};
use kura_ledger::leaf::{ITEM, Leaf, PREVIOUS, SEQUENCE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::ledger::shown;
use crate::ledger::store::{self as ledger, StoredRecord};
use crate::rules::facts::Action;

/// Fields that whoever may see the timeline may see: who, what exactly, of which item. What the rules were told of a
/// person stays closed.
const SHOWN: [&str; 7] = ["actor", "input", "name", CONSENT, ITEM, SEQUENCE, PREVIOUS];

/// Hands out a record of an item as a file to verify.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRecord {
    /// The item.
    pub item: ItemId,
    /// The record's index in the ledger.
    #[arg(long)]
    pub index: i64,
}

/// A record's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordText {
    /// Text of the file, to be kept as it is.
    pub file: String,
}

/// What the asker and those who approved signed for an operation on an item: as it is to be kept once the item's own
/// records are gone.
pub(super) async fn consents(tx: &mut Tx<'_>, item: ItemId, shard: &str) -> Result<Vec<Attached>> {
    let mut signed = Vec::new();
    if let Some(request) = tx.approved() {
        let request = request.to_string();
        for record in ledger::history(tx.connection(), item).await? {
            let Ok(openings) = tx.unseal(shard, item, record.event, &record.sealed) else {
                continue;
            };
            let Some(opening) = openings.into_iter().find(|opening| opening.field == CONSENT) else {
                continue;
            };
            let one: Signed = serde_json::from_str(&opening.value).map_err(Error::internal)?;
            let (consent, _) = one.verify().map_err(Error::internal)?;
            let input: Value = serde_json::from_str(&consent.input).map_err(Error::internal)?;
            let approves = input["request"] == request.as_str() && input["refuse"] != true;
            if consent.operation == "approve" && approves {
                signed.push(one);
            }
        }
    }
    signed.extend(tx.signed().cloned());
    let mut attached = Vec::new();
    for signed in signed {
        let text = serde_json::to_string(&signed).map_err(Error::internal)?;
        if let Some(passkey) = shown::passkey(tx, &text).await? {
            attached.push(Attached { signed, passkey });
        }
    }
    Ok(attached)
}

/// A record of an item as a file. One whose openings are gone with the item's key shows the entry alone.
pub(super) async fn file(
    tx: &mut Tx<'_>,
    item: ItemId,
    shard: &str,
    record: StoredRecord,
) -> Result<RecordFile> {
    let mut openings = tx.unseal(shard, item, record.event, &record.sealed).unwrap_or_default();
    openings.retain(|opening| SHOWN.contains(&opening.field.as_str()));
    if Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?.operation == "derive" {
        // What was made from an item may be more confidential than it: its name and class are told on its own page.
        openings.retain(|opening| opening.field != "input");
    }
    shown::file(tx, record, openings).await
}

impl Operation for ShowRecord {
    const ACTION: Action = Action("show_record");
    const WRITES: bool = false;
    type Subject = Item;
    type Output = RecordText;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<RecordText> {
        let record = ledger::record_of(tx.connection(), self.item, self.index).await?;
        let record = record.ok_or(Error::NotFound("record"))?;
        let file = file(tx, self.item, &on.0.shard, record).await?;
        Ok(RecordText { file: file.encode() })
    }
}
