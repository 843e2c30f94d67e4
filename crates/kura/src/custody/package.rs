//! The package of a return: a manifest, and tickets to every version of the item.

use serde::{Deserialize, Serialize};

use super::open::{self, Opened};
use super::store;
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::ItemId;
use crate::rules::facts::Action;

/// Hands out what goes back to the consignor.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The item, while it is being returned.
    pub item: ItemId,
}

/// The package's manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Manifest {
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// Where it is, when it is tangible.
    pub place: String,
    /// Its versions, oldest first, each with a ticket.
    pub versions: Vec<Opened>,
}

impl Operation for Package {
    const ACTION: Action = Action("package");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Manifest;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Manifest> {
        let mut versions = Vec::new();
        for version in store::versions(tx, self.item).await? {
            versions.push(open::ticket(tx, &on, &version, "").await?);
        }
        store::set_packaged(tx, self.item).await?;
        let numbers: Vec<String> = versions.iter().map(|version| version.version.to_string()).collect();
        tx.note("versions", numbers.join(" "));
        Ok(Manifest { item: self.item, name: on.0.name, place: on.0.place, versions })
    }
}
