//! 収集: puts into the register what the firm itself gathers or makes: communications, work, deliverables.

use serde::{Deserialize, Serialize};

use super::Kind;
use super::intake::{self, Intake};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PersonId, UploadId};
use crate::matters::subject::Matter;
use crate::people;
use crate::rules::facts::{Action, Circumstances};
use crate::text::{Name, Note};

/// Collects material: a file that was uploaded, or something tangible with its place.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Collect {
    /// The matter.
    pub matter: MatterId,
    /// What it is to the firm.
    #[arg(long, value_enum)]
    pub kind: Kind,
    /// Its class, for example internal.
    #[arg(long)]
    pub class: String,
    /// Where it comes from, and on what lawful basis the firm may have it.
    #[arg(long)]
    pub source: Note,
    /// The complete upload, for a file.
    #[arg(long)]
    #[serde(default)]
    pub upload: Option<UploadId>,
    /// SHA-256 of the file as sent, to be compared.
    #[arg(long)]
    #[serde(default)]
    pub sha256: Option<String>,
    /// Where a tangible item is kept.
    #[arg(long)]
    #[serde(default)]
    pub place: Option<Name>,
    /// Its name; the file's when left out.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<Name>,
    /// Who is accountable; the matter's custodian when left out.
    #[arg(long)]
    #[serde(default)]
    pub custodian: Option<PersonId>,
    /// Shares it with the guests of the matter.
    #[arg(long)]
    #[serde(default)]
    pub shared: bool,
}

/// What was collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Collected {
    /// The item.
    pub item: ItemId,
}

impl Operation for Collect {
    const ACTION: Action = Action("collect");
    const WRITES: bool = true;
    type Subject = Matter;
    type Output = Collected;

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn circumstances(
        &self,
        _: &Matter,
        tx: &mut Tx<'_>,
        circumstances: &mut Circumstances,
    ) -> Result<()> {
        circumstances.rank = Some(people::rank_of(tx.rules(), "class", &self.class)?);
        Ok(())
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<Collected> {
        match self.kind {
            Kind::Lent => {
                return Err(Error::invalid("kind", "lent material is taken, against a receipt: use take"));
            }
            Kind::Derivative => {
                return Err(Error::invalid("kind", "a derivative is tied to its origin: use derive"));
            }
            Kind::Communication | Kind::Work | Kind::Deliverable => {}
        }
        let coming = Intake {
            matter: &on.0,
            kind: self.kind,
            rank: people::rank_of(tx.rules(), "class", &self.class)?,
            custodian: self.custodian,
            usual: on.0.facts.custodian,
            source: self.source.into(),
            name: self.name,
            place: self.place,
            upload: self.upload,
            sha256: self.sha256.as_deref(),
            shared: self.shared,
        };
        let (row, _) = intake::register(tx, coming).await?;
        Ok(Collected { item: row.facts.id })
    }
}
