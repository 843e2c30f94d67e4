//! 施行: decides that the version of the policy that waits comes into force, at once or on a day.

use serde::{Deserialize, Serialize};

use super::candidate::Examined;
use super::comparison;
use super::version::{IN_FORCE, SCHEDULED, bring_into_force, waiting};
use super::version_store;
use crate::bodies::propose_resolution::carried;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Actor, Door, Operation, Options, Tx, store};
use crate::duties;
use crate::error::{Error, Result};
use crate::id::ResolutionId;
use crate::rules::documents::Document;
use crate::rules::facts::Action;
use crate::rules::pack::Pack;

/// The body that decides on policy.
const CSR_COMMITTEE: &str = "csr_committee";
/// The body that decides on procedures.
const SUBCOMMITTEE: &str = "risk_management_subcommittee";

/// Adopts the version that waits. One that may loosen anything needs the committee's resolution.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptPack {
    /// Its digest, as show-pack tells it: exactly what was looked at comes into force.
    #[arg(long)]
    pub digest: String,
    /// The resolution that was carried upon it, where a body has to decide.
    #[arg(long)]
    #[serde(default)]
    pub resolution: Option<ResolutionId>,
    /// The day from which it is in force (2027-04-01); at once when left out.
    #[arg(long)]
    #[serde(default)]
    pub effective_on: Option<String>,
    /// Everyone acknowledges the policy again.
    #[arg(long)]
    #[serde(default)]
    pub major: bool,
}

/// What was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Adopted {
    /// Number of the version.
    pub version: i64,
    /// Digest of its pack.
    pub digest: String,
    /// The day from which it is in force.
    pub effective_on: String,
    /// in_force, or scheduled.
    pub state: String,
    /// Version of the policy that everyone is to have acknowledged from then on.
    pub policy_version: i64,
}

