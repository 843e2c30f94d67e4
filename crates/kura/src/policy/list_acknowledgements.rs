//! Lists who has acknowledged the policy in force, and who has not.

use serde::{Deserialize, Serialize};

use super::acknowledgement_store;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// Lists the acknowledgements of officers and staff.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAcknowledgements {}

/// A person's acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AcknowledgementLine {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Whether they have acknowledged what is to be acknowledged now.
    pub up_to_date: bool,
    /// The version that they acknowledged the last time.
    pub version: Option<i64>,
    /// When.
    pub made: String,
}

impl Operation for ListAcknowledgements {
    const ACTION: Action = Action("list_acknowledgements");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Vec<AcknowledgementLine>;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Vec<AcknowledgementLine>> {
        let needed = tx.circumstances().policy;
        let rows = acknowledgement_store::by_person(tx.connection()).await?;
        let line = |(person, name, acknowledged, version, made): (String, String, i64, i64, i64)| {
            Ok(AcknowledgementLine {
                person: person.parse().map_err(Error::internal)?,
                name,
                up_to_date: acknowledged >= needed,
                version: (version > 0).then_some(version),
                made: clock::told(made),
            })
        };
        rows.into_iter().map(line).collect()
    }
}
