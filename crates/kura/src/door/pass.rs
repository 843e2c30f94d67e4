//! Passing the door: load, decide, do, record, commit.
//!
//! A write runs on the writer, in one transaction with its record. A read runs on a snapshot; its record
//! is appended only if every revision that the decision saw is still the present one, and otherwise it is
//! decided again.

use std::sync::{Arc, PoisonError};

use aws_lc_rs::digest;
use kura_ledger::consent::CONSENT;
use kura_ledger::leaf::{Leaf, Outcome};
use sqlx::AnyConnection;

use super::actor::{Actor, Who};
use super::consent::Consented;
use super::content::{Recheck, TicketDraft};
use super::operation::{Operation, Recorded, Rev, Revised, Subject};
use super::refusal::Refusal;
use super::store;
use super::tx::{Place, Tx};
use super::writer::Ran;
use super::{Door, Inner, approval, record, repeat};
use crate::db::transaction::Snapshot;
use crate::error::{Error, Result};
use crate::id::{EventId, RequestId};
use crate::ledger::{self, Draft, Log};
use crate::rules::decide::{Decision, Question};
use crate::rules::facts::{Action, Circumstances, PersonFacts, Resource};
use crate::rules::pack::Pack;

/// Records read at once for a replay.
const QUESTIONS: i64 = 1024;
/// How often a read is decided again because something moved, before its caller is told.
const ATTEMPTS: usize = 5;

/// What a write says whose gathered reading has moved.
pub(crate) const MOVED: &str = "it keeps changing while it is being read; try again";

/// What a caller adds to an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Makes a repeated write the same write.
    pub idempotency_key: Option<String>,
    /// The approved request that this carries out.
    pub request: Option<RequestId>,
    /// The revision that the caller has seen; anything newer is a conflict.
    pub revision: Option<i64>,
    /// The person's consent, signed with their own passkey.
    pub consent: Option<Consented>,
}

/// What came of a performed operation.
pub(super) struct Performed<T> {
    pub(super) value: T,
    pub(super) event: EventId,
    /// Set when an earlier record is given back instead of a new one.
    pub(super) replayed: Option<u64>,
    pub(super) tickets: Vec<TicketDraft>,
    pub(super) circumstances: Circumstances,
    pub(super) rules: Vec<String>,
    pub(super) revs: Vec<Rev>,
}

/// An attempt: its result, and the records that it leaves either way.
pub(super) struct Attempt<T> {
    pub(super) result: Result<Performed<T>>,
    pub(super) drafts: Vec<Draft>,
}

impl<T> From<Error> for Attempt<T> {
    fn from(error: Error) -> Self {
        Self { result: Err(error), drafts: Vec::new() }
    }
}

/// SHA-256 over an operation's input, by which approvals and idempotency keys know it again.
pub(crate) fn input_digest<O: Operation>(input: &O) -> String {
    let text = serde_json::to_vec(input).expect("an operation's input is plain data");
    hex::encode(digest::digest(&digest::SHA256, &text))
}

