//! Shows an item: what it is, where it came from, who holds copies, what is asked for it.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::{self, Item};
use crate::clock;
use crate::door::{Operation, Subject as _, Tx};
use crate::error::Result;
use crate::id::{CopyId, HoldId, ItemId, MatterId, PersonId, RequestId, StatementId};
use crate::matters::subject as matter;
use crate::people;
use crate::rules::facts::Action;
use crate::rules::may::{May, ON_ITEMS, may};

/// Shows an item.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// The item.
    pub item: ItemId,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VersionView {
    /// Number, 1 the first.
    pub version: i64,
    /// File name.
    pub name: String,
    /// Media type.
    pub media: String,
    /// Length in bytes.
    pub size: i64,
    /// SHA-256.
    pub sha256: String,
    /// When it was stored.
    pub stored: String,
}

/// Another item that this one comes from, or that was made from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Related {
    /// The other item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// Id of its class.
    pub class: String,
    /// Its state.
    pub state: String,
    /// Copy, summary or other.
    pub relation: String,
}

/// A copy outside the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CopyView {
    /// Id.
    pub copy: CopyId,
    /// Who holds it.
    pub holder: String,
    /// Whether that is you.
    pub mine: bool,
    /// How it was made.
    pub manner: String,
    /// Where it is.
    pub place: String,
    /// When it was taken.
    pub taken: String,
    /// By when it is to be destroyed.
    pub due: String,
    /// When it was attested gone.
    pub gone: Option<String>,
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HoldView {
    /// Id.
    pub hold: HoldId,
    /// Why.
    pub reason: String,
    /// Since when.
    pub placed: String,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestView {
    /// Id.
    pub request: RequestId,
    /// Who asked.
    pub person: String,
    /// Whether that is you.
    pub mine: bool,
    /// For what.
    pub operation: String,
    /// Why.
    pub reason: String,
    /// open, done or refused.
    pub state: String,
    /// Number of approvals.
    pub approvals: i64,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GrantView {
    /// To whom.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Until when.
    pub until: String,
}

/// A receipt, counter-receipt or certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StatementLine {
    /// Id.
    pub statement: StatementId,
    /// What it is.
    pub kind: String,
    /// When it was made.
    pub made: String,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemView {
    /// Id.
    pub item: ItemId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Form.
    pub form: String,
    /// Where it is kept, when it is tangible.
    pub place: String,
    /// Id of its class.
    pub class: String,
    /// Its class in Japanese.
    pub class_ja: String,
    /// held, returning, confirmed, returned, erasing, erased.
    pub state: String,
    /// Its matter.
    pub matter: MatterId,
    /// The matter's code; empty, like its names, when you may not know of the matter.
    pub matter_code: String,
    /// The matter's name.
    pub matter_name: String,
    /// The consignor's name.
    pub party_name: String,
    /// Who is accountable.
    pub custodian: PersonId,
    /// Their name.
    pub custodian_name: String,
    /// Where it came from.
    pub source: String,
    /// Whether guests of the matter may use it.
    pub shared: bool,
    /// When it came in.
    pub taken: String,
    /// By when it is to be returned or erased.
    pub due: String,
    /// Versions, oldest first.
    pub versions: Vec<VersionView>,
    /// What it was made from, as far as you may know.
    pub origins: Vec<Related>,
    /// Others with the same content, as far as you may know of them.
    pub same: Vec<Related>,
    /// What was made from it, as far as you may know.
    pub derivatives: Vec<Related>,
    /// Copies outside the store.
    pub copies: Vec<CopyView>,
    /// Grants.
    pub grants: Vec<GrantView>,
    /// Holds that are not released.
    pub holds: Vec<HoldView>,
    /// Requests.
    pub requests: Vec<RequestView>,
    /// Statements about it.
    pub statements: Vec<StatementLine>,
    /// What you may do with it, and why not.
    pub may: Vec<May>,
    /// Its revision, for `If-Match`.
    pub revision: i64,
}

/// Others with the same content that are told of.
const SAME: usize = 10;

/// Those of the related items that the asker may know of, so many at most.
async fn known(tx: &mut Tx<'_>, related: Vec<(ItemId, String)>, most: usize) -> Result<Vec<Related>> {
    let rules = tx.rules().clone();
    let mut known = Vec::new();
    for (item, relation) in related {
        if known.len() == most {
            break;
        }
        if let Some(row) = subject::known(tx, item).await? {
            let class = rules.class_of_rank(row.facts.rank).map(|class| class.id.clone()).unwrap_or_default();
            known.push(Related { item, name: row.name, class, state: row.facts.state, relation });
        }
    }
    Ok(known)
}

impl Operation for Show {
    const ACTION: Action = Action("show");
    const WRITES: bool = false;
    type Subject = Item;
    type Output = ItemView;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<ItemView> {
        let item = self.item;
        let may = may(tx.rules(), tx.asker()?, &on.resource(), tx.circumstances(), &ON_ITEMS)?;
        let guest = tx.asker()?.party.is_some();
        // A guest is told what they may do; why not could tell of a hold, and of what else is the firm's own.
        let may: Vec<May> = may
            .into_iter()
            .map(|line| if guest { May { reasons: vec![], with_approvals: false, ..line } } else { line })
            .collect();
        let row = on.0;
        let asker = tx.asker_id()?;
        let matter = matter::known(tx, row.facts.matter).await?;
        let (matter_code, matter_name, party_name) =
            matter.map(|matter| (matter.code, matter.name, matter.party_name)).unwrap_or_default();
        // What the firm does with it among its own people is not a guest's to see.
        let inside = tx.asker()?.party.is_none();
        let custodian = people::store::person(tx, row.facts.custodian).await?;
        let origins = store::origins(tx, item).await?;
        let same = store::same_content(tx, item).await?;
        let derivatives = store::derivatives(tx, item).await?;
        let derivatives = derivatives.into_iter().map(|(id, relation, _)| (id, relation)).collect();
        let mut copies = Vec::new();
        for copy in store::copies(tx, item).await?.into_iter().filter(|_| inside) {
            copies.push(CopyView {
                copy: copy.id,
                holder: people::store::person(tx, copy.holder).await?.name,
                mine: copy.holder == asker,
                manner: copy.manner,
                place: copy.place,
                taken: clock::rfc3339(copy.taken),
                due: clock::rfc3339(copy.due),
                gone: (copy.ended != 0).then(|| clock::rfc3339(copy.ended)),
            });
        }
        let versions = store::versions(tx, item).await?;
        let holds = store::holds(tx, item).await?;
        let (class, class_ja) = {
            let class = tx.rules().class_of_rank(row.facts.rank);
            class.map(|class| (class.id.clone(), class.ja.clone())).unwrap_or_default()
        };
        Ok(ItemView {
            item,
            class,
            class_ja,
            custodian: custodian.id,
            custodian_name: custodian.name,
            versions: versions
                .into_iter()
                .map(|version| VersionView {
                    version: version.number,
                    name: version.name,
                    media: version.media,
                    size: version.size,
                    sha256: version.sha256,
                    stored: clock::rfc3339(version.stored),
                })
                .collect(),
            origins: known(tx, origins, usize::MAX).await?,
            derivatives: known(tx, derivatives, usize::MAX).await?,
            same: known(tx, same, SAME).await?,
            copies,
            grants: store::grants(tx, item)
                .await?
                .into_iter()
                .filter(|_| inside)
                .map(|(person, name, until)| GrantView { person, name, until: clock::rfc3339(until) })
                .collect(),
            holds: holds
                .into_iter()
                .filter(|_| inside)
                .map(|(hold, reason, placed)| HoldView { hold, reason, placed: clock::rfc3339(placed) })
                .collect(),
            requests: if inside { store::requests(tx, item, asker).await? } else { vec![] },
            may,
            statements: store::statements(tx, item)
                .await?
                .into_iter()
                .map(|line| StatementLine {
                    statement: line.id,
                    kind: line.kind,
                    made: clock::rfc3339(line.made),
                })
                .collect(),
            name: row.name,
            kind: row.facts.kind,
            form: row.facts.form,
            place: if inside { row.place } else { String::new() },
            state: row.facts.state,
            matter: row.facts.matter,
            matter_code,
            matter_name,
            party_name,
            source: if inside { row.source } else { String::new() },
            shared: row.facts.shared,
            taken: clock::rfc3339(row.taken),
            due: clock::rfc3339(row.due),
            revision: row.rev,
        })
    }
}
