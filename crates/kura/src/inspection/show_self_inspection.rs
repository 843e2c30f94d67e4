//! Shows the questions of this quarter's self-inspection, and what one answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Answer, quarter, store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Shows this quarter's self-inspection.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowSelfInspection {}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuestionView {
    /// Its id.
    pub question: String,
    /// The clause that it is about.
    pub clause: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// What you answered; nothing before you did.
    pub answer: Option<Answer>,
}

/// A self-inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SelfInspection {
    /// The quarter: 2026-Q4.
    pub quarter: String,
    /// The questions.
    pub questions: Vec<QuestionView>,
    /// When you answered; empty before you did.
    pub answered: String,
    /// What you told of what is not so.
    pub told: String,
}

/// The answers of a row by question.
pub(super) fn answers(row: &store::Row) -> Result<BTreeMap<String, Answer>> {
    serde_json::from_str(&row.answers).map_err(Error::internal)
}

/// This quarter's self-inspection of the asker.
pub(super) async fn own(tx: &mut Tx<'_>) -> Result<SelfInspection> {
    let (asker, quarter) = (tx.asker_id()?, quarter(tx.today()));
    let row = store::answered(tx.connection(), asker, &quarter).await?;
    let answers = row.as_ref().map(answers).transpose()?.unwrap_or_default();
    let rules = tx.rules().clone();
    let question = |question: &crate::rules::inspection::Question| QuestionView {
        answer: answers.get(&question.id).copied(),
        question: question.id.clone(),
        clause: question.clause.clone(),
        ja: question.ja.clone(),
        en: question.en.clone(),
    };
    Ok(SelfInspection {
        quarter,
        questions: rules.inspection.iter().map(question).collect(),
        answered: clock::told(row.as_ref().map_or(0, |row| row.made)),
        told: row.map(|row| row.told).unwrap_or_default(),
    })
}

/// Whether this quarter's waits for the asker.
pub(crate) async fn waits(tx: &mut Tx<'_>) -> Result<bool> {
    let own = own(tx).await?;
    Ok(own.answered.is_empty() && !own.questions.is_empty())
}

impl Operation for ShowSelfInspection {
    const ACTION: Action = Action("show_self_inspection");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = SelfInspection;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<SelfInspection> {
        own(tx).await
    }
}
