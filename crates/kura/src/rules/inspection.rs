//! 自己点検: the questions that everyone asks themselves once a quarter.
//!
//! Each stands under a clause and is put so that "yes" is as it should be. They are few enough for five minutes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::documents::line;
use super::pack::{Files, PackError};

/// The list of questions.
pub(super) const LIST: &str = "inspection.toml";
/// Questions that are answered in five minutes.
const MOST: usize = 20;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// The clause that it is about.
    pub clause: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    question: Vec<toml::Spanned<Question>>,
}

/// Reads and checks the questions of a pack; none when it has no list of them.
pub(super) fn load(files: &Files, clauses: &BTreeSet<&str>) -> Result<Vec<Question>, PackError> {
    let Some(source) = files.get(LIST) else {
        return Ok(vec![]);
    };
    let fault = |what: String| PackError { file: LIST.to_owned(), what };
    let list: List = toml::from_str(source).map_err(|error| fault(error.to_string()))?;
    let mut questions: Vec<Question> = Vec::new();
    for entry in list.question {
        let line = line(source, entry.span().start);
        let question = entry.into_inner();
        let fault = |what: &str| fault(format!("line {line}: question {}: {what}", question.id));
        if question.id.is_empty() || questions.iter().any(|other| other.id == question.id) {
            return Err(fault("its id is empty or stands twice"));
        }
        if !clauses.contains(question.clause.as_str()) {
            return Err(fault(&format!(
                "there is no clause {:?}; name one of the policy's",
                question.clause
            )));
        }
        if question.ja.trim().is_empty() || question.en.trim().is_empty() {
            return Err(fault("write it in both languages"));
        }
        questions.push(question);
    }
    if questions.len() > MOST {
        return Err(fault(format!(
            "{} questions: nobody answers more than {MOST} in five minutes",
            questions.len()
        )));
    }
    Ok(questions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::{Pack, model};

    #[test]
    fn questions_that_nobody_could_answer_are_refused() {
        let mut files = model();
        let source = files[LIST].clone();
        let twice = source.replacen("id = \"copies\"", "id = \"registered\"", 1);
        let nowhere = source.replacen("clause = \"basic-1a\"", "clause = \"basic-9\"", 1);
        let one = source.replacen("en = \"Is all", "en = \"\"\nx = \"", 1);
        let question = |at: usize| {
            format!("[[question]]\nid = \"q{at}\"\nclause = \"basic-3\"\nja = \"x\"\nen = \"x\"\n")
        };
        let many = (0..21).map(question).collect::<String>();
        for (text, what) in [
            (twice, "line 10: question registered: its id is empty or stands twice"),
            (nowhere, "line 4: question registered: there is no clause \"basic-9\""),
            (one, "unknown field `x`"),
            (many, "21 questions: nobody answers more than 20"),
        ] {
            files.insert(LIST.to_owned(), text);
            let refused = Pack::load(&files).unwrap_err().to_string();
            assert!(refused.contains(what), "{refused}");
        }
        files.remove(LIST);
        assert!(Pack::load(&files).unwrap().inspection.is_empty(), "a pack of before has none");
    }
}
