//! Tables that other programs wrote: CSV (RFC 4180), with commas, semicolons or tabs, in UTF-8, UTF-16 or CP932, which is what
//! a spreadsheet on a Japanese Windows writes when nobody asks; and workbooks (XLSX), of which the first sheet counts.
//!
//! A table comes from outside: it is read whole in memory within limits, nothing of it is taken for a formula, and what
//! cannot be read is told with its row. Rows are counted as a spreadsheet counts them, from 1, the blank ones too.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use crate::workbook;

/// The longest table, in bytes.
pub const MOST_BYTES: usize = 16 << 20;
/// The most rows.
pub const MOST_ROWS: usize = 20_000;
/// The most cells.
const MOST_CELLS: usize = 2_000_000;
/// The most columns.
const MOST_COLUMNS: usize = 200;
/// The longest cell, in characters.
pub(crate) const MOST_IN_CELL: usize = 4_000;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// How its text was encoded.
    pub encoding: &'static str,
    /// The row of the heads.
    pub head_row: usize,
    /// What the columns are called.
    pub head: Vec<String>,
    /// The rows below, without the blank ones.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file.
    pub number: usize,
    /// Its cells, up to the last that says something.
    pub cells: Vec<String>,
}

impl Row {
    /// Its cells with those that say nothing, as many as there are columns.
    pub(crate) fn filled(&self, columns: usize) -> Vec<String> {
        (0..columns).map(|at| self.cells.get(at).cloned().unwrap_or_default()).collect()
    }
}

impl Table {
    /// The bytes that it takes, about.
    pub(crate) fn weight(&self) -> usize {
        let of = |cells: &[String]| cells.iter().map(|cell| cell.len() + size_of::<String>()).sum::<usize>();
        of(&self.head) + self.rows.iter().map(|row| of(&row.cells) + size_of::<Row>()).sum::<usize>()
    }
}

/// Why a table cannot be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTable {
    /// Too many bytes.
    #[error("a table has at most {} MiB: divide it", MOST_BYTES >> 20)]
    Large,
    /// Too many rows.
    #[error("a table has at most {MOST_ROWS} rows: divide it")]
    Rows,
    /// Too many columns.
    #[error("row {0}: a table has at most {MOST_COLUMNS} columns")]
    Columns(usize),
    /// A cell that is too long.
    #[error("cell {0}: at most {MOST_IN_CELL} characters")]
    Cell(String),
    /// Neither of the encodings.
    #[error(
        "the text is in none of UTF-8, UTF-16 and CP932 (Shift_JIS), from line {0} on: save it as CSV UTF-8"
    )]
    Encoding(usize),
    /// No text at all.
    #[error("this is no table of text: save it as CSV")]
    Binary,
    /// A workbook that is damaged, protected, or of a kind that is not read.
    #[error(
        "this workbook cannot be read: save it as XLSX without a password, or its sheet as CSV, and send that"
    )]
    Workbook,
    /// More cells than heads.
    #[error(
        "row {0} has more cells than there are heads in row {1}: a comma in a cell needs quotation marks"
    )]
    Uneven(usize, usize),
    /// Nothing in it.
    #[error("the table has no row of heads with rows below it")]
    Empty,
    /// A quotation that never ends, and the like.
    #[error("the table cannot be read from row {0} on: look for a quotation mark that is never closed")]
    Malformed(usize),
}

/// The name of a cell as a spreadsheet shows it: `C17`.
pub fn cell_name(column: usize, row: usize) -> String {
    let (mut letters, mut rest) = (Vec::new(), column + 1);
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().chain(row.to_string().chars().collect::<Vec<_>>().iter()).collect()
}

fn decode(bytes: &[u8]) -> Result<(String, &'static str), NoTable> {
    // The workbooks of before 2007 (compound files).
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(NoTable::Workbook);
    }
    let marked = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some((UTF_8, 3, "UTF-8")),
        [0xFF, 0xFE, ..] => Some((UTF_16LE, 2, "UTF-16")),
        [0xFE, 0xFF, ..] => Some((UTF_16BE, 2, "UTF-16")),
        _ => None,
    };
    let (encoding, skip, name): (&Encoding, _, _) = match marked {
        Some(marked) => marked,
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0, "UTF-8"),
        None => (SHIFT_JIS, 0, "CP932"),
    };
    let (text, wrong) = encoding.decode_without_bom_handling(&bytes[skip..]);
    if wrong {
        let good = text.split('\u{FFFD}').next().unwrap_or_default();
        return Err(NoTable::Encoding(good.lines().count().max(1)));
    }
    if text.contains('\0') {
        return Err(NoTable::Binary);
    }
    Ok((text.into_owned(), name))
}

/// The sign between cells: the most frequent of the usual ones in the first lines, outside quotation marks.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(16 * 1024) {
        if byte == b'"' {
            quoted = !quoted;
        } else if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| !quoted && *sign == byte) {
            *count += 1;
        }
    }
    // Of equals the comma, which stands first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| *sign)
}

/// A table in the making: heads are sought, then rows taken.
#[derive(Default)]
struct Making {
    found: Option<(usize, Vec<String>)>,
    rows: Vec<Row>,
    cells: usize,
}

