//! Fields of a form: what each is called, how it is asked for, what is wrong with what was given.
//!
//! An operation's fields are those of its command line. Here stands only what a page adds to them: that a class is chosen
//! from the pack's, a person from the register, that a reason is a longer text and a day a day.

use std::collections::BTreeMap;

use super::choices::{Among, Offer, decisions};
use super::visitor::Member;
use super::words::Words;
use crate::app::App;
use crate::error::{Error, Result};

/// How a field is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    /// A line of text.
    Line,
    /// A longer text.
    Area,
    /// A day.
    Day,
    /// A whole number.
    Number,
    /// A password.
    Password {
        /// What a browser fills it with.
        autocomplete: &'static str,
    },
    /// Yes or no.
    Check,
    /// One of these: value, word.
    Choice(Vec<(String, String)>),
    /// One of many, found by typing: among what.
    Search(&'static str),
    /// A file.
    File,
    /// Given already, and not asked for.
    Hidden,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its name in the operation.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) label: String,
    /// What is to be given; empty when the label says it all.
    pub(crate) help: String,
    /// How it is asked for.
    pub(crate) control: Control,
    /// Whether it must be given.
    pub(crate) required: bool,
    /// What was given.
    pub(crate) value: String,
    /// What is wrong with what was given.
    pub(crate) wrong: Option<String>,
}

/// What an operation says of one of its fields.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    /// Its name.
    pub(crate) name: String,
    /// Whether it must be given.
    pub(crate) required: bool,
    /// Whether it is yes or no.
    pub(crate) flag: bool,
    /// Its values, when they are few.
    pub(crate) values: Vec<String>,
}

/// What fields choose from, as far as a form needs it.
#[derive(Default)]
pub(crate) struct Choices {
    classes: Vec<(String, String)>,
    clauses: Vec<(String, String)>,
    offers: BTreeMap<String, Offer>,
}

/// Whether a field names a person.
pub(super) fn names_person(name: &str) -> bool {
    name == "about" || matches!(Among::of_field(name), Some(Among::People | Among::Staff))
}

/// What a field of an operation's form chooses from. A case is about a person; an exception is about anything.
fn among(action: &str, name: &str) -> Option<Among> {
    match (action, name) {
        ("report_violation" | "triage_violation", "about") => Some(Among::Staff),
        _ => Among::of_field(name),
    }
}

impl Choices {
    /// Loads what the fields choose from, as far as this member may see it.
    pub(crate) async fn load(
        app: &App,
        member: &Member,
        (action, specs): (&str, &[Spec]),
        given: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let mut choices = Self::default();
        if specs.iter().any(|spec| matches!(spec.name.as_str(), "class" | "clearance")) {
            choices.classes = member.words().classes(&app.door.rules());
        }
        if specs.iter().any(|spec| spec.name == "clause") {
            choices.clauses = member.words().clauses(&app.door.rules());
        }
        for spec in specs {
            // What the address gives already is not chosen again.
            let given =
                ["matter", "resolution"].contains(&spec.name.as_str()) && given.contains_key(&spec.name);
            if let Some(among) = among(action, &spec.name).filter(|_| !given) {
                choices.offers.insert(spec.name.clone(), among.offer(app, member).await?);
            }
        }
        if let Some(violation) = given.get("violation").filter(|_| action == "decide_violation") {
            let violation = violation.parse().map_err(|error| Error::invalid("", error))?;
            choices.offers.extend(decisions(app, member, violation).await?);
        }
        Ok(choices)
    }

    /// The value that was sent for a field.
    ///
    /// # Errors
    /// A text that means nothing, or several things.
    pub(crate) async fn meant(&self, app: &App, member: &Member, field: &str, text: &str) -> Result<String> {
        match self.offers.get(field) {
            Some(offer) => offer.meant(app, member, text).await.map_err(|error| match error {
                Error::Invalid { what, .. } => Error::invalid("", format!("{field}: {what}")),
                other => other,
            }),
            None => Ok(text.to_owned()),
        }
    }

