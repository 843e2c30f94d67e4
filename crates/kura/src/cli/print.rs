//! Results for people: a value as lines of name and value, a list as a table, a list of what holds lists itself as one
//! block after another.

use serde_json::{Map, Value};

/// Columns that a list within a block takes at most.
const WIDE: usize = 160;
/// Columns of one of its cells at most.
const CELL: usize = 48;

type Row = Map<String, Value>;

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Columns that a character takes on a terminal: most Japanese ones take two.
fn columns(c: char) -> usize {
    if matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{FFDC}') { 2 } else { 1 }
}

fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// A text on one line, cut where it would be too long for a cell.
fn short(text: &str) -> String {
    let line = text.replace('\n', " ");
    if width(&line) <= CELL {
        return line;
    }
    let mut taken = 0;
    let fits = line.chars().take_while(|c| {
        taken += columns(*c);
        taken < CELL
    });
    fits.chain(['…']).collect()
}

/// Whether a value fits into a cell.
fn plain(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(values) => values.iter().all(plain),
        _ => true,
    }
}

fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

/// How people read results.
struct Reader {
    /// Whether they read Japanese: of a text in both languages one is enough.
    japanese: bool,
}

impl Reader {
    /// As the environment says (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    fn here() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
        Self { japanese: set.is_some_and(|set| set.starts_with("ja")) }
    }

    /// Whether a field is only what another one says in the reader's language.
    fn passes_over(&self, row: &Row, name: &str) -> bool {
        let (own, other) = if self.japanese { ("ja", "en") } else { ("en", "ja") };
        name.strip_suffix(other).is_some_and(|stem| {
            (stem.is_empty() || stem.ends_with('_'))
                && row.get(&format!("{stem}{own}")).is_some_and(|said| !empty(said))
        })
    }

    /// Rows below these names, a cell at most so wide.
    fn lines(names: &[&String], cells: &[Vec<String>], indent: &str) -> String {
        let widest = |column: usize| cells.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        let widths = names.iter().enumerate().map(|(column, name)| widest(column).max(name.len()));
        let widths: Vec<usize> = widths.collect();
        let line = |cells: Vec<&str>| {
            let mut line = indent.to_owned();
            for (text, wide) in cells.iter().zip(&widths) {
                line.push_str(text);
                line.push_str(&" ".repeat(wide - width(text) + 2));
            }
            format!("{}\n", line.trim_end())
        };
        let mut text = line(names.iter().map(|name| name.as_str()).collect());
        for row in cells {
            text.push_str(&line(row.iter().map(String::as_str).collect()));
        }
        text
    }

    /// Rows of plain values: every one of them, whole.
    fn table(rows: &[&Row], indent: &str) -> String {
        let names: Vec<&String> = rows.first().into_iter().flat_map(|row| row.keys()).collect();
        let of = |row: &&Row| names.iter().map(|name| cell(row.get(*name).unwrap_or(&Value::Null))).collect();
        let cells: Vec<Vec<String>> = rows.iter().map(of).collect();
        Self::lines(&names, &cells, indent)
    }

    /// Rows within a block: the plain values that say anything, shortened, as many as there is room for.
    fn digest(&self, rows: &[&Row], indent: &str) -> String {
        let mut left = WIDE;
        let names = rows.first().into_iter().flat_map(|row| row.keys()).filter(|name| {
            let values = || rows.iter().filter_map(|row| row.get(*name));
            values().all(plain) && !values().all(empty) && !rows.iter().all(|row| self.passes_over(row, name))
        });
        let names = names.map_while(|name| {
            let widest = rows.iter().filter_map(|row| row.get(name)).map(|value| width(&short(&cell(value))));
            left = left.checked_sub(widest.max().unwrap_or(0).max(name.len()) + 2)?;
            Some(name)
        });
        let names: Vec<&String> = names.collect();
        let of = |row: &&Row| {
            names.iter().map(|name| short(&cell(row.get(*name).unwrap_or(&Value::Null)))).collect()
        };
        let cells: Vec<Vec<String>> = rows.iter().map(of).collect();
        Self::lines(&names, &cells, indent)
    }

    fn list(&self, values: &[Value], indent: &str, within: bool) -> String {
        let rows: Vec<&Row> = values.iter().filter_map(Value::as_object).collect();
        if rows.iter().all(|row| row.values().all(plain)) {
            return Self::table(&rows, indent);
        }
        if within {
            return self.digest(&rows, indent);
        }
        let blocks: Vec<String> = rows.iter().map(|row| self.fields(row, indent, true)).collect();
        blocks.join("\n")
    }

    /// A value's fields, a line each. In a block of a list, what says nothing is left out, and so is what another field
    /// says in the reader's language.
    fn fields(&self, fields: &Row, indent: &str, block: bool) -> String {
        let shown = |name: &str, value: &Value| {
            !value.is_null()
                && !matches!(value, Value::Array(values) if values.is_empty())
                && !(block && (empty(value) || self.passes_over(fields, name)))
        };
        let shown: Vec<_> = fields.iter().filter(|(name, value)| shown(name, value)).collect();
        let widest = if block { shown.iter().map(|(name, _)| name.len()).max() } else { None };
        let widest = widest.or(fields.keys().map(String::len).max()).unwrap_or(0);
        let deeper = format!("{indent}  ");
        let mut text = String::new();
        for (name, value) in shown {
            match value {
                Value::Array(values) if values.iter().all(Value::is_object) => {
                    text.push_str(&format!("{indent}{name}:\n{}", self.list(values, &deeper, block)));
                }
                Value::Object(fields) => {
                    text.push_str(&format!("{indent}{name}:\n{}", self.fields(fields, &deeper, block)));
                }
                other => text.push_str(&format!("{indent}{name:widest$}  {}\n", cell(other))),
            }
        }
        text
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Object(fields) => self.fields(fields, "", false),
            Value::Array(values) if values.iter().all(Value::is_object) => self.list(values, "", false),
            other => format!("{}\n", cell(other)),
        }
    }
}

