//! Lists on pages that may grow long: so many lines are shown, and a text finds the others.

use serde::Deserialize;

/// Lines that are shown.
const SHOWN: usize = 50;

/// What a list is searched for, as its address says.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Sought {
    /// A part of a name.
    #[serde(default)]
    pub(crate) name: String,
    /// Whether there are more lines than are shown.
    #[serde(skip)]
    pub(crate) more: bool,
}

impl Sought {
    /// The text to ask for.
    pub(crate) fn text(&self) -> Option<String> {
        let text = self.name.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// How many lines to ask for: one more than are shown.
    pub(crate) fn limit() -> Option<i64> {
        Some(SHOWN as i64 + 1)
    }

    /// Leaves the lines that are shown, and remembers whether there were more.
    pub(crate) fn cut<T>(&mut self, mut lines: Vec<T>) -> Vec<T> {
        self.more |= Self::too_many(&lines);
        lines.truncate(SHOWN);
        lines
    }

    /// Whether these are more lines than are shown.
    pub(crate) fn too_many<T>(lines: &[T]) -> bool {
        lines.len() > SHOWN
    }

    /// How many there are, for a title.
    pub(crate) fn counted(&self, shown: usize) -> String {
        if self.more { format!("{shown}+") } else { shown.to_string() }
    }
}
