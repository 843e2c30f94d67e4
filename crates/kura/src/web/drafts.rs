//! Tables that somebody sent and has not imported yet: kept in memory alone, for their session alone, for an hour.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use kura_vault::keys::random_bytes;

use super::fault::Fault;
use super::visitor::Member;
use super::words::Words;
use super::{field, files};
use crate::app::App;
use crate::clock::Millis;
use crate::columns::{Column, Mapping, WrongCell};
use crate::error::{Error, Result};
use crate::id::TokenId;
use crate::table::{self, MOST_BYTES, Table, cell_name};

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

/// Why no table was kept.
pub(crate) enum NoDraft {
    /// The form is not ours.
    Fault(Fault),
    /// What is wrong with it, to be said on its page.
    Wrong(Error),
}

impl From<Error> for NoDraft {
    fn from(error: Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Reads a form that brings a table, and keeps it; gives the name to find it by.
pub(crate) async fn receive(app: &App, member: &Member, request: Request) -> Result<String, NoDraft> {
    let _room = app.uploads.room().await?;
    let brought = match files::one(member, request, "table", MOST_BYTES).await {
        Ok(brought) => brought,
        Err(files::NoFile::Fault(fault)) => return Err(NoDraft::Fault(fault)),
        Err(files::NoFile::Wrong(error)) => return Err(NoDraft::Wrong(error)),
    };
    let files::Brought { name, content, .. } = brought;
    let read = tokio::task::spawn_blocking(move || table::read(&content)).await.map_err(Error::internal)?;
    let table = Arc::new(read.map_err(|error| NoDraft::Wrong(Error::invalid("", error)))?);
    let size = table.weight();
    let draft = Draft { name, table };
    Ok(app.drafts.keep(member.session.id, draft, size, app.door.clock().now())?)
}

/// A cell that is wrong, as it stands in the file.
pub(crate) struct WrongLine {
    pub(crate) cell: String,
    pub(crate) column: String,
    pub(crate) said: String,
    pub(crate) what: String,
}

/// What is wrong, as it stands in the file.
pub(crate) fn wrong_lines(
    t: &Words,
    table: &Table,
    known: &[Column],
    mapping: &Mapping,
    wrong: &[WrongCell],
) -> Vec<WrongLine> {
    let rows: BTreeMap<usize, &Vec<String>> = table.rows.iter().map(|row| (row.number, &row.cells)).collect();
    let line = |cell: &WrongCell| {
        let row = usize::try_from(cell.row).unwrap_or_default();
        let at =
            known.iter().position(|column| column.name == cell.column).and_then(|column| mapping[column]);
        let said = at.and_then(|at| rows.get(&row).and_then(|cells| cells.get(at))).cloned();
        WrongLine {
            cell: at.map_or_else(|| t.row(cell.row), |at| cell_name(at, row)),
            column: at.map_or_else(|| t.field(&cell.column), |at| table.head[at].clone()),
            said: said.unwrap_or_default(),
            what: field::said(t, &Error::invalid("", &cell.what)),
        }
    };
    wrong.iter().map(line).collect()
}
