//! 点検・監査・評価: whether what the policy asks for is so, and what becomes of what is not.
//!
//! An evaluation holds an office's work against clauses. Whoever conducts it draws samples by a seed that is on record, so
//! that anybody draws the same ones again, and keeps working papers (調書), of which none is changed. What does not conform
//! becomes a finding (指摘事項): its owner says the root cause, corrects it and acts upon the cause by a day, and somebody
//! else says whether that is effective. The auditor is never the audited; the rules say so and are proved to.

pub mod add_criterion;
pub mod answer_finding;
pub mod assign_finding;
pub mod check_effectiveness;
pub mod check_sample;
pub mod close_evaluation;
pub mod complete_action;
pub mod draw_sample;
mod finding_page;
pub(crate) mod finding_store;
pub mod judge_criterion;
pub mod list_evaluations;
pub mod list_findings;
pub(crate) mod page;
pub mod plan_evaluation;
pub mod raise_finding;
pub mod reassign_evaluation;
pub mod show_evaluation;
pub mod show_finding;
pub(crate) mod store;
pub mod subject;

pub(crate) use finding_page::{FindingRow, finding, findings, row as finding_row};

use serde::{Deserialize, Serialize};

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::people;

/// How independent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Kind {
    /// 点検: people look at their own work.
    Inspection,
    /// 監査: an auditor looks, who does not hold the office.
    Audit,
    /// 評価: how well the clauses do what they are for.
    Evaluation,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inspection => "inspection",
            Self::Audit => "audit",
            Self::Evaluation => "evaluation",
        }
    }
}

/// What side of security it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Aspect {
    /// Systems and networks.
    Technical,
    /// Rooms, paper, devices and media.
    Physical,
    /// What people do.
    Human,
}

impl Aspect {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Physical => "physical",
            Self::Human => "human",
        }
    }
}

/// What was found of a clause, or of something that was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Verdict {
    /// It is as it should be.
    Conforms,
    /// It is not.
    Nonconforming,
    /// It does not concern what was looked at.
    NotApplicable,
}

impl Verdict {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Nonconforming => "nonconforming",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Grade {
    /// 重大な不適合: the clause is not upheld.
    Major,
    /// 軽微な不適合: a lapse within what upholds it.
    Minor,
    /// 観察事項: it conforms, and may not for long.
    Observation,
}

impl Grade {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Observation => "observation",
        }
    }
}

/// A finding that awaits its owner's answer.
pub(crate) const OPEN: &str = "open";
/// One that was answered, whose corrective action is not done yet.
pub(crate) const ANSWERED: &str = "answered";
/// One whose corrective action is done, and waits for somebody else to say whether it is effective.
pub(crate) const DONE: &str = "done";
/// One that is closed.
pub(crate) const CLOSED: &str = "closed";

/// The name of somebody among the officers and staff who may act.
///
/// # Errors
/// Nobody, a guest, or somebody whose use is suspended.
async fn able(tx: &mut Tx<'_>, field: &'static str, person: PersonId) -> Result<String> {
    let facts = tx.facts_of(person).await?.ok_or(Error::NotFound("person"))?;
    if facts.party.is_some() || facts.suspended {
        return Err(Error::invalid(field, "name one of the officers and staff who may act"));
    }
    Ok(people::store::person(tx, person).await?.name)
}

/// Checks who is to conduct an evaluation of this kind of an office.
///
/// # Errors
/// Somebody who cannot: of an audit, who is no auditor or holds the office.
async fn able_to_lead(
    tx: &mut Tx<'_>,
    field: &'static str,
    lead: PersonId,
    kind: &str,
    audited: &str,
) -> Result<String> {
    let name = able(tx, field, lead).await?;
    if kind == Kind::Audit.name() {
        let offices = tx.facts_of(lead).await?.map(|facts| facts.offices).unwrap_or_default();
        if !offices.iter().any(|office| office == people::Office::Auditor.name()) {
            return Err(Error::invalid(field, "an audit is conducted by an auditor"));
        }
        if offices.iter().any(|office| office == audited) {
            return Err(Error::invalid(field, "the auditor must not hold the office that is audited"));
        }
    }
    Ok(name)
}
