//! Columns of a table that somebody imports: guessed from what files call them, put into the table that an operation reads,
//! and read there cell by cell.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::table::{Row, Table};

/// A column that an operation knows.
pub struct Column {
    /// Its name there.
    pub name: &'static str,
    /// What files call it, the likeliest first.
    pub heads: &'static [&'static str],
}

/// For each column of an operation the column of the table that says it.
pub(crate) type Mapping = Vec<Option<usize>>;

/// A cell that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WrongCell {
    /// The row, as a spreadsheet counts them: the heads' is 1, when nothing stands above them.
    pub row: i64,
    /// The column.
    pub column: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// What is wrong with a cell of a row: column and what.
pub(crate) type Wrong = (&'static str, String);

/// The cells of a row, by column.
pub(crate) struct Cells<'a> {
    /// The row's number in the file.
    pub(crate) number: usize,
    by_column: BTreeMap<&'static str, &'a str>,
}

impl Cells<'_> {
    /// What a cell says; nothing when it is empty or not there.
    pub(crate) fn of(&self, column: &'static str) -> Option<&str> {
        self.by_column.get(column).copied().filter(|text| !text.is_empty())
    }

    /// The cells of this row that are wrong.
    pub(crate) fn wrong(&self, told: Vec<Wrong>) -> impl Iterator<Item = WrongCell> {
        let row = self.number as i64;
        told.into_iter().map(move |(column, what)| WrongCell { row, column: column.to_owned(), what })
    }
}

/// The columns of a table whose heads are those of an operation.
pub(crate) struct Heads(Vec<&'static str>);

impl Heads {
    /// Reads a table's heads.
    ///
    /// # Errors
    /// One that the operation does not know; one that is there twice.
    pub(crate) fn of(table: &Table, known: &[Column]) -> Result<Self> {
        let mut heads = Vec::new();
        for head in &table.head {
            let column = known.iter().find(|column| column.name == head).ok_or_else(|| {
                let names: Vec<&str> = known.iter().map(|column| column.name).collect();
                Error::invalid(
                    "table",
                    format!("there is no column {head:?}; there are {}", names.join(", ")),
                )
            })?;
            if heads.contains(&column.name) {
                return Err(Error::invalid("table", format!("the column {} is there twice", column.name)));
            }
            heads.push(column.name);
        }
        Ok(Self(heads))
    }

    /// A row's cells.
    pub(crate) fn cells<'a>(&self, row: &'a Row) -> Cells<'a> {
        let by_column = self.0.iter().copied().zip(row.cells.iter().map(String::as_str)).collect();
        Cells { number: row.number, by_column }
    }
}

