//! A consent that comes with an operation: its person signed exactly this with their own passkey.
//!
//! Whoever makes one has checked the signature, and that the passkey is the person's. The door checks that what was
//! signed is what is asked, records it, and lets the rules see that it is there.

use kura_ledger::consent::{Consent, Signed};
use serde::Serialize;

use super::operation::Rev;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// A checked consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consented {
    /// What was consented to.
    pub(crate) consent: Consent,
    /// The same with its signature, as the record keeps it.
    pub(crate) signed: Signed,
    /// The passkey's credential, base64url.
    pub(crate) credential: String,
    /// The counter that it told.
    pub(crate) counter: u32,
}

impl Consented {
    /// Holds what was signed against what is asked.
    ///
    /// # Errors
    /// Anything that differs.
    pub(in crate::door) fn fits(
        &self,
        action: Action,
        input: &impl Serialize,
        asker: PersonId,
        log: &str,
        revs: &[Rev],
    ) -> Result<()> {
        let consent = &self.consent;
        let input = serde_json::to_string(input).map_err(Error::internal)?;
        let fits = consent.operation == action.0
            && consent.input == input
            && consent.person == asker.to_string()
            && consent.log == log;
        if !fits {
            return Err(Error::conflict("what was signed is not what you ask now: sign again"));
        }
        if revs.first().is_none_or(|rev| rev.rev != consent.revision) {
            return Err(Error::conflict("it was changed since you signed: look again, then sign"));
        }
        Ok(())
    }
}
