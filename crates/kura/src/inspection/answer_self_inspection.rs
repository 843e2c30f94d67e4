//! Answers this quarter's self-inspection, once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::show_self_inspection::{SelfInspection, own};
use super::store::{self, Row};
use super::{Answer, quarter};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::people;
use crate::policy::version::in_force;
use crate::rules::facts::Action;
use crate::text::Note;

/// Answers this quarter's self-inspection.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerSelfInspection {
    /// An answer for each question, in their order.
    #[arg(long, required = true, value_delimiter = ',')]
    pub answers: Vec<Answer>,
    /// What is not so, and what you do about it; needed where you answer no.
    #[arg(long)]
    #[serde(default)]
    pub told: Option<Note>,
}

impl Operation for AnswerSelfInspection {
    const ACTION: Action = Action("answer_self_inspection");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = SelfInspection;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<SelfInspection> {
        let rules = tx.rules().clone();
        if rules.inspection.is_empty() {
            return Err(Error::conflict("the policy in force has no questions for a self-inspection"));
        }
        if self.answers.len() != rules.inspection.len() {
            return Err(Error::invalid("answers", "answer every question"));
        }
        let not_so = self.answers.iter().filter(|answer| **answer == Answer::No).count();
        if not_so > 0 && self.told.is_none() {
            return Err(Error::invalid("told", "say what is not so, and what you do about it"));
        }
        let ids = rules.inspection.iter().map(|question| question.id.clone());
        let answers: BTreeMap<String, Answer> = ids.zip(self.answers).collect();
        let (by, quarter) = (tx.asker_id()?, quarter(tx.today()));
        let row = Row {
            version: in_force(tx).await?.number,
            answers: serde_json::to_string(&answers).map_err(Error::internal)?,
            told: self.told.map(|told| told.to_string()).unwrap_or_default(),
            made: tx.now(),
            made_name: people::store::person(tx, by).await?.name,
            event: tx.event().to_string(),
        };
        store::insert(tx.connection(), by, &quarter, &row).await?;
        tx.note("quarter", quarter);
        tx.note("not_so", not_so.to_string());
        own(tx).await
    }
}
