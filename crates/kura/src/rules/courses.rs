//! 研修: the courses of a pack, for whom they are, their lessons and the pools from which questions are drawn.
//!
//! A course is a text in both languages, each lesson under a heading with an id, and a pool of questions with one right
//! choice each. Its edition goes up when everybody has to take it again. One course, which is everyone's, opens what the
//! rules ask training for: its completion is what they see of a person as `trainedUntil`.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::documents::{self, Text, line};
use super::duties;
use super::pack::{Class, Files, PackError};

/// The list of courses.
pub(super) const LIST: &str = "courses.toml";
/// Kinds of employment.
pub(super) const EMPLOYMENTS: [&str; 5] = ["director", "regular", "contract", "dispatched", "intern"];
/// Months that a completion may be valid for.
const MOST_MONTHS: i64 = 60;

/// 研修: a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its id.
    pub id: String,
    /// The clause that it upholds.
    pub clause: String,
    /// Counted up when what was completed before does not do any more.
    pub edition: i64,
    /// Months for which a completion is valid.
    pub valid_months: i64,
    /// Questions that are drawn.
    pub asked: usize,
    /// Those of them that must be answered right.
    pub right: usize,
    /// Its text in Japanese.
    pub ja: Text,
    /// Its text in English.
    pub en: Text,
    /// The pool.
    pub questions: Vec<Question>,
    whom: Whom,
}

/// Whom a course is for: whoever one of these is true of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Whom {
    everyone: bool,
    employment: Vec<String>,
    offices: Vec<String>,
    custodians: bool,
}

/// A question of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id, within its course.
    pub id: String,
    /// The lesson that answers it.
    pub lesson: String,
    /// The question in Japanese.
    pub ja: String,
    /// The question in English.
    pub en: String,
    /// Why the right choice is right, in Japanese.
    pub because_ja: String,
    /// Why the right choice is right, in English.
    pub because_en: String,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// Whether it is the right one.
    #[serde(default)]
    pub right: bool,
}

/// The courses of a pack, and the one that opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Courses {
    /// The courses, in their order.
    pub all: Vec<Course>,
    opens: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    opens: String,
    course: Vec<toml::Spanned<Entry>>,
}

/// A course as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    clause: String,
    edition: i64,
    valid_months: i64,
    asked: usize,
    right: usize,
    #[serde(default)]
    everyone: bool,
    #[serde(default)]
    employment: Vec<String>,
    #[serde(default)]
    offices: Vec<String>,
    #[serde(default)]
    custodians: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pool {
    question: Vec<toml::Spanned<Question>>,
}

impl Question {
    /// The place of the right choice among the choices.
    pub fn right(&self) -> usize {
        self.choices.iter().position(|choice| choice.right).unwrap_or_default()
    }
}

impl Course {
    /// Its text in a language.
    pub fn text(&self, japanese: bool) -> &Text {
        if japanese { &self.ja } else { &self.en }
    }

    /// Whether it is for somebody of this employment and these offices, who is accountable for material or not.
    pub fn is_for(&self, employment: &str, offices: &[String], custodian: bool) -> bool {
        let whom = &self.whom;
        whom.everyone
            || whom.employment.iter().any(|kind| kind == employment)
            || whom.offices.iter().any(|office| offices.contains(office))
            || (whom.custodians && custodian)
    }

    /// The question of its pool with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }
}

impl Courses {
    /// The course with this id.
    pub fn course(&self, id: &str) -> Option<&Course> {
        self.all.iter().find(|course| course.id == id)
    }

    /// The course whose completion the rules see.
    pub fn opening(&self) -> Option<&Course> {
        self.course(&self.opens)
    }

    /// Whether there is a lesson by this name: a course's id, a slash, and the id of its lesson.
    pub(super) fn has_lesson(&self, name: &str) -> bool {
        let found = name.split_once('/').and_then(|(course, lesson)| self.course(course)?.ja.clause(lesson));
        found.is_some()
    }
}

/// Names of the files that a list names, for reading a folder.
pub(super) fn names(list: &str) -> Result<Vec<String>, String> {
    let list: List = toml::from_str(list).map_err(|error| error.to_string())?;
    let files = |entry: &toml::Spanned<Entry>| {
        let id = &entry.get_ref().id;
        [file(id, "ja.md"), file(id, "en.md"), file(id, "toml")]
    };
    Ok(list.course.iter().flat_map(files).collect())
}

fn file(id: &str, ending: &str) -> String {
    format!("courses/{id}.{ending}")
}

