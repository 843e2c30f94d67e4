//! 文書: the documents of a pack, policy, standards, regulations, procedures and forms, in Japanese and in
//! English, clause by clause.
//!
//! A text is Markdown (CommonMark with tables). A heading that carries an id, `### … {#std-3-2}`, begins a clause of
//! that id; a clause keeps its id through all versions, whatever its label. The clauses of a policy and of its
//! standards are what rules and duties uphold. Markup that could do anything but be read is refused.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::bodies;
use super::pack::{Class, Clause, Files, PackError};

/// The list of documents.
pub(super) const LIST: &str = "documents.toml";
/// What the documents call the firm.
pub(super) const FIRM: &str = "firm.toml";
/// Languages that each document is in.
pub const LANGUAGES: [&str; 2] = ["ja", "en"];
/// Offices that sign documents.
const SIGNATORIES: [&str; 2] = ["representative_director", "chief_system_administrator"];

/// The longest document, in bytes.
const LONGEST: usize = 256 * 1024;

/// Rank of a document, the highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 方針.
    Policy,
    /// 対策基準.
    Standard,
    /// 規程.
    Regulation,
    /// 実施手順.
    Procedure,
    /// 様式.
    Form,
}

impl Level {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Standard => "standard",
            Self::Regulation => "regulation",
            Self::Procedure => "procedure",
            Self::Form => "form",
        }
    }

    /// Whether each of its clauses must be upheld by a rule or a duty; what ranks lower says how.
    fn is_upheld(self) -> bool {
        self <= Self::Standard
    }
}

/// What is said of a document in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    level: Level,
    #[serde(default)]
    under: Option<String>,
    decided_by: String,
    signed_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    pledge: String,
    document: Vec<Entry>,
}

/// What the documents call the firm.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Firm {
    ja: String,
    en: String,
}

/// 文書: a document of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// Its rank.
    pub level: Level,
    /// The document that it carries out.
    pub under: Option<String>,
    /// The body that decides on it.
    pub decided_by: String,
    /// The office that signs it.
    pub signed_by: String,
    /// Its text in Japanese.
    pub ja: Text,
    /// Its text in English.
    pub en: Text,
}

/// A document in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its title.
    pub title: String,
    /// Its parts, in their order.
    pub parts: Vec<Part>,
}

/// A heading with what stands below it, up to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The clause that it is; nothing for what only leads to clauses.
    pub clause: Option<String>,
    /// Depth of its heading, 2 for a chapter; 1 for what stands below the title.
    pub depth: u8,
    /// Its heading; empty below the title.
    pub heading: String,
    /// What stands below, in Markdown.
    pub body: String,
    /// Line of its heading, from 1.
    line: usize,
}

impl Text {
    /// The part that a clause is.
    pub fn clause(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.clause.as_deref() == Some(id))
    }
}

impl Document {
    /// Its text in a language.
    pub fn text(&self, japanese: bool) -> &Text {
        if japanese { &self.ja } else { &self.en }
    }

    /// What tells the text of one of its clauses in one version from that in another, in hexadecimal.
    pub fn clause_digest(&self, clause: &str) -> Option<String> {
        let (ja, en) = (self.ja.clause(clause)?, self.en.clause(clause)?);
        Some(super::pack::digest_of_parts([ja, en].iter().flat_map(|part| [&*part.heading, &*part.body])))
    }

    /// What tells one version of it from another, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut parts = vec![self.level.name(), &self.decided_by, &self.signed_by];
        parts.extend(self.under.as_deref());
        for text in [&self.ja, &self.en] {
            parts.push(&text.title);
            for part in &text.parts {
                parts.extend([part.clause.as_deref().unwrap_or_default(), &part.heading, &part.body]);
            }
        }
        super::pack::digest_of_parts(parts)
    }
}