/// How many rows these cells are in. They stand in order.
pub(crate) fn rows_of(wrong: &[WrongCell]) -> i64 {
    let mut rows: Vec<i64> = wrong.iter().map(|cell| cell.row).collect();
    rows.dedup();
    rows.len() as i64
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

/// The mapping that a table's heads suggest. No column of the table says two things.
pub(crate) fn guess(head: &[String], known: &[Column]) -> Mapping {
    let heads: Vec<String> = head.iter().map(|head| plain(head)).collect();
    let mut taken = vec![false; heads.len()];
    let mut mapping = vec![None; known.len()];
    // What is called exactly so goes before what only holds the word.
    let fits: [fn(&str, &str) -> bool; 2] = [|head, word| head == word, |head, word| head.contains(word)];
    for fits in fits {
        for (column, Column { heads: words, .. }) in known.iter().enumerate() {
            if mapping[column].is_some() {
                continue;
            }
            let found = words.iter().find_map(|word| {
                heads.iter().enumerate().position(|(at, head)| !taken[at] && fits(head, word))
            });
            if let Some(at) = found {
                taken[at] = true;
                mapping[column] = Some(at);
            }
        }
    }
    mapping
}

/// The table of an import, each row where it stands in the file, so that what is told of a row fits the file. What a cell
/// says is put in other words where there are some.
pub(crate) fn put(
    table: &Table,
    known: &[Column],
    mapping: &Mapping,
    words: impl Fn(&'static str, &str) -> Option<String>,
) -> Result<String> {
    let mut text = "\n".repeat(table.head_row - 1);
    let used: Vec<(usize, usize)> =
        mapping.iter().enumerate().filter_map(|(column, at)| at.map(|at| (column, at))).collect();
    let line = |cells: Vec<String>| -> Result<String> {
        // Quoted throughout: what stands in a cell is never taken for what parts cells.
        let mut writer =
            csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(&cells).map_err(Error::internal)?;
        let bytes = writer.into_inner().map_err(Error::internal)?;
        String::from_utf8(bytes).map_err(Error::internal)
    };
    // Two columns at least make a table: an empty one besides changes nothing.
    let spare = (used.len() < 2).then(|| (0..known.len()).find(|at| mapping[*at].is_none())).flatten();
    let heads = used.iter().map(|(column, _)| *column).chain(spare);
    text.push_str(&line(heads.map(|column| known[column].name.to_owned()).collect())?);
    let mut number = table.head_row;
    for row in &table.rows {
        let cell = |(column, at): &(usize, usize)| {
            let said = row.cells.get(*at).cloned().unwrap_or_default();
            words(known[*column].name, &said).unwrap_or(said)
        };
        let cells = used.iter().map(cell).chain(spare.map(|_| String::new())).collect();
        text.push_str(&"\n".repeat(row.number - number - 1));
        text.push_str(&line(cells)?);
        number = row.number;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::import_rows::COLUMNS;
    use crate::table;

    #[test]
    fn a_ledger_in_japanese_is_understood() {
        let head = [
            "No.",
            "情報資産名称",
            "機密区分",
            "管理 責任者",
            "媒体",
            "保管場所",
            "案件番号",
            "返却期限（予定）",
        ];
        let mapping = guess(&head.map(ToOwned::to_owned), &COLUMNS);
        let named: Vec<_> =
            COLUMNS.iter().zip(mapping).filter_map(|(name, at)| at.map(|at| (name.name, at))).collect();
        assert_eq!(
            named,
            [
                ("name", 1),
                ("class", 2),
                ("matter", 6),
                ("custodian", 3),
                ("form", 4),
                ("place", 5),
                ("due", 7)
            ]
        );
    }

    #[test]
    fn rows_keep_their_numbers() {
        let file = "台帳\n\n番号,名称,区分\n1,\"a,\nb\",秘\n\n2,c,部外秘\n";
        let read = table::read(file.as_bytes()).unwrap();
        let class = |_: &str, word: &str| (word == "部外秘").then(|| "limited".to_owned());
        let text = put(&read, &COLUMNS, &guess(&read.head, &COLUMNS), class).unwrap();
        let again = table::read(text.as_bytes()).unwrap();
        assert_eq!((again.head_row, &again.head), (3, &vec!["name".to_owned(), "class".to_owned()]));
        let numbers: Vec<usize> = again.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, read.rows.iter().map(|row| row.number).collect::<Vec<_>>());
        assert_eq!(again.rows[0].cells, ["a,\nb", "秘"]);
        assert_eq!(again.rows[1].cells, ["c", "limited"]);
    }

    #[test]
    fn what_parts_cells_elsewhere_parts_none_here() {
        let read = table::read("名称\t保管場所\t区分\na\t棚1;2段;左;奥\t秘\n".as_bytes()).unwrap();
        let again =
            table::read(put(&read, &COLUMNS, &guess(&read.head, &COLUMNS), |_, _| None).unwrap().as_bytes())
                .unwrap();
        assert_eq!(again.rows[0].cells, ["a", "秘", "棚1;2段;左;奥"]);
    }

    #[test]
    fn one_column_is_a_table_too() {
        let read = table::read("番号,名称\n1,a\n2,b\n".as_bytes()).unwrap();
        let text = put(&read, &COLUMNS, &guess(&read.head, &COLUMNS), |_, _| None).unwrap();
        assert_eq!(table::read(text.as_bytes()).unwrap().rows.len(), 2);
    }
}
