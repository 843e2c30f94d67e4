//! Fields of a form: what each is called, how it is asked for, what is wrong with what was given.
//!
//! An operation's fields are those of its command line. Here stands only what a page adds to them: that a class is chosen
//! from the pack's, a person from the register, that a reason is a longer text and a day a day.

use std::collections::BTreeMap;

use super::visitor::Member;
use super::words::Words;
use crate::app::App;
use crate::error::{Error, Result};
use crate::matters::list_matters::ListMatters;
use crate::matters::list_parties::ListParties;
use crate::people::list_people::ListPeople;

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
    /// One of many, found by typing: value, word.
    Search(Vec<(String, String)>),
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

/// Choices up to this number are a list; beyond it the field is searched by typing.
const FEW: usize = 60;

/// What fields choose from, as far as a form needs it.
#[derive(Default)]
pub(crate) struct Choices {
    classes: Vec<(String, String)>,
    people: Vec<(String, String)>,
    parties: Vec<(String, String)>,
    matters: Vec<(String, String)>,
}

/// Whether a field names a person.
pub(super) fn names_person(name: &str) -> bool {
    matches!(name, "person" | "custodian" | "to")
}

impl Choices {
    /// Loads what the fields choose from, as far as this member may see it.
    pub(crate) async fn load(
        app: &App,
        member: &Member,
        specs: &[Spec],
        given: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let asks = |names: fn(&str) -> bool| specs.iter().any(|spec| names(&spec.name));
        let t = member.words();
        let mut choices = Self::default();
        if asks(|name| matches!(name, "class" | "clearance")) {
            let pack = app.door.rules();
            choices.classes = pack
                .classes
                .iter()
                .rev()
                .map(|class| (class.id.clone(), t.class(class).to_owned()))
                .collect();
        }
        if asks(names_person) && !member.session.guest {
            let people = member.pass(app, ListPeople {}).await?;
            choices.people = people
                .into_iter()
                .map(|person| (person.person.to_string(), format!("{} ({})", person.name, person.login)))
                .collect();
        }
        if asks(|name| name == "party") && !member.session.guest {
            let parties = member.pass(app, ListParties {}).await?;
            choices.parties =
                parties.into_iter().map(|party| (party.party.to_string(), party.name)).collect();
        }
        if asks(|name| name == "matter") && !given.contains_key("matter") {
            let matters = member.pass(app, ListMatters {}).await?;
            choices.matters = matters
                .into_iter()
                .filter(|matter| matter.open)
                .map(|matter| (matter.matter.to_string(), format!("{} {}", matter.code, matter.name)))
                .collect();
        }
        Ok(choices)
    }

    fn of(&self, name: &str) -> Option<Control> {
        let choices = match name {
            "class" | "clearance" => &self.classes,
            "party" => &self.parties,
            "matter" => &self.matters,
            name if names_person(name) => &self.people,
            _ => return None,
        };
        Some(if choices.is_empty() {
            return None;
        } else if choices.len() > FEW {
            Control::Search(choices.clone())
        } else {
            Control::Choice(choices.clone())
        })
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
            "reason" | "basis" | "purpose" | "source" | "manner" => Control::Area,
            "until" | "return_by" | "trained_until" | "due" => Control::Day,
            "version" | "days" | "acknowledged" => Control::Number,
            "password" => Control::Password { autocomplete: "new-password" },
            "current" => Control::Password { autocomplete: "current-password" },
            "upload" => Control::File,
            _ => Control::Line,
        }
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
        let word = match &control {
            Control::Search(choices) => {
                choices.iter().find(|(id, _)| id == value).map(|(_, word)| word.clone())
            }
            _ => None,
        };
        Field {
            label: t.field(&self.name),
            help,
            required: self.required && !self.flag,
            name: self.name.clone(),
            control,
            value: word.unwrap_or_else(|| value.to_owned()),
            wrong: None,
        }
    }
}

/// What a search found by the text that someone typed: the value whose word it is, or the text itself.
pub(crate) fn chosen(control: &Control, text: &str) -> String {
    let Control::Search(choices) = control else {
        return text.to_owned();
    };
    let text = text.trim();
    choices.iter().find(|(_, word)| word == text).map_or_else(|| text.to_owned(), |(value, _)| value.clone())
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
