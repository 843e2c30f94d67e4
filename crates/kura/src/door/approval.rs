//! What two people approved, when it is carried out.
//!
//! An approval is of exactly one input on exactly one revision of its item, and stands as long as those who gave it may
//! give it.

use super::operation::{Operation, Subject as _};
use super::pass::input_digest;
use super::store;
use super::tx::Tx;
use crate::error::{Error, Result};
use crate::id::{PersonId, RequestId};
use crate::rules::facts::Action;

/// How long a request may be carried out after it was asked.
pub(crate) const REQUEST_VALID: crate::clock::Millis = 14 * 24 * 60 * 60 * 1000;

/// The two people who approved exactly this input at exactly this revision.
pub(super) async fn approved<O: Operation>(
    tx: &mut Tx<'_>,
    id: RequestId,
    asker: PersonId,
    operation: &O,
    on: &O::Subject,
) -> Result<(PersonId, PersonId)> {
    let request = store::request(tx.connection(), id)
        .await?
        .filter(|request| request.person == asker)
        .ok_or(Error::NotFound("request"))?;
    let revs = on.revs();
    let same_item = on.item().is_some_and(|(item, _)| item == request.item);
    if request.operation != O::ACTION.0 || request.digest != input_digest(operation) || !same_item {
        return Err(Error::conflict("what was approved is not what you ask now: ask for approval again"));
    }
    if revs.first().is_none_or(|rev| rev.rev != request.rev) {
        return Err(Error::conflict("the item was changed since it was approved: ask for approval again"));
    }
    if request.state != "open" {
        return Err(Error::conflict(format!("the request is {}", request.state)));
    }
    if tx.now() > request.asked + REQUEST_VALID {
        return Err(Error::conflict("the request has lapsed: ask for approval again"));
    }
    // Whoever approved must still be one who may: people are suspended, and offices end.
    let (rules, resource) = (tx.rules().clone(), on.resource());
    let mut standing = Vec::new();
    for approver in store::approvers(tx.connection(), id).await? {
        if let Some(facts) = tx.facts_of(approver).await?
            && rules.decide(&facts, Action("approve"), &resource, tx.circumstances())?.permitted
        {
            standing.push(approver);
        }
    }
    match standing[..] {
        [first, second, ..] => Ok((first, second)),
        _ => Err(Error::conflict(format!("{} of 2 approvals are there: wait for the other", standing.len()))),
    }
}
