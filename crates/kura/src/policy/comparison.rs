//! 新旧対照表: the comparison table of two versions of documents, made from their texts and never typed.
//!
//! Clauses are compared by their ids, so that one that moved or got another label is still the same clause; within a
//! clause, words. What is no clause (a chapter's heading, what stands below a title) is known by its words.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::rules::courses::Courses;
use crate::rules::documents::{Document, Part, Text};
use crate::rules::duties::Duty;

/// How long two texts are compared: after it the rest is told more coarsely.
const LONGEST: Duration = Duration::from_millis(500);

/// A stretch of text, and whether both versions have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Stretch {
    /// same, removed or added.
    pub is: String,
    /// The text.
    pub text: String,
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Differs {
    /// The clause, when it is one.
    pub clause: Option<String>,
    /// added, removed, changed or moved.
    pub how: String,
    /// Heading and text in Japanese, old and new in one.
    pub ja: Vec<Stretch>,
    /// Heading and text in English.
    pub en: Vec<Stretch>,
}

/// A document that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DocumentDiffers {
    /// The document.
    pub document: String,
    /// added, removed or changed.
    pub how: String,
    /// Its title in Japanese.
    pub ja: String,
    /// Its title in English.
    pub en: String,
    /// Its parts that differ, in the order of the new text.
    pub parts: Vec<Differs>,
}

/// What differs between two sets of documents.
pub(crate) fn compare(old: &[Document], new: &[Document]) -> Vec<DocumentDiffers> {
    let mut found = Vec::new();
    for document in new {
        let before = old.iter().find(|other| other.id == document.id);
        if before == Some(document) {
            continue;
        }
        found.push(DocumentDiffers {
            document: document.id.clone(),
            how: if before.is_some() { "changed" } else { "added" }.to_owned(),
            ja: document.ja.title.clone(),
            en: document.en.title.clone(),
            parts: parts(before, Some(document)),
        });
    }
    for document in old.iter().filter(|document| !new.iter().any(|other| other.id == document.id)) {
        found.push(DocumentDiffers {
            document: document.id.clone(),
            how: "removed".to_owned(),
            ja: document.ja.title.clone(),
            en: document.en.title.clone(),
            parts: parts(Some(document), None),
        });
    }
    found
}

/// Duties that come, go or change, by id.
pub(crate) fn duties(old: &[Duty], new: &[Duty]) -> BTreeMap<String, String> {
    listed(old, new, |duty| &duty.id, Duty::is_same)
}

/// Courses that come, go or change, by id, each with added, removed or changed.
pub(crate) fn courses(old: &Courses, new: &Courses) -> BTreeMap<String, String> {
    listed(&old.all, &new.all, |course| &course.id, PartialEq::eq)
}

fn listed<T>(
    old: &[T],
    new: &[T],
    id: impl Fn(&T) -> &String,
    same: impl Fn(&T, &T) -> bool,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for one in new {
        match old.iter().find(|other| id(other) == id(one)) {
            None => found.insert(id(one).clone(), "added".to_owned()),
            Some(before) if !same(before, one) => found.insert(id(one).clone(), "changed".to_owned()),
            Some(_) => None,
        };
    }
    for one in old.iter().filter(|one| !new.iter().any(|other| id(other) == id(one))) {
        found.insert(id(one).clone(), "removed".to_owned());
    }
    found
}

/// What a part is known by in both versions: its clause, or its place among the parts that are none.
type Key = (Option<String>, usize);

/// The parts of a text by what they are known by, in their order.
fn keyed(text: Option<&Text>) -> Vec<(Key, &Part)> {
    let mut bare = 0;
    let parts = text.into_iter().flat_map(|text| &text.parts);
    let keyed = parts.map(|part| match &part.clause {
        Some(clause) => ((Some(clause.clone()), 0), part),
        None => {
            bare += 1;
            ((None, bare), part)
        }
    });
    keyed.collect()
}

/// A part as it is compared: its heading above its text.
fn whole(part: &Part) -> String {
    match part.heading.as_str() {
        "" => part.body.clone(),
        heading => format!("{heading}\n\n{}", part.body),
    }
}