/// Reads and checks the courses of a pack; none when it has no list of them.
pub(super) fn load(files: &Files, clauses: &BTreeSet<&str>, classes: &[Class]) -> Result<Courses, PackError> {
    let Some(source) = files.get(LIST) else {
        return Ok(Courses::default());
    };
    let fault = |what: String| PackError { file: LIST.to_owned(), what };
    let list: List = toml::from_str(source).map_err(|error| fault(error.to_string()))?;
    let mut courses = Courses { all: vec![], opens: list.opens };
    for entry in list.course {
        let line = line(source, entry.span().start);
        let entry = entry.into_inner();
        let named = format!("line {line}: course {}", entry.id);
        check(&entry, &courses, clauses).map_err(|what| fault(format!("{named}: {what}")))?;
        let questions = pool(files, &entry.id)?;
        if !(1..=questions.len()).contains(&entry.asked) || !(1..=entry.asked).contains(&entry.right) {
            return Err(fault(format!(
                "{named}: of the {} questions of its pool, `asked` says how many are drawn and `right` how many of \
                 them must be answered right",
                questions.len()
            )));
        }
        let [ja, en] =
            documents::texts(files, classes, |language| file(&entry.id, &format!("{language}.md")))?;
        if let Some(bare) = ja.parts.iter().find(|part| part.clause.is_none() && !part.heading.is_empty()) {
            let what =
                format!("the lesson {:?} has no id; write one behind its heading, {{#…}}", bare.heading);
            return Err(PackError { file: file(&entry.id, "ja.md"), what });
        }
        if let Some(question) = questions.iter().find(|question| ja.clause(&question.lesson).is_none()) {
            let what = format!("question {}: there is no lesson {:?}", question.id, question.lesson);
            return Err(PackError { file: file(&entry.id, "toml"), what });
        }
        courses.all.push(Course {
            id: entry.id,
            clause: entry.clause,
            edition: entry.edition,
            valid_months: entry.valid_months,
            asked: entry.asked,
            right: entry.right,
            ja,
            en,
            questions,
            whom: Whom {
                everyone: entry.everyone,
                employment: entry.employment,
                offices: entry.offices,
                custodians: entry.custodians,
            },
        });
    }
    if !courses.opening().is_some_and(|course| course.whom.everyone) {
        return Err(fault(format!(
            "opens: {:?} is no course that is for everyone; name the one whose completion the rules ask for",
            courses.opens
        )));
    }
    Ok(courses)
}

fn check(entry: &Entry, courses: &Courses, clauses: &BTreeSet<&str>) -> Result<(), String> {
    if !documents::is_id(&entry.id) {
        return Err("an id has lower-case letters, digits and hyphens".to_owned());
    }
    if courses.course(&entry.id).is_some() {
        return Err("another one has this id".to_owned());
    }
    if !clauses.contains(entry.clause.as_str()) {
        return Err(format!("the clause {:?} does not exist", entry.clause));
    }
    if entry.edition < 1 {
        return Err("edition is 1 or more; it goes up when everybody has to take the course again".to_owned());
    }
    if !(1..=MOST_MONTHS).contains(&entry.valid_months) {
        return Err(format!("valid_months is 1 to {MOST_MONTHS}: what was learnt does not last for good"));
    }
    if let Some(kind) = entry.employment.iter().find(|kind| !EMPLOYMENTS.contains(&kind.as_str())) {
        return Err(format!("{kind:?} is no employment; name some of {}", EMPLOYMENTS.join(", ")));
    }
    if let Some(office) = entry.offices.iter().find(|office| !duties::OFFICES.contains(&office.as_str())) {
        return Err(format!("{office:?} is no office; name some of {}", duties::OFFICES.join(", ")));
    }
    let nobody =
        !entry.everyone && !entry.custodians && entry.employment.is_empty() && entry.offices.is_empty();
    if nobody {
        return Err("it is for nobody; say everyone, employment, offices or custodians".to_owned());
    }
    Ok(())
}

