//! 見直し: whether a law, treaty or contract still asks for what the register says. Each review stays, and sets the next.

use serde::{Deserialize, Serialize};

use super::add_requirement::latest;
use super::list_requirements;
use super::requirement_store::{self, ReviewRow};
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::RequirementId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Records that a law, treaty or contract was reviewed.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequirement {
    /// The law, treaty or contract.
    pub requirement: RequirementId,
    /// What was found.
    #[arg(long)]
    pub told: Note,
    /// The day by which it is reviewed again, within three years (2027-03-31).
    #[arg(long)]
    pub next_review: String,
}

impl Operation for ReviewRequirement {
    const ACTION: Action = Action("review_requirement");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let row = list_requirements::known(tx, self.requirement).await?;
        if row.ended != 0 {
            return Err(Error::conflict("it has ended already"));
        }
        let today = tx.today();
        let next = clock::given_day("next_review", Some(&self.next_review), today)?;
        if next <= today || next > latest(today) {
            return Err(Error::invalid(
                "next_review",
                "the next review is due within three years, after today",
            ));
        }
        let by = tx.asker_id()?;
        let review = ReviewRow {
            requirement: row.id,
            made: tx.now(),
            made_name: people::store::person(tx, by).await?.name,
            told: self.told.to_string(),
            next_review: next.to_string(),
        };
        requirement_store::insert_review(tx.connection(), &review).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