fn parts(old: Option<&Document>, new: Option<&Document>) -> Vec<Differs> {
    let both = |of: fn(&Document) -> &Text| (keyed(old.map(of)), keyed(new.map(of)));
    let ((old_ja, new_ja), (old_en, new_en)) = (both(|document| &document.ja), both(|document| &document.en));
    let by = |list: &[(Key, &Part)]| -> BTreeMap<Key, String> {
        list.iter().map(|(key, part)| (key.clone(), whole(part))).collect()
    };
    let (before_en, after_en) = (by(&old_en), by(&new_en));
    let (before_ja, after_ja) = (by(&old_ja), by(&new_ja));
    // The order of the clauses that both have tells which moved.
    let order = |list: &[(Key, &Part)], other: &BTreeMap<Key, String>| -> Vec<Key> {
        list.iter().map(|(key, _)| key.clone()).filter(|key| other.contains_key(key)).collect()
    };
    let moved = moved(&order(&old_ja, &after_ja), &order(&new_ja, &before_ja));
    let mut found = Vec::new();
    let gone = old_ja.iter().map(|(key, _)| key).filter(|key| !after_ja.contains_key(key));
    for key in new_ja.iter().map(|(key, _)| key).chain(gone) {
        let (before, after) = (before_ja.get(key), after_ja.get(key));
        let same = before == after && before_en.get(key) == after_en.get(key);
        let how = match (before, after) {
            (Some(_), Some(_)) if !same => "changed",
            (Some(_), Some(_)) if moved.contains(key) => "moved",
            (Some(_), Some(_)) => continue,
            (None, _) => "added",
            (Some(_), None) => "removed",
        };
        let none = String::new();
        found.push(Differs {
            clause: key.0.clone(),
            how: how.to_owned(),
            ja: stretches(before.unwrap_or(&none), after.unwrap_or(&none)),
            en: stretches(before_en.get(key).unwrap_or(&none), after_en.get(key).unwrap_or(&none)),
        });
    }
    found
}

/// Those of the same parts in two orders that moved: the fewest whose removal leaves the same order.
fn moved(old: &[Key], new: &[Key]) -> Vec<Key> {
    let kept = similar::capture_diff_slices(similar::Algorithm::Myers, old, new);
    let stays = |key: &Key| {
        kept.iter().any(|op| {
            op.tag() == similar::DiffTag::Equal
                && new.get(op.new_range()).is_some_and(|keys| keys.contains(key))
        })
    };
    new.iter().filter(|key| !stays(key)).cloned().collect()
}

/// A comparison as plain text: what was removed as [-…-], what was added as {+…+}.
pub(crate) fn marked(stretches: &[Stretch]) -> String {
    let mark = |stretch: &Stretch| match stretch.is.as_str() {
        "removed" => format!("[-{}-]", stretch.text),
        "added" => format!("{{+{}+}}", stretch.text),
        _ => stretch.text.clone(),
    };
    stretches.iter().map(mark).collect()
}

