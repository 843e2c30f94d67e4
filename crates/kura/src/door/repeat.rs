//! A write that is sent again is the same write: what came of it is kept under the idempotency key that its caller chose,
//! and told again to whoever may still be told.

use serde::Serialize;

use super::operation::{Operation, Rev};
use super::pass::{Attempt, Options, Performed, input_digest, knows};
use super::store;
use super::tx::{Effects, Tx, ticket_handle};
use crate::error::{Error, Result};
use crate::ledger;
use crate::rules::facts::{Action, Circumstances, PersonFacts, Resource};
use crate::rules::pack::Pack;

/// The idempotency key, where it counts: for a write that holds no secret. What is kept under it names its person: of a
/// write that must not, nothing is kept.
pub(super) fn named<'o, O: Operation>(operation: &O, options: &'o Options) -> Option<&'o str> {
    let counts = O::WRITES && !O::SECRET && !operation.seals_actor();
    options.idempotency_key.as_deref().filter(|_| counts)
}

/// Whether a person may be told again what came of a write of theirs: they may still know of what it was
/// about; of the register of the installation, they may still do it.
pub(super) fn may(
    rules: &Pack,
    person: &PersonFacts,
    action: Action,
    resource: &Resource,
    circumstances: &Circumstances,
) -> Result<bool> {
    match resource {
        Resource::Installation | Resource::Duty(_) | Resource::Resolution(_) => {
            Ok(rules.decide(person, action, resource, circumstances)?.permitted)
        }
        _ => knows(rules, person, resource, circumstances),
    }
}

/// What came of a write, as it is kept. No secret is: a ticket's handle is made again when it is told again.
pub(super) fn output(value: &impl Serialize, effects: &Effects) -> Result<String> {
    let mut output = serde_json::to_string(value).map_err(Error::internal)?;
    for (number, ticket) in effects.tickets.iter().enumerate() {
        output = output.replace(&ticket.handle, &placeholder(number));
    }
    Ok(output)
}

/// Keeps what came of a write with the digest of its input, under the key that its caller chose.
pub(super) async fn keep(
    tx: &mut Tx<'_>,
    operation: Action,
    name: &str,
    (body, output): (&str, &str),
) -> Result<()> {
    let who = tx.asker_id().map_or_else(|_| "kura".to_owned(), |id| id.to_string());
    let (event, made) = (tx.event(), tx.now());
    let row = store::IdempotencyRow { person: &who, operation: operation.0, name, body, event, output, made };
    store::keep_output(tx.connection(), row).await
}

/// What stands in a kept output for the handle of a ticket.
fn placeholder(number: usize) -> String {
    format!("kura-ticket-{number}-of-this-record")
}

/// What a write under this idempotency key gave back before, if there was one. Nothing is done again.
pub(super) async fn told<O: Operation>(
    tx: &mut Tx<'_>,
    operation: &O,
    name: &str,
    revs: &[Rev],
) -> Result<Option<Attempt<O::Output>>> {
    let who = tx.asker_id()?.to_string();
    let Some((body, event, output)) = store::replayed(tx.connection(), &who, O::ACTION.0, name).await? else {
        return Ok(None);
    };
    if body != input_digest(operation) {
        return Err(Error::conflict("this idempotency key was used for another input; use a fresh one"));
    }
    let record = ledger::store::record(tx.connection(), event).await?;
    let mut output = output;
    for number in (0..).take_while(|number| output.contains(&placeholder(*number))).collect::<Vec<_>>() {
        output = output.replace(&placeholder(number), &ticket_handle(tx.place.ticket_key, event, number));
    }
    let performed = Performed {
        value: serde_json::from_str(&output).map_err(Error::internal)?,
        event,
        replayed: Some(record.map_or(0, |(index, _)| index)),
        tickets: vec![],
        circumstances: Circumstances::default(),
        rules: vec![],
        revs: revs.to_vec(),
    };
    Ok(Some(Attempt { result: Ok(performed), drafts: vec![] }))
}
