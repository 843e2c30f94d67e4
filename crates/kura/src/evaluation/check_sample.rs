//! 調書: records what was found of something that was drawn.

use serde::{Deserialize, Serialize};

use super::Verdict;
use super::store::{self, PaperRow};
use super::subject::Evaluation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EvaluationId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Records what was found of something that was drawn. What was recorded before stays; the newest counts.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckSample {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// Which sample.
    #[arg(long)]
    pub draw: i64,
    /// Which of what was drawn.
    #[arg(long)]
    pub number: i64,
    /// Whether it is as it should be.
    #[arg(long)]
    pub result: Verdict,
    /// What was looked at, and what was found.
    #[arg(long)]
    pub told: Note,
}

/// The name of something that was drawn among working papers.
pub(super) fn name(draw: i64, number: i64) -> String {
    format!("{draw}/{number}")
}

/// Keeps a working paper of the asker's.
pub(super) async fn keep(
    tx: &mut Tx<'_>,
    evaluation: EvaluationId,
    about: String,
    result: Verdict,
    told: &Note,
) -> Result<()> {
    let by = tx.asker_id()?;
    let paper = PaperRow {
        event: tx.event().to_string(),
        about,
        made: tx.now(),
        made_name: people::store::person(tx, by).await?.name,
        result: result.name().to_owned(),
        told: told.to_string(),
    };
    store::insert_paper(tx.connection(), evaluation, &paper).await
}

impl Operation for CheckSample {
    const ACTION: Action = Action("check_sample");
    const WRITES: bool = true;
    type Subject = Evaluation;
    type Output = ();

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, on: Evaluation, tx: &mut Tx<'_>) -> Result<()> {
        on.goes_on()?;
        let entries = store::entries(tx.connection(), self.evaluation).await?;
        if !entries.iter().any(|entry| entry.draw == self.draw && entry.number == self.number) {
            return Err(Error::NotFound("sample"));
        }
        keep(tx, self.evaluation, name(self.draw, self.number), self.result, &self.told).await
    }
}
