//! Where in a pack something is wrong: the file, and the line in it.

use miette::Diagnostic;

use super::documents::line;
use super::pack::{Files, PackError};

/// What is wrong with a text in Cedar's languages, by its line.
pub(super) fn told(error: &(impl Diagnostic + ?Sized), text: &str) -> String {
    let place = error.labels().and_then(|mut labels| labels.next());
    let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
    match place {
        Some(place) => format!("line {}: {error}{help}", line(text, place.offset())),
        None => format!("{error}{help}"),
    }
}

/// How a rule names itself in its file.
fn mark(id: &str) -> String {
    format!("@id(\"{id}\")")
}

/// The file in which a rule stands, with its text.
fn stands<'f>(files: &'f Files, id: &str) -> Option<(&'f String, &'f String)> {
    files.iter().find(|(name, text)| name.starts_with("rules/") && text.contains(&mark(id)))
}

/// What is wrong with the rule of this id, by its file and line.
pub(super) fn of_rule(files: &Files, id: &str, what: impl Into<String>) -> PackError {
    match stands(files, id) {
        Some((file, text)) => of_rule_in(file, text, id, what),
        None => PackError { file: "rules".to_owned(), what: what.into() },
    }
}

/// What is wrong with a rule in the file that is being read: with the last one of this id there, which another may have.
pub(super) fn of_rule_in(file: &str, text: &str, id: &str, what: impl Into<String>) -> PackError {
    let what = what.into();
    let what = match text.rfind(&mark(id)) {
        Some(at) => format!("line {}: {what}", line(text, at)),
        None => what,
    };
    PackError { file: file.to_owned(), what }
}

/// What is wrong with a rule, where the text says which: `rule x: …`.
pub(super) fn of_named(files: &Files, what: &str) -> PackError {
    let named = what.find("rule ").map(|at| &what[at..]);
    let id = named.and_then(|named| named.strip_prefix("rule ")?.split_once(": "));
    match (named, id) {
        (Some(named), Some((id, _))) => of_rule(files, id, named),
        _ => of_rule(files, "", what),
    }
}

/// What the validator says of a rule, by its file and the line that it names.
pub(super) fn of_validation(files: &Files, error: &(impl Diagnostic + ?Sized)) -> PackError {
    let said = error.to_string();
    let id = said.split_once("for policy `").and_then(|(_, rest)| rest.split_once('`')).map(|(id, _)| id);
    match id.and_then(|id| stands(files, id)) {
        Some((file, text)) => PackError { file: file.clone(), what: told(error, text) },
        None => PackError { file: "rules".to_owned(), what: said },
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::pack::{Pack, model};

    fn wrong(file: &str, from: &str, to: &str) -> String {
        let mut files = model();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        *text = text.replacen(from, to, 1);
        Pack::load(&files).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_file_and_line() {
        let scope = "rules/10-scope.cedar";
        for (file, from, to, told) in [
            (
                scope,
                "when { principal.suspended };",
                "when { principal.suspended = 1 };",
                "10-scope.cedar: line 17: ",
            ),
            (scope, "principal.suspended", "principal.suspend", "10-scope.cedar: line 17: "),
            (
                scope,
                "@clause(\"basic-3\")",
                "@clause(\"basic-9\")",
                "10-scope.cedar: line 3: rule scope-employment",
            ),
            (scope, "@id(\"scope-employment\")\n", "", "10-scope.cedar: a rule (without @id) lacks @id"),
            (
                scope,
                "@id(\"scope-suspended\")",
                "@id(\"scope-employment\")",
                "10-scope.cedar: line 11: two rules",
            ),
            (
                "rules/50-life.cedar",
                "@lesson(\"custodian/return\")",
                "@lesson(\"x\")",
                "50-life.cedar: line 68: ",
            ),
            ("invariants/10-scope.cedar", "forbid", "forbidd", "invariants/10-scope.cedar: line "),
            ("schema.cedarschema", "entity ", "entitty ", "schema.cedarschema: line "),
        ] {
            let said = wrong(file, from, to);
            assert!(said.contains(told), "{to}: {said}");
        }
    }
}