/// Names of the documents' texts that a list names, for reading a folder.
pub(super) fn names(list: &str) -> Result<Vec<String>, String> {
    let list: List = toml::from_str(list).map_err(|error| error.to_string())?;
    Ok(list.document.iter().flat_map(|entry| LANGUAGES.map(|language| file(&entry.id, language))).collect())
}

fn file(id: &str, language: &str) -> String {
    format!("documents/{id}.{language}.md")
}

/// Whether an id is one: it stands in paths, addresses and records.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=64).contains(&text.len()) && text.chars().all(plain) && !text.starts_with('-')
}

/// Reads and checks the documents of a pack; none when it has no list of them.
pub(super) fn load(files: &Files, classes: &[Class]) -> Result<Vec<Document>, PackError> {
    let Some(list) = files.get(LIST) else {
        return Ok(vec![]);
    };
    let fault = |what: String| PackError { file: LIST.to_owned(), what };
    let list: List = toml::from_str(list).map_err(|error| fault(error.to_string()))?;
    let mut documents: Vec<Document> = Vec::new();
    let mut clauses: BTreeMap<String, String> = BTreeMap::new();
    for entry in list.document {
        let id = &entry.id;
        if !is_id(id) {
            return Err(fault(format!(
                "the document {id:?}: an id has lower-case letters, digits and hyphens"
            )));
        }
        if documents.iter().any(|other| other.id == *id) {
            return Err(fault(format!("two documents are called {id}")));
        }
        for (body, known) in [(&entry.decided_by, bodies::OFFICES), (&entry.signed_by, SIGNATORIES)] {
            if !known.contains(&body.as_str()) {
                let known = known.join(", ");
                return Err(fault(format!("{id}: {body:?} does not decide or sign; name one of {known}")));
            }
        }
        let above = entry.under.as_ref().map(|under| documents.iter().find(|other| other.id == *under));
        match above {
            None if entry.level == Level::Policy => {}
            Some(Some(above)) if above.level < entry.level => {}
            _ => {
                return Err(fault(format!(
                    "{id}: `under` names a document of higher rank that stands before it; only a policy has none"
                )));
            }
        }
        let [ja, en] = texts(files, classes, |language| file(id, language))?;
        for (clause, part) in ja.parts.iter().filter_map(|part| Some((part.clause.clone()?, part))) {
            if let Some(other) = clauses.insert(clause.clone(), id.clone()) {
                let what = format!("line {}: the clause {clause} stands in {other} already", part.line);
                return Err(PackError { file: file(id, "ja"), what });
            }
        }
        documents.push(Document {
            id: entry.id,
            level: entry.level,
            under: entry.under,
            decided_by: entry.decided_by,
            signed_by: entry.signed_by,
            ja,
            en,
        });
    }
    if !clauses.contains_key(&list.pledge) {
        return Err(fault(format!(
            "pledge: there is no clause {:?}; name the one that everyone acknowledges",
            list.pledge
        )));
    }
    if !documents.iter().any(|document| document.level == Level::Policy) {
        return Err(fault("there is no document of level policy".to_owned()));
    }
    Ok(documents)
}

/// A text in both languages, filled in: the same headings in the same order. `file` names where it stands in each.
pub(super) fn texts(
    files: &Files,
    classes: &[Class],
    file: impl Fn(&str) -> String,
) -> Result<[Text; 2], PackError> {
    let firm = firm(files)?;
    let [ja, en] = LANGUAGES.map(|language| {
        let name = file(language);
        let missing = || PackError { file: name.clone(), what: "the file is missing".to_owned() };
        let source = files.get(&name).ok_or_else(missing)?;
        let (firm, japanese) = (if language == "ja" { &firm.ja } else { &firm.en }, language == "ja");
        text(&filled(source, firm, classes, japanese)).map_err(|what| PackError { file: name, what })
    });
    let (ja, en) = (ja?, en?);
    same_parts(&ja, &en).map_err(|what| PackError { file: file("en"), what })?;
    Ok([ja, en])
}

