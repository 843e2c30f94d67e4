//! 報告: states to a party what the firm holds of theirs under a matter, and all that happened to it.

use kura_ledger::leaf::{ITEM, PREVIOUS, Record, SEQUENCE};
use kura_ledger::statement::{History, ItemCount, Kind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::clock;
use crate::door::pass::MOVED;
use crate::door::tx::StatementDraft;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, StatementId};
use crate::ledger;
use crate::matters::store as matters;
use crate::matters::subject::Matter;
use crate::people;
use crate::rules::facts::Action;

/// Reports on a matter.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The matter.
    pub matter: MatterId,
    /// What was read for it.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    gathered: Option<Gathered>,
}

impl Report {
    /// A report on a matter.
    pub fn on(matter: MatterId) -> Self {
        Self { matter, gathered: None }
    }
}

/// What a report says, as of one moment.
#[derive(Debug, Clone, Default)]
struct Gathered {
    /// Revisions of the matter's items.
    revs: Vec<(ItemId, i64)>,
    items: Vec<serde_json::Value>,
    counts: Vec<ItemCount>,
    histories: Vec<History>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reported {
    /// The report, to be handed out as a statement.
    pub report: StatementId,
    /// Number of items in it.
    pub items: i64,
}

/// One item's records, with the openings that show that none is left out and nothing else.
async fn history(tx: &mut Tx<'_>, item: ItemId, shard: &str) -> Result<History> {
    let stored = ledger::store::history(tx.connection(), item).await?;
    let mut records = Vec::with_capacity(stored.len());
    for record in stored {
        let openings = tx
            .unseal(shard, item, record.event, &record.sealed)?
            .into_iter()
            .filter(|opening| [ITEM, SEQUENCE, PREVIOUS].contains(&opening.field.as_str()))
            .collect();
        records.push(Record { index: record.index, leaf: record.leaf, openings });
    }
    Ok(History { item: item.to_string(), records })
}

impl Operation for Report {
    const ACTION: Action = Action("report");
    const WRITES: bool = true;
    const GATHERS: bool = true;
    type Subject = Matter;
    type Output = Reported;

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn gather(&mut self, _: &Matter, tx: &mut Tx<'_>) -> Result<()> {
        let revs = store::revisions_of(tx, self.matter).await?;
        let Gathered { mut items, mut counts, mut histories, .. } = Gathered::default();
        for item in store::items_of(tx, self.matter).await? {
            let row = store::item(tx, item, None).await?.ok_or_else(|| Error::internal("an item is gone"))?;
            // What the firm made for itself and did not share is not the consignor's.
            if row.facts.kind == "work" && !row.facts.shared {
                continue;
            }
            counts.push(tx.count(item).await?);
            // The openings of what was erased or returned are gone with its key: its certificate or
            // counter-receipt stands for its history.
            if matches!(row.facts.state.as_str(), "held" | "returning") {
                histories.push(history(tx, item, &row.shard).await?);
            }
            let custodian = people::store::person(tx, row.facts.custodian).await?;
            let statements = store::statements(tx, item).await?;
            let copies = store::copies(tx, item).await?;
            let transmissions = store::transmissions(tx, item).await?;
            let class = tx.rules().class_of_rank(row.facts.rank).map(|class| class.id.clone());
            items.push(json!({
                "id": item,
                "name": row.name,
                "kind": row.facts.kind,
                "form": row.facts.form,
                "class": class,
                "state": row.facts.state,
                "custodian": custodian.name,
                "taken": clock::rfc3339(row.taken),
                "due": clock::rfc3339(row.due),
                "holds": row.facts.held,
                "copies_out": copies.iter().filter(|copy| copy.ended == 0).count(),
                "copies_gone": copies.iter().filter(|copy| copy.ended != 0).count(),
                "made_from": store::origins(tx, item).await?.into_iter().map(|(origin, _)| origin).collect::<Vec<_>>(),
                "transmissions": transmissions
                    .into_iter()
                    .map(|(to, sent, basis)| json!({ "to": to, "sent": clock::rfc3339(sent), "basis": basis }))
                    .collect::<Vec<_>>(),
                "statements": statements
                    .into_iter()
                    .map(|line| json!({ "id": line.id, "kind": line.kind, "made": clock::rfc3339(line.made) }))
                    .collect::<Vec<_>>(),
            }));
        }
        self.gathered = Some(Gathered { revs, items, counts, histories });
        Ok(())
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<Reported> {
        let gathered = self.gathered.ok_or_else(|| Error::conflict(MOVED))?;
        if store::revisions_of(tx, self.matter).await? != gathered.revs {
            return Err(Error::conflict(MOVED));
        }
        let Gathered { items, counts, histories, .. } = gathered;
        let party = matters::party(tx, on.0.facts.party).await?;
        let firm = tx.firm().await?;
        let number = items.len() as i64;
        let row = on.0;
        let body = json!({
            "firm": firm,
            "party": party.name,
            "matter": { "code": row.code, "name": row.name, "basis": row.basis, "purpose": row.purpose,
                        "return_by": clock::rfc3339(row.return_by), "open": row.facts.open },
            "items": items,
        });
        let report = tx
            .state(StatementDraft {
                kind: Kind::Report,
                matter: Some(self.matter),
                item: None,
                items: counts,
                body,
                histories,
            })
            .await?;
        tx.note("items", number.to_string());
        Ok(Reported { report, items: number })
    }
}
