//! The layout that ARCHITECTURE.md promises, held by looking at the source; and its table of clauses.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kura::rules::pack::{Pack, model};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file below a folder, with its path from there.
fn sources(folder: &Path) -> Vec<(String, String)> {
    fn walk(folder: &Path, top: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, top, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

/// The part of a file before its unit tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

#[test]
fn sql_stands_in_stores_only() {
    let verbs = ["select ", "insert into ", "update ", "delete from ", "pragma "];
    let mut seen = 0;
    for (name, text) in sources(&root().join("crates/kura/src")) {
        let home = name.ends_with("store.rs") || name.starts_with("db/") || name.starts_with("rules/scope");
        let calls = product(&text).contains("sqlx::query");
        let quoted = verbs.iter().any(|verb| product(&text).contains(&format!("\"{verb}")));
        seen += usize::from(home && (calls || quoted));
        assert!(
            home || !(calls || quoted),
            "{name} holds SQL: move the statement to the capability's store.rs"
        );
    }
    assert!(seen >= 5, "the test looks at the right files");
}

#[test]
fn edges_speak_http_and_nothing_else_does() {
    for (name, text) in sources(&root().join("crates/kura/src")) {
        let http = product(&text).contains("axum::") || product(&text).contains("use axum");
        let served = ["api/", "web/"].iter().any(|folder| name.starts_with(folder))
            || ["app.rs", "serve.rs", "cli/keep.rs"].contains(&name.as_str())
            || name.ends_with("page.rs");
        assert!(served || !http, "{name} speaks HTTP: that belongs to an edge, or to a page");
        let client = product(&text).contains("ureq::");
        let asks = name.starts_with("cli/") || ["openid.rs", "outgoing.rs"].contains(&name.as_str());
        assert!(
            asks || !client,
            "{name} asks another server: that belongs to the command line and the sign-in"
        );
    }
}

#[test]
fn capabilities_know_no_edge_and_the_door_no_capability() {
    let edges = ["crate::api", "crate::cli", "crate::demo", "crate::catalogue"];
    for (name, text) in sources(&root().join("crates/kura/src")) {
        let lower = [
            "people/", "matters/", "custody/", "bodies/", "duties/", "policy/", "backup/", "door/", "rules/",
            "db/", "ledger/",
        ];
        if lower.iter().any(|folder| name.starts_with(folder)) {
            for edge in edges {
                assert!(!product(&text).contains(edge), "{name} uses {edge}: imports run from edges inward");
            }
            let page = name.ends_with("page.rs") || name == "custody/lineage.rs";
            for kit in ["crate::web", "crate::app"] {
                assert!(page || !product(&text).contains(kit), "{name} uses {kit}: only a page does");
            }
        }
        if ["door/", "rules/", "db/"].iter().any(|folder| name.starts_with(folder)) {
            for capability in ["crate::people", "crate::matters", "crate::custody"] {
                assert!(!product(&text).contains(capability), "{name} uses {capability}");
            }
        }
    }
}

/// The literals within a call's parentheses, which begin at the start of the text; `{name}` as `{}`.
fn literals(text: &str) -> Vec<String> {
    let (mut found, mut depth, mut chars) = (Vec::new(), 0, text.chars());
    while let Some(c) = chars.next() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => break,
            ')' => depth -= 1,
            '"' => {
                let mut literal = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    match c {
                        '\\' => match chars.next() {
                            Some('\n') => {
                                let rest = chars.as_str().trim_start();
                                chars = rest.chars();
                            }
                            Some(escaped) => literal.extend(['\\', escaped]),
                            None => break,
                        },
                        '{' => {
                            chars.by_ref().find(|c| *c == '}');
                            literal.push_str("{}");
                        }
                        c => literal.push(c),
                    }
                }
                found.push(literal);
            }
            _ => {}
        }
    }
    found
}

