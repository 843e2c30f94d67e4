//! How a reminder reads: a mail in both languages, since which one its reader prefers is not known.

use super::remind::Line;
use super::waits::Thing;
use crate::web::words::{Language, Languages, Words};

/// What reminders are written with.
pub(super) struct Letter {
    languages: Languages,
    /// The address of the pages, to which the mail leads; empty for none.
    address: String,
}

impl Letter {
    /// With dates in this time zone, and links to this address.
    pub(super) fn new(time_zone: &str, address: &str) -> Self {
        Self { languages: Languages::load(time_zone), address: address.to_owned() }
    }

    /// The mail's subject and text.
    pub(super) fn compose(&self, lines: &[Line<'_>], things: &[Thing], today: &str) -> (String, String) {
        let (ja, en) = (self.languages.of(Language::Ja), self.languages.of(Language::En));
        let number = (lines.len() + things.len()) as i64;
        let told = |t: &Words| {
            let mut text = format!("{}\n\n", t.mail_intro(number));
            for line in lines {
                text.push_str(&self.line(t, line, today));
            }
            for thing in things {
                text.push_str(&self.thing(t, thing, today));
            }
            text
        };
        let subject = format!("{} / {}", ja.mail_subject(number), en.mail_subject(number));
        (subject, format!("{}\n{}\n{}\n\n{}\n", told(&ja), told(&en), ja.mail_why(), en.mail_why()))
    }

    fn thing(&self, t: &Words, thing: &Thing, today: &str) -> String {
        let title = t.mail_thing(thing.kind);
        let text = match thing.due.map(|due| due.to_string()) {
            None => t.mail_waits(title),
            Some(due) if due.as_str() < today => t.mail_late(title, t.date(&due)),
            Some(due) => t.mail_due(title, t.date(&due)),
        };
        self.linked(text, thing.path)
    }

    /// A line with where it leads.
    fn linked(&self, text: String, path: &str) -> String {
        match self.address.as_str() {
            "" => format!("{text}\n"),
            address => format!("{text}\n  {address}{path}\n"),
        }
    }

    fn line(&self, t: &Words, line: &Line<'_>, today: &str) -> String {
        let title = t.either(&line.duty.ja, &line.duty.en);
        let due = t.date(&line.row.due_on);
        let late = line.row.last_day.as_str() < today;
        let text = match (late, line.told) {
            (true, true) => t.mail_told_late(title, due, t.whom(&line.row.office)),
            (true, false) => t.mail_late(title, due),
            _ => t.mail_due(title, due),
        };
        self.linked(text, &format!("/duties/{}", line.duty.id))
    }
}
