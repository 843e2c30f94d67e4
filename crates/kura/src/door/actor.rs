//! Who acts.

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{PersonId, TokenId};

/// Someone at the door, with the circumstances that the edge knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(in crate::door) who: Who,
    /// Network zone: `office` or `outside`.
    pub zone: String,
    /// Whether the actor's token is for reading only.
    pub read_only: bool,
    /// When they showed a second factor, if they did.
    pub proved: Option<Millis>,
    /// What they are before, when it is a device registered to them: `firm` or `personal`.
    pub device: Option<String>,
    /// The session or token that they show, when it is one.
    pub session: Option<TokenId>,
}

/// Who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::door) enum Who {
    /// A person who signed in, officer, staff or guest.
    Person(PersonId),
    /// Whoever founds the installation; only while the ledger is empty.
    Founder,
    /// The program itself, finishing what a person was permitted to begin.
    System,
}

impl Actor {
    /// A person who signed in.
    pub fn person(id: PersonId, zone: &str) -> Self {
        Self {
            who: Who::Person(id),
            zone: zone.to_owned(),
            read_only: false,
            proved: None,
            device: None,
            session: None,
        }
    }

    /// The same person, who showed a second factor at that moment, or never.
    pub fn proved_at(self, proved: Option<Millis>) -> Self {
        Self { proved, ..self }
    }

    /// The same person, before a device that is registered to them.
    pub fn on_device(self, device: Option<String>) -> Self {
        Self { device, ..self }
    }

    /// The same person, within a session or by a token of theirs.
    pub(crate) fn within(self, session: TokenId) -> Self {
        Self { session: Some(session), ..self }
    }

    /// Whoever founds an installation. The door lets a founder pass only while the ledger is empty.
    pub fn founder() -> Self {
        Self {
            who: Who::Founder,
            zone: "office".to_owned(),
            read_only: false,
            proved: None,
            device: None,
            session: None,
        }
    }

    /// The program itself. The door lets it pass only with operations made for it.
    pub(crate) fn system() -> Self {
        Self { who: Who::System, ..Self::founder() }
    }

    /// Refuses whoever shows a token for reading only.
    pub(crate) fn may_write(&self) -> Result<()> {
        if self.read_only {
            return Err(Error::Unauthenticated(
                "this token is for reading only; sign in with one that may write".to_owned(),
            ));
        }
        Ok(())
    }

    /// The person's id, when it is a person.
    pub fn id(&self) -> Option<PersonId> {
        match self.who {
            Who::Person(id) => Some(id),
            Who::Founder | Who::System => None,
        }
    }
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Founder => f.write_str("founder"),
            Self::System => f.write_str("kura"),
        }
    }
}