/// Two texts in one, word by word. Words that changed one after another are told as one change, not word for word.
fn stretches(old: &str, new: &str) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    // What was removed and added since the last word that stayed, and the space after it.
    let (mut removed, mut added, mut space) = (String::new(), String::new(), String::new());
    let mut push = |is: &str, text: &str| match found.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.is == is => last.text.push_str(text),
        _ => found.push(Stretch { is: is.to_owned(), text: text.to_owned() }),
    };
    let changes = TextDiff::configure().timeout(LONGEST).diff_unicode_words(old, new);
    for change in changes.iter_all_changes() {
        let (tag, text) = (change.tag(), change.value());
        if tag == ChangeTag::Equal {
            let changing = !removed.is_empty() || !added.is_empty();
            if changing && space.is_empty() && text.trim().is_empty() && !text.contains('\n') {
                space.push_str(text);
                continue;
            }
            for (is, text) in [("removed", &mut removed), ("added", &mut added), ("same", &mut space)] {
                push(is, text);
                text.clear();
            }
            push("same", text);
            continue;
        }
        removed.push_str(&space);
        added.push_str(&space);
        space.clear();
        if tag == ChangeTag::Delete { removed.push_str(text) } else { added.push_str(text) }
    }
    for (is, text) in [("removed", &removed), ("added", &added), ("same", &space)] {
        push(is, text);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::{Files, Pack, model};

    fn changed(change: impl Fn(&mut Files)) -> Vec<DocumentDiffers> {
        let old = Pack::load(&model()).unwrap();
        let mut files = model();
        change(&mut files);
        compare(&old.documents, &Pack::load(&files).unwrap().documents)
    }

    #[test]
    fn nothing_differs_from_itself() {
        assert_eq!(changed(|_| ()), vec![]);
    }

    #[test]
    fn a_changed_word_is_found_in_its_clause() {
        let found = changed(|files| {
            let text = files.get_mut("documents/policy.ja.md").unwrap();
            *text = text.replace("定期的にバックアップを取り", "毎日バックアップを取り");
        });
        assert_eq!(found.len(), 1);
        let [part] = found[0].parts.as_slice() else { panic!("{found:?}") };
        assert_eq!((part.clause.as_deref(), part.how.as_str()), (Some("system"), "changed"));
        assert!(marked(&part.ja).contains("[-定期的に-]{+毎日+}バックアップを取り"), "{}", marked(&part.ja));
        assert!(part.en.iter().all(|stretch| stretch.is == "same"));
    }

    #[test]
    fn words_that_changed_one_after_another_are_one_change() {
        let told = |old: &str, new: &str| marked(&stretches(old, new));
        assert_eq!(told("of the firm rests", "of Sample Inc. rests"), "of [-the firm-]{+Sample Inc.+} rests");
        assert_eq!(told("a b", "a b"), "a b");
        assert_eq!(told("a b c", "a c"), "a [-b -]c");
        assert_eq!(told("", "new"), "{+new+}");
        assert_eq!(
            told("その日のうちに届け出る", "その日のうちに、方法を添えて届け出る"),
            "その日のうちに{+、方法を添えて+}届け出る"
        );
        // Both texts can be read out of it, whatever changed.
        for (old, new) in [("x y z", "p y q"), ("a  b\nc", "a d\n\nc e"), ("一二三", "三二一")] {
            let found = stretches(old, new);
            let read = |not: &str| -> String {
                found.iter().filter(|one| one.is != not).map(|one| one.text.as_str()).collect()
            };
            assert_eq!((read("added"), read("removed")), (old.to_owned(), new.to_owned()), "{found:?}");
        }
    }

    #[test]
    fn a_clause_that_comes_goes_or_moves_is_told_so() {
        let found = changed(|files| {
            for (language, title, body) in
                [("ja", "新しい条", "守る。"), ("en", "A new clause", "It is kept.")]
            {
                let text = files.get_mut(&format!("documents/emergency.{language}.md")).unwrap();
                text.push_str(&format!("\n## {title} {{#emergency-new}}\n\n{body}\n"));
                let text = files.get_mut(&format!("documents/forms.{language}.md")).unwrap();
                // The first form goes last.
                let at = text.find("{#form-receipt}").unwrap();
                let from = text[..at].rfind("## ").unwrap();
                let to = from + 3 + text[from + 3..].find("## ").unwrap();
                let first = text[from..to].to_owned();
                *text = format!("{}\n{}\n\n{first}", &text[..from], text[to..].trim_end());
                let text = files.get_mut(&format!("documents/disposal.{language}.md")).unwrap();
                let at = text.find("{#disposal-attest}").unwrap();
                text.truncate(text[..at].rfind("## ").unwrap());
            }
        });
        let how: Vec<(&str, &str, &str)> = found
            .iter()
            .flat_map(|document| document.parts.iter().map(|part| (document.document.as_str(), part)))
            .map(|(document, part)| (document, part.clause.as_deref().unwrap_or(""), part.how.as_str()))
            .collect();
        assert_eq!(
            how,
            [
                ("emergency", "emergency-new", "added"),
                ("disposal", "disposal-attest", "removed"),
                ("forms", "form-receipt", "moved"),
            ]
        );
    }

    #[test]
    fn a_document_that_goes_is_told_so() {
        let found = changed(|files| {
            let list = files.get_mut("documents.toml").unwrap();
            let from = list.find("[[document]]\nid = \"disposal\"").unwrap();
            let to = list.find("[[document]]\nid = \"forms\"").unwrap();
            list.replace_range(from..to, "");
        });
        assert_eq!((found[0].document.as_str(), found[0].how.as_str()), ("disposal", "removed"));
        assert!(found[0].parts.iter().all(|part| part.how == "removed"));
    }
}
