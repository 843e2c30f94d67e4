//! What an operation may touch while it is performed: its transaction, the moment, and what it adds to
//! its record. Nothing here reaches the network, a key service or the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kura_ledger::checkpoint::VerifyKey;
use kura_ledger::leaf::STATEMENT;
use kura_ledger::statement::{self, ItemCount, Kind, Statement};
use kura_vault::keyring::Keyring;
use kura_vault::keys::{Key, random_bytes};
use sqlx::AnyConnection;
use zeroize::Zeroizing;

use super::content::TicketDraft;
use super::store;
use crate::clock::{self, Clock, Millis};
use crate::db::Engine;
use crate::error::{Error, Result};
use crate::id::{EventId, ItemId, MatterId, PersonId, RequestId, StatementId, TokenId, ViolationId};
use crate::ledger::{self, Log};
use crate::policy::candidate::Candidate;
use crate::rules::facts::{Action, Circumstances, PersonFacts, Resource};
use crate::rules::pack::Pack;
use crate::rules::scope::{self, Scope};
use crate::stores::Stores;

/// A further record beside an operation's own: one for each other item that it touched.
pub(in crate::door) struct Also {
    pub(in crate::door) item: ItemId,
    pub(in crate::door) shard: String,
    pub(in crate::door) fields: Vec<(&'static str, String)>,
}

/// What a performed operation leaves for its record.
#[derive(Default)]
pub(in crate::door) struct Effects {
    pub(in crate::door) fields: Vec<(&'static str, String)>,
    pub(in crate::door) also: Vec<Also>,
    /// A field whose salt and value are kept elsewhere too.
    pub(in crate::door) salted: Option<(&'static str, String, [u8; 32])>,
    pub(in crate::door) tickets: Vec<TicketDraft>,
    /// An item made by the operation: its record opens that item's chain.
    pub(in crate::door) made: Option<(ItemId, String)>,
}

/// What stands beside the transaction: which engine, where keys and content are.
pub(in crate::door) struct Place<'c> {
    pub(in crate::door) engine: Engine,
    pub(in crate::door) keyring: &'c Keyring,
    pub(in crate::door) stores: &'c Stores,
    pub(in crate::door) log_key: VerifyKey,
    /// Makes the handles of tickets.
    pub(in crate::door) ticket_key: &'c Key,
    /// Seals what belongs to no item.
    pub(in crate::door) firm_key: &'c Key,
    /// The pack that lies ready.
    pub(in crate::door) candidate: Option<Arc<Candidate>>,
    pub(in crate::door) probes: &'c Mutex<HashMap<PersonId, (Millis, u32)>>,
    /// The firm's time zone.
    pub(in crate::door) zone: &'c TimeZone,
}

/// The transaction of one operation.
pub struct Tx<'c> {
    connection: &'c mut AnyConnection,
    log: Option<&'c mut Log>,
    pub(in crate::door) place: Place<'c>,
    rules: Arc<Pack>,
    now: Millis,
    event: EventId,
    asker: Option<PersonFacts>,
    circumstances: Circumstances,
    pub(in crate::door) effects: Effects,
    signed: Option<kura_ledger::consent::Signed>,
    session: Option<TokenId>,
    approved: Option<RequestId>,
}

/// Purpose of the keys that seal second factors.
const FACTOR: &str = "kura/factor/v1";
/// Purpose of the keys that seal who reported a case.
const REPORTER: &str = "kura/reporter/v1";
const HOUR: Millis = 60 * 60 * 1000;
/// How often someone may ask why within an hour: what rules say must not be sounded out by trying.
const PROBES: u32 = 30;

/// The handle of the n-th ticket of a record: it need not be kept to be told again, and a restart, which
/// makes another key, ends it.
pub(in crate::door) fn ticket_handle(key: &Key, event: EventId, number: usize) -> String {
    let id = [event.bytes().as_slice(), &(number as u64).to_be_bytes()].concat();
    hex::encode(key.derive("kura/ticket/v1", &id).expose())
}

impl<'c> Tx<'c> {
    pub(in crate::door) fn new(
        connection: &'c mut AnyConnection,
        log: Option<&'c mut Log>,
        place: Place<'c>,
        rules: Arc<Pack>,
        now: Millis,
    ) -> Self {
        Self {
            signed: None,
            session: None,
            approved: None,
            connection,
            log,
            place,
            rules,
            now,
            event: EventId::new(now.unsigned_abs(), &random_bytes()),
            asker: None,
            circumstances: Circumstances::default(),
            effects: Effects::default(),
        }
    }

    /// The connection, for the statements of a `store.rs`.
    pub fn connection(&mut self) -> &mut AnyConnection {
        self.connection
    }

