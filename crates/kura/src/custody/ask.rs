//! 申請: asks for the approval that an operation needs.

use serde::{Deserialize, Serialize};

use super::confirm_return::ConfirmReturn;
use super::erase::Erase;
use super::reclassify::Reclassify;
use super::store::{self, NewRequest};
use super::subject::Item;
use crate::door::pass::input_digest;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, RequestId};
use crate::people;
use crate::rules::facts::Action;
use crate::text::{Name, Note};

/// Operations that two other people approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Approvable {
    /// 消去.
    Erase,
    /// 機密区分の変更.
    Reclassify,
    /// 返却の受領確認.
    ConfirmReturn,
}

/// Asks for approval of exactly one operation on an item as it is now.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The item.
    pub item: ItemId,
    /// What you want to do.
    #[arg(long, value_enum)]
    pub operation: Approvable,
    /// The new class, when it is reclassify.
    #[arg(long)]
    #[serde(default)]
    pub class: Option<String>,
    /// Who at the consignor confirmed, when it is confirm_return.
    #[arg(long)]
    #[serde(default)]
    pub confirmed_by: Option<Name>,
    /// Why: the same reason that you will give when you do it.
    #[arg(long)]
    pub reason: Note,
}

/// The request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Requested {
    /// Its id: others approve it, and you carry it out with it.
    pub request: RequestId,
}

fn described<O: Operation>(operation: &O) -> Result<(&'static str, String, String)> {
    let input = serde_json::to_string(operation).map_err(Error::internal)?;
    Ok((O::ACTION.0, input, input_digest(operation)))
}

impl Operation for Ask {
    const ACTION: Action = Action("ask");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Requested;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Requested> {
        let item = self.item;
        let reason = self.reason.clone();
        let asked = (self.operation, self.class, self.confirmed_by);
        let (operation, input, digest) = match asked {
            (Approvable::Erase, None, None) => described(&Erase { item, reason })?,
            (Approvable::Reclassify, Some(class), None) => {
                people::rank_of(tx.rules(), "class", &class)?;
                described(&Reclassify { item, class, reason })?
            }
            (Approvable::ConfirmReturn, None, Some(confirmed_by)) => {
                described(&ConfirmReturn { item, confirmed_by })?
            }
            (Approvable::Reclassify, None, _) => {
                return Err(Error::invalid("class", "say which class it is to get"));
            }
            (Approvable::ConfirmReturn, _, None) => {
                return Err(Error::invalid("confirmed_by", "say who at the consignor confirmed"));
            }
            (_, Some(_), _) => return Err(Error::invalid("class", "only reclassify gives a class")),
            (_, _, Some(_)) => {
                return Err(Error::invalid("confirmed_by", "only confirm_return names who confirmed"));
            }
        };
        let id = tx.id(RequestId::new);
        let person = tx.asker_id()?;
        let row = NewRequest {
            id,
            person,
            operation,
            input: &input,
            digest: &digest,
            item,
            rev: on.0.rev,
            reason: self.reason.as_str(),
        };
        store::insert_request(tx, row).await?;
        tx.note("request", id.to_string());
        tx.note("asked_for", input);
        Ok(Requested { request: id })
    }
}