/// The clause whose text everyone acknowledges.
pub(super) fn pledge(files: &Files) -> Option<String> {
    Some(toml::from_str::<List>(files.get(LIST)?).ok()?.pledge)
}

/// The clauses that rules and duties uphold, in the order of the texts.
pub(super) fn clauses(documents: &[Document]) -> Vec<Clause> {
    let upheld = documents.iter().filter(|document| document.level.is_upheld());
    let clauses = upheld.flat_map(|document| {
        document.ja.parts.iter().filter_map(|part| {
            let id = part.clause.clone()?;
            let en = document.en.clause(&id)?.heading.clone();
            Some(Clause { id, ja: part.heading.clone(), en })
        })
    });
    clauses.collect()
}

fn firm(files: &Files) -> Result<Firm, PackError> {
    let fault = |what: String| PackError { file: FIRM.to_owned(), what };
    let text = files.get(FIRM).ok_or_else(|| fault("the file is missing".to_owned()))?;
    let firm: Firm = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    for name in [&firm.ja, &firm.en] {
        if name.trim().is_empty() || name.chars().any(|c| c.is_control() || "*_[]<>|`#&\\{}".contains(c)) {
            return Err(fault(format!(
                "{name:?}: write the name plainly, without marks such as * _ [ ] < > |"
            )));
        }
    }
    Ok(firm)
}

/// A text with what it leaves open filled in. What it does not know stays, and is refused as it is read.
fn filled(source: &str, firm: &str, classes: &[Class], japanese: bool) -> String {
    let mut letters = firm.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    source
        .replace("{{firm}}", firm)
        .replace("{{Firm}}", &format!("{first}{}", letters.as_str()))
        .replace("{{classes}}", &table(classes, japanese))
}

/// The classes as a table.
fn table(classes: &[Class], japanese: bool) -> String {
    let mut rows = if japanese {
        vec!["| 機密区分 | 公開の範囲 | 持出しの期限 |".to_owned()]
    } else {
        vec!["| class | tier of disclosure | time limit of a copy |".to_owned()]
    };
    rows.push("| --- | --- | --- |".to_owned());
    for class in classes.iter().rev() {
        use super::pack::Tier;
        let tier = match (class.tier, japanese) {
            (Tier::Public, true) => "公開",
            (Tier::Limited, true) => "限定公開",
            (Tier::NonPublic, true) => "非公開",
            (Tier::Public, false) => "public",
            (Tier::Limited, false) => "limited release",
            (Tier::NonPublic, false) => "non-public",
        };
        rows.push(if japanese {
            format!("| {} | {tier} | {}日 |", class.ja, class.copy_days)
        } else {
            format!("| {} | {tier} | {} days |", class.en, class.copy_days)
        });
    }
    rows.join("\n")
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES
}

