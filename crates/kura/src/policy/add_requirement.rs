//! 法令・条約・契約: what asks for more than a clause of the policy, which is the minimum. It binds all of the firm's work, or
//! one matter; of one that binds a matter only those learn who may know of the matter.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::requirement_store::{self, RequirementRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, RequirementId};
use crate::matters::subject;
use crate::people;
use crate::rules::facts::Action;
use crate::text::{Name, Note};

/// Years within which a requirement is reviewed.
const MOST: i64 = 3;

/// What kind of text asks for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum RequirementKind {
    /// 法令: a law, an ordinance.
    Law,
    /// 条約.
    Treaty,
    /// 契約: with a consignor, or with anybody else.
    Agreement,
    /// 指針: of an authority or an industry, which the firm follows.
    Guideline,
}

impl RequirementKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Treaty => "treaty",
            Self::Agreement => "agreement",
            Self::Guideline => "guideline",
        }
    }
}

/// Registers a law, treaty or contract that asks for more than a clause does.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRequirement {
    /// The clause.
    pub clause: String,
    /// What it is.
    #[arg(long, value_enum)]
    pub kind: RequirementKind,
    /// What it is called: a law with its article, a contract.
    #[arg(long)]
    pub name: Name,
    /// What it asks for beyond the policy.
    #[arg(long)]
    pub asks: Note,
    /// Where its text stands.
    #[arg(long)]
    pub found_at: Note,
    /// The matter that it binds, all of the firm's work when left out.
    #[arg(long)]
    #[serde(default)]
    pub matter: Option<MatterId>,
    /// The day by which it is reviewed, within three years (2027-03-31).
    #[arg(long)]
    pub review_on: String,
}

/// The requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Registered {
    /// Its id.
    pub requirement: RequirementId,
}

/// The last day that may be set for a review.
pub(super) fn latest(today: Date) -> Date {
    today.saturating_add(MOST.years())
}

impl Operation for AddRequirement {
    const ACTION: Action = Action("add_requirement");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Registered;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Registered> {
        if !tx.rules().clauses.iter().any(|clause| clause.id == self.clause) {
            return Err(Error::NotFound("clause"));
        }
        let today = tx.today();
        let review_on = clock::given_day("review_on", Some(&self.review_on), today)?;
        if review_on < today || review_on > latest(today) {
            return Err(Error::invalid("review_on", "a review is due within three years, from today on"));
        }
        if let Some(matter) = self.matter {
            subject::known(tx, matter).await?.ok_or(Error::NotFound("matter"))?;
        }
        let by = tx.asker_id()?;
        let row = RequirementRow {
            id: tx.id(RequirementId::new),
            clause: self.clause,
            kind: self.kind,
            name: self.name.to_string(),
            asks: self.asks.to_string(),
            found_at: self.found_at.to_string(),
            matter: self.matter,
            review_on: review_on.to_string(),
            added: tx.now(),
            added_name: people::store::person(tx, by).await?.name,
            ended: 0,
            ended_name: String::new(),
            ended_reason: String::new(),
        };
        requirement_store::insert(tx.connection(), &row).await?;
        tx.note("requirement", row.id.to_string());
        Ok(Registered { requirement: row.id })
    }
}
