//! Tables that somebody sent and has not imported yet: kept in memory alone, for their session alone, for an hour.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kura_vault::keys::random_bytes;

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::TokenId;
use crate::table::{MOST_BYTES, Table};

/// How long a draft is kept.
const KEPT: Millis = 60 * 60 * 1000;
/// The bytes of all drafts together.
const ROOM: usize = 12 * MOST_BYTES;

/// A table that somebody sent.
#[derive(Clone)]
pub(crate) struct Draft {
    /// The file's name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) table: Arc<Table>,
}

struct Kept {
    session: TokenId,
    at: Millis,
    size: usize,
    draft: Draft,
}

/// All drafts.
#[derive(Clone, Default)]
pub(crate) struct Drafts(Arc<Mutex<BTreeMap<String, Kept>>>);

impl Drafts {
    /// Keeps a draft of a session instead of its former one; gives the name to find it by.
    ///
    /// # Errors
    /// There are too many of others.
    pub(crate) fn keep(&self, session: TokenId, draft: Draft, size: usize, now: Millis) -> Result<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, one| one.session != session && now - one.at < KEPT);
        if kept.values().map(|one| one.size).sum::<usize>() + size > ROOM {
            return Err(Error::conflict("others are importing tables: try again in a few minutes"));
        }
        let name = hex::encode(random_bytes::<16>());
        kept.insert(name.clone(), Kept { session, at: now, size, draft });
        Ok(name)
    }

    /// A draft of this session.
    ///
    /// # Errors
    /// There is none of that name, or not any more.
    pub(crate) fn get(&self, session: TokenId, name: &str, now: Millis) -> Result<Draft> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(name).filter(|one| one.session == session && now - one.at < KEPT);
        found
            .map(|one| one.draft.clone())
            .ok_or(Error::NotFound("table: it is kept for an hour; send it again"))
    }
}