impl Door {
    /// Passes an operation through the door. What comes back was permitted, done and recorded.
    pub async fn pass<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        options: Options,
    ) -> Result<Recorded<O::Output>> {
        if O::WRITES { actor.may_write() } else { actor.may_look(O::ACTION) }?;
        let operation = if O::PREPARES {
            let mut operation = operation;
            let _turn = self.inner.hashing.acquire().await.map_err(Error::internal)?;
            tokio::task::spawn_blocking(move || operation.prepare().map(|()| operation))
                .await
                .map_err(Error::internal)??
        } else {
            operation
        };
        if !O::FOLLOWS {
            return self.go(actor, operation, options).await;
        }
        // What follows must not end because the caller went away once the operation is on record.
        let (door, actor) = (self.clone(), actor.clone());
        let going = tokio::spawn(async move { door.go(&actor, operation, options).await });
        going.await.map_err(Error::internal)?
    }

    async fn go<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        options: Options,
    ) -> Result<Recorded<O::Output>> {
        let key = operation.subject();
        let recorded = if O::GATHERS {
            self.gathered(actor, operation, options).await?
        } else if O::WRITES {
            self.write(actor, operation, options).await?
        } else {
            self.read(actor, operation, options).await?
        };
        let (performed, index) = recorded;
        for ticket in performed.tickets {
            let (inner, actor, key) = (self.inner.clone(), actor.clone(), key.clone());
            let (by, then) = (actor.clone(), performed.circumstances.clone());
            let recheck: Recheck = Arc::new(move || {
                let (inner, actor, key, then) = (inner.clone(), actor.clone(), key.clone(), then.clone());
                Box::pin(async move { inner.recheck::<O::Subject>(&actor, O::ACTION, &key, then).await })
            });
            self.inner.keep_ticket(ticket, by, recheck);
        }
        let index = performed.replayed.unwrap_or(index);
        let value = if O::FOLLOWS { O::follow_up(self, performed.value).await? } else { performed.value };
        Ok(Recorded::new(value, performed.event, index, performed.rules))
    }

    /// Runs upkeep on the writer without a record: rows that only account for how an operation already
    /// authorised and recorded goes on, such as the parts of an upload.
    pub(crate) async fn upkeep<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut AnyConnection) -> futures_util::future::BoxFuture<'t, Result<T>>
            + Send
            + 'static,
    {
        let ran = self.inner.writer.run(move |connection, _| {
            let working = work(connection);
            Box::pin(async move { Ran { result: working.await, drafts: vec![] } })
        });
        Ok(ran.await?.0)
    }

    /// A write that reads much: it gathers on a snapshot, and begins again when what it read has moved.
    async fn gathered<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        options: Options,
    ) -> Result<(Performed<O::Output>, u64)> {
        let input = serde_json::to_value(&operation).map_err(Error::internal)?;
        for last in (0..ATTEMPTS).map(|attempt| attempt + 1 == ATTEMPTS) {
            let mut operation: O = serde_json::from_value(input.clone()).map_err(Error::internal)?;
            let key = operation.subject();
            // Whoever is refused is refused by the writer, and that is recorded.
            let permitted =
                self.inner.recheck::<O::Subject>(actor, O::ACTION, &key, Circumstances::default()).await;
            if permitted.is_ok() {
                let mut snapshot = Snapshot::begin(&self.inner.db).await?;
                let gathering = async {
                    let (rules, now) = (self.inner.rules(), self.inner.clock.now());
                    let connection = snapshot.connection();
                    let mut tx = Tx::new(connection, None, self.inner.place(), rules, now);
                    let (person, circumstances) = self.inner.asker(&mut tx, actor).await?;
                    if let Some((person, _)) = person {
                        tx.set_asker(person);
                    }
                    tx.set_circumstances(circumstances);
                    match O::Subject::load(&mut tx, actor.id(), &key).await? {
                        Some(on) => operation.gather(&on, &mut tx).await,
                        None => Ok(()),
                    }
                };
                let gathered = gathering.await;
                snapshot.end().await?;
                gathered?;
            }
            match self.write(actor, operation, options.clone()).await {
                Err(Error::Conflict(what)) if what == MOVED && !last => {}
                done => return done,
            }
        }
        Err(Error::conflict(MOVED))
    }

    async fn write<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        options: Options,
    ) -> Result<(Performed<O::Output>, u64)> {
        let (inner, actor) = (self.inner.clone(), actor.clone());
        self.inner
            .writer
            .run_within(O::DEADLINE, move |connection, log| {
                Box::pin(async move {
                    let Attempt { result, drafts } =
                        inner.attempt(connection, Some(log), &actor, operation, &options).await;
                    Ran { result, drafts }
                })
            })
            .await
    }

    async fn read<O: Operation>(
        &self,
        actor: &Actor,
        operation: O,
        options: Options,
    ) -> Result<(Performed<O::Output>, u64)> {
        let input = serde_json::to_value(&operation).map_err(Error::internal)?;
        for _ in 0..ATTEMPTS {
            let operation: O = serde_json::from_value(input.clone()).map_err(Error::internal)?;
            let attempt = if O::BY_REVISION {
                let mut connection = self.inner.db.reader().await?;
                self.inner.attempt(&mut connection, None, actor, operation, &options).await
            } else {
                let mut snapshot = Snapshot::begin(&self.inner.db).await?;
                let connection = snapshot.connection();
                let attempt = self.inner.attempt(connection, None, actor, operation, &options).await;
                snapshot.end().await?;
                attempt
            };
            let Attempt { result, drafts } = attempt;
            let seen = result.as_ref().map(|done| done.revs.clone()).unwrap_or_default();
            if let Some(index) = self.inner.writer.append(seen, drafts).await? {
                return result.map(|performed| (performed, index));
            }
        }
        Err(Error::conflict(MOVED))
    }
}

