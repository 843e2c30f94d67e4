//! 二次的資料: puts a copy, a summary or anything else made from an item into the register, tied to it.

use serde::{Deserialize, Serialize};

use super::intake::{self, Intake};
use super::subject::Item;
use super::{Kind, Relation, name_of, store};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, PersonId, UploadId};
use crate::people;
use crate::rules::facts::{Action, Circumstances};
use crate::text::Name;

/// Registers what was made from an item. Its class is at least the origin's.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Derive {
    /// The origin.
    pub item: ItemId,
    /// How it was made.
    #[arg(long, value_enum)]
    pub relation: Relation,
    /// Its class.
    #[arg(long)]
    pub class: String,
    /// The complete upload, for a file.
    #[arg(long)]
    #[serde(default)]
    pub upload: Option<UploadId>,
    /// SHA-256 of the file as sent, to be compared.
    #[arg(long)]
    #[serde(default)]
    pub sha256: Option<String>,
    /// Where something tangible (a print) is kept.
    #[arg(long)]
    #[serde(default)]
    pub place: Option<Name>,
    /// Its name; the file's when left out.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<Name>,
    /// Who is accountable; the origin's custodian when left out.
    #[arg(long)]
    #[serde(default)]
    pub custodian: Option<PersonId>,
}

/// What was derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Derived {
    /// The new item.
    pub item: ItemId,
}

impl Operation for Derive {
    const ACTION: Action = Action("derive");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Derived;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn circumstances(
        &self,
        _: &Item,
        tx: &mut Tx<'_>,
        circumstances: &mut Circumstances,
    ) -> Result<()> {
        circumstances.rank = Some(people::rank_of(tx.rules(), "class", &self.class)?);
        circumstances.relation = Some(name_of(self.relation));
        Ok(())
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Derived> {
        let origin = on.0;
        let matter =
            crate::matters::store::matter(tx, origin.facts.matter).await?.ok_or(Error::NotFound("matter"))?;
        let coming = Intake {
            matter: &matter,
            kind: Kind::Derivative,
            rank: people::rank_of(tx.rules(), "class", &self.class)?,
            custodian: self.custodian,
            usual: origin.facts.custodian,
            // Where it comes from is told by its lineage, to whoever may know of the origin.
            source: String::new(),
            name: self.name,
            place: self.place,
            upload: self.upload,
            sha256: self.sha256.as_deref(),
            shared: false,
        };
        let (row, version) = intake::admit(tx, coming).await?;
        let item = row.facts.id;
        store::insert_lineage(tx, item, origin.facts.id, &name_of(self.relation)).await?;
        store::touch(tx, origin.facts.id).await?;
        let mut fields = intake::facts(&row, version.as_ref());
        fields.push(("origin", origin.facts.id.to_string()));
        tx.also(item, &row.shard, fields);
        tx.note("derivative", item.to_string());
        Ok(Derived { item })
    }
}
