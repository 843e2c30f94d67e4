//! The one error of the capabilities. It knows no HTTP and no exit status: each edge maps it once.

use std::fmt;

use crate::door::Refusal;

/// Why an operation did not happen. Nothing of it was done in any of these cases but [`Error::Unknown`].
#[derive(Debug)]
pub enum Error {
    /// The input makes no sense; says which field and what to do.
    Invalid {
        /// The field's name, or empty when it is about the whole.
        field: &'static str,
        /// What is wrong and what to do.
        what: String,
    },
    /// Nobody is signed in, or not any more.
    Unauthenticated(String),
    /// The rules refuse it.
    Denied(Box<Refusal>),
    /// There is no such thing, or the actor may not know of it.
    NotFound(&'static str),
    /// It contradicts the present state; says what to do.
    Conflict(String),
    /// It may or may not have happened: the disk or the database failed at the last moment.
    Unknown(String),
    /// A fault of ours or of the machine's.
    Internal(String),
}

/// Result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An input that makes no sense.
    pub fn invalid(field: &'static str, what: impl fmt::Display) -> Self {
        Self::Invalid { field, what: what.to_string() }
    }

    /// A contradiction with the present state.
    pub fn conflict(what: impl fmt::Display) -> Self {
        Self::Conflict(what.to_string())
    }

    /// A fault of ours or the machine's.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { field: "", what } => f.write_str(what),
            Self::Invalid { field, what } => write!(f, "{field}: {what}"),
            Self::Unauthenticated(what) | Self::Conflict(what) => f.write_str(what),
            Self::Denied(refusal) => write!(f, "{refusal}"),
            Self::NotFound(what) => write!(f, "there is no such {what}"),
            Self::Unknown(what) => {
                write!(f, "the outcome is unknown ({what}); retry with the same idempotency key")
            }
            Self::Internal(what) => write!(f, "internal error: {what}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                Self::conflict("this already exists; look at what is there and decide again")
            }
            // Never the statement or its values: they may be confidential.
            _ => Self::internal(format!("database: {}", crate::db::describe(&error))),
        }
    }
}

impl From<kura_vault::keyring::KeyringError> for Error {
    fn from(error: kura_vault::keyring::KeyringError) -> Self {
        match error {
            kura_vault::keyring::KeyringError::Destroyed => {
                Self::conflict("the material was erased: its key does not exist any more")
            }
            other => Self::internal(other),
        }
    }
}
