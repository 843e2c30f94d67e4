//! Results for people: a value as lines of name and value, a list as a table.

use serde_json::{Map, Value};

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

/// Columns that a text takes on a terminal: most Japanese characters take two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{FFDC}') { 2 } else { 1 })
        .sum()
}

fn table(rows: &[&Map<String, Value>], indent: &str) -> String {
    let Some(first) = rows.first() else {
        return String::new();
    };
    let names: Vec<&String> = first.keys().collect();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| names.iter().map(|name| cell(row.get(*name).unwrap_or(&Value::Null))).collect())
        .collect();
    let widths: Vec<usize> = (0..names.len())
        .map(|column| {
            let widest = cells.iter().map(|row| width(&row[column])).max().unwrap_or(0);
            widest.max(names[column].len())
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let mut line = indent.to_owned();
        for (text, wide) in cells.iter().zip(&widths) {
            line.push_str(text);
            line.push_str(&" ".repeat(wide - width(text) + 2));
        }
        format!("{}\n", line.trim_end())
    };
    let mut text = line(names.iter().map(|name| name.as_str()).collect());
    for row in &cells {
        text.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    text
}

/// A result as text.
pub(super) fn text(value: &Value, indent: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(fields) => {
            let widest = fields.keys().map(String::len).max().unwrap_or(0);
            let mut text = String::new();
            for (name, value) in fields {
                let deeper = format!("{indent}  ");
                match value {
                    Value::Array(values) if values.is_empty() => {}
                    Value::Null => {}
                    Value::Array(values) if values.iter().all(Value::is_object) => {
                        let rows: Vec<_> = values.iter().filter_map(Value::as_object).collect();
                        text.push_str(&format!("{indent}{name}:\n{}", table(&rows, &deeper)));
                    }
                    Value::Object(_) => {
                        text.push_str(&format!("{indent}{name}:\n{}", self::text(value, &deeper)))
                    }
                    other => text.push_str(&format!("{indent}{name:widest$}  {}\n", cell(other))),
                }
            }
            text
        }
        Value::Array(values) if values.iter().all(Value::is_object) => {
            let rows: Vec<_> = values.iter().filter_map(Value::as_object).collect();
            table(&rows, indent)
        }
        other => format!("{indent}{}\n", cell(other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_tables_and_japanese_lines_up() {
        let value = json!({ "items": [{ "name": "契約書", "size": 3 }, { "name": "memo", "size": 12 }], "next": null, "yes": true });
        let expected = "items:\n  name    size\n  契約書  3\n  memo    12\nyes    yes\n";
        assert_eq!(text(&value, ""), expected);
    }
}
