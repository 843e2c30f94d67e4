//! What a record says: the fields of what was done, refused or counted, and the key under which they are sealed.

use kura_ledger::leaf::Outcome;
use kura_vault::keyring::KeyringError;
use kura_vault::keys::{Key, random_bytes};
use serde::Serialize;

use super::actor::Actor;
use super::content::TicketDraft;
use super::operation::{Operation, Rev, Subject as _};
use super::pass::Asked;
use super::refusal::Kind;
use super::tx::{Effects, Tx};
use super::{Door, Inner};
use crate::error::Result;
use crate::id::{EventId, ItemId};
use crate::ledger::{self, Draft};
use crate::rules::decide::Question;

/// Who acted, in the record of what must not tell.
const SEALED: &str = "sealed";

/// Who acted, as a record says it.
fn acted(actor: &Actor, sealed: bool) -> String {
    if sealed { SEALED.to_owned() } else { actor.who.to_string() }
}

/// The fields of a done operation's record.
pub(super) fn fields<O: Operation>(
    actor: &Actor,
    asked: &Asked<O::Subject>,
    operation: &O,
) -> Vec<(&'static str, String)> {
    fn text(value: &impl Serialize) -> String {
        serde_json::to_string(value).expect("plain data")
    }
    let mut fields = vec![
        ("actor", acted(actor, operation.seals_actor())),
        ("decided_by", asked.decision.rules.join(" ")),
    ];
    if O::CONFIDENTIAL {
        return fields;
    }
    if let Some(question) = &asked.question {
        fields.push(("question", text(question)));
    }
    if !O::SECRET && !O::NAMES_WHAT_MAY_BE_ERASED {
        fields.push(("input", text(operation)));
    }
    fields.push(("revisions", revisions(&asked.revs)));
    fields.extend(asked.on.fields());
    fields
}

/// The revisions that a decision saw, for a record.
fn revisions(seen: &[Rev]) -> String {
    let each = seen.iter().map(|rev| format!("{:?} {} {}", rev.of, rev.id, rev.rev).to_lowercase());
    each.collect::<Vec<_>>().join(", ")
}

impl Door {
    /// Records what was only counted: refusals that repeated and were not repeated again, and whoever was refused
    /// before anybody knew who they are. At a stop everything, otherwise what is due.
    pub async fn flush_refusals(&self, all: bool) -> Result<()> {
        let (inner, now) = (&self.inner, self.inner.clock.now());
        let rules = inner.rules();
        let id = || EventId::new(now.unsigned_abs(), &random_bytes());
        let mut drafts = Vec::new();
        for (kind, repeats) in inner.refusals.drain(now, all) {
            let (item, key) = inner.sealing(kind.item.as_ref())?;
            drafts.push(Draft {
                event: id(),
                at: now,
                operation: kind.action.0,
                outcome: Outcome::Refused,
                rules: rules.digest.clone(),
                fields: vec![
                    ("actor", kind.who.to_string()),
                    ("about", kind.about),
                    ("decided_by", kind.rules.join(" ")),
                    ("repeats", repeats.to_string()),
                ],
                item,
                key,
                salted: None,
            });
        }
        if let Some([passwords, tokens]) = inner.strangers.drain(now, all) {
            drafts.push(Draft {
                event: id(),
                at: now,
                operation: "sign_in",
                outcome: Outcome::Refused,
                rules: rules.digest.clone(),
                fields: vec![("passwords", passwords.to_string()), ("tokens", tokens.to_string())],
                item: None,
                key: inner.firm_key.clone(),
                salted: None,
            });
        }
        if !drafts.is_empty() {
            inner.writer.append(vec![], drafts).await?;
        }
        Ok(())
    }
}

impl Inner {
    /// The key under which a record's openings are sealed, if it still exists.
    pub(super) fn opening_key(&self, record: &ledger::store::SealedRecord) -> Option<Key> {
        let Some((item, shard)) = &record.item else {
            return Some(self.firm_key.clone());
        };
        self.keyring.item_key(shard, item.bytes()).ok()
    }

    /// The record of a refusal, unless it only repeats one of this minute.
    pub(super) fn refused<O: Operation>(
        &self,
        tx: &Tx<'_>,
        actor: &Actor,
        sealed: bool,
        item: Option<(ItemId, String)>,
        rules: &[String],
        question: Option<&Question>,
    ) -> Result<Vec<Draft>> {
        let about = question.map_or_else(|| "unknown".to_owned(), |asked| asked.resource.uid().to_string());
        let kind = Kind {
            who: actor.who,
            action: O::ACTION,
            about: about.clone(),
            item: item.clone(),
            rules: rules.to_vec(),
        };
        // What is counted is told with its actor later: what must not name one is recorded each time.
        let repeats = if sealed { Some(0) } else { self.refusals.count(kind, tx.now()) };
        let Some(repeats) = repeats else {
            return Ok(Vec::new());
        };
        let mut fields =
            vec![("actor", acted(actor, sealed)), ("about", about), ("decided_by", rules.join(" "))];
        if let Some(question) = question.filter(|_| !O::CONFIDENTIAL) {
            fields.push(("question", serde_json::to_string(question).expect("plain data")));
        }
        if repeats > 0 {
            fields.push(("repeats", repeats.to_string()));
        }
        let (item, key) = self.sealing(item.as_ref())?;
        Ok(vec![Draft {
            event: tx.event(),
            at: tx.now(),
            operation: O::ACTION.0,
            outcome: Outcome::Refused,
            rules: tx.rules().digest.clone(),
            fields,
            item,
            key,
            salted: None,
        }])
    }

    /// The item whose chain a record joins, and the key under which its openings are sealed. An item whose
    /// key is destroyed keeps its chain, sealed under the firm's key from then on.
    pub(super) fn sealing(&self, item: Option<&(ItemId, String)>) -> Result<(Option<ItemId>, Key)> {
        let Some((item, shard)) = item else {
            return Ok((None, self.firm_key.clone()));
        };
        match self.keyring.item_key(shard, item.bytes()) {
            Ok(key) => Ok((Some(*item), key)),
            Err(KeyringError::Destroyed) => Ok((Some(*item), self.firm_key.clone())),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts an operation's effects into its record, and makes the records of the other items it touched.
    pub(super) fn finish(
        &self,
        tx: &Tx<'_>,
        draft: &mut Draft,
        effects: Effects,
    ) -> Result<(Vec<TicketDraft>, Vec<Draft>)> {
        // A record tells by itself who acted, whatever other item it is of.
        let actor = draft.fields.iter().find(|(name, _)| *name == "actor").cloned();
        draft.fields.extend(effects.fields);
        if let Some((field, value, salt)) = effects.salted {
            draft.fields.push((field, value));
            draft.salted = Some((field, salt));
        }
        let also = effects.also.into_iter().map(|also| {
            let (item, key) = self.sealing(Some(&(also.item, also.shard)))?;
            let mut fields = Vec::from_iter(actor.clone());
            fields.extend(also.fields);
            fields.push(("with", draft.event.to_string()));
            Ok(Draft {
                event: tx.id(EventId::new),
                at: draft.at,
                operation: draft.operation,
                outcome: Outcome::Done,
                rules: draft.rules.clone(),
                fields,
                item,
                key,
                salted: None,
            })
        });
        Ok((effects.tickets, also.collect::<Result<_>>()?))
    }
}
