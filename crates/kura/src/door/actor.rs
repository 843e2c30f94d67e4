//! Who acts.

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{PersonId, TokenId};
use crate::rules::facts::Action;

/// How far what somebody shows reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To everything that the person may do.
    All,
    /// To reading.
    Read,
    /// To one operation.
    Only(Action),
}

/// Someone at the door, with the circumstances that the edge knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(in crate::door) who: Who,
    /// Network zone: `office` or `outside`.
    pub zone: String,
    /// How far the actor's token reaches.
    pub reach: Reach,
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
            reach: Reach::All,
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
            reach: Reach::All,
            proved: None,
            device: None,
            session: None,
        }
    }

    /// The program itself. The door lets it pass only with operations made for it.
    pub(crate) fn system() -> Self {
        Self { who: Who::System, ..Self::founder() }
    }

    /// Refuses whoever shows a token that does not reach as far as writing.
    pub(crate) fn may_write(&self) -> Result<()> {
        match self.reach {
            Reach::All => Ok(()),
            Reach::Read => Err(Error::Unauthenticated(
                "this token is for reading only; sign in with one that may write".to_owned(),
            )),
            Reach::Only(_) => Err(for_the_calendar()),
        }
    }

    /// Refuses a token for one operation, which is shown where that operation has its place and nowhere else.
    pub(crate) fn anywhere(self) -> Result<Self> {
        match self.reach {
            Reach::Only(_) => Err(for_the_calendar()),
            Reach::All | Reach::Read => Ok(self),
        }
    }

    /// Refuses whoever shows a token that does not reach as far as an operation that looks.
    pub(crate) fn may_look(&self, action: Action) -> Result<()> {
        match self.reach {
            Reach::Only(only) if only != action => Err(for_the_calendar()),
            _ => Ok(()),
        }
    }

    /// The person's id, when it is a person.
    pub fn id(&self) -> Option<PersonId> {
        match self.who {
            Who::Person(id) => Some(id),
            Who::Founder | Who::System => None,
        }
    }
}

fn for_the_calendar() -> Error {
    Error::Unauthenticated("this token is for the calendar only; sign in for anything else".to_owned())
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