/// A result as text.
pub(super) fn text(value: &Value) -> String {
    Reader::here().text(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_tables_and_japanese_lines_up() {
        let value = json!({ "items": [{ "name": "契約書", "size": 3 }, { "name": "memo", "size": 12 }], "next": null, "yes": true });
        let expected = "items:\n  name    size\n  契約書  3\n  memo    12\nyes    yes\n";
        assert_eq!(Reader { japanese: false }.text(&value), expected);
    }

    #[test]
    fn a_list_of_what_holds_lists_is_one_block_after_another_in_the_readers_language() {
        let times = json!([{ "day": "2026-11-29", "told": "見".repeat(40), "note": "" }, { "day": "2026-11-30", "told": "", "note": "" }]);
        let value = json!([
            { "duty": "a", "ja": "台帳を検証する", "en": "Verify the ledger", "how_ja": "", "how_en": "How", "last": null, "times": times },
            { "duty": "b", "ja": "見直す", "en": "", "how_ja": "", "how_en": "", "last": { "day": "2026-11-01", "by": "" }, "times": [] },
        ]);
        let told = Reader { japanese: false }.text(&value);
        assert!(
            told.starts_with("duty    a\nen      Verify the ledger\nhow_en  How\ntimes:\n  day "),
            "{told}"
        );
        assert!(told.ends_with("\nduty  b\nja    見直す\nlast:\n  day  2026-11-01\n"), "{told}");
        let told = Reader { japanese: true }.text(&value);
        assert!(told.starts_with("duty    a\nja      台帳を検証する\nhow_en  How\n"), "{told}");
        // What holds more than plain values within a block is a digest: cut, and no wider than a screen.
        let deep: Vec<Value> =
            (0..3).map(|n| json!({ "id": n, "long": "あ".repeat(60), "in": { "x": 1 } })).collect();
        let told = Reader { japanese: true }.text(&json!([{ "deep": deep }]));
        assert!(
            told.lines().all(|line| width(line) <= WIDE) && told.contains('…') && !told.contains("in"),
            "{told}"
        );
    }
}
