//! 例外: for a time, and for a reason that the committee resolved upon, something does not comply with a clause; another
//! measure stands in. No rule of Kura gives way by it: what a rule refuses stays refused.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::exception_store::{self, ExceptionRow};
use crate::bodies::propose_resolution::carried;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ExceptionId, ResolutionId};
use crate::people;
use crate::rules::facts::Action;
use crate::text::{Name, Note};

/// Days that an exception may last.
const MOST: i64 = 366;

/// Records an exception from a clause that the committee resolved upon.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantException {
    /// The clause.
    pub clause: String,
    /// What does not have to comply with it.
    #[arg(long)]
    pub about: Name,
    /// Why it cannot.
    #[arg(long)]
    pub reason: Note,
    /// What is done instead.
    #[arg(long)]
    pub measure: Note,
    /// The last day, within a year (2027-03-31).
    #[arg(long)]
    pub last_day: String,
    /// The committee's resolution that was carried upon it.
    #[arg(long)]
    pub resolution: ResolutionId,
}

/// The exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Granted {
    /// Its id.
    pub exception: ExceptionId,
}

impl Operation for GrantException {
    const ACTION: Action = Action("grant_exception");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Granted;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Granted> {
        if !tx.rules().clauses.iter().any(|clause| clause.id == self.clause) {
            return Err(Error::NotFound("clause"));
        }
        let today = tx.today();
        let last = clock::given_day("last_day", Some(&self.last_day), today)?;
        if last < today || last > today.saturating_add(MOST.days()) {
            return Err(Error::invalid("last_day", "an exception ends, within a year from today"));
        }
        let resolution = carried(tx, self.resolution, "", "csr_committee").await?;
        let by = tx.asker_id()?;
        let row = ExceptionRow {
            id: tx.id(ExceptionId::new),
            clause: self.clause,
            about: self.about.to_string(),
            reason: self.reason.to_string(),
            measure: self.measure.to_string(),
            since: today.to_string(),
            last_day: last.to_string(),
            resolution: resolution.id,
            title: resolution.title,
            made_name: people::store::person(tx, by).await?.name,
            ended: 0,
            ended_name: String::new(),
            ended_reason: String::new(),
        };
        exception_store::insert(tx.connection(), &row).await?;
        tx.note("exception", row.id.to_string());
        Ok(Granted { exception: row.id })
    }
}
