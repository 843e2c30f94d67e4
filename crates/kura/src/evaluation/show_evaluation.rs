//! Shows an evaluation: its clauses, samples, working papers and findings.

use serde::{Deserialize, Serialize};

use super::draw_sample::Known;
use super::list_evaluations::{self, EvaluationLine};
use super::list_findings::{self, FindingLine};
use super::store::{self, PaperRow};
use super::subject::Evaluation;
use super::{check_sample, finding_store};
use crate::clock;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::EvaluationId;
use crate::rules::facts::Action;

/// Shows an evaluation.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowEvaluation {
    /// The evaluation.
    pub evaluation: EvaluationId,
}

/// A working paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PaperView {
    /// conforms, nonconforming or not_applicable.
    pub result: String,
    /// What was looked at, and what was found.
    pub told: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: String,
    /// The record of it.
    pub event: String,
}

/// A clause that it is held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CriterionView {
    /// The clause.
    pub clause: String,
    /// The version of the policy whose text counts.
    pub version: i64,
    /// The working papers on it, the newest first: that one counts.
    pub papers: Vec<PaperView>,
}

/// Something that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EntryView {
    /// Which of the sample.
    pub number: i64,
    /// Its place in the population, from 0.
    pub place: i64,
    /// The id of what was drawn.
    pub about: String,
    /// What was known of it.
    pub known: Known,
    /// The working papers on it, the newest first: that one counts.
    pub papers: Vec<PaperView>,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SampleView {
    /// Which of the evaluation.
    pub draw: i64,
    /// items, records, people or duties.
    pub from: String,
    /// The seed: 32 bytes in hexadecimal.
    pub seed: String,
    /// The size of the population.
    pub population: i64,
    /// Who drew it.
    pub by: String,
    /// When.
    pub at: String,
    /// What was drawn, in the order in which it was.
    pub entries: Vec<EntryView>,
}

/// An evaluation with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EvaluationView {
    /// The evaluation.
    pub line: EvaluationLine,
    /// What it comes to; empty while it goes on.
    pub conclusion: String,
    /// The record of its plan, then of its end.
    pub event: String,
    /// The clauses that it is held against.
    pub criteria: Vec<CriterionView>,
    /// The samples.
    pub samples: Vec<SampleView>,
    /// The findings.
    pub findings: Vec<FindingLine>,
    /// Of what is done with an evaluation, what you may do now.
    pub may: Vec<String>,
}

fn on(papers: &[PaperRow], about: &str) -> Vec<PaperView> {
    let own = papers.iter().filter(|paper| paper.about == about);
    let view = |paper: &PaperRow| PaperView {
        result: paper.result.clone(),
        told: paper.told.clone(),
        by: paper.made_name.clone(),
        at: clock::rfc3339(paper.made),
        event: paper.event.clone(),
    };
    own.map(view).collect()
}

impl Operation for ShowEvaluation {
    const ACTION: Action = Action("show_evaluation");
    const WRITES: bool = false;
    type Subject = Evaluation;
    type Output = EvaluationView;

    fn subject(&self) -> EvaluationId {
        self.evaluation
    }

    async fn perform(self, of: Evaluation, tx: &mut Tx<'_>) -> Result<EvaluationView> {
        const NEXT: [&str; 7] = [
            "add_criterion",
            "draw_sample",
            "check_sample",
            "judge_criterion",
            "raise_finding",
            "close_evaluation",
            "reassign_evaluation",
        ];
        let row = of.0;
        let today = tx.today().to_string();
        let papers = store::papers(tx.connection(), row.id).await?;
        let criteria = store::criteria(tx.connection(), row.id).await?;
        let entries = store::entries(tx.connection(), row.id).await?;
        let mut samples = Vec::new();
        for sample in store::samples(tx.connection(), row.id).await? {
            let own = entries.iter().filter(|entry| entry.draw == sample.draw);
            let own = own.map(|entry| {
                Ok(EntryView {
                    number: entry.number,
                    place: entry.place,
                    about: entry.about.clone(),
                    known: serde_json::from_str(&entry.facts).map_err(Error::internal)?,
                    papers: on(&papers, &check_sample::name(entry.draw, entry.number)),
                })
            });
            samples.push(SampleView {
                draw: sample.draw,
                entries: own.collect::<Result<_>>()?,
                from: sample.source,
                seed: sample.seed,
                population: sample.population,
                by: sample.drawn_name,
                at: clock::rfc3339(sample.drawn),
            });
        }
        let findings = finding_store::of(tx.connection(), row.id).await?;
        let open = findings.iter().filter(|finding| finding.state != super::CLOSED).count();
        Ok(EvaluationView {
            line: list_evaluations::line(&row, (findings.len() as i64, open as i64), &today),
            may: if row.closed == 0 { tx.may_of(&NEXT, &row.resource()) } else { Vec::new() },
            conclusion: row.conclusion,
            event: row.event,
            criteria: criteria
                .into_iter()
                .map(|(clause, version)| CriterionView { papers: on(&papers, &clause), clause, version })
                .collect(),
            samples,
            findings: findings.into_iter().map(|row| list_findings::line(row, &today)).collect(),
        })
    }
}
