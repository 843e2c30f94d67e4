//! 取込み: the firm's information-asset ledger (情報資産管理台帳) comes into the register, whole or not at all.
//!
//! Each row becomes an item under a matter, and is held to what taking or collecting that one item would be held to: the
//! matter's rules decide it, row by row. Nothing is uploaded: an item on paper has its place, an electronic one stays
//! where it is until somebody stores it. No receipt is given for what was lent: the consignor got one when it was.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::import_rows::{self, Planned};
use super::{Form, intake, store};
use crate::columns::{WrongCell, rows_of};
use crate::door::operation::Installation;
use crate::door::pass::MOVED;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::MatterId;
use crate::rules::facts::Action;
use crate::text::Note;

/// Wrong cells told at most; all are counted.
const TOLD: usize = 200;

/// Imports a ledger of information assets: a table whose first row names its columns (name, class, matter, custodian,
/// kind, form, place, source, taken, due).
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportItems {
    /// The table: CSV (RFC 4180) in UTF-8; on the command line the file, in UTF-8, UTF-16 or CP932.
    #[arg(long)]
    pub table: String,
    /// The matter of rows that name none.
    #[arg(long)]
    #[serde(default)]
    pub matter: Option<MatterId>,
    /// The class of rows that say none, for example internal.
    #[arg(long)]
    #[serde(default)]
    pub class: Option<String>,
    /// What rows that do not say it are to the firm; lent when left out.
    #[arg(long, value_enum)]
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The form of rows that do not say it.
    #[arg(long, value_enum)]
    #[serde(default)]
    pub form: Option<Form>,
    /// Where the material of rows that do not say it comes from, and on what lawful basis the firm may have it.
    #[arg(long)]
    #[serde(default)]
    pub source: Option<Note>,
    /// Checks every row, and imports nothing.
    #[arg(long)]
    #[serde(default)]
    pub check: bool,
    /// What a reading of all rows told.
    #[arg(skip)]
    #[serde(skip)]
    #[schema(ignore)]
    pub checked: Option<Imported>,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Imported {
    /// Rows that were read.
    pub rows: i64,
    /// Items that were imported; none when it was only checked.
    pub items: i64,
    /// Rows that are wrong.
    pub wrong_rows: i64,
    /// The first of the cells that are wrong.
    pub wrong: Vec<WrongCell>,
}

fn told(rows: usize, items: usize, wrong: Vec<WrongCell>) -> Imported {
    Imported {
        rows: rows as i64,
        items: items as i64,
        wrong_rows: rows_of(&wrong),
        wrong: wrong.into_iter().take(TOLD).collect(),
    }
}

/// Nothing comes in when anything is wrong.
fn wrong_is_told(checked: &Imported) -> Result<()> {
    let Some(first) = checked.wrong.first() else {
        return Ok(());
    };
    Err(Error::invalid(
        "table",
        format!(
            "{} rows are wrong, the first {}, in {}: nothing was imported; check the table first",
            checked.wrong_rows, first.row, first.column
        ),
    ))
}

/// Puts the items into the register, with a key and a first record each.
async fn admit(tx: &mut Tx<'_>, planned: Vec<Planned>) -> Result<usize> {
    let mut by_matter = std::collections::BTreeMap::<MatterId, Vec<Planned>>::new();
    for one in planned {
        by_matter.entry(one.row.facts.matter).or_default().push(one);
    }
    let mut number = 0;
    for (matter, planned) in by_matter {
        let items: Vec<_> = planned.iter().map(|one| one.row.facts.id).collect();
        let shards = tx.make_item_keys(matter, &items)?;
        for (Planned { mut row, number: at }, shard) in planned.into_iter().zip(shards) {
            row.shard = shard;
            store::insert_item(tx, &row).await?;
            let mut fields = intake::facts(&row, None);
            fields.push(("row", at.to_string()));
            tx.also(row.facts.id, &row.shard, fields);
            number += 1;
        }
    }
    Ok(number)
}

impl Operation for ImportItems {
    const ACTION: Action = Action("import_items");
    const WRITES: bool = true;
    const NAMES_WHAT_MAY_BE_ERASED: bool = true;
    const GATHERS: bool = true;
    const LONGEST_INPUT: usize = 20 << 20;
    const DEADLINE: Duration = Duration::from_secs(60);
    type Subject = Installation;
    type Output = Imported;

    fn subject(&self) {}

    /// All rows are read and checked beside the writer; only what may come in holds it up.
    async fn gather(&mut self, _: &Installation, tx: &mut Tx<'_>) -> Result<()> {
        let (rows, _, wrong) = import_rows::plan(tx, self).await?;
        self.checked = Some(told(rows, 0, wrong));
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Imported> {
        let checked = self.checked.clone().ok_or_else(|| Error::conflict(MOVED))?;
        tx.note("rows", checked.rows.to_string());
        if self.check {
            tx.note("wrong_rows", checked.wrong_rows.to_string());
            return Ok(checked);
        }
        wrong_is_told(&checked)?;
        // What it was held against may have moved since: it is held against it again, as it is now.
        let (rows, planned, wrong) = import_rows::plan(tx, &self).await?;
        wrong_is_told(&told(rows, 0, wrong))?;
        let items = admit(tx, planned).await?;
        tx.note("items", items.to_string());
        Ok(told(rows, items, vec![]))
    }
}
