//! Lists the laws, treaties and contracts that ask for more than the policy. One that binds a matter is shown to whoever may
//! know of the matter, and only counted for everybody else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::add_requirement::RequirementKind;
use super::requirement_store::{self, RequirementRow, ReviewRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, RequirementId};
use crate::matters::store::MatterRow;
use crate::matters::subject;
use crate::rules::facts::Action;

/// Lists the laws, treaties and contracts: those that hold, by the day of their review, then those that ended.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRequirements {
    /// Those on one clause alone.
    #[arg(long)]
    #[serde(default)]
    pub clause: Option<String>,
}

/// A review of a law, treaty or contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequirementReview {
    /// When it was made.
    pub made: String,
    /// By whom.
    pub made_by: String,
    /// What was found.
    pub told: String,
    /// The day that it set for the next.
    pub next_review: String,
}

/// A law, treaty or contract that asks for more than a clause does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RequirementView {
    /// Its id.
    pub requirement: RequirementId,
    /// The clause.
    pub clause: String,
    /// What it is.
    pub kind: RequirementKind,
    /// What it is called.
    pub name: String,
    /// What it asks for beyond the policy.
    pub asks: String,
    /// Where its text stands.
    pub found_at: String,
    /// The matter that it binds; none for all of the firm's work.
    pub matter: Option<MatterId>,
    /// That matter's code.
    pub matter_code: String,
    /// That matter's name.
    pub matter_name: String,
    /// The day by which it is reviewed.
    pub review_on: String,
    /// Whether it is on the register still.
    pub holds: bool,
    /// Whether that day has gone by.
    pub overdue: bool,
    /// When it was registered.
    pub added: String,
    /// By whom.
    pub added_by: String,
    /// Its reviews, the newest first.
    pub reviews: Vec<RequirementReview>,
    /// When it was taken off the register.
    pub ended: String,
    /// By whom.
    pub ended_by: String,
    /// Why.
    pub ended_reason: String,
}

/// The register, as far as the asker may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Requirements {
    /// Those that one may know of.
    pub requirements: Vec<RequirementView>,
    /// How many more hold, which bind matters that one may not know of.
    pub elsewhere: i64,
}

/// A requirement, as far as the asker may know of the matter that it binds.
///
/// # Errors
/// There is none; one that the asker may not know of is not found either.
pub(super) async fn known(tx: &mut Tx<'_>, id: RequirementId) -> Result<RequirementRow> {
    let row = requirement_store::requirement(tx.connection(), id).await?;
    if let Some(matter) = row.matter {
        subject::known(tx, matter).await?.ok_or(Error::NotFound("requirement"))?;
    }
    Ok(row)
}

fn view(
    row: RequirementRow,
    matter: Option<&MatterRow>,
    reviews: Vec<ReviewRow>,
    today: &str,
) -> RequirementView {
    let holds = row.ended == 0;
    let review = |review: ReviewRow| RequirementReview {
        made: clock::told(review.made),
        made_by: review.made_name,
        told: review.told,
        next_review: review.next_review,
    };
    RequirementView {
        requirement: row.id,
        clause: row.clause,
        kind: row.kind,
        name: row.name,
        asks: row.asks,
        found_at: row.found_at,
        matter: row.matter,
        matter_code: matter.map(|matter| matter.code.clone()).unwrap_or_default(),
        matter_name: matter.map(|matter| matter.name.clone()).unwrap_or_default(),
        holds,
        overdue: holds && row.review_on.as_str() < today,
        review_on: row.review_on,
        added: clock::told(row.added),
        added_by: row.added_name,
        reviews: reviews.into_iter().map(review).collect(),
        ended: clock::told(row.ended),
        ended_by: row.ended_name,
        ended_reason: row.ended_reason,
    }
}

impl Operation for ListRequirements {
    const ACTION: Action = Action("list_requirements");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Requirements;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Requirements> {
        let today = tx.today().to_string();
        let mut reviews = BTreeMap::<RequirementId, Vec<ReviewRow>>::new();
        for review in requirement_store::reviews(tx.connection()).await? {
            reviews.entry(review.requirement).or_default().push(review);
        }
        let mut matters = BTreeMap::<MatterId, Option<MatterRow>>::new();
        let mut found = Requirements { requirements: vec![], elsewhere: 0 };
        for row in requirement_store::requirements(tx.connection()).await? {
            if self.clause.as_ref().is_some_and(|clause| row.clause != *clause) {
                continue;
            }
            if let Some(matter) = row.matter.filter(|matter| !matters.contains_key(matter)) {
                matters.insert(matter, subject::known(tx, matter).await?);
            }
            let matter = row.matter.map(|matter| matters.get(&matter).and_then(Option::as_ref));
            if matches!(matter, Some(None)) {
                found.elsewhere += i64::from(row.ended == 0);
                continue;
            }
            let own = reviews.remove(&row.id).unwrap_or_default();
            found.requirements.push(view(row, matter.flatten(), own, &today));
        }
        Ok(found)
    }
}