/// Whatever a form can be told is told in Japanese too.
#[test]
fn every_error_of_a_capability_has_its_japanese() {
    let said = fs::read_to_string(root().join("crates/kura/src/web/said.rs")).unwrap();
    let mut seen = 0;
    for (name, text) in sources(&root().join("crates/kura/src")) {
        let told = [
            "custody/",
            "matters/",
            "people/",
            "passkeys",
            "policy/",
            "duties/",
            "bodies/",
            "evaluation/",
            "inspection/",
            "violations/",
            "changes/",
            "web/",
        ];
        if !told.iter().any(|folder| name.starts_with(folder))
            && name != "sign_in.rs"
            && name != "door/pass.rs"
        {
            continue;
        }
        for call in ["Error::conflict", "Error::invalid"] {
            for (at, _) in product(&text).match_indices(call) {
                let Some(last) = literals(&text[at + call.len()..]).pop() else { continue };
                let fields = ["", "statement", "upload", "matter", "item", "request", "store"];
                if fields.contains(&last.as_str()) || last == "{}: {}" || last == ", " || !last.contains(' ')
                {
                    continue;
                }
                seen += 1;
                assert!(
                    said.contains(&format!("\"{last}\",")),
                    "{name}: no Japanese for {last:?}: see web/said.rs"
                );
            }
        }
    }
    assert!(seen > 60, "the test looks at the right calls: {seen}");
}

/// The text of a template that is neither markup nor an expression.
fn bare_text(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("<", ">")] {
        while let Some(at) = text.find(open) {
            let end = text[at..].find(close).map_or(text.len(), |end| at + end + close.len());
            text.replace_range(at..end, " ");
        }
    }
    text
}

fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// Names that are the same in every language.
const NAMES: &[&str] = &[
    "Kura",
    "OSCAL",
    "doctor",
    "Cookie",
    "SQLite",
    "PostgreSQL",
    "CP",
    "XLSX",
    "ZIP",
    "Shift",
    "JIS",
    "kura",
    "verify",
    "SHA",
    "CSR",
    "CSV",
    "AI",
    "MB",
    "MiB",
    "KB",
    "PC",
    "UTF",
    "U",
    "age",
    "English",
    "PostgreSQL",
    "localhost",
];

#[test]
fn no_word_of_one_language_stands_in_the_other() {
    for (name, text) in files(&root().join("crates/kura/templates"), "html") {
        for word in bare_text(&text).split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            assert!(
                ["Kura", "蔵", "SHA", "utf", "Class"].contains(&word),
                "{name} says {word:?} in no language's words"
            );
        }
    }
    let japanese = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    for (name, text) in files(&root().join("crates/kura/locales/en"), "ftl") {
        for line in text.lines().filter(|line| !line.starts_with("other-language")) {
            assert!(!line.chars().any(japanese), "{name}: {line}");
        }
    }
    for (name, text) in files(&root().join("crates/kura/locales/ja"), "ftl") {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let said = line.split_once(" = ").map_or(line, |(_, said)| said);
            let said = said
                .trim_start()
                .strip_prefix("*[")
                .or(said.trim_start().strip_prefix('['))
                .map_or(said, |said| said.split_once(']').map_or("", |(_, said)| said));
            let mut plain = said.to_owned();
            while let Some(at) = plain.find('{') {
                let end = plain[at..].find('}').map_or(plain.len(), |end| at + end + 1);
                plain.replace_range(at..end, " ");
            }
            for word in plain.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()) {
                assert!(NAMES.contains(&word), "{name}: {word:?} in {line}");
            }
        }
    }
}

/// A message's values are given in the order in which they first stand in the Japanese text; what is said above it must
/// name them in that order, or whoever reads it gives one for the other.
#[test]
fn values_of_a_message_are_named_in_the_order_in_which_they_are_given() {
    for (name, text) in files(&root().join("crates/kura/locales/ja"), "ftl") {
        let (mut named, mut stands): (Vec<&str>, Vec<&str>) = (vec![], vec![]);
        for line in text.lines().chain([""; 1]) {
            if let Some(value) = line.strip_prefix("# $") {
                if !stands.is_empty() {
                    (named, stands) = (vec![], vec![]);
                }
                named.extend(value.split(' ').next());
                continue;
            }
            if line.is_empty() || line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                assert!(named.starts_with(&stands), "{name}: {named:?} are given as {stands:?}");
                if line.is_empty() || !stands.is_empty() {
                    (named, stands) = (vec![], vec![]);
                }
            }
            for value in line.split('$').skip(1) {
                let end = value.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(value.len());
                if !stands.contains(&&value[..end]) {
                    stands.push(&value[..end]);
                }
            }
        }
    }
}

#[test]
fn only_the_door_holds_the_keyring() {
    for (name, text) in sources(&root().join("crates/kura/src")) {
        let holds = ["keyring::Keyring;", "keyring::{self, Keyring}"]
            .iter()
            .any(|name| product(&text).contains(name))
            || product(&text).contains("Opener::new");
        let may = name.starts_with("door/")
            || ["install.rs", "doctor.rs", "backup/restore.rs"].contains(&name.as_str());
        assert!(may || !holds, "{name} touches keys: content opens through the door only");
    }
}