/// What has been loaded and decided before an operation is performed.
pub(super) struct Asked<S> {
    pub(super) on: S,
    pub(super) question: Option<Question>,
    pub(super) decision: Decision,
    pub(super) revs: Vec<Rev>,
}

impl Door {
    /// Visits the questions on record since a moment, each with whether it was permitted, the first one first: for a
    /// replay of candidate rules. Those about items whose key is destroyed are gone with it.
    pub async fn each_question(
        &self,
        since: crate::clock::Millis,
        mut visit: impl FnMut(EventId, Question, bool),
    ) -> Result<()> {
        let mut reader = self.inner.db.reader().await?;
        let mut from = ledger::store::first_since(&mut reader, since).await?;
        loop {
            let records = ledger::store::openings(&mut reader, from, QUESTIONS).await?;
            let Some(last) = records.last() else {
                return Ok(());
            };
            from = last.index + 1;
            for record in records {
                let leaf = Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?;
                let Some(key) = self.inner.opening_key(&record) else { continue };
                let openings = ledger::unseal(&key, record.event, &record.sealed)?;
                let question = openings.iter().find(|opening| opening.field == "question");
                if let Some(question) = question {
                    let question = serde_json::from_str(&question.value).map_err(Error::internal)?;
                    visit(record.event, question, leaf.outcome == Outcome::Done);
                }
            }
        }
    }
}

impl Door {
    /// Decides an action on a subject again, without a record: for what goes on under an operation that was
    /// recorded when it began.
    pub(crate) async fn still_permitted<S: Subject>(
        &self,
        actor: &Actor,
        action: Action,
        key: &S::Key,
        then: Circumstances,
    ) -> Result<()> {
        self.inner.recheck::<S>(actor, action, key, then).await
    }
}

impl Inner {
    /// Decides an action on a subject again, without a record: for a stream that runs on.
    async fn recheck<S: Subject>(
        &self,
        actor: &Actor,
        action: Action,
        key: &S::Key,
        then: Circumstances,
    ) -> Result<()> {
        let rules = self.rules();
        let mut connection = self.db.reader().await?;
        let now = self.clock.now();
        let mut tx = Tx::new(&mut connection, None, self.place(), rules.clone(), now);
        let (person, asker) = self.asker(&mut tx, actor).await?;
        let on = S::load(&mut tx, actor.id(), key).await?.ok_or(Error::NotFound(S::NAME))?;
        let circumstances = Circumstances {
            now: asker.now,
            zone: asker.zone,
            policy: asker.policy,
            device: asker.device,
            factor_age: then.factor_age.or(asker.factor_age),
            ..then
        };
        match person {
            Some((person, _)) => {
                let action = action.to_string();
                let question = Question { person, action, resource: on.resource(), circumstances };
                let decision = rules.answer(&question)?;
                if decision.permitted {
                    Ok(())
                } else {
                    Err(Error::Denied(Box::new(Refusal::new(&question, &decision, &rules))))
                }
            }
            None => Err(Error::Unauthenticated("sign in first".to_owned())),
        }
    }

    /// The person who acts with what was seen of them, and the circumstances. No person for a founder, who
    /// may act only on an empty ledger, nor for the program itself.
    async fn asker(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
    ) -> Result<(Option<(PersonFacts, Rev)>, Circumstances)> {
        let (person, policy) = match actor.who {
            Who::Founder if ledger::store::head(tx.connection()).await?.is_some() => {
                return Err(Error::Unauthenticated(
                    "the installation is founded already; sign in".to_owned(),
                ));
            }
            Who::Founder | Who::System => {
                let policy = store::value(tx.connection(), "policy_version").await?;
                (None, store::policy_version(policy))
            }
            Who::Person(id) => {
                let today = tx.today().to_string();
                let store::Asker { facts, rev, policy } = store::asker(tx.connection(), id, &today)
                    .await?
                    .ok_or_else(|| Error::Unauthenticated("this person is not registered".to_owned()))?;
                (Some((facts, Rev { of: Revised::Person, id: id.to_string(), rev })), policy)
            }
        };
        let circumstances = Circumstances {
            now: tx.now(),
            zone: actor.zone.clone(),
            policy,
            factor_age: actor.proved.map(|at| (tx.now() - at).max(0)),
            device: actor.device.clone(),
            ..Circumstances::default()
        };
        Ok((person, circumstances))
    }

