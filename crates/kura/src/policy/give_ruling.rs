//! 解釈裁定: the representative director says finally what a clause means. It is bound to the clause's text as it is now.

use serde::{Deserialize, Serialize};

use super::ruling_store::{self, RulingRow};
use super::version::in_force;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::RulingId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Gives a ruling on a clause.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveRuling {
    /// The clause.
    pub clause: String,
    /// What was asked.
    #[arg(long)]
    pub question: Note,
    /// What the clause means.
    #[arg(long)]
    pub words: Note,
    /// The ruling on the same clause whose place it takes.
    #[arg(long)]
    #[serde(default)]
    pub supersedes: Option<RulingId>,
}

/// The ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ruled {
    /// Its id.
    pub ruling: RulingId,
}

impl Operation for GiveRuling {
    const ACTION: Action = Action("give_ruling");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Ruled;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Ruled> {
        let digest = tx.rules().clause_digest(&self.clause).ok_or(Error::NotFound("clause"))?;
        let by = tx.asker_id()?;
        let row = RulingRow {
            id: tx.id(RulingId::new),
            clause: self.clause,
            question: self.question.to_string(),
            words: self.words.to_string(),
            version: in_force(tx).await?.number,
            digest,
            given: tx.now(),
            given_by: by,
            given_name: people::store::person(tx, by).await?.name,
            confirmed: 0,
            superseded_by: String::new(),
        };
        if let Some(before) = self.supersedes {
            let mut before = ruling_store::ruling(tx.connection(), before).await?;
            if before.clause != row.clause {
                return Err(Error::invalid("supersedes", "it is a ruling on another clause"));
            }
            if !before.superseded_by.is_empty() {
                return Err(Error::conflict("another ruling took its place already"));
            }
            before.superseded_by = row.id.to_string();
            ruling_store::update(tx.connection(), &before).await?;
        }
        ruling_store::insert(tx.connection(), &row).await?;
        tx.note("ruling", row.id.to_string());
        tx.note("version", row.version.to_string());
        tx.note("digest", row.digest);
        Ok(Ruled { ruling: row.id })
    }
}