    /// Which engine the connection is of.
    pub fn engine(&self) -> Engine {
        self.place.engine
    }

    /// The stores, to choose among; content itself is written and read outside the transaction.
    pub fn stores(&self) -> &Stores {
        self.place.stores
    }

    /// The moment of the operation.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The day of the operation, where the firm is.
    pub fn today(&self) -> Date {
        clock::day_in(self.place.zone, self.now)
    }

    /// The day of a moment, where the firm is.
    pub(crate) fn day(&self, moment: Millis) -> Date {
        clock::day_in(self.place.zone, moment)
    }

    /// A clock that stands at the moment of the operation, where the firm is.
    pub(crate) fn clock(&self) -> Clock {
        Clock::at(self.now).in_zone(self.place.zone.clone())
    }

    /// The moment at which a day begins, where the firm is.
    pub(crate) fn begins(&self, day: Date) -> Millis {
        clock::begins_in(self.place.zone, day)
    }

    /// The last second of a day, where the firm is; none for a day with which the calendar ends.
    pub(crate) fn ends(&self, day: Date) -> Option<Millis> {
        clock::ends_in(self.place.zone, day)
    }

    /// Reads a last day (2027-03-31), which is over when it is where the firm is, or a moment (RFC 3339).
    ///
    /// # Errors
    /// It is neither.
    pub(crate) fn until(&self, field: &'static str, text: &str) -> Result<Millis> {
        let read = match clock::parse_day(text) {
            Some(day) => self.ends(day),
            None => clock::parse_moment(text),
        };
        read.ok_or_else(|| Error::invalid(field, "a day looks like 2027-03-31"))
    }

    /// The rules in force.
    pub fn rules(&self) -> &Arc<Pack> {
        &self.rules
    }

    /// The policy pack that lies ready.
    pub(crate) fn candidate(&self) -> Option<Arc<Candidate>> {
        self.place.candidate.clone()
    }

    /// Spends one of the asker's questions of why; there are so many in an hour.
    pub(crate) fn spend_probe(&self) -> Result<()> {
        let (who, now) = (self.asker_id()?, self.now);
        let mut probes = self.place.probes.lock().unwrap_or_else(PoisonError::into_inner);
        probes.retain(|_, (since, _)| now - *since < HOUR);
        let (since, spent) = probes.entry(who).or_insert((now, 0));
        if *spent >= PROBES {
            let minutes = (*since + HOUR - now) / 60_000 + 1;
            return Err(Error::conflict(format!(
                "you have asked {PROBES} times within the hour: ask the custodian, or again in {minutes} minutes"
            )));
        }
        *spent += 1;
        Ok(())
    }

    /// The log's public key.
    pub fn log_key(&self) -> &VerifyKey {
        &self.place.log_key
    }

    /// The firm's name.
    pub async fn firm(&mut self) -> Result<String> {
        Ok(store::value(self.connection, "firm").await?.unwrap_or_default())
    }

    /// The operation's record's id.
    pub fn event(&self) -> EventId {
        self.event
    }

    /// The request that two others approved and that is carried out now.
    pub(crate) fn approved(&self) -> Option<RequestId> {
        self.approved
    }

    pub(in crate::door) fn set_approved(&mut self, approved: Option<RequestId>) {
        self.approved = approved;
    }

    /// The session or token that the asker shows.
    pub(crate) fn session(&self) -> Option<TokenId> {
        self.session
    }

    pub(in crate::door) fn set_session(&mut self, session: Option<TokenId>) {
        self.session = session;
    }

    pub(in crate::door) fn set_asker(&mut self, asker: PersonFacts) {
        self.asker = Some(asker);
    }

    pub(in crate::door) fn set_circumstances(&mut self, circumstances: Circumstances) {
        self.circumstances = circumstances;
    }

    /// The circumstances, without what belongs to one operation only: for deciding on many things at once.
    pub fn circumstances(&self) -> &Circumstances {
        &self.circumstances
    }

    /// The person who acts. A founder is not a person yet.
    pub fn asker(&self) -> Result<&PersonFacts> {
        self.asker.as_ref().ok_or_else(|| Error::Unauthenticated("sign in first".to_owned()))
    }

    /// Who acts, by id.
    pub fn asker_id(&self) -> Result<PersonId> {
        Ok(self.asker()?.id)
    }

    /// Whether the asker may do something with something, beside the operation that the door decides on: what is
    /// listed, and what a page offers. What rules of before know nothing of nobody may.
    pub(crate) fn may(&self, action: &'static str, resource: &Resource) -> bool {
        self.asker()
            .and_then(|asker| self.rules.decide(asker, Action(action), resource, &self.circumstances))
            .is_ok_and(|decision| decision.permitted)
    }

