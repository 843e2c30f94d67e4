//! 施行: brings the policy pack that lies ready into force.

use serde::{Deserialize, Serialize};

use super::candidate::Examined;
use crate::door::operation::Installation;
use crate::door::{Door, Operation, Tx, store};
use crate::error::{Error, Result};
use crate::rules::facts::Action;
use crate::text::Note;

/// Adopts the pack that lies ready. One that may loosen anything needs the committee's resolution.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptPack {
    /// Its digest, as show-pack tells it: exactly what was looked at comes into force.
    #[arg(long)]
    pub digest: String,
    /// The CSR committee's resolution: its number and day.
    #[arg(long)]
    #[serde(default)]
    pub resolution: Option<Note>,
    /// Everyone acknowledges the policy again.
    #[arg(long)]
    #[serde(default)]
    pub major: bool,
}

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Adopted {
    /// Digest of the pack.
    pub digest: String,
    /// Version of the policy that everyone is to have acknowledged.
    pub policy_version: i64,
}

impl Operation for AdoptPack {
    const ACTION: Action = Action("adopt_pack");
    const WRITES: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = Adopted;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Adopted> {
        let candidate = tx
            .candidate()
            .filter(|candidate| candidate.pack.digest == self.digest)
            .ok_or(Error::NotFound("pack that lies ready with this digest; see show-pack"))?;
        let resolution = self.resolution.map(String::from);
        match candidate.examined() {
            Examined::Examining => {
                return Err(Error::conflict("the pack is still being proved: try again in a minute"));
            }
            Examined::Unproved(open) => {
                return Err(Error::conflict(format!(
                    "the pack is not proved and does not come into force: {}",
                    open.join(", ")
                )));
            }
            Examined::Proved { loosens: true, let_in, besides, .. } if resolution.is_none() => {
                let examples = let_in.iter().map(|example| example.text_en.clone()).chain(besides);
                return Err(Error::conflict(format!(
                    "the pack may permit what is refused now; the CSR committee resolves upon it (--resolution). \
                     It lets in:\n{}",
                    examples.collect::<Vec<_>>().join("\n")
                )));
            }
            Examined::Proved { loosens, .. } => tx.note("loosens", loosens.to_string()),
        }
        let before = store::value(tx.connection(), "policy_version").await?;
        let version = store::policy_version(before) + i64::from(self.major);
        let files = serde_json::to_string(&candidate.pack.files).map_err(Error::internal)?;
        store::set_value(tx.connection(), store::PACK, &files).await?;
        store::set_value(tx.connection(), "policy_version", &version.to_string()).await?;
        tx.note("pack", self.digest.clone());
        tx.note("resolution", resolution.unwrap_or_default());
        tx.note("policy_version", version.to_string());
        Ok(Adopted { digest: self.digest, policy_version: version })
    }

    async fn follow_up(door: &Door, output: Adopted) -> Result<Adopted> {
        door.take_up_pack().await?;
        Ok(output)
    }
}