/// The body that has to decide on what changes in documents, duties and courses: the highest of those that decide on one
/// that changes. Under rules of before, which know no bodies, none can.
fn decides(tx: &Tx<'_>, pack: &Pack) -> Option<&'static str> {
    if tx.rules().bodies.is_empty() {
        return None;
    }
    let old = &tx.rules().documents;
    let changed = |one: &Document, other: &[Document]| !other.contains(one);
    let new = pack.documents.iter().filter(|document| changed(document, old));
    let gone = old.iter().filter(|document| changed(document, &pack.documents));
    if !comparison::duties(&tx.rules().duties, &pack.duties).is_empty() {
        return Some(CSR_COMMITTEE);
    }
    let deciding: Vec<&str> = new.chain(gone).map(|document| document.decided_by.as_str()).collect();
    match deciding.as_slice() {
        [] if tx.rules().courses == pack.courses => None,
        some if some.contains(&CSR_COMMITTEE) => Some(CSR_COMMITTEE),
        _ => Some(SUBCOMMITTEE),
    }
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
            .ok_or(Error::NotFound("version of the policy that waits with this digest; see show-pack"))?;
        let row = waiting(tx).await?.filter(|row| row.number == candidate.version);
        let mut row =
            row.ok_or(Error::NotFound("version of the policy that waits with this digest; see show-pack"))?;
        if row.state == SCHEDULED {
            return Err(Error::conflict(format!(
                "it is decided already, and comes into force on {}: withdraw it to decide otherwise",
                row.effective_on
            )));
        }
        let today = tx.today();
        let day = clock::given_day("effective_on", self.effective_on.as_deref(), today)?;
        if day < today {
            return Err(Error::invalid("effective_on", "nothing comes into force on a day that has passed"));
        }
        let decides = decides(tx, &candidate.pack);
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
            Examined::Proved { loosens, let_in, besides, .. } => {
                tx.note("loosens", loosens.to_string());
                // Rules of before know no bodies, so that none can resolve; the record says that none did.
                let loosens = loosens && !tx.rules().bodies.is_empty();
                let decides = if loosens { Some(CSR_COMMITTEE) } else { decides };
                match (self.resolution, decides) {
                    (Some(resolution), decides) => {
                        let decides = decides.unwrap_or(SUBCOMMITTEE);
                        row.resolution = carried(tx, resolution, &row.digest, decides).await?.title;
                    }
                    (None, Some(_)) if loosens => {
                        let examples = let_in.iter().map(|example| example.text_en.clone()).chain(besides);
                        return Err(Error::conflict(format!(
                            "the pack may permit what is refused now; the CSR committee resolves upon it \
                             (--resolution). It lets in:\n{}",
                            examples.collect::<Vec<_>>().join("\n")
                        )));
                    }
                    (None, Some(CSR_COMMITTEE)) => {
                        return Err(Error::conflict(
                            "the CSR committee decides on what changes in documents and duties: put it before the committee (--resolution)",
                        ));
                    }
                    (None, Some(_)) => {
                        return Err(Error::conflict(
                            "the subcommittee decides on what changes in documents and courses: put it before the subcommittee (--resolution)",
                        ));
                    }
                    (None, None) => {}
                }
            }
        }
        let before = store::value(tx.connection(), "policy_version").await?;
        row.acknowledged = store::policy_version(before) + i64::from(self.major);
        row.signatories =
            version_store::signatories(tx.connection(), &candidate.pack.documents, &today.to_string())
                .await?;
        row.decided = tx.now();
        row.effective_on = day.to_string();
        let state = if day == today { IN_FORCE } else { SCHEDULED };
        let adopted = Adopted {
            version: row.number,
            digest: self.digest,
            effective_on: row.effective_on.clone(),
            state: state.to_owned(),
            policy_version: row.acknowledged,
        };
        tx.note("version", row.number.to_string());
        tx.note("pack", adopted.digest.clone());
        tx.note("resolution", self.resolution.map_or_else(String::new, |id| id.to_string()));
        tx.note("effective_on", row.effective_on.clone());
        tx.note("policy_version", row.acknowledged.to_string());
        if state == IN_FORCE {
            bring_into_force(tx, row).await?;
        } else {
            row.state = SCHEDULED.to_owned();
            version_store::update(tx.connection(), &row).await?;
        }
        Ok(adopted)
    }

    async fn follow_up(door: &Door, output: Adopted) -> Result<Adopted> {
        if output.state == IN_FORCE {
            door.take_up_pack().await?;
        }
        Ok(output)
    }
}

/// 施行日の到来: the day of a scheduled version has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct BringIntoForce {
    version: i64,
}

impl Operation for BringIntoForce {
    const ACTION: Action = Action("bring_into_force");
    const WRITES: bool = true;
    const SYSTEM: bool = true;
    const FOLLOWS: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let today = tx.today().to_string();
        let due = waiting(tx)
            .await?
            .filter(|row| row.number == self.version && row.state == SCHEDULED && row.effective_on <= today);
        let row = due.ok_or_else(|| Error::conflict("no version of the policy is due to come into force"))?;
        tx.note("version", row.number.to_string());
        tx.note("pack", row.digest.clone());
        tx.note("effective_on", row.effective_on.clone());
        bring_into_force(tx, row).await
    }

    async fn follow_up(door: &Door, output: ()) -> Result<()> {
        door.take_up_pack().await?;
        Ok(output)
    }
}

/// Brings the scheduled version into force when its day has come, or has passed while nothing ran.
pub async fn when_due(door: &Door) -> Result<()> {
    let mut reader = door.database().reader().await?;
    let today = door.clock().today().to_string();
    let versions = version_store::versions(&mut reader).await?;
    drop(reader);
    let due = versions.iter().find(|row| row.state == SCHEDULED && row.effective_on <= today);
    if let Some(row) = due {
        // What the rules of before ask for up to the day is made before others take their place.
        let before = clock::parse_day(&row.effective_on).and_then(|day| day.yesterday().ok());
        duties::schedule::bring_up_to_date(door, before).await?;
        door.pass(&Actor::system(), BringIntoForce { version: row.number }, Options::default()).await?;
        tracing::info!(version = row.number, "a version of the policy came into force");
    }
    Ok(())
}
