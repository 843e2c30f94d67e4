//! 預かり: takes a consignor's material into custody, against a receipt.

use kura_ledger::statement::Kind as Statement;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Kind;
use super::intake::{self, Intake};
use crate::clock;
use crate::door::tx::StatementDraft;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::{ItemId, MatterId, PersonId, StatementId, UploadId};
use crate::matters::store as matters;
use crate::matters::subject::Matter;
use crate::people;
use crate::rules::facts::{Action, Circumstances};
use crate::text::{Name, Note};

/// Takes material into custody: a file that was uploaded, or something tangible with its place.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// The matter.
    pub matter: MatterId,
    /// Its class, for example secret.
    #[arg(long)]
    pub class: String,
    /// Who handed it over, when and how.
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

/// What was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Taken {
    /// The item.
    pub item: ItemId,
    /// The receipt (預り証).
    pub receipt: StatementId,
}

impl Operation for Take {
    const ACTION: Action = Action("take");
    const WRITES: bool = true;
    type Subject = Matter;
    type Output = Taken;

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

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<Taken> {
        let rank = people::rank_of(tx.rules(), "class", &self.class)?;
        let source = String::from(self.source);
        let coming = Intake {
            matter: &on.0,
            kind: Kind::Lent,
            rank,
            custodian: self.custodian,
            usual: on.0.facts.custodian,
            source: source.clone(),
            name: self.name,
            place: self.place,
            upload: self.upload,
            sha256: self.sha256.as_deref(),
            shared: self.shared,
        };
        let (row, version) = intake::register(tx, coming).await?;
        let item = row.facts.id;
        let party = matters::party(tx, on.0.facts.party).await?;
        let custodian = people::store::person(tx, row.facts.custodian).await?;
        let firm = tx.firm().await?;
        let count = tx.count(item).await?;
        let class = self.class;
        let body = json!({
            "firm": firm,
            "party": party.name,
            "matter": { "code": on.0.code, "name": on.0.name, "basis": on.0.basis, "purpose": on.0.purpose },
            "item": {
                "id": item,
                "name": row.name,
                "form": row.facts.form,
                "place": row.place,
                "class": class,
                "size": version.as_ref().map(|version| version.size),
                "sha256": version.as_ref().map(|version| version.sha256.as_str()),
            },
            "source": source,
            "custodian": custodian.name,
            "taken": clock::rfc3339(row.taken),
            "return_by": clock::rfc3339(row.due),
        });
        let receipt = tx
            .state(StatementDraft {
                kind: Statement::Receipt,
                matter: Some(self.matter),
                item: Some(item),
                items: vec![count],
                body,
                histories: vec![],
            })
            .await?;
        Ok(Taken { item, receipt })
    }
}