impl Making {
    /// Takes the next row.
    fn take(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), NoTable> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.len() > MOST_COLUMNS {
            return Err(NoTable::Columns(number));
        }
        if let Some(column) = cells.iter().position(|cell| cell.chars().count() > MOST_IN_CELL) {
            return Err(NoTable::Cell(cell_name(column, number)));
        }
        match &self.found {
            // Above the heads there may be a title, a date, nothing.
            None if cells.iter().filter(|cell| !cell.is_empty()).count() < 2 => {}
            None => self.found = Some((number, cells)),
            Some(_) if cells.is_empty() => {}
            Some((head_row, head)) => {
                if cells.len() > head.len() {
                    return Err(NoTable::Uneven(number, *head_row));
                }
                self.cells += cells.len();
                if self.cells > MOST_CELLS {
                    return Err(NoTable::Large);
                }
                self.rows.push(Row { number, cells });
                if self.rows.len() > MOST_ROWS {
                    return Err(NoTable::Rows);
                }
            }
        }
        Ok(())
    }

    fn end(self, encoding: &'static str) -> Result<Table, NoTable> {
        match self.found {
            Some((head_row, head)) if !self.rows.is_empty() => {
                Ok(Table { encoding, head_row, head, rows: self.rows })
            }
            _ => Err(NoTable::Empty),
        }
    }
}

/// Reads a table: of a workbook its first sheet.
///
/// # Errors
/// What is wrong, where, and what to do.
pub fn read(bytes: &[u8]) -> Result<Table, NoTable> {
    if bytes.len() > MOST_BYTES {
        return Err(NoTable::Large);
    }
    let mut making = Making::default();
    if bytes.starts_with(b"PK\x03\x04") {
        for (number, cells) in workbook::rows(bytes)? {
            making.take(number, cells.iter().map(|cell| cell.trim().to_owned()).collect())?;
        }
        return making.end("XLSX");
    }
    let (text, encoding) = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let (mut number, mut record) = (0, csv::StringRecord::new());
    loop {
        let before = reader.position().line();
        if !reader.read_record(&mut record).map_err(|_| NoTable::Malformed(number + 1))? {
            return making.end(encoding);
        }
        // The reader passes over lines without anything; a spreadsheet counts them.
        let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let lines = usize::try_from(reader.position().line() - before).unwrap_or_default();
        number += lines.saturating_sub(within).max(1);
        making.take(number, record.iter().map(|cell| cell.trim().to_owned()).collect())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &Table) -> Vec<(usize, Vec<&str>)> {
        table.rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn every_encoding_says_the_same() {
        let text = "情報資産名称,機密区分\n契約書①,秘\n";
        let utf16 = |big: bool| -> Vec<u8> {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let cp932 = SHIFT_JIS.encode(text).0.into_owned();
        assert_ne!(cp932, text.as_bytes());
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (marked, "UTF-8"),
            (cp932, "CP932"),
            (utf16(true), "UTF-16"),
            (utf16(false), "UTF-16"),
        ] {
            let table = read(&bytes).unwrap();
            assert_eq!((table.encoding, table.head_row), (name, 1));
            assert_eq!(table.head, ["情報資産名称", "機密区分"]);
            assert_eq!(cells(&table), [(2, vec!["契約書①", "秘"])]);
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let text = "台帳,\n\nname;x,class\n\n\"a\nb\",secret,\n,\nc,\n";
        let table = read(text.as_bytes()).unwrap();
        assert_eq!((table.head_row, &table.head), (3, &vec!["name;x".to_owned(), "class".to_owned()]));
        assert_eq!(cells(&table), [(5, vec!["a\nb", "secret"]), (7, vec!["c"])]);
        assert_eq!(cell_name(2, 17), "C17");
        assert_eq!(
            [cell_name(25, 1), cell_name(26, 1), cell_name(701, 2), cell_name(702, 2)],
            ["Z1", "AA1", "ZZ2", "AAA2"]
        );
    }

    #[test]
    fn tabs_and_semicolons_part_cells_too() {
        assert_eq!(read(b"a\tb\n1,5\t2\n").unwrap().rows[0].cells, ["1,5", "2"]);
        assert_eq!(read(b"a;b\n1;\"2;3\"\n").unwrap().rows[0].cells, ["1", "2;3"]);
    }

    #[test]
    fn what_is_no_table_is_told() {
        assert_eq!(read(b""), Err(NoTable::Empty));
        assert_eq!(read(b"a,b\n"), Err(NoTable::Empty));
        assert_eq!(read(b"PK\x03\x04rest"), Err(NoTable::Workbook));
        assert_eq!(read(b"a,b\n1,2,3\n"), Err(NoTable::Uneven(2, 1)));
        assert_eq!(read(b"a,b\n1,\x80\xFF\n"), Err(NoTable::Encoding(2)));
        assert_eq!(read(b"a,b\n1,\0\n"), Err(NoTable::Binary));
        assert_eq!(read(&vec![b'a'; MOST_BYTES + 1]), Err(NoTable::Large));
        let long = format!("a,b\n1,{}\n", "x".repeat(MOST_IN_CELL + 1));
        assert_eq!(read(long.as_bytes()), Err(NoTable::Cell("B2".to_owned())));
        let wide = format!("a,b\n{}1\n", "1,".repeat(MOST_COLUMNS));
        assert_eq!(read(wide.as_bytes()), Err(NoTable::Columns(2)));
        let many = format!("a,b\n{}", "1,2\n".repeat(MOST_ROWS + 1));
        assert_eq!(read(many.as_bytes()), Err(NoTable::Rows));
        // A quotation that never ends swallows the rest: nothing panics, and nothing is read twice.
        let table = read(b"a,b\n\"1,2\n3,4\n").unwrap();
        assert_eq!(table.rows.len(), 1);
    }
}
