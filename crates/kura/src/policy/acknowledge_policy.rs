//! 同意: somebody acknowledges the version of the policy in force, after having read it.

use serde::{Deserialize, Serialize};

use super::acknowledgement_store::{self, AcknowledgementRow};
use super::version::in_force;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::people;
use crate::rules::facts::Action;

/// In which language it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum ReadIn {
    /// 日本語.
    Ja,
    /// English.
    En,
}

/// Acknowledges the policy in force.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgePolicy {
    /// Number of the version that was read.
    #[arg(long)]
    pub version: i64,
    /// The language in which it was read: its pledge is what is signed.
    #[arg(long, value_enum)]
    pub language: ReadIn,
    /// It was read to the end.
    #[arg(long)]
    #[serde(default)]
    pub read: bool,
}

/// What is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Acknowledged {
    /// The text as it was signed.
    pub pledge: String,
}

impl Operation for AcknowledgePolicy {
    const ACTION: Action = Action("acknowledge_policy");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = Acknowledged;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Acknowledged> {
        let version = in_force(tx).await?;
        if version.number != self.version {
            return Err(Error::conflict(format!(
                "version {} is in force: read it, then acknowledge it",
                version.number
            )));
        }
        if !self.read {
            return Err(Error::invalid("read", "read it to the end first, and say so"));
        }
        let pledge = tx.rules().pledge(self.language == ReadIn::Ja);
        let pledge = pledge.map(|part| part.body.clone()).unwrap_or_default();
        let mut row = people::store::person(tx, tx.asker_id()?).await?;
        row.acknowledged = row.acknowledged.max(version.acknowledged);
        people::store::update(tx, &row).await?;
        let kept = AcknowledgementRow {
            event: tx.event(),
            person: row.id,
            version: version.number,
            acknowledged: version.acknowledged,
            language: if self.language == ReadIn::Ja { "ja" } else { "en" }.to_owned(),
            pledge: pledge.clone(),
            made: tx.now(),
        };
        acknowledgement_store::insert(tx.connection(), &kept).await?;
        tx.note("pack", version.digest);
        tx.note("pledge", pledge.clone());
        Ok(Acknowledged { pledge })
    }
}