fn pool(files: &Files, course: &str) -> Result<Vec<Question>, PackError> {
    let name = file(course, "toml");
    let fault = |what: String| PackError { file: name.clone(), what };
    let source = files.get(&name).ok_or_else(|| fault("the file is missing".to_owned()))?;
    let pool: Pool = toml::from_str(source).map_err(|error| fault(error.to_string()))?;
    let mut questions: Vec<Question> = Vec::new();
    for question in pool.question {
        let line = line(source, question.span().start);
        let question = question.into_inner();
        let fault = |what: &str| fault(format!("line {line}: question {}: {what}", question.id));
        if !documents::is_id(&question.id) {
            return Err(fault("an id has lower-case letters, digits and hyphens"));
        }
        if questions.iter().any(|other| other.id == question.id) {
            return Err(fault("another one has this id"));
        }
        if !(2..=6).contains(&question.choices.len()) {
            return Err(fault("there are 2 to 6 choices"));
        }
        match question.choices.iter().filter(|choice| choice.right).count() {
            1 => {}
            0 => return Err(fault("it has no right answer; mark one choice with right = true")),
            _ => return Err(fault("it has several right answers; mark one choice alone with right = true")),
        }
        let mut texts = vec![&question.ja, &question.en, &question.because_ja, &question.because_en];
        texts.extend(question.choices.iter().flat_map(|choice| [&choice.ja, &choice.en]));
        if texts.iter().any(|text| text.trim().is_empty()) {
            return Err(fault("a text is empty; write it in both languages"));
        }
        questions.push(question);
    }
    Ok(questions)
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
        let refused = Pack::load(&files).unwrap_err().to_string();
        assert!(refused.contains(file), "{refused}");
        refused
    }

    #[test]
    fn the_model_courses_are_each_for_somebody_and_one_opens() {
        let courses = Pack::load(&model()).unwrap().courses;
        let ids: Vec<&str> = courses.all.iter().map(|course| course.id.as_str()).collect();
        assert_eq!(
            ids,
            ["beginner", "staff", "custodian", "administrator", "domain-administrator", "committee"]
        );
        assert_eq!(courses.opening().unwrap().id, "staff");
        let of = |employment: &str, offices: &[&str], custodian| -> Vec<&str> {
            let offices: Vec<String> = offices.iter().map(|office| (*office).to_owned()).collect();
            let own = courses.all.iter().filter(|course| course.is_for(employment, &offices, custodian));
            own.map(|course| course.id.as_str()).collect()
        };
        assert_eq!(of("intern", &[], false), ["beginner", "staff"]);
        assert_eq!(of("regular", &[], true), ["staff", "custodian"]);
        assert_eq!(of("regular", &["network_administrator"], false), ["staff", "administrator"]);
        let domain = ["self_managed_domain_administrator"];
        assert_eq!(of("contract", &domain, false), ["staff", "domain-administrator"]);
        assert_eq!(of("director", &["csr_committee"], false), ["staff", "committee"]);
        for course in &courses.all {
            let taught: BTreeSet<&str> = course.questions.iter().map(|asked| asked.lesson.as_str()).collect();
            let lessons = course.ja.parts.iter().filter_map(|part| part.clause.as_deref());
            assert_eq!(lessons.collect::<BTreeSet<_>>(), taught, "{}: each lesson is asked of", course.id);
        }
    }

    #[test]
    fn a_bad_course_is_refused_with_its_line_and_what_to_do() {
        for (from, to, told) in [
            ("opens = \"staff\"", "opens = \"custodian\"", "for everyone"),
            ("id = \"custodian\"", "id = \"staff\"", "line"),
            ("clause = \"basic-1d\"", "clause = \"basic-9\"", "does not exist"),
            ("asked = 5", "asked = 99", "questions of its pool"),
            ("valid_months = 12", "valid_months = 0", "valid_months is 1 to 60"),
            ("edition = 1", "edition = 0", "edition is 1 or more"),
            ("custodians = true", "custodians = false", "for nobody"),
            ("\"intern\"", "\"cook\"", "no employment"),
            ("\"network_administrator\"", "\"kitchen\"", "no office"),
        ] {
            let refused = broken(LIST, from, to);
            assert!(refused.contains(told), "{refused}");
        }
        let pool = "courses/staff.toml";
        assert!(broken(pool, "right = true", "right = false").contains("no right answer"));
        assert!(broken(pool, "lesson = \"", "lesson = \"un").contains("there is no lesson"));
        let first =
            model()[pool].split("because_ja = \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(broken(pool, &first, " ").contains("a text is empty"));
        let mut files = model();
        files.remove("courses/staff.en.md");
        assert!(Pack::load(&files).unwrap_err().to_string().contains("missing"));
        let text = "courses/staff.ja.md";
        let id = model()[text].split("{#").nth(1).unwrap().split('}').next().unwrap().to_owned();
        let mut files = model();
        for language in ["ja", "en"] {
            let text = files.get_mut(&format!("courses/staff.{language}.md")).unwrap();
            *text = text.replacen(&format!(" {{#{id}}}"), "", 1);
        }
        assert!(Pack::load(&files).unwrap_err().to_string().contains("has no id"));
    }
}
