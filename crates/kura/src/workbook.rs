//! The first sheet of a workbook (Office Open XML, ECMA-376 part 1, SpreadsheetML): the text of its cells, row by row.
//!
//! A workbook comes from outside. It is read in memory, each part only as far as a limit whatever its header says, no part is
//! read that is not needed, nothing is calculated (a formula's last value is read), and no entity but XML's own is known.
//! What is not as the standard says is told, never guessed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use crate::table::{MOST_BYTES, MOST_IN_CELL, NoTable, cell_name};

/// The most that a part of a workbook is unpacked to, in bytes.
const MOST_UNPACKED: u64 = 96 << 20;
/// The most cells of a sheet.
const MOST_CELLS: usize = 2_000_000;
/// The most text of a sheet, in bytes.
const MOST_TEXT: usize = 2 * MOST_BYTES;
/// The last row and column that a spreadsheet has.
const LAST: (usize, usize) = (1_048_576, 16_384);

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// A part's text; nothing when there is no such part.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, NoTable> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(_) => return Err(NoTable::Workbook),
    };
    let mut text = String::new();
    let read = file.take(MOST_UNPACKED + 1).read_to_string(&mut text).map_err(|_| NoTable::Workbook)?;
    if read as u64 > MOST_UNPACKED {
        return Err(NoTable::Large);
    }
    Ok(Some(text.trim_start_matches('\u{FEFF}').to_owned()))
}

fn needed(archive: &mut Archive<'_>, name: &str) -> Result<String, NoTable> {
    part(archive, name)?.ok_or(NoTable::Workbook)
}

/// An attribute's value, by its name without a prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name).and_then(
        |attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned()),
    )
}

/// Reads a part's events one after another.
fn each(text: &str, mut with: impl FnMut(&Event<'_>) -> Result<(), NoTable>) -> Result<(), NoTable> {
    let mut reader = Reader::from_str(text);
    // `<c/>` is as good as `<c></c>`.
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_event().map_err(|_| NoTable::Workbook)? {
            Event::Eof => return Ok(()),
            event => with(&event)?,
        }
    }
}

/// Adds what an event says as text.
fn add_text(event: &Event<'_>, to: &mut String) -> Result<(), NoTable> {
    match event {
        Event::Text(text) => to.push_str(&text.xml10_content()),
        Event::CData(data) => to.push_str(&data.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(character)) => to.push(character),
            _ => to.push_str(resolve_predefined_entity(name).ok_or(NoTable::Workbook)?),
        },
        _ => {}
    }
    Ok(())
}