#[test]
fn no_word_of_unsafe_and_no_silenced_lint() {
    for folder in ["crates/kura/src", "crates/kura-ledger/src", "crates/kura-vault/src", "xtask/src"] {
        for (name, text) in sources(&root().join(folder)) {
            assert!(!text.contains("unsafe "), "{folder}/{name}");
            assert!(!text.contains("#[allow("), "{folder}/{name}: use #[expect(…, reason = …)]");
        }
    }
}

#[test]
fn files_stay_small() {
    for folder in ["crates/kura/src", "crates/kura-ledger/src", "crates/kura-vault/src"] {
        for (name, text) in sources(&root().join(folder)) {
            let lines = product(&text).lines().count();
            assert!(lines <= 900, "{folder}/{name} has {lines} lines: it is two modules");
        }
    }
}

/// Titles of the clauses that have a rule or an operation in the foundation, and the tests named for each.
fn clauses() -> String {
    let pack = Pack::load(&model()).unwrap();
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let folders = ["kura/tests", "kura/src", "kura-ledger/tests", "kura-ledger/src", "kura-vault/src"];
    let names: Vec<_> =
        folders.iter().flat_map(|folder| sources(&root().join("crates").join(folder))).collect();
    for (_, text) in &names {
        for line in text.lines().filter(|line| line.contains("fn ")) {
            let name = line.split("fn ").nth(1).unwrap().split(['(', '<']).next().unwrap();
            for clause in &pack.clauses {
                let stem = clause.id.replace('-', "_");
                if name.strip_prefix(&stem).is_some_and(|rest| rest.starts_with('_')) {
                    tests.entry(clause.id.clone()).or_default().insert(name.to_owned());
                }
            }
        }
    }
    let mut table = "| clause | rules | duties | where | tests |\n|---|---|---|---|---|\n".to_owned();
    for clause in &pack.clauses {
        let rules: Vec<&str> = pack
            .rules
            .values()
            .filter(|rule| rule.clause == clause.id)
            .map(|rule| rule.id.as_str())
            .collect();
        let place = match clause.id.as_str() {
            "basic-1a" | "basic-1b" | "std-3-5" => "`custody/`",
            "basic-1c" | "std-3-2" => "`door/`, `rules/`",
            "basic-1d" => "`training/`, `door/refusal.rs`, `rules/explain.rs`",
            "basic-2" => "`people/`, `rules/`, `policy/` (requirements)",
            "basic-3" | "std-3-1" => "`people/`, `rules/`",
            "std-2-2" => "`matters/`, `custody/transmit.rs`",
            "system" => "`backup/`, `changes/`, `install.rs`",
            "std-2-1" => "`door/content.rs` (suspension)",
            "std-3-4" => "`custody/reclassify.rs`",
            "std-4-1" => "`evaluation/`, `inspection/`, `ledger/`, `duties/`, `kura-verify`",
            "basic-4" => "`violations/`",
            "std-1" => "`duties/`, `bodies/`, `training/`",
            "basic-5" | "std-4-2" | "suppl" => "`policy/`",
            _ => "later",
        };
        let duties = pack.duties.iter().filter(|duty| duty.clause == clause.id);
        let duties: Vec<&str> = duties.map(|duty| duty.id.as_str()).collect();
        let tests: Vec<String> =
            tests.get(&clause.id).into_iter().flatten().map(|name| format!("`{name}`")).collect();
        table.push_str(&format!(
            "| `{}` {} | {} | {} | {place} | {} |\n",
            clause.id,
            clause.ja,
            if rules.is_empty() { "—".to_owned() } else { rules.join(", ") },
            if duties.is_empty() { "—".to_owned() } else { duties.join(", ") },
            if tests.is_empty() { "—".to_owned() } else { tests.join(", ") },
        ));
    }
    table
}

const BEGIN: &str = "<!-- clauses:begin -->\n";
const END: &str = "<!-- clauses:end -->";

#[test]
fn the_table_of_clauses_is_true() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, rest) = text.split_once(BEGIN).unwrap();
    let (table, _) = rest.split_once(END).unwrap();
    assert!(table == clauses(), "write it: cargo test -p kura --test layout -- --ignored write");
}

#[test]
#[ignore = "writes the table of clauses into ARCHITECTURE.md"]
fn write_the_table_of_clauses() {
    let path = root().join("ARCHITECTURE.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", clauses())).unwrap();
}
