//! Lists the rulings on clauses. Whether one still holds follows from the clause's text: it is never written down.

use serde::{Deserialize, Serialize};

use super::ruling_store::{self, RulingRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::RulingId;
use crate::rules::facts::Action;
use crate::rules::pack::Pack;

/// Lists the rulings, the newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRulings {
    /// Those on one clause alone.
    #[arg(long)]
    #[serde(default)]
    pub clause: Option<String>,
}

/// Whether a ruling holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// It holds.
    InForce,
    /// Its clause was revised, and it was not confirmed since.
    Lapsed,
    /// Another one took its place.
    Superseded,
}

impl Holds {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Lapsed => "lapsed",
            Self::Superseded => "superseded",
        }
    }
}

/// A ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RulingView {
    /// Its id.
    pub ruling: RulingId,
    /// The clause.
    pub clause: String,
    /// What was asked.
    pub question: String,
    /// What the clause means.
    pub words: String,
    /// Number of the version of the policy for whose text it was given, or confirmed the last time.
    pub version: i64,
    /// When it was given.
    pub given: String,
    /// By whom.
    pub given_by: String,
    /// When it was confirmed the last time.
    pub confirmed: String,
    /// Whether it holds.
    pub holds: Holds,
}

fn view(pack: &Pack, row: RulingRow) -> RulingView {
    let holds = match pack.clause_digest(&row.clause) {
        _ if !row.superseded_by.is_empty() => Holds::Superseded,
        Some(digest) if digest == row.digest => Holds::InForce,
        _ => Holds::Lapsed,
    };
    RulingView {
        ruling: row.id,
        clause: row.clause,
        question: row.question,
        words: row.words,
        version: row.version,
        given: clock::told(row.given),
        given_by: row.given_name,
        confirmed: clock::told(row.confirmed),
        holds,
    }
}

/// All rulings, the newest first.
pub(super) async fn rulings(tx: &mut Tx<'_>) -> Result<Vec<RulingView>> {
    let pack = tx.rules().clone();
    let rows = ruling_store::rulings(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| view(&pack, row)).collect())
}

/// Rulings that hold, or held, for a clause's text with this digest.
pub(super) fn of_text<'r>(
    rows: &'r [RulingRow],
    clause: &str,
    digest: &str,
) -> impl Iterator<Item = &'r RulingRow> {
    rows.iter()
        .filter(move |row| row.clause == clause && row.digest == digest && row.superseded_by.is_empty())
}

impl Operation for ListRulings {
    const ACTION: Action = Action("list_rulings");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<RulingView>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<RulingView>> {
        let mut found = rulings(tx).await?;
        found.retain(|ruling| self.clause.as_ref().is_none_or(|clause| ruling.clause == *clause));
        Ok(found)
    }
}
