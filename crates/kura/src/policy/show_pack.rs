//! Shows which rules are in force, and what is known of the version of the policy that waits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::candidate::Examined;
use super::comparison::{self, DocumentDiffers};
use super::cost::{self, Cost};
use super::version::{Version, view, waiting};
use crate::bodies;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ResolutionId;
use crate::people::names::Names;
use crate::rules::facts::Action;
use crate::rules::replay::Counted;

/// Shows the policy packs.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowPack {}

/// A request that is decided otherwise, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Example {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// Decisions of the past that would have been others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReversalLine {
    /// Whether it was refused and would have been permitted; otherwise the other way round.
    pub lets_in: bool,
    /// Whose.
    pub person: String,
    /// What was asked for.
    pub operation: String,
    /// Id of the class of what it was about; empty when it was about no item.
    pub class: String,
    /// How often.
    pub times: i64,
}

/// A resolution upon the version that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Upon {
    /// Its id.
    pub resolution: ResolutionId,
    /// The body.
    pub body: String,
    /// open, carried, rejected or lapsed.
    pub state: String,
}

/// The version that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ready {
    /// The version: draft, or scheduled.
    pub version: Version,
    /// Its digest, to adopt it by.
    pub digest: String,
    /// examining, unproved or proved.
    pub state: String,
    /// What is not proved, or could not be compared.
    pub open: Vec<String>,
    /// Whether it needs the committee's resolution.
    pub loosens: bool,
    /// What it lets in that is refused now.
    pub let_in: Vec<Example>,
    /// What it refuses that is permitted now.
    pub refused: Vec<Example>,
    /// Decisions of the last 90 days that were run over its rules.
    pub replayed: i64,
    /// Those that it would have made otherwise, the most frequent first.
    pub reversals: Vec<ReversalLine>,
    /// How its documents differ from those in force: the comparison table.
    pub documents: Vec<DocumentDiffers>,
    /// The resolutions upon it, the newest first.
    pub resolutions: Vec<Upon>,
    /// Duties that come, go or change, by id, each with added, removed or changed.
    pub duties: BTreeMap<String, String>,
    /// Courses that come, go or change, by id, each with added, removed or changed.
    pub courses: BTreeMap<String, String>,
    /// What it would ask of people that what is in force does not; nothing while it is being examined.
    pub cost: Cost,
}

/// The packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Packs {
    /// Digest of the pack in force.
    pub in_force: String,
    /// Number of its rules.
    pub rules: i64,
    /// Number of its proved invariants.
    pub invariants: i64,
    /// Version of the policy that everyone is to have acknowledged.
    pub policy_version: i64,
    /// The version that waits.
    pub ready: Option<Ready>,
}

/// Reversals that are told.
const TOLD: usize = 50;

/// A replay's reversals as they are told.
async fn reversals(tx: &mut Tx<'_>, replayed: Counted) -> Result<Vec<ReversalLine>> {
    let rules = tx.rules().clone();
    let mut found: Vec<_> = replayed.reversals.into_iter().collect();
    found.sort_by_key(|(kind, times)| (!kind.lets_in, std::cmp::Reverse(*times)));
    let (mut names, mut lines) = (Names::default(), Vec::new());
    for (kind, times) in found.into_iter().take(TOLD) {
        let class = kind.rank.and_then(|rank| rules.class_of_rank(rank)).map(|class| class.id.clone());
        lines.push(ReversalLine {
            lets_in: kind.lets_in,
            person: names.of(tx, kind.person.to_string()).await?,
            operation: kind.action,
            class: class.unwrap_or_default(),
            times,
        });
    }
    Ok(lines)
}

impl Operation for ShowPack {
    const ACTION: Action = Action("show_pack");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Packs;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Packs> {
        let told = |examples: Vec<crate::rules::counterexample::Counterexample>| {
            let told = examples.into_iter().map(|found| Example { ja: found.text_ja, en: found.text_en });
            told.collect()
        };
        let rules = tx.rules().clone();
        let waiting = waiting(tx).await?;
        let candidate =
            tx.candidate().zip(waiting).filter(|(candidate, row)| candidate.version == row.number);
        let mut ready = None;
        if let Some((candidate, row)) = candidate {
            let documents = comparison::compare(&rules.documents, &candidate.pack.documents);
            let changed = documents.iter().map(|document| document.document.clone()).collect();
            let version = view(tx, &row, changed).await?;
            let digest = candidate.pack.digest.clone();
            let examined = candidate.examined();
            // Whoever waits for the proof asks again and again: what it would cost is counted once that is there.
            let cost = match examined {
                Examined::Examining => Cost::default(),
                _ => cost::of(tx, &row, &candidate.pack).await?,
            };
            let upon = bodies::store::upon(tx.connection(), &digest).await?;
            let upon =
                upon.into_iter().map(|row| Upon { resolution: row.id, body: row.body, state: row.state });
            let upon: Vec<Upon> = upon.collect();
            let nothing = |state: &str, open, refusals| Ready {
                version,
                documents,
                resolutions: upon,
                duties: comparison::duties(&rules.duties, &candidate.pack.duties),
                courses: comparison::courses(&rules.courses, &candidate.pack.courses),
                cost: Cost { refusals, ..cost },
                digest,
                state: state.to_owned(),
                open,
                loosens: false,
                let_in: vec![],
                refused: vec![],
                replayed: 0,
                reversals: vec![],
            };
            ready = Some(match examined {
                Examined::Examining => nothing("examining", vec![], 0),
                Examined::Unproved(open) => nothing("unproved", open, 0),
                Examined::Proved { loosens, let_in, refused, besides, replayed } => {
                    let refusals = replayed.reversals.iter().filter(|(kind, _)| !kind.lets_in);
                    let refusals = refusals.map(|(_, times)| times).sum();
                    Ready {
                        loosens,
                        let_in: told(let_in),
                        refused: told(refused),
                        replayed: replayed.questions,
                        reversals: reversals(tx, replayed).await?,
                        ..nothing("proved", besides, refusals)
                    }
                }
            });
        }
        Ok(Packs {
            in_force: rules.digest.clone(),
            rules: rules.rules.len() as i64,
            invariants: rules.invariants.len() as i64,
            policy_version: tx.circumstances().policy,
            ready,
        })
    }
}