    /// The word to show for a value that a field has already.
    pub(crate) async fn word(&self, app: &App, member: &Member, field: &str, value: &str) -> Result<String> {
        match self.offers.get(field) {
            Some(Offer::Many(among)) => among.word(app, member, value).await,
            _ => Ok(value.to_owned()),
        }
    }

    /// Whether a field chooses from a list that is empty.
    pub(crate) fn nothing(&self, name: &str) -> bool {
        matches!(self.offers.get(name), Some(Offer::Few(few)) if few.is_empty())
    }

    fn of(&self, name: &str) -> Option<Control> {
        let few = match name {
            "class" | "clearance" => &self.classes,
            "clause" => &self.clauses,
            name => match self.offers.get(name)? {
                Offer::Many(among) => return Some(Control::Search(among.code())),
                Offer::Few(few) => few,
            },
        };
        (!few.is_empty()).then(|| Control::Choice(few.clone()))
    }
}

impl Spec {
    /// How the field is asked for.
    fn control(&self, t: &Words, choices: &Choices) -> Control {
        if self.flag {
            return Control::Check;
        }
        if let Some(control) = choices.of(&self.name) {
            return control;
        }
        if !self.values.is_empty() {
            return Control::Choice(
                self.values.iter().map(|value| (value.clone(), t.choice(value))).collect(),
            );
        }
        match self.name.as_str() {
            "reason" | "basis" | "purpose" | "source" | "manner" | "told" | "words" | "question"
            | "measure" | "cause" | "correction" | "corrective" | "conclusion" | "charge" | "lesson"
            | "way_back" | "asks" | "found_at" => Control::Area,
            "until" | "return_by" | "due" | "effective_on" | "done_on" | "closes_on" | "first_day"
            | "last_day" | "due_on" | "happened_on" | "known_on" | "answer_by" | "planned_on"
            | "review_on" | "next_review" => Control::Day,
            "version" | "days" | "acknowledged" | "population" | "found" | "number" => Control::Number,
            "password" => Control::Password { autocomplete: "new-password" },
            "current" => Control::Password { autocomplete: "current-password" },
            "upload" => Control::File,
            _ => Control::Line,
        }
    }

    /// What it is called: as the operation says, where it says something of its own.
    pub(super) fn label(&self, t: &Words, action: &str) -> String {
        let label = t.label_of(format!("{action}-{}", self.name));
        if label.is_empty() { t.field(&self.name) } else { label }
    }

    /// The field with what was given, asked for in these words.
    pub(crate) fn field(
        &self,
        t: &Words,
        action: &str,
        choices: &Choices,
        value: &str,
        hidden: bool,
    ) -> Field {
        // What an operation says of the field goes before what the field says everywhere.
        let help = t.field_help(format!("{action}-{}", self.name));
        let help = if help.is_empty() { t.field_help(&self.name) } else { help };
        let control = if hidden { Control::Hidden } else { self.control(t, choices) };
        Field {
            label: self.label(t, action),
            help,
            required: self.required && !self.flag,
            name: self.name.clone(),
            control,
            value: value.to_owned(),
            wrong: None,
        }
    }
}

/// What an error says of the input, and of which field when it is of one.
pub(crate) fn wrong(t: &Words, error: &Error) -> Option<(String, String)> {
    match error {
        Error::Invalid { field: "", what } => match what.split_once(": ") {
            Some((field, what)) => Some((field.to_owned(), super::said::say(t, what))),
            None => Some((String::new(), super::said::say(t, what))),
        },
        Error::Invalid { field, what } => Some(((*field).to_owned(), super::said::say(t, what))),
        _ => None,
    }
}

/// What an error says, in the reader's language.
pub(crate) fn said(t: &Words, error: &Error) -> String {
    match error {
        Error::Invalid { field: "", what } | Error::Conflict(what) => super::said::say(t, what),
        Error::Invalid { field, what } => t.of_field(t.field(field), super::said::say(t, what)),
        other => super::said::say(t, &other.to_string()),
    }
}