/// Where the first sheet is, and whether days are counted from 1904.
fn first_sheet(archive: &mut Archive<'_>) -> Result<(String, bool), NoTable> {
    let (mut id, mut from_1904) = (None, false);
    each(&needed(archive, "xl/workbook.xml")?, |event| {
        if let Event::Start(tag) = event {
            match tag.local_name().as_ref() {
                "sheet" if id.is_none() => id = attribute(tag, "id"),
                "workbookPr" => {
                    from_1904 = attribute(tag, "date1904").is_some_and(|is| is == "1" || is == "true");
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    let id = id.ok_or(NoTable::Workbook)?;
    let mut target = None;
    each(&needed(archive, "xl/_rels/workbook.xml.rels")?, |event| {
        if let Event::Start(tag) = event
            && attribute(tag, "Id").as_ref() == Some(&id)
        {
            target = attribute(tag, "Target");
        }
        Ok(())
    })?;
    let target = target.ok_or(NoTable::Workbook)?;
    Ok(match target.strip_prefix('/') {
        Some(whole) => (whole.to_owned(), from_1904),
        None => (format!("xl/{target}"), from_1904),
    })
}

/// The texts that cells share. How a name is read aloud (`rPh`) is no part of it.
fn shared(archive: &mut Archive<'_>) -> Result<Vec<String>, NoTable> {
    let Some(text) = part(archive, "xl/sharedStrings.xml")? else {
        return Ok(vec![]);
    };
    let (mut texts, mut now, mut within, mut aloud) = (Vec::new(), String::new(), false, false);
    each(&text, |event| {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => within = !aloud,
                "rPh" => aloud = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => within = false,
                "rPh" => aloud = false,
                "si" => {
                    if texts.len() == MOST_CELLS {
                        return Err(NoTable::Large);
                    }
                    texts.push(std::mem::take(&mut now));
                }
                _ => {}
            },
            event if within => add_text(event, &mut now)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(texts)
}

/// Whether a format of one's own shows a day: it has a part of one outside quotation marks and brackets.
fn is_day_format(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(c, 'y' | 'Y' | 'd' | 'D' | 'e' | 'g')
    })
}

/// For each style of cells whether it shows a day.
fn day_styles(archive: &mut Archive<'_>) -> Result<Vec<bool>, NoTable> {
    let Some(text) = part(archive, "xl/styles.xml")? else {
        return Ok(vec![]);
    };
    let (mut own, mut styles, mut within) = (BTreeMap::new(), Vec::new(), false);
    each(&text, |event| {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let code = attribute(tag, "formatCode").unwrap_or_default();
                    own.insert(attribute(tag, "numFmtId").unwrap_or_default(), is_day_format(&code));
                }
                "cellXfs" => within = true,
                "xf" if within => {
                    let id = attribute(tag, "numFmtId").unwrap_or_default();
                    // ECMA-376 part 1, 18.8.30: 14 to 22 everywhere, 27 to 36 and 50 to 58 in Japanese.
                    let known = id.parse::<u32>().is_ok_and(|id| matches!(id, 14..=22 | 27..=36 | 50..=58));
                    styles.push(own.get(&id).copied().unwrap_or(known));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => within = false,
            _ => {}
        }
        Ok(())
    })?;
    Ok(styles)
}

/// The day of a serial number, as 2027-03-31; nothing when it is none. In the older count 1900 is taken for a leap year.
fn day(serial: &str, from_1904: bool) -> Option<String> {
    let whole =
        serial.split('.').next()?.parse::<i32>().ok().filter(|whole| (0..3_000_000).contains(whole))?;
    let first: Date = if from_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
    let shift = if !from_1904 && whole < 61 { whole + 1 } else { whole };
    first.checked_add(shift.days()).ok().map(|day| day.to_string())
}

/// The place of a cell from its name: `AB12` is row 12, column 28.
fn place(name: &str) -> Option<(usize, usize)> {
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    let mut column = 0_usize;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() || column > LAST.1 {
            return None;
        }
        column = column * 26 + usize::from(letter - b'A') + 1;
    }
    let row = digits.parse().ok()?;
    ((1..=LAST.0).contains(&row) && (1..=LAST.1).contains(&column)).then_some((row, column))
}

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    style: usize,
    value: String,
}

/// The rows of a workbook's first sheet: their numbers and their cells.
///
/// # Errors
/// It is no workbook, or larger than the limits.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, NoTable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NoTable::Workbook)?;
    let (sheet, from_1904) = first_sheet(&mut archive)?;
    let (shared, days) = (shared(&mut archive)?, day_styles(&mut archive)?);
    let text = needed(&mut archive, &sheet)?;
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let (mut number, mut cell, mut within, mut aloud) = (0, Cell::default(), false, false);
    // A text that many cells share counts for each of them.
    let (mut cells, mut bytes) = (0, 0);
    each(&text, |event| {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => {
                    let said = attribute(tag, "r").and_then(|said| said.parse::<usize>().ok());
                    let next = said.unwrap_or(number + 1);
                    if next <= number || next > LAST.0 {
                        return Err(NoTable::Workbook);
                    }
                    number = next;
                    rows.push((number, vec![]));
                }
                "c" => {
                    let after = rows.last().map_or(0, |(_, cells)| cells.len());
                    let said = attribute(tag, "r").and_then(|said| place(&said));
                    cell = Cell {
                        column: said.map_or(after + 1, |(_, column)| column),
                        kind: attribute(tag, "t").unwrap_or_default(),
                        style: attribute(tag, "s").and_then(|said| said.parse().ok()).unwrap_or(0),
                        value: String::new(),
                    };
                }
                "v" => within = true,
                "t" => within = !aloud,
                "rPh" => aloud = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => within = false,
                "rPh" => aloud = false,
                "c" => {
                    let Cell { column, kind, style, value } = std::mem::take(&mut cell);
                    let said = match kind.as_str() {
                        "s" => {
                            let at = value.trim().parse::<usize>().ok();
                            let text = at.and_then(|at| shared.get(at)).ok_or(NoTable::Workbook)?;
                            if text.len() > 4 * MOST_IN_CELL {
                                return Err(NoTable::Cell(cell_name(column - 1, number)));
                            }
                            text.clone()
                        }
                        "" | "n" if days.get(style) == Some(&true) => {
                            day(value.trim(), from_1904).unwrap_or(value)
                        }
                        _ => value,
                    };
                    let Some((_, row)) = rows.last_mut() else { return Err(NoTable::Workbook) };
                    if column <= row.len() {
                        return Err(NoTable::Workbook);
                    }
                    // Formats without content reach far to the right: only what says something makes a row long.
                    if !said.is_empty() {
                        cells += column - row.len();
                        bytes += said.len();
                        if cells > MOST_CELLS || bytes > MOST_TEXT {
                            return Err(NoTable::Large);
                        }
                        row.resize(column - 1, String::new());
                        row.push(said);
                    }
                }
                _ => {}
            },
            event if within => add_text(event, &mut cell.value)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;
    use rust_xlsxwriter::{Format, Workbook};
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A workbook that another program wrote.
    fn written() -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        sheet.write(0, 0, "情報資産管理台帳").unwrap();
        for (column, head) in ["No.", "名称", "期限"].into_iter().enumerate() {
            sheet.write(2, column as u16, head).unwrap();
        }
        for row in 3..6_u32 {
            sheet.write(row, 0, f64::from(row - 2)).unwrap();
            sheet.write(row, 1, format!("見積 <{row}> & ①")).unwrap();
            sheet.write_with_format(row, 2, 46_477.0, &day).unwrap();
        }
        sheet.write_blank(3, 900, &day).unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn a_workbook_is_read_as_it_is_seen() {
        let rows = rows(&written()).unwrap();
        assert_eq!(rows[0], (1, vec!["情報資産管理台帳".to_owned()]));
        let heads = ["No.", "名称", "期限"].map(ToOwned::to_owned).to_vec();
        assert_eq!(rows[1], (3, heads));
        assert_eq!(rows[2], (4, vec!["1".to_owned(), "見積 <3> & ①".to_owned(), "2027-03-31".to_owned()]));
        assert_eq!(rows.len(), 5);
    }

    /// A workbook of these parts.
    fn packed(sheet: &str, strings: &str) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut zip = zip::ZipWriter::new(&mut bytes);
        for (name, text) in [
            (
                "xl/workbook.xml",
                r#"<workbook><workbookPr date1904="1"/><sheets><sheet name="a" r:id="r1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<Relationships><Relationship Id="r1" Target="/xl/one.xml"/></Relationships>"#,
            ),
            (
                "xl/styles.xml",
                r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="58"/></cellXfs></styleSheet>"#,
            ),
            ("xl/sharedStrings.xml", strings),
            ("xl/one.xml", sheet),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn what_the_standard_allows_is_read() {
        let strings = "<sst><si><t>山田</t><rPh sb=\"0\" eb=\"2\"><t>ヤマダ</t></rPh></si><si><r><t>太</t></r><r><t>郎&#x2460;</t></r></si></sst>";
        let sheet = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>\
                     <row r=\"7\"><c r=\"C7\" t=\"inlineStr\"><is><t>a<![CDATA[<b>]]></t></is></c><c r=\"D7\" s=\"1\"><v>0</v></c>\
                     <c r=\"F7\"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>";
        let rows = rows(&packed(sheet, strings)).unwrap();
        assert_eq!(rows[0], (1, vec!["山田".to_owned(), "太郎①".to_owned()]));
        let seventh = ["", "", "a<b>", "1904-01-01", "", "2"].map(ToOwned::to_owned).to_vec();
        assert_eq!(rows[1], (7, seventh));
    }

    #[test]
    fn what_is_none_is_refused() {
        let strings = "<sst/>";
        let sheet =
            |inner: &str| packed(&format!("<worksheet><sheetData>{inner}</sheetData></worksheet>"), strings);
        for wrong in [
            sheet("<row r=\"2\"/><row r=\"1\"/>"),
            sheet("<row r=\"99999999\"/>"),
            sheet("<row><c t=\"s\"><v>0</v></c></row>"),
            sheet("<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>"),
            sheet("<c><v>1</v></c>"),
            sheet("<row><c><v>&unknown;</v></c></row>"),
            sheet("<row></c>"),
            packed(
                "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet><row><c><v>&a;</v></c></row></worksheet>",
                strings,
            ),
            b"PK\x03\x04".to_vec(),
        ] {
            assert_eq!(rows(&wrong), Err(NoTable::Workbook), "{}", String::from_utf8_lossy(&wrong));
        }
        // One long text in many cells is not copied into each, nor is a shorter one without end.
        let many = |text: &str| {
            let cells = "<row><c t=\"s\"><v>0</v></c></row>".repeat(20_000);
            packed(
                &format!("<worksheet><sheetData>{cells}</sheetData></worksheet>"),
                &format!("<sst><si><t>{text}</t></si></sst>"),
            )
        };
        assert_eq!(rows(&many(&"x".repeat(1 << 20))), Err(NoTable::Cell("A1".to_owned())));
        assert_eq!(rows(&many(&"x".repeat(4_000))), Err(NoTable::Large));
        // What unpacks to more than it should is not unpacked.
        let bomb = format!("<sst>{}</sst>", " ".repeat(usize::try_from(MOST_UNPACKED).unwrap()));
        let bomb = packed("<worksheet/>", &bomb);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(rows(&bomb), Err(NoTable::Large));
    }

    #[test]
    fn days_are_counted_as_spreadsheets_count_them() {
        assert_eq!(day("1", false).as_deref(), Some("1900-01-01"));
        assert_eq!(day("59", false).as_deref(), Some("1900-02-28"));
        assert_eq!(day("61", false).as_deref(), Some("1900-03-01"));
        assert_eq!(day("46477.75", false).as_deref(), Some("2027-03-31"));
        assert_eq!(day("-1", false), None);
        assert_eq!(day("1e9", false), None);
        assert!(is_day_format("[$-411]ggge\"年\"m\"月\"d\"日\"") && !is_day_format("0.00\"day\"[Red]"));
        assert_eq!([place("A1"), place("XFD1048576")], [Some((1, 1)), Some(LAST)]);
        assert_eq!([place("XFE1"), place("A0"), place("1A"), place("a1"), place("ZZZZZZZZ1")], [None; 5]);
    }

    proptest! {
        /// A workbook with bytes changed is refused or read, and never more than that.
        #[test]
        fn a_damaged_workbook_is_no_danger(at in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..20)) {
            let mut bytes = written();
            let length = bytes.len();
            for (at, byte) in at {
                bytes[at as usize % length] = byte;
            }
            let _ = rows(&bytes);
        }
    }
}
