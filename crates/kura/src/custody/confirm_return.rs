//! 受領確認: the consignor has it back. The firm's own sealed copy and its key are destroyed.

use kura_ledger::statement::Kind;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use super::subject::Item;
use crate::clock;
use crate::door::tx::StatementDraft;
use crate::door::{Actor, Door, Operation, Options, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, StatementId};
use crate::matters::store as matters;
use crate::rules::facts::Action;
use crate::text::Name;

/// Confirms a return.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmReturn {
    /// The item.
    pub item: ItemId,
    /// Who at the consignor confirmed that it is back.
    #[arg(long)]
    pub confirmed_by: Name,
}

/// The return's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Returned {
    /// The item.
    pub item: ItemId,
    /// The counter-receipt (受領確認).
    pub counter_receipt: StatementId,
}

impl Operation for ConfirmReturn {
    const ACTION: Action = Action("confirm_return");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Item;
    type Output = Returned;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Returned> {
        let row = on.0;
        let matter = matters::matter(tx, row.facts.matter).await?;
        let party = matters::party(tx, row.matter.party).await?;
        let versions = store::versions(tx, self.item).await?;
        if !versions.is_empty() && !store::packaged(tx, self.item).await? {
            return Err(Error::conflict(
                "nothing was handed out yet: hand the package to the consignor first",
            ));
        }
        let guest = tx.asker()?.party.is_some();
        let firm = tx.firm().await?;
        let body = json!({
            "firm": firm,
            "party": party.name,
            "matter": matter.map(|matter| json!({ "code": matter.code, "name": matter.name })),
            "item": {
                "id": self.item,
                "name": row.name,
                "form": row.facts.form,
                "versions": versions
                    .iter()
                    .map(|version| json!({ "number": version.number, "size": version.size, "sha256": version.sha256 }))
                    .collect::<Vec<_>>(),
            },
            "confirmed_by": self.confirmed_by,
            // Whether the consignor's own person said so, or the firm on their behalf.
            "confirmed_in_kura": guest,
            "returned": clock::rfc3339(tx.now()),
        });
        let count = tx.count(self.item).await?;
        let counter_receipt = tx
            .state(StatementDraft {
                kind: Kind::CounterReceipt,
                matter: Some(row.facts.matter),
                item: Some(self.item),
                items: vec![count],
                body,
                histories: vec![],
            })
            .await?;
        store::set_state(tx, self.item, "confirmed").await?;
        tx.note("confirmed_by", self.confirmed_by.to_string());
        Ok(Returned { item: self.item, counter_receipt })
    }

    async fn follow_up(door: &Door, output: Returned) -> Result<Returned> {
        finish(door, output.item).await?;
        Ok(output)
    }
}

/// Destroys the key and the sealed parts of an item whose return is confirmed, and records it. May be
/// repeated.
pub(super) async fn finish(door: &Door, item: ItemId) -> Result<()> {
    let (row, parts) = super::erase::remains(door, item).await?;
    if row.facts.state == "confirmed" {
        door.shred((&row.shard, item), &parts).await?;
        door.pass(&Actor::system(), FinishReturn { item }, Options::default()).await?;
    }
    Ok(())
}

/// Records that the firm's own copy of a returned item is destroyed. The program itself does this.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FinishReturn {
    item: ItemId,
}

impl Operation for FinishReturn {
    const ACTION: Action = Action("finish_return");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    type Subject = Item;
    type Output = ();

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<()> {
        if on.0.facts.state == "confirmed" {
            store::leave_stub(tx, self.item, "returned").await?;
        }
        Ok(())
    }
}
