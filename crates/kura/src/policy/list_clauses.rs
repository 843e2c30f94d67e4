//! 条項の状況: each clause with what upholds it, what was refused by it, and what of it is late or was found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::list_rulings::{self, Holds, RulingView};
use super::{exception_store, requirement_store, version_store};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::duties::list_duties::{DutyView, views};
use crate::error::Result;
use crate::evaluation::finding_store;
use crate::rules::facts::{Action, Resource};
use crate::violations::store as violations_store;

/// Lists the clauses with where each stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListClauses {}

/// A rule that upholds a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RuleLine {
    /// Its id.
    pub rule: String,
    /// Whether it permits; otherwise it forbids.
    pub permits: bool,
    /// Why, in Japanese.
    pub ja: String,
    /// Why, in English.
    pub en: String,
    /// How often it refused something, as far back as it was counted.
    pub denials: i64,
    /// When the last time; empty for never.
    pub last_denied: String,
}

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClauseLine {
    /// Its id.
    pub clause: String,
    /// Its heading in Japanese.
    pub ja: String,
    /// Its heading in English.
    pub en: String,
    /// The document in which it stands.
    pub document: String,
    /// The rules that uphold it.
    pub rules: Vec<RuleLine>,
    /// The duties that uphold it.
    pub duties: Vec<DutyView>,
    /// Times of its duties that are late.
    pub late: i64,
    /// Its duties of which the newest time found something to be done.
    pub found: i64,
    /// Its rulings that hold, the newest first.
    pub rulings: Vec<RulingView>,
    /// Its rulings that lapsed when it was revised: they are to be confirmed or replaced.
    pub lapsed: i64,
    /// Exceptions from it that stand today.
    pub exceptions: i64,
    /// Findings on it that are not closed.
    pub findings: i64,
    /// Those of them past their day.
    pub findings_overdue: i64,
    /// Cases on it that are not over, for whoever may see exceptions; 0 for others.
    pub violations: i64,
    /// Laws, treaties and contracts that ask for more, those among them that bind matters one may not know of.
    pub requirements: i64,
    /// Those of them that were to be reviewed before today.
    pub requirements_overdue: i64,
    /// Whether anything upholds it.
    pub upheld: bool,
}

/// The clauses, and what else of the policy the asker may look at and do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Clauses {
    /// The clauses, in the order of the documents.
    pub clauses: Vec<ClauseLine>,
    /// Of the operations on the policy and its bodies, those that you may do.
    pub may: Vec<String>,
}

/// Operations on the policy that not everybody may do.
const ASKED: [&str; 15] = [
    "show_pack",
    "read_pack",
    "draft_policy",
    "gather_evidence",
    "list_acknowledgements",
    "list_resolutions",
    "list_training",
    "give_ruling",
    "grant_exception",
    "list_exceptions",
    "add_requirement",
    "propose_resolution",
    "plan_evaluation",
    "list_self_inspections",
    "show_effect",
];

/// Where each clause stands, in the order of the documents.
pub(crate) async fn lines(tx: &mut Tx<'_>) -> Result<Vec<ClauseLine>> {
    let rules = tx.rules().clone();
    let denials = version_store::denials(tx.connection()).await?;
    let mut by_clause = BTreeMap::<String, Vec<DutyView>>::new();
    for duty in views(tx, None).await? {
        by_clause.entry(duty.clause.clone()).or_default().push(duty);
    }
    let rulings = list_rulings::rulings(tx).await?;
    let today = tx.today().to_string();
    let exceptions: BTreeMap<_, _> =
        exception_store::open(tx.connection(), &today).await?.into_iter().collect();
    let violations = match tx.may("list_exceptions", &Resource::Installation) {
        true => violations_store::by_clause(tx.connection()).await?,
        false => vec![],
    };
    let violations: BTreeMap<_, _> = violations.into_iter().collect();
    let findings = finding_store::by_clause(tx.connection(), &today).await?;
    let requirements = requirement_store::holding(tx.connection(), &today).await?;
    let clauses = rules.clauses.iter().map(|clause| {
        let (_, open, overdue) =
            findings.iter().find(|(on, ..)| *on == clause.id).cloned().unwrap_or_default();
        let more = requirements.iter().find(|(on, ..)| *on == clause.id);
        let on = |holds| rulings.iter().filter(move |on| on.clause == clause.id && on.holds == holds);
        let duties = by_clause.remove(&clause.id).unwrap_or_default();
        let own = rules.rules.values().filter(|rule| rule.clause == clause.id);
        let own: Vec<RuleLine> = own
            .map(|rule| {
                let (denials, last) = denials.get(&rule.id).copied().unwrap_or_default();
                RuleLine {
                    rule: rule.id.clone(),
                    permits: rule.permits,
                    ja: rule.reason_ja.clone(),
                    en: rule.reason_en.clone(),
                    denials,
                    last_denied: clock::told(last),
                }
            })
            .collect();
        let document = rules.documents.iter().find(|document| document.ja.clause(&clause.id).is_some());
        let late = duties.iter().flat_map(|duty| &duty.occurrences);
        let found = duties.iter().filter_map(|duty| duty.last.as_ref()?.found);
        ClauseLine {
            clause: clause.id.clone(),
            ja: clause.ja.clone(),
            en: clause.en.clone(),
            document: document.map(|document| document.id.clone()).unwrap_or_default(),
            late: late.filter(|line| line.state == "open" && line.late).count() as i64,
            found: found.filter(|found| *found > 0).count() as i64,
            rulings: on(Holds::InForce).cloned().collect(),
            lapsed: on(Holds::Lapsed).count() as i64,
            exceptions: exceptions.get(&clause.id).copied().unwrap_or_default(),
            findings: open,
            findings_overdue: overdue,
            violations: violations.get(&clause.id).copied().unwrap_or_default(),
            requirements: more.map_or(0, |(_, hold, _)| *hold),
            requirements_overdue: more.map_or(0, |(.., overdue)| *overdue),
            upheld: !own.is_empty() || !duties.is_empty(),
            rules: own,
            duties,
        }
    });
    Ok(clauses.collect())
}

impl Operation for ListClauses {
    const ACTION: Action = Action("list_clauses");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Clauses;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Clauses> {
        let clauses = lines(tx).await?;
        let may = tx.may_of(&ASKED, &Resource::Installation);
        Ok(Clauses { clauses, may })
    }
}
