//! The frame around every page: who is here, where they are, where else they can go.

use std::fmt;
use std::sync::Arc;

use askama::filters::HtmlSafe;

use super::assets;
use super::visitor::{FORM_TOKEN, Member, Visit};
use super::words::Words;
use crate::rules::pack::Pack;

/// A part of Kura that the rail leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// 今日.
    Today,
    /// 台帳.
    Register,
    /// 案件.
    Matters,
    /// 依頼.
    Requests,
    /// 方針.
    Policy,
    /// 管理.
    Administration,
    /// None of these.
    Elsewhere,
}

/// What the frame shows.
pub(crate) struct Shell {
    /// The words of the reader's language.
    pub(crate) t: Arc<Words>,
    /// The page's title.
    pub(crate) title: String,
    /// Where it is.
    pub(crate) place: Place,
    /// The reader's name; empty before they sign in.
    pub(crate) name: String,
    /// Whether the reader is a guest.
    pub(crate) guest: bool,
    /// The page's own address.
    pub(crate) here: String,
    /// What was just done, in words.
    pub(crate) done: Option<String>,
    form_token: String,
}

/// An icon of the sprite. It says nothing: a word stands beside it.
pub(crate) struct Icon(&'static str, String);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{}#{}\"/></svg>", self.0, self.1)
    }
}

impl HtmlSafe for Icon {}

/// The hidden field of a form's token.
pub(crate) struct FormToken(String);

impl fmt::Display for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<input type=\"hidden\" name=\"{FORM_TOKEN}\" value=\"{}\">", self.0)
    }
}

impl HtmlSafe for FormToken {}

/// 印: a class as an office stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    rank: i64,
    name: String,
}

impl Seal {
    /// The seal of a class.
    pub(crate) fn of(words: &Words, pack: &Pack, class: &str) -> Self {
        match pack.class(class) {
            Some(class) => Self { rank: class.rank, name: words.class(class).to_owned() },
            None => Self { rank: 0, name: class.to_owned() },
        }
    }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<span class=\"seal seal-{}\">", self.rank.clamp(0, 4))?;
        askama::filters::escape(&self.name, askama::filters::Html).map_err(|_| fmt::Error)?.fmt(f)?;
        f.write_str("</span>")
    }
}

impl HtmlSafe for Seal {}

impl Shell {
    /// The frame for a visitor, signed in or not.
    pub(crate) fn alone(visit: &Visit, title: impl Into<String>) -> Self {
        Self {
            t: visit.words.clone(),
            title: title.into(),
            place: Place::Elsewhere,
            name: visit.session.as_ref().map(|session| session.name.clone()).unwrap_or_default(),
            guest: visit.session.as_ref().is_some_and(|session| session.guest),
            here: visit.here.clone(),
            done: done(visit),
            form_token: visit.form_token.clone(),
        }
    }

    /// The frame of a page for whoever has signed in.
    pub(crate) fn new(member: &Member, place: Place, title: impl Into<String>) -> Self {
        Self { place, ..Self::alone(&member.visit, title) }
    }

    /// An asset's address.
    pub(crate) fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    /// An icon.
    pub(crate) fn icon(&self, name: impl fmt::Display) -> Icon {
        Icon(assets::address("icons.svg"), name.to_string())
    }

    /// A form's token, in its hidden field.
    pub(crate) fn csrf(&self) -> FormToken {
        FormToken(self.form_token.clone())
    }

    /// A form's token, for a script's requests.
    pub(crate) fn token(&self) -> &str {
        &self.form_token
    }

    /// Where the rail leads: place, address, icon, word.
    pub(crate) fn places(&self) -> Vec<(Place, &'static str, &'static str, String)> {
        let t = &self.t;
        let mut places = vec![
            (Place::Today, "/today", "sunrise", t.nav_today()),
            (Place::Register, "/register", "library", t.nav_register()),
            (Place::Matters, "/matters", "folder-open", t.nav_matters()),
            (Place::Requests, "/requests", "clipboard-check", t.nav_requests()),
            (Place::Policy, "/policy", "gavel", t.nav_policy()),
            (Place::Administration, "/administration", "settings", t.nav_administration()),
        ];
        if self.guest {
            places.retain(|(place, ..)| matches!(place, Place::Register | Place::Matters));
        }
        places
    }
}

/// What the address says was just done, in words of ours.
fn done(visit: &Visit) -> Option<String> {
    let (_, query) = visit.here.split_once('?')?;
    let operation = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
    Some(visit.words.done(operation.replace('-', "_")))
}
