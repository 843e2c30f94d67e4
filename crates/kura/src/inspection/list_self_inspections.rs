//! Lists what the self-inspections of a quarter say: how many answered, and what is not so of which clause.

use serde::{Deserialize, Serialize};

use super::show_self_inspection::answers;
use super::{Answer, quarter, store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::rules::facts::Action;

/// Lists what the self-inspections of a quarter say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSelfInspections {
    /// The quarter (2026-Q4); this one when left out.
    #[arg(long)]
    #[serde(default)]
    pub quarter: Option<String>,
}

/// What was answered to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuestionLine {
    /// Its id.
    pub question: String,
    /// The clause that it is about.
    pub clause: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// How many say that it is so.
    pub yes: i64,
    /// How many say that it is not.
    pub no: i64,
}

/// Somebody who says that something is not so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NotSo {
    /// Who.
    pub name: String,
    /// The questions.
    pub questions: Vec<String>,
    /// What they told.
    pub told: String,
    /// When.
    pub at: String,
    /// The record of it.
    pub event: String,
}

/// A quarter's self-inspections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Quarter {
    /// The quarter: 2026-Q4.
    pub quarter: String,
    /// Officers and staff who may act.
    pub people: i64,
    /// How many of them have not answered.
    pub lacking: i64,
    /// The questions of the policy in force.
    pub questions: Vec<QuestionLine>,
    /// Who says that something is not so.
    pub not_so: Vec<NotSo>,
}

/// Whether a text is a quarter: 2026-Q4.
fn is_quarter(text: &str) -> bool {
    let Some((year, number)) = text.split_once("-Q") else { return false };
    year.len() == 4 && year.bytes().all(|c| c.is_ascii_digit()) && matches!(number, "1" | "2" | "3" | "4")
}

impl Operation for ListSelfInspections {
    const ACTION: Action = Action("list_self_inspections");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Quarter;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Quarter> {
        let quarter = self.quarter.unwrap_or_else(|| quarter(tx.today()));
        if !is_quarter(&quarter) {
            return Err(Error::invalid("quarter", "write a quarter like 2026-Q4"));
        }
        let rules = tx.rules().clone();
        let (people, lacking) = store::lacking(tx.connection(), &quarter).await?;
        let line = |question: &crate::rules::inspection::Question| QuestionLine {
            question: question.id.clone(),
            clause: question.clause.clone(),
            ja: question.ja.clone(),
            en: question.en.clone(),
            yes: 0,
            no: 0,
        };
        let mut questions: Vec<QuestionLine> = rules.inspection.iter().map(line).collect();
        let mut not_so = Vec::new();
        for row in store::of(tx.connection(), &quarter).await? {
            let mut against = Vec::new();
            for (id, answer) in answers(&row)? {
                let line = questions.iter_mut().find(|line| line.question == id);
                match (answer, line) {
                    (Answer::Yes, Some(line)) => line.yes += 1,
                    (Answer::No, line) => {
                        line.into_iter().for_each(|line| line.no += 1);
                        against.push(id);
                    }
                    _ => {}
                }
            }
            if !against.is_empty() {
                not_so.push(NotSo {
                    name: row.made_name,
                    questions: against,
                    told: row.told,
                    at: clock::rfc3339(row.made),
                    event: row.event,
                });
            }
        }
        Ok(Quarter { quarter, people, lacking, questions, not_so })
    }
}