/// The line of a place in a text, from 1.
pub(super) fn line(source: &str, at: usize) -> usize {
    source.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Reads a text: its title, and its parts.
fn text(source: &str) -> Result<Text, String> {
    if source.len() > LONGEST {
        return Err(format!("a document has at most {LONGEST} bytes; divide it"));
    }
    if let Some(at) = source.find("{{") {
        return Err(format!(
            "line {}: there is nothing to fill this in with; a text may say {{{{firm}}}}, {{{{Firm}}}} and {{{{classes}}}}",
            line(source, at)
        ));
    }
    let mut title: Option<String> = None;
    let mut parts: Vec<Part> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut body_from = 0;
    // The heading that is being read: where it begins, its depth, its id, its words.
    let mut heading: Option<(usize, u8, Option<String>, String)> = None;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        let at = line(source, range.start);
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                if let Some(part) = parts.last_mut() {
                    part.body = source.get(body_from..range.start).unwrap_or_default().trim().to_owned();
                }
                heading = Some((range.start, depth(level), id.map(|id| id.to_string()), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((start, depth, clause, words)) = heading.take() else { continue };
                let (at, words) = (line(source, start), words.trim().to_owned());
                if words.is_empty() {
                    return Err(format!("line {at}: a heading without words"));
                }
                match (&title, depth) {
                    (None, 1) if clause.is_none() && source[..start].trim().is_empty() => {
                        title = Some(words);
                        parts.push(Part {
                            clause: None,
                            depth,
                            heading: String::new(),
                            body: String::new(),
                            line: at,
                        });
                    }
                    (None, _) | (_, 1) => {
                        return Err(format!(
                            "line {at}: a document begins with its title, `# …`, and has one"
                        ));
                    }
                    (Some(_), 2..=4) => {
                        if let Some(id) = &clause
                            && (!is_id(id) || !seen.insert(id.clone()))
                        {
                            return Err(format!(
                                "line {at}: {id:?} is no id of a clause, or stands twice; an id has lower-case letters, digits and hyphens"
                            ));
                        }
                        parts.push(Part { clause, depth, heading: words, body: String::new(), line: at });
                    }
                    _ => return Err(format!("line {at}: headings go four deep at most")),
                }
                body_from = range.end;
            }
            Event::Text(words) | Event::Code(words) if heading.is_some() => {
                if let Some((.., told)) = &mut heading {
                    told.push_str(&words);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => {
                return Err(format!("line {at}: write Markdown, without HTML"));
            }
            Event::Start(Tag::Image { .. }) => {
                return Err(format!("line {at}: documents hold no pictures"));
            }
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.starts_with("https://") => {
                return Err(format!("line {at}: a link begins with https://"));
            }
            _ => {}
        }
    }
    if let Some(part) = parts.last_mut() {
        part.body = source.get(body_from..).unwrap_or_default().trim().to_owned();
    }
    let title = title.ok_or("a document begins with its title, `# …`")?;
    let bare = parts.iter().find(|part| part.clause.is_some() && part.body.is_empty());
    if let Some(part) = bare {
        return Err(format!("line {}: a clause without a text", part.line));
    }
    Ok(Text { title, parts })
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

/// Both languages hold the same clauses and chapters in the same order.
fn same_parts(ja: &Text, en: &Text) -> Result<(), String> {
    let same = |here: &Part, there: &Part| here.clause == there.clause && here.depth == there.depth;
    for place in 0..ja.parts.len().max(en.parts.len()) {
        let (here, there) = (ja.parts.get(place), en.parts.get(place));
        if here.zip(there).is_some_and(|(here, there)| same(here, there)) {
            continue;
        }
        let told = |found: Option<&Part>| match found {
            Some(part) => {
                format!("{} (line {})", part.clause.as_deref().unwrap_or("a heading of no clause"), part.line)
            }
            None => "nothing".to_owned(),
        };
        return Err(format!(
            "the texts differ: {} where the Japanese one has {}; both hold the same headings in the same order",
            told(there),
            told(here)
        ));
    }
    Ok(())
}

/// A part's text as HTML. What was checked as it was loaded holds no markup of its own.
pub fn html(markdown: &str) -> String {
    let mut html = String::new();
    let plain = Parser::new_ext(markdown, options()).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // The pages take no style from a text.
        Event::Start(Tag::Table(columns)) => {
            Event::Start(Tag::Table(vec![pulldown_cmark::Alignment::None; columns.len()]))
        }
        other => other,
    });
    pulldown_cmark::html::push_html(&mut html, plain);
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::{Pack, model};

    fn broken(file: &str, from: &str, to: &str) -> String {
        let mut files = model();
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file} holds {from}");
        *text = text.replacen(from, to, 1);
        Pack::load(&files).unwrap_err().to_string()
    }

    #[test]
    fn the_model_documents_are_whole_in_both_languages() {
        let pack = Pack::load(&model()).unwrap();
        let ids: Vec<&str> = pack.clauses.iter().map(|clause| clause.id.as_str()).collect();
        let named = "basic-1a basic-1b basic-1c basic-1d basic-2 basic-3 basic-4 basic-5 system suppl std-1 std-2-1 \
                     std-2-2 std-3-1 std-3-2 std-3-4 std-3-5 std-4-1 std-4-2";
        assert_eq!(ids.join(" "), named);
        let policy = &pack.documents[0];
        assert_eq!((policy.level, policy.ja.title.as_str()), (Level::Policy, "機密情報保護方針"));
        assert!(policy.ja.parts[0].body.starts_with("当社の仕事は"));
        assert!(policy.en.clause("basic-2").unwrap().body.starts_with("The firm prevents"));
        let classes = pack.documents.iter().find(|document| document.id == "classes").unwrap();
        let table = html(&classes.ja.clause("classes-table").unwrap().body);
        assert!(table.contains("<td>極秘</td>") && table.contains("<td>7日</td>"), "{table}");
        for document in &pack.documents {
            for part in &document.ja.parts {
                let latin = part.body.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
                let leaked: Vec<_> =
                    latin.filter(|word| !["AI", "CSR", "NIST", "SP"].contains(word)).collect();
                assert!(leaked.is_empty(), "{}: {leaked:?}", document.id);
            }
            for part in &document.en.parts {
                assert!(
                    part.body.chars().chain(part.heading.chars()).all(|c| (c as u32) < 0x3000),
                    "{}",
                    document.id
                );
            }
        }
    }

    #[test]
    fn a_bad_document_is_refused_with_file_line_and_what_to_do() {
        let policy = "documents/policy.ja.md";
        let told = broken(policy, "## 趣旨と適用", "<b>趣旨</b>");
        assert!(told.contains(policy) && told.contains("line 3") && told.contains("without HTML"), "{told}");
        let told = broken(policy, "{#basic-4}", "{#basic-3}");
        assert!(told.contains("stands twice"), "{told}");
        let told = broken("documents/policy.en.md", " {#basic-4}", "");
        assert!(
            told.contains("policy.en.md") && told.contains("no clause (line 49)") && told.contains("basic-4"),
            "{told}"
        );
        assert!(
            broken(policy, "{{firm}}", "{{company}}").contains("line 3: there is nothing to fill this in")
        );
        assert!(
            broken(policy, "- その複製", "- ![x](https://example.com/x) その複製").contains("no pictures")
        );
        assert!(broken(policy, "- その複製", "- [x](javascript:alert) その複製").contains("https://"));
        assert!(broken(policy, "# 機密", "機密").contains("begins with its title"));
        assert!(broken("documents.toml", "under = \"policy\"", "under = \"forms\"").contains("higher rank"));
        assert!(
            broken("documents.toml", "\"csr_committee\"", "\"cleaners\"").contains("does not decide or sign")
        );
        assert!(broken("documents.toml", "id = \"classes\"", "id = \"emergency\"").contains("two documents"));
        assert!(
            broken("documents.toml", "pledge = \"form-pledge\"", "pledge = \"oath\"")
                .contains("pledge: there is no")
        );
        assert!(broken("firm.toml", "当社", "<script>").contains("plainly"));
        let told = broken("documents/emergency.ja.md", "{#emergency-cut}", "{#basic-2}");
        assert!(told.contains("basic-2") && told.contains("emergency"), "{told}");
        let mut files = model();
        files.remove("documents/forms.en.md");
        let told = Pack::load(&files).unwrap_err().to_string();
        assert!(told.contains("forms.en.md: the file is missing"), "{told}");
    }

    #[test]
    fn markup_that_slipped_in_is_shown_and_not_run() {
        assert_eq!(html("| a |\n| :-: |\n| b |").matches("style").count(), 0);
        assert_eq!(html("a <script>x</script>\n"), "<p>a &lt;script&gt;x&lt;/script&gt;</p>\n");
    }
}
