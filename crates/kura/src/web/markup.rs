//! Texts of a policy pack as they are read.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::rules::documents;

/// A text of a pack as HTML. What makes it refuses markup of its own.
pub(crate) struct Markup(String);

impl Markup {
    /// A text in Markdown.
    pub(crate) fn of(text: &str) -> Self {
        Self(documents::html(text))
    }

    /// Nothing.
    pub(crate) fn empty() -> Self {
        Self(String::new())
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}
