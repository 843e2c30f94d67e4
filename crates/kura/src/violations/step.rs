//! A step of a case: what somebody wrote, kept with it, and committed to by the record.

use aws_lc_rs::digest;
use kura_vault::keys::random_bytes;

use super::store::{self, StepRow};
use super::subject::Violation;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::people;

/// Keeps a step of the asker's. The record holds SHA-256 over the step's random salt and its text: whoever has both can say
/// that the text is the one that was written, and the record alone says nothing of it.
pub(super) async fn take(tx: &mut Tx<'_>, on: &Violation, row: StepRow) -> Result<()> {
    let by = tx.asker_id()?;
    let made_name = people::store::person(tx, by).await?.name;
    keep(tx, on, StepRow { made_name, ..row }).await
}

/// Keeps a step, whoever took it.
pub(super) async fn keep(tx: &mut Tx<'_>, on: &Violation, row: StepRow) -> Result<()> {
    let salt: [u8; 32] = random_bytes();
    let written = digest::digest(&digest::SHA256, &[&salt[..], row.told.as_bytes()].concat());
    let row = StepRow { event: tx.event().to_string(), made: tx.now(), salt: hex::encode(salt), ..row };
    store::insert_step(tx.connection(), on.0.id, &row).await?;
    tx.note("case", on.0.number.clone());
    tx.note("step", row.step);
    tx.note("written", hex::encode(written));
    Ok(())
}

/// The name and employment of somebody whom a case can be about or who can handle it.
///
/// # Errors
/// Nobody, or a guest.
pub(super) async fn staff(
    tx: &mut Tx<'_>,
    field: &'static str,
    person: PersonId,
) -> Result<(String, String)> {
    let row = people::store::person(tx, person).await?;
    if row.party.is_some() {
        return Err(Error::invalid(field, "name one of the officers and staff"));
    }
    Ok((row.name, row.employment))
}

/// That a case is in one of these states.
///
/// # Errors
/// It is not.
pub(super) fn is_in(on: &Violation, states: &[&str]) -> Result<()> {
    if states.contains(&on.0.state.as_str()) {
        return Ok(());
    }
    Err(Error::conflict(match on.0.state.as_str() {
        super::REPORTED => "nobody has looked at it yet: say first whether it is investigated",
        super::DISMISSED | super::CLOSED => "it is over: report what is new by itself",
        super::INVESTIGATED => "it is still being investigated: hear the person concerned first",
        super::HEARD => "the person concerned is being heard",
        super::DECIDED => "it is decided",
        _ => "the decision was appealed: decide again",
    }))
}
