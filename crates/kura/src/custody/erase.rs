//! 消去: erases an item: its key is destroyed, so that no copy of its sealed content opens, then the sealed
//! content itself, then what names it; and a certificate says so.
//!
//! Keyring, stores and database are not one transaction, so an erasure is a state machine: *erasing*
//! (closed at once) → key destroyed → content deleted → *erased*, recorded with its certificate. Each step
//! may be repeated; a server that stopped in between goes on at its start ([`resume`]).

use kura_ledger::statement::Kind;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::record;
use super::store::{self, ItemRow};
use super::subject::Item;
use crate::clock;
use crate::door::tx::StatementDraft;
use crate::door::{Actor, Door, Operation, Options, Purged, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, StatementId, VersionId};
use crate::matters::store as matters;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Erases an item.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The item.
    pub item: ItemId,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

/// The erasure's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Erased {
    /// The item.
    pub item: ItemId,
    /// The certificate (証明書), once it is erased.
    pub certificate: Option<StatementId>,
}

impl Operation for Erase {
    const ACTION: Action = Action("erase");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Item;
    type Output = Erased;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Erased> {
        if on.0.facts.state != "erasing" {
            let consents = record::consents(tx, self.item, &on.0.shard).await?;
            if !consents.is_empty() {
                let text = serde_json::to_string(&consents).map_err(Error::internal)?;
                store::keep_consents(tx, self.item, &text).await?;
            }
            store::set_state(tx, self.item, "erasing").await?;
        }
        Ok(Erased { item: self.item, certificate: None })
    }

    async fn follow_up(door: &Door, output: Erased) -> Result<Erased> {
        let certificate = finish(door, output.item).await?;
        Ok(Erased { certificate: Some(certificate), ..output })
    }
}

/// An item's row and where its sealed parts are.
pub(super) async fn remains(door: &Door, item: ItemId) -> Result<(ItemRow, Vec<(String, VersionId, i64)>)> {
    door.upkeep(move |connection| {
        Box::pin(async move {
            let row = store::item_at(connection, item, None).await?.ok_or(Error::NotFound("item"))?;
            let parts = store::sealed_parts(connection, item).await?;
            Ok((row, parts))
        })
    })
    .await
}

/// Carries an erasure to its end.
async fn finish(door: &Door, item: ItemId) -> Result<StatementId> {
    let (row, parts) = remains(door, item).await?;
    if row.facts.state == "erasing" {
        let purged = door.shred((&row.shard, item), &parts).await?;
        let done = door.pass(&Actor::system(), FinishErasure { item, purged }, Options::default()).await?;
        return Ok(done.into_value());
    }
    // It came to its end before: this only tells of it again.
    let mut reader = door.database().reader().await?;
    let certificates = store::statements_at(&mut reader, item).await?;
    let certificate = certificates.into_iter().rfind(|line| line.kind == "certificate");
    certificate.map(|line| line.id).ok_or_else(|| Error::conflict("the item is not being erased"))
}

/// Carries to their end the erasures and returns that were left behind: at start, and every hour.
pub async fn resume(door: &Door) -> Result<()> {
    let (erasing, confirmed) = door
        .upkeep(|connection| {
            Box::pin(async move {
                let erasing = store::items_in_state(connection, "erasing").await?;
                let confirmed = store::items_in_state(connection, "confirmed").await?;
                Ok((erasing, confirmed))
            })
        })
        .await?;
    // One item that cannot be finished yet keeps neither the others nor the server waiting.
    let told = |item: ItemId, error: Error| tracing::error!("item {item} is still being destroyed: {error}");
    for item in erasing {
        let _ = finish(door, item).await.map_err(|error| told(item, error));
    }
    for item in confirmed {
        let _ = super::confirm_return::finish(door, item).await.map_err(|error| told(item, error));
    }
    Ok(())
}

/// Records the end of an erasure and certifies it. The program itself does this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FinishErasure {
    item: ItemId,
    purged: Purged,
}

impl Operation for FinishErasure {
    const ACTION: Action = Action("finish_erasure");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Item;
    type Output = StatementId;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<StatementId> {
        let row = on.0;
        if row.facts.state != "erasing" {
            return Err(Error::conflict("the item is not being erased"));
        }
        let matter = matters::matter(tx, row.facts.matter).await?;
        let party = matters::party(tx, row.matter.party).await?;
        let firm = tx.firm().await?;
        let versions = store::versions(tx, self.item).await?;
        let mut copies = Vec::new();
        for copy in store::copies(tx, self.item).await? {
            let holder = people::store::person(tx, copy.holder).await?;
            copies.push(json!({
                "holder": holder.name,
                "manner": copy.manner,
                "taken": clock::rfc3339(copy.taken),
                "gone": (copy.ended != 0).then(|| clock::rfc3339(copy.ended)),
            }));
        }
        let derivatives: Vec<_> = store::derivatives(tx, self.item)
            .await?
            .into_iter()
            .map(|(item, relation, state)| json!({ "item": item, "relation": relation, "state": state }))
            .collect();
        let transmissions: Vec<_> = store::transmissions(tx, self.item)
            .await?
            .into_iter()
            .map(|(party, sent, basis)| json!({ "to": party, "sent": clock::rfc3339(sent), "basis": basis }))
            .collect();
        let body = json!({
            "firm": firm,
            "party": party.name,
            "matter": matter.map(|matter| json!({ "code": matter.code, "name": matter.name })),
            "item": {
                "id": self.item,
                "name": row.name,
                "form": row.facts.form,
                "taken": clock::rfc3339(row.taken),
                "versions": versions
                    .iter()
                    .map(|version| json!({ "number": version.number, "size": version.size, "sha256": version.sha256 }))
                    .collect::<Vec<_>>(),
            },
            "erased": clock::rfc3339(tx.now()),
            "keys_destroyed": [format!("item key {}, shard {}", self.item, row.shard)],
            "copies": copies,
            "derivatives": derivatives,
            "transmissions": transmissions,
            "keyring_copies": {
                "without_the_key": self.purged.copies,
                "not_reached": self.purged.not_reached,
            },
            "limits": "From this moment neither this installation nor the copies of its keyring counted here open it, \
                       and so no backup does with them. Not covered: copies of the keyring that were not reached or \
                       were moved elsewhere before, copies of the machine's disk made by others than Kura, and copies \
                       listed above as not gone.",
        });
        let mut body = body;
        if let Some(consents) = store::take_consents(tx, self.item).await? {
            body["consents"] = serde_json::from_str(&consents).map_err(Error::internal)?;
        }
        let count = tx.count(self.item).await?;
        let certificate = tx
            .state(StatementDraft {
                kind: Kind::Certificate,
                matter: Some(row.facts.matter),
                item: Some(self.item),
                items: vec![count],
                body,
                histories: vec![],
            })
            .await?;
        store::leave_stub(tx, self.item, "erased").await?;
        Ok(certificate)
    }
}
