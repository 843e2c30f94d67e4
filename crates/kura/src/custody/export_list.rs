//! Hands out the register as a table, as far as one may know of it. Taking the list out of the house is an operation of its
//! own, with a record that says what was narrowed to and how many lines went.

use serde::{Deserialize, Serialize};

use super::Kind;
use super::list::{self, ItemLine, List};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, PartyId, PersonId};
use crate::rules::facts::Action;

/// Lines of a table at most.
const MOST: usize = 100_000;
/// Lines read at once.
const AT_ONCE: i64 = 500;

/// Hands out the register as a table.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportList {
    /// Items of this matter only.
    #[arg(long)]
    #[serde(default)]
    pub matter: Option<MatterId>,
    /// Items of this class only.
    #[arg(long)]
    #[serde(default)]
    pub class: Option<String>,
    /// Items of this kind only.
    #[arg(long, value_enum)]
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Items in this state only: held, returning, returned, erased.
    #[arg(long)]
    #[serde(default)]
    pub state: Option<String>,
    /// Items whose name, place or source holds these words.
    #[arg(long)]
    #[serde(default)]
    pub name: Option<String>,
    /// Items of this party's only.
    #[arg(long)]
    #[serde(default)]
    pub party: Option<PartyId>,
    /// Items for which this person is accountable only.
    #[arg(long)]
    #[serde(default)]
    pub custodian: Option<PersonId>,
    /// Items that are to be returned or erased by this day (2027-03-31), and are not.
    #[arg(long)]
    #[serde(default)]
    pub due: Option<String>,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Exported {
    /// Its lines, newest first.
    pub items: Vec<ItemLine>,
}

impl Operation for ExportList {
    const ACTION: Action = Action("export_list");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Exported;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Exported> {
        let list = List {
            matter: self.matter,
            class: self.class,
            kind: self.kind,
            state: self.state,
            name: self.name,
            party: self.party,
            custodian: self.custodian,
            due: self.due,
            ..List::default()
        };
        let mut wanted = list::wanted(&list, tx).await?;
        let scope = tx.scope().await?;
        let mut items: Vec<ItemLine> = Vec::new();
        loop {
            let (lines, more) = list::page(tx, &scope, &wanted, AT_ONCE).await?;
            wanted.after = lines.last().map(|line| line.item);
            items.extend(lines);
            if !more {
                tx.note("lines", items.len().to_string());
                return Ok(Exported { items });
            }
            if items.len() >= MOST {
                return Err(Error::conflict(format!(
                    "a table has at most {MOST} lines: narrow it down, for example to a matter"
                )));
            }
        }
    }
}