    /// Of these actions, those that the asker may do.
    pub(crate) fn may_of(&self, actions: &[&'static str], resource: &Resource) -> Vec<String> {
        actions
            .iter()
            .filter(|action| self.may(action, resource))
            .map(|action| (*action).to_owned())
            .collect()
    }

    /// The items that the asker may know of.
    pub(crate) async fn scope(&mut self) -> Result<Scope> {
        self.scope_by(Pack::scope).await
    }

    /// The matters that the asker may know of.
    pub(crate) async fn scope_of_matters(&mut self) -> Result<Scope> {
        self.scope_by(Pack::scope_of_matters).await
    }

    async fn scope_by(
        &mut self,
        of: fn(&Pack, scope::Asker<'_>, &Circumstances) -> Result<Scope>,
    ) -> Result<Scope> {
        let accountable = store::accountable_for(self.connection, self.asker_id()?).await?;
        let asker = scope::Asker { person: self.asker()?, accountable: &accountable };
        of(&self.rules, asker, &self.circumstances)
    }

    /// What the rules see of a person, for deciding whether they could do something.
    pub(crate) async fn facts_of(&mut self, person: PersonId) -> Result<Option<PersonFacts>> {
        let today = self.today().to_string();
        Ok(store::asker(self.connection, person, &today).await?.map(|asker| asker.facts))
    }

    /// A fresh id.
    pub fn id<T>(&self, make: fn(u64, &[u8; 10]) -> T) -> T {
        make(self.now.unsigned_abs(), &random_bytes())
    }

    /// Makes the key of a new item of a matter; returns the shard that it is in.
    pub fn make_item_key(&mut self, matter: MatterId, item: ItemId) -> Result<String> {
        let made = self.place.keyring.create_item_keys(&matter.to_string(), &[*item.bytes()])?;
        made.into_iter().next().ok_or_else(|| Error::internal("the keyring made no key"))
    }

    /// Makes the keys of new items of a matter; returns the shards that they are in.
    pub fn make_item_keys(&mut self, matter: MatterId, items: &[ItemId]) -> Result<Vec<String>> {
        let items: Vec<_> = items.iter().map(|item| *item.bytes()).collect();
        Ok(self.place.keyring.create_item_keys(&matter.to_string(), &items)?)
    }

    /// Says that the operation made this item: its record is the first of the item's chain.
    pub fn made_item(&mut self, item: ItemId, shard: &str) {
        self.effects.made = Some((item, shard.to_owned()));
    }

    /// Adds a field to the operation's record.
    pub fn note(&mut self, field: &'static str, value: impl Into<String>) {
        self.effects.fields.push((field, value.into()));
    }

    /// Adds a record to another item that the operation touched.
    pub fn also(&mut self, item: ItemId, shard: &str, fields: Vec<(&'static str, String)>) {
        self.effects.also.push(Also { item, shard: shard.to_owned(), fields });
    }

    /// Asks for a ticket to a version's content; it exists once the record is durable. Returns its handle.
    pub(crate) fn issue_ticket(&mut self, mut ticket: TicketDraft) -> String {
        let handle = ticket_handle(self.place.ticket_key, self.event, self.effects.tickets.len());
        ticket.handle.clone_from(&handle);
        self.effects.tickets.push(ticket);
        handle
    }

    /// How far an item's chain has come before this operation.
    pub async fn count(&mut self, item: ItemId) -> Result<ItemCount> {
        let link = match self.log.as_deref_mut() {
            Some(log) => log.link(self.connection, item).await?,
            None => ledger::store::link(self.connection, item).await?,
        };
        Ok(ItemCount { item: item.to_string(), records: link.records, last: link.last })
    }

    /// States something to someone outside: signs it, keeps it, and commits to it in the operation's own
    /// record. An operation states one thing.
    pub async fn state(&mut self, draft: StatementDraft) -> Result<StatementId> {
        let id = self.id(StatementId::new);
        let log = self
            .log
            .as_deref_mut()
            .ok_or_else(|| Error::internal("only an operation that writes can state something"))?;
        let statement = Statement {
            kind: draft.kind,
            id: id.to_string(),
            origin: log.origin().to_owned(),
            at: clock::rfc3339(self.now),
            items: draft.items,
            body: draft.body,
            histories: draft.histories,
        };
        let (text, signature) = statement.sign(&log.keys()).map_err(Error::internal)?;
        let salt: [u8; 32] = random_bytes();
        let row = store::StatementRow {
            id,
            kind: draft.kind,
            matter: draft.matter,
            item: draft.item,
            text,
            signature,
            salt: hex::encode(salt),
            event: self.event,
            made: self.now,
        };
        store::insert_statement(self.connection, &row).await?;
        self.effects.salted = Some((STATEMENT, statement::digest(&row.text), salt));
        Ok(id)
    }

    /// What the person who asks signed, when they did.
    pub(crate) fn signed(&self) -> Option<&kura_ledger::consent::Signed> {
        self.signed.as_ref()
    }

    pub(in crate::door) fn set_signed(&mut self, signed: kura_ledger::consent::Signed) {
        self.signed = Some(signed);
    }

    /// Holds whoever has a second factor to having shown it lately: a session or a token that somebody else came by
    /// neither adds one nor takes one away.
    ///
    /// # Errors
    /// None was shown within 15 minutes, and this is not the first.
    pub(crate) fn shown_lately(&self, first: bool) -> Result<()> {
        const LATELY: Millis = 15 * 60 * 1000;
        if first || self.circumstances.factor_age.is_some_and(|age| age <= LATELY) {
            return Ok(());
        }
        Err(Error::conflict("show your passkey or a code first, then add or remove one"))
    }

    /// Notes that a passkey was used, with the counter that it told.
    ///
    /// # Errors
    /// A counter that did not grow: there may be a copy of the passkey.
    pub(crate) async fn use_passkey(&mut self, credential: &str, counter: u32) -> Result<()> {
        let (now, counter) = (self.now, i64::from(counter));
        if store::passkey_used(self.connection, credential, counter, now).await? {
            return Ok(());
        }
        Err(Error::conflict(
            "the passkey's counter did not grow: it may have been copied. Remove it, and tell a system administrator",
        ))
    }

    /// Seals the secret of a second factor for its person.
    pub(crate) fn seal_factor(&self, person: PersonId, secret: &[u8]) -> Vec<u8> {
        self.factor_key(person).seal(FACTOR.as_bytes(), secret)
    }

    /// Opens the secret of a second factor.
    pub(crate) fn open_factor(&self, person: PersonId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.factor_key(person).open(FACTOR.as_bytes(), sealed).map_err(Error::internal)
    }

    /// Seals who reported a case.
    pub(crate) fn seal_reporter(&self, of: ViolationId, reporter: PersonId) -> Vec<u8> {
        let key = self.place.firm_key.derive(REPORTER, of.bytes());
        key.seal(REPORTER.as_bytes(), reporter.to_string().as_bytes())
    }

    /// Opens who reported a case.
    pub(crate) fn open_reporter(&self, of: ViolationId, sealed: &[u8]) -> Result<PersonId> {
        let key = self.place.firm_key.derive(REPORTER, of.bytes());
        let text = key.open(REPORTER.as_bytes(), sealed).map_err(Error::internal)?;
        std::str::from_utf8(&text).map_err(Error::internal)?.parse().map_err(Error::internal)
    }

    fn factor_key(&self, person: PersonId) -> Key {
        self.place.firm_key.derive(FACTOR, person.bytes())
    }

    /// Opens the openings of a record that belongs to no item.
    pub(crate) fn unseal_firm(
        &self,
        event: EventId,
        sealed: &[u8],
    ) -> Result<Vec<kura_ledger::leaf::Opening>> {
        ledger::unseal(self.place.firm_key, event, sealed)
    }

    /// Opens the openings of a record, whatever it is of: under its item's key, or the firm's where it is of no item or was
    /// made after the key was destroyed.
    pub(crate) fn unseal_record(
        &self,
        item: Option<&(ItemId, String)>,
        event: EventId,
        sealed: &[u8],
    ) -> Result<Vec<kura_ledger::leaf::Opening>> {
        match item {
            Some((item, shard)) => {
                self.unseal(shard, *item, event, sealed).or_else(|_| self.unseal_firm(event, sealed))
            }
            None => self.unseal_firm(event, sealed),
        }
    }

    /// Opens the openings of a record of an item, for a report to whoever may read them.
    pub(crate) fn unseal(
        &self,
        shard: &str,
        item: ItemId,
        event: EventId,
        sealed: &[u8],
    ) -> Result<Vec<kura_ledger::leaf::Opening>> {
        let key: Key = self.place.keyring.item_key(shard, item.bytes())?;
        ledger::unseal(&key, event, sealed)
    }
}

/// What is to be stated.
pub struct StatementDraft {
    /// What it is.
    pub kind: Kind,
    /// The matter that it belongs to; nothing for what is the firm's.
    pub matter: Option<MatterId>,
    /// The item, when it is about one.
    pub item: Option<ItemId>,
    /// How far the items' histories have come.
    pub items: Vec<ItemCount>,
    /// What the reader wants to know.
    pub body: serde_json::Value,
    /// Histories, in a report.
    pub histories: Vec<statement::History>,
}
