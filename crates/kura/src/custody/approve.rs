//! 承認: approves or refuses what someone else asked for. Two distinct people's approval carries it.

use serde::{Deserialize, Serialize};

use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, RequestId};
use crate::people::office_store::{self, DelegationRow};
use crate::rules::facts::Action;
use crate::text::Note;

/// Approves or refuses a request.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// The item.
    pub item: ItemId,
    /// The request.
    #[arg(long)]
    pub request: RequestId,
    /// Refuses it instead.
    #[arg(long)]
    #[serde(default)]
    pub refuse: bool,
    /// Why.
    #[arg(long)]
    pub reason: Note,
}

/// How far the request has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Approved {
    /// Number of approvals, of two.
    pub approvals: i64,
}

impl Operation for Approve {
    const ACTION: Action = Action("approve");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Approved;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Approved> {
        let asker = tx.asker_id()?;
        let request = crate::door::store::request(tx.connection(), self.request)
            .await?
            .filter(|request| request.item == self.item)
            .ok_or(Error::NotFound("request"))?;
        if request.state != "open" {
            return Err(Error::conflict(format!("the request is {} already", request.state)));
        }
        if request.person == asker {
            return Err(Error::conflict("nobody approves their own request: ask two others"));
        }
        if !self.refuse {
            let today = tx.today().to_string();
            let standing = office_store::delegations(tx.connection(), &today).await?;
            let own = |row: &DelegationRow| {
                row.delegate == asker && row.person == request.person && row.stands(&today, &today)
            };
            if standing.iter().any(own) {
                return Err(Error::conflict(
                    "whoever asks has delegated an office to you: somebody else approves it",
                ));
            }
        }
        if request.rev != on.0.rev {
            return Err(Error::conflict("the item was changed since: the request must be made again"));
        }
        store::insert_approval(tx, self.request, asker, !self.refuse, self.reason.as_str()).await?;
        tx.note("request", self.request.to_string());
        tx.note("decision", if self.refuse { "refused" } else { "approved" });
        let approvers = crate::door::store::approvers(tx.connection(), self.request).await?;
        Ok(Approved { approvals: approvers.len() as i64 })
    }
}
