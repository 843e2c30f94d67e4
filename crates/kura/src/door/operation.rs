//! What an operation is: an input, a permission, an effect, a record. One definition serves page, API and
//! command line.

use std::future::Future;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Door;
use super::tx::Tx;
use super::writer;
use crate::error::Result;
use crate::id::{EventId, ItemId, PersonId};
use crate::rules::facts::{Action, Circumstances, Resource};

/// A row's revision that a decision has seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rev {
    /// What kind of row.
    pub of: Revised,
    /// Its id.
    pub id: String,
    /// Its revision then.
    pub rev: i64,
}

/// Rows that carry a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Revised {
    /// A person.
    Person,
    /// A matter.
    Matter,
    /// An item.
    Item,
    /// A resolution.
    Resolution,
}

/// What an operation is about, loaded once, inside the transaction that decides.
pub trait Subject: Sized + Send + Sync {
    /// What it is loaded by.
    type Key: Clone + Send + Sync + 'static;
    /// What it is called in "there is no such …".
    const NAME: &'static str;
    /// Loads it as the asker sees it; nothing when it does not exist.
    fn load(
        tx: &mut Tx<'_>,
        asker: Option<PersonId>,
        key: &Self::Key,
    ) -> impl Future<Output = Result<Option<Self>>> + Send;
    /// What the rules see.
    fn resource(&self) -> Resource;
    /// Revisions of what was seen.
    fn revs(&self) -> Vec<Rev>;
    /// The item whose chain the record joins, with the shard of its key.
    fn item(&self) -> Option<(ItemId, String)> {
        None
    }
    /// What the record says of it beside ids: names that the openings keep.
    fn fields(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// One operation of the register.
pub trait Operation: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name in the rules, the ledger, the API and the command line.
    const ACTION: Action;
    /// Whether it changes anything. Writes run on the one writer, reads on a snapshot.
    const WRITES: bool;
    /// Whether all that it reads moves with the revisions of its subject: then it needs no snapshot, since its
    /// record is appended only if they have not moved.
    const BY_REVISION: bool = false;
    /// Whether its input or output holds a secret, which no record and no idempotency row keeps.
    const SECRET: bool = false;
    /// Whether its input names what may be erased while its record is the firm's and stays: the record then
    /// holds what [`Tx::note`] says of it and not the input.
    const NAMES_WHAT_MAY_BE_ERASED: bool = false;
    /// Whether its record must not tell of whom it is: it holds who acted, the rules that decided and what
    /// [`Tx::note`] says, and neither the question that they answered nor the input nor the revisions.
    const CONFIDENTIAL: bool = false;
    /// Whether a conflict with the state is told by naming what stands in the way; it is recorded then.
    const TELLS_WHY_NOT: bool = false;
    /// Whether [`Operation::gather`] has work to do.
    const GATHERS: bool = false;
    /// Whether [`Operation::follow_up`] has work to do.
    const FOLLOWS: bool = false;
    /// Whether [`Operation::prepare`] has work to do.
    const PREPARES: bool = false;
    /// Whether the program itself does this, to finish what a person was permitted to begin.
    const SYSTEM: bool = false;
    /// How long it may hold the writer, and everybody else's writes with it.
    const DEADLINE: Duration = writer::DEADLINE;
    /// The longest input, in bytes.
    const LONGEST_INPUT: usize = 64 * 1024;
    /// What it is about.
    type Subject: Subject;
    /// What it gives back.
    type Output: Serialize + DeserializeOwned + Send + 'static;
    /// Which subject.
    fn subject(&self) -> <Self::Subject as Subject>::Key;
    /// Whether its record must not even tell who acted. Only what is [`Operation::CONFIDENTIAL`] does this.
    fn seals_actor(&self) -> bool {
        false
    }
    /// Slow work on the input alone (hashing a password), done before the writer is asked for.
    fn prepare(&mut self) -> Result<()> {
        Ok(())
    }
    /// What this operation adds to the circumstances that the rules see.
    fn circumstances(
        &self,
        _on: &Self::Subject,
        _tx: &mut Tx<'_>,
        _circumstances: &mut Circumstances,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
    /// Reads on a snapshot what would hold the writer up, for whoever is permitted; whether it still holds is
    /// for [`Operation::perform`] to check.
    fn gather(&mut self, _on: &Self::Subject, _tx: &mut Tx<'_>) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
    /// Does it. Awaits nothing but the transaction.
    fn perform(self, on: Self::Subject, tx: &mut Tx<'_>)
    -> impl Future<Output = Result<Self::Output>> + Send;
    /// What follows once the record is durable and cannot be in the transaction: destroying keys,
    /// deleting content. Must bear to be repeated after a crash.
    fn follow_up(_door: &Door, output: Self::Output) -> impl Future<Output = Result<Self::Output>> + Send {
        async { Ok(output) }
    }
}

/// A value whose record is durable. There is no other way to get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    value: T,
    event: EventId,
    index: u64,
    rules: Vec<String>,
}

impl<T> Recorded<T> {
    pub(in crate::door) fn new(value: T, event: EventId, index: u64, rules: Vec<String>) -> Self {
        Self { value, event, index, rules }
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Takes the value out.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The record's id.
    pub fn event(&self) -> EventId {
        self.event
    }

    /// Ids of the rules that permitted it.
    pub fn decided_by(&self) -> &[String] {
        &self.rules
    }

    /// The record's index in the ledger.
    pub fn index(&self) -> u64 {
        self.index
    }
}

/// The firm's installation: what administrative operations are about.
pub struct Installation;

impl Subject for Installation {
    type Key = ();
    const NAME: &'static str = "installation";

    async fn load(_: &mut Tx<'_>, _: Option<PersonId>, (): &()) -> Result<Option<Self>> {
        Ok(Some(Self))
    }

    fn resource(&self) -> Resource {
        Resource::Installation
    }

    fn revs(&self) -> Vec<Rev> {
        Vec::new()
    }
}