    fn place(&self) -> Place<'_> {
        Place {
            engine: self.db.engine(),
            keyring: &self.keyring,
            stores: &self.stores,
            ticket_key: &self.ticket_key,
            firm_key: &self.firm_key,
            candidate: self.candidate.read().unwrap_or_else(PoisonError::into_inner).clone(),
            probes: &self.probes,
            zone: self.clock.zone(),
            log_key: self.log_key.read().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    async fn attempt<O: Operation>(
        &self,
        connection: &mut AnyConnection,
        log: Option<&mut Log>,
        actor: &Actor,
        operation: O,
        options: &Options,
    ) -> Attempt<O::Output> {
        let rules = self.rules();
        let now = self.clock.now();
        let mut tx = Tx::new(connection, log, self.place(), rules.clone(), now);
        let asked = match self.ask(&mut tx, actor, &operation, options).await {
            Ok(Ok(asked)) => asked,
            Ok(Err(attempt)) => return attempt,
            Err(error) => return error.into(),
        };
        let draft = Draft {
            event: tx.event(),
            at: now,
            operation: O::ACTION.0,
            outcome: Outcome::Done,
            rules: rules.digest.clone(),
            fields: record::fields(actor, &asked, &operation),
            item: None,
            key: self.firm_key.clone(),
            salted: None,
        };
        self.perform(actor, &mut tx, asked, operation, options, draft).await.unwrap_or_else(Attempt::from)
    }

    /// Loads, checks what the caller brought, and decides. A refusal ends in an attempt of its own.
    async fn ask<O: Operation>(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        operation: &O,
        options: &Options,
    ) -> Result<Result<Asked<O::Subject>, Attempt<O::Output>>> {
        let (rules, sealed) = (tx.rules().clone(), operation.seals_actor());
        let (person, mut circumstances) = self.asker(tx, actor).await?;
        let (person, rev) = person.unzip();
        let mut revs = Vec::from_iter(rev);
        if let Some(person) = &person {
            tx.set_asker(person.clone());
            tx.set_session(actor.session);
        }
        let key = operation.subject();
        let Some(on) = O::Subject::load(tx, actor.id(), &key).await? else {
            let drafts = self.refused::<O>(tx, actor, sealed, None, &[], None)?;
            return Ok(Err(Attempt { result: Err(Error::NotFound(O::Subject::NAME)), drafts }));
        };
        revs.extend(on.revs());
        tx.set_circumstances(circumstances.clone());
        let Some(person) = person else {
            // No rules bind the founder yet, only while nothing is recorded; nor the program itself in
            // finishing what a person was permitted to begin.
            if actor.who == Who::System && !O::SYSTEM {
                return Err(Error::Unauthenticated("the program itself does not do this".to_owned()));
            }
            let decision = Decision { permitted: true, rules: vec![actor.who.to_string()], errors: vec![] };
            return Ok(Ok(Asked { on, question: None, decision, revs }));
        };
        let resource = on.resource();
        // A write that was done may have taken away the permission to do it, and moved the revision on.
        if let Some(name) = repeat::named(operation, options)
            && repeat::may(&rules, &person, O::ACTION, &resource, tx.circumstances())?
            && let Some(attempt) = repeat::told(tx, operation, name, &revs).await?
        {
            return Ok(Err(attempt));
        }
        let mut brought = operation.circumstances(&on, tx, &mut circumstances).await;
        if let (Ok(()), Some(request)) = (&brought, options.request) {
            brought = match approval::approved(tx, request, person.id, operation, &on).await {
                Ok(approvals) => {
                    circumstances.approvals = Some(approvals);
                    Ok(())
                }
                Err(error) => Err(error),
            };
        }
        if let (Ok(()), Some(consented)) = (&brought, &options.consent) {
            let log = tx.log_key().name().to_owned();
            brought = consented.fits(O::ACTION, operation, person.id, &log, &on.revs());
            circumstances.signed = brought.is_ok();
        }
        if let Err(error) = brought {
            // Even a complaint about the input would tell that there is something to act on.
            if knows(&rules, &person, &resource, tx.circumstances())? {
                return Err(error);
            }
            let question = Question { person, action: O::ACTION.to_string(), resource, circumstances };
            let drafts = self.refused::<O>(tx, actor, sealed, on.item(), &[], Some(&question))?;
            return Ok(Err(Attempt { result: Err(Error::NotFound(O::Subject::NAME)), drafts }));
        }
        let decision = rules.decide(&person, O::ACTION, &resource, &circumstances)?;
        tx.set_approved(circumstances.approvals.and(options.request));
        if decision.permitted {
            if let Some(seen) = options.revision {
                let present = on.revs().first().map(|rev| rev.rev);
                if present.is_some_and(|present| present != seen) {
                    return Err(Error::conflict(
                        "it was changed since you looked at it: look again, then decide",
                    ));
                }
            }
            let question = Some(Question { person, action: O::ACTION.to_string(), resource, circumstances });
            return Ok(Ok(Asked { on, question, decision, revs }));
        }
        let known = knows(&rules, &person, &resource, tx.circumstances())?;
        let item = on.item();
        let question = Question { person, action: O::ACTION.to_string(), resource, circumstances };
        let drafts = self.refused::<O>(tx, actor, sealed, item, &decision.rules, Some(&question))?;
        let error = if known {
            Error::Denied(Box::new(Refusal::new(&question, &decision, &rules)))
        } else {
            Error::NotFound(O::Subject::NAME)
        };
        Ok(Err(Attempt { result: Err(error), drafts }))
    }

    async fn perform<O: Operation>(
        &self,
        actor: &Actor,
        tx: &mut Tx<'_>,
        asked: Asked<O::Subject>,
        operation: O,
        options: &Options,
        mut draft: Draft,
    ) -> Result<Attempt<O::Output>> {
        let named = repeat::named(&operation, options);
        let digest = input_digest(&operation);
        let event = tx.event();
        let item = asked.on.item();
        if let Some(consented) = &options.consent {
            tx.use_passkey(&consented.credential, consented.counter).await?;
            let signed = serde_json::to_string(&consented.signed).map_err(Error::internal)?;
            draft.fields.push((CONSENT, signed));
            tx.set_signed(consented.signed.clone());
        }
        let sealed = operation.seals_actor();
        let value = match operation.perform(asked.on, tx).await {
            Err(error @ Error::Conflict(_)) if O::TELLS_WHY_NOT => {
                // The answer names what the asker may know of: it is on record like any other.
                let (state, question) = (["state".to_owned()], asked.question.as_ref());
                let drafts = self.refused::<O>(tx, actor, sealed, item, &state, question)?;
                return Ok(Attempt { result: Err(error), drafts });
            }
            performed => performed?,
        };
        if O::WRITES {
            crate::duties::schedule::raise(tx, O::ACTION).await?;
        }
        let effects = std::mem::take(&mut tx.effects);
        if let Some(request) = options.request {
            store::request_done(tx.connection(), request).await?;
        }
        if let Some(name) = named {
            let output = repeat::output(&value, &effects)?;
            repeat::keep(tx, O::ACTION, name, (&digest, &output)).await?;
        }
        (draft.item, draft.key) = self.sealing(item.as_ref().or(effects.made.as_ref()))?;
        let (tickets, also) = self.finish(tx, &mut draft, effects)?;
        let mut drafts = vec![draft];
        drafts.extend(also);
        let performed = Performed {
            value,
            event,
            replayed: None,
            tickets,
            circumstances: asked.question.map(|question| question.circumstances).unwrap_or_default(),
            rules: asked.decision.rules,
            revs: asked.revs,
        };
        Ok(Attempt { result: Ok(performed), drafts })
    }
}

/// Whether a refused person may know of what they were refused.
pub(super) fn knows(
    rules: &Pack,
    person: &PersonFacts,
    resource: &Resource,
    circumstances: &Circumstances,
) -> Result<bool> {
    let action = match resource {
        // Which duties and resolutions there are is no secret among those who may act at all.
        Resource::Installation | Resource::Duty(_) | Resource::Resolution(_) => return Ok(true),
        Resource::Matter(_) => Action("know_matter"),
        Resource::Evaluation(_) => Action("show_evaluation"),
        Resource::Finding(_) => Action("show_finding"),
        Resource::Violation(_) => Action("show_violation"),
        Resource::Item(..) => Action("know"),
    };
    Ok(rules.decide(person, action, resource, circumstances)?.permitted)
}
