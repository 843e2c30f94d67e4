//! Ends an exception before its last day.

use serde::{Deserialize, Serialize};

use super::exception_store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::ExceptionId;
use crate::people;
use crate::rules::facts::Action;
use crate::text::Note;

/// Ends an exception before its last day.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndException {
    /// The exception.
    pub exception: ExceptionId,
    /// Why it is not needed any more.
    #[arg(long)]
    pub reason: Note,
}

impl Operation for EndException {
    const ACTION: Action = Action("end_exception");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let mut row = exception_store::exception(tx.connection(), self.exception).await?;
        if row.ended != 0 || row.last_day < tx.today().to_string() {
            return Err(Error::conflict("it has ended already"));
        }
        let by = tx.asker_id()?;
        row.ended = tx.now();
        row.ended_name = people::store::person(tx, by).await?.name;
        row.ended_reason = self.reason.to_string();
        exception_store::end(tx.connection(), &row).await?;
        tx.note("clause", row.clause);
        Ok(())
    }
}
