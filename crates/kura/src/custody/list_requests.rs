//! 依頼: the open requests on items that one may know of: to decide, to carry out, to wait for.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store;
use super::waiting_store::{self, OpenRequest};
use crate::clock;
use crate::door::approval::REQUEST_VALID;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, RequestId};
use crate::rules::facts::{Action, Resource};

/// Lines at most.
const MOST: i64 = 200;
/// People who have to approve.
const NEEDED: i64 = 2;

/// Lists the open requests on items that you may know of.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRequests {}

/// An open request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequestLine {
    /// Id.
    pub request: RequestId,
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub item_name: String,
    /// Id of its class.
    pub class: String,
    /// What is asked for: erase, reclassify, confirm_return.
    pub operation: String,
    /// The class that it is to get, for reclassify; empty otherwise.
    pub new_class: String,
    /// Who at the consignor confirmed, for confirm_return; empty otherwise.
    pub confirmed_by: String,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub person: String,
    /// Whether that is you.
    pub mine: bool,
    /// When it was asked.
    pub asked: String,
    /// When it lapses.
    pub lapses: String,
    /// Number of approvals, of two.
    pub approvals: i64,
    /// Number of refusals.
    pub refusals: i64,
    /// Whether you have decided.
    pub decided: bool,
    /// Whether you may decide it.
    pub may_decide: bool,
    /// Whether you may carry it out now: it is yours, and two have approved.
    pub ready: bool,
    /// Whether the item has changed since, so that it must be asked again.
    pub moved: bool,
}

/// The requests that wait, as the asker sees them, oldest first.
pub(super) async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<RequestLine>> {
    let rules = tx.rules().clone();
    let asker = tx.asker()?.clone();
    let scope = tx.scope().await?;
    let since = tx.now() - REQUEST_VALID;
    let mut lines = Vec::new();
    for open in waiting_store::open_requests(tx, &scope, since, MOST).await? {
        let mine = open.person == asker.id;
        let may_decide = !mine && !open.decided_by_asker && !open.moved && {
            let row = store::item(tx, open.item, Some(asker.id)).await?.ok_or(Error::NotFound("item"))?;
            let resource = Resource::Item(row.facts, row.matter);
            rules.decide(&asker, Action("approve"), &resource, tx.circumstances())?.permitted
        };
        let class = rules.class_of_rank(open.rank).map(|class| class.id.clone()).unwrap_or_default();
        lines.push(line(open, class, mine, may_decide)?);
    }
    Ok(lines)
}

fn line(open: OpenRequest, class: String, mine: bool, may_decide: bool) -> Result<RequestLine> {
    let input: Value = serde_json::from_str(&open.input).map_err(Error::internal)?;
    let told = |field: &str| input.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(RequestLine {
        request: open.request,
        item: open.item,
        item_name: open.item_name,
        class,
        new_class: if open.operation == "reclassify" { told("class") } else { String::new() },
        confirmed_by: told("confirmed_by"),
        operation: open.operation,
        reason: open.reason,
        person: open.person_name,
        mine,
        asked: clock::rfc3339(open.asked),
        lapses: clock::rfc3339(open.asked + REQUEST_VALID),
        approvals: open.approvals,
        refusals: open.refusals,
        decided: open.decided_by_asker,
        may_decide,
        ready: mine && open.approvals >= NEEDED && !open.moved,
        moved: open.moved,
    })
}

impl Operation for ListRequests {
    const ACTION: Action = Action("list_requests");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<RequestLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<RequestLine>> {
        waiting(tx).await
    }
}
