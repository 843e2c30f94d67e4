//! Names that people type: checked once, at the door of every input.
//!
//! A name is kept in Unicode normalisation form C, so that the same Japanese name typed on two systems
//! is one name. It holds no control characters and no bidirectional overrides, which could make it
//! read as something else on a screen, and no path separators, so that it can become a file's name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Checks the number of lines that somebody asks for, where there is no most.
pub(crate) fn check_limit(limit: Option<i64>) -> Result<(), crate::error::Error> {
    match limit {
        Some(limit) if limit < 1 => Err(crate::error::Error::invalid("limit", "ask for one line at least")),
        _ => Ok(()),
    }
}

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoName {
    /// Nothing but white space.
    #[error("a name must not be empty")]
    Empty,
    /// Longer than a file name may be.
    #[error("a name has at most 255 bytes in UTF-8; this one has {0}")]
    Long(usize),
    /// A character that names must not hold.
    #[error("a name must not hold the character U+{0:04X}")]
    Character(u32),
    /// A name that means a folder.
    #[error("a name must not be \".\" or \"..\"")]
    Dots,
}

/// A checked name: of an item, a person, a party, a matter, a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Name(String);

/// Longer free text: a reason, a note. Line feeds and tabs are allowed, up to 4,000 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Note(String);

/// Characters that change the direction or the visibility of what stands around them.
fn deceives(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

impl FromStr for Name {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            return Err(NoName::Empty);
        }
        let bad =
            |c: &char| c.is_control() || deceives(*c) || matches!(c, '/' | '\\' | '\u{2028}' | '\u{2029}');
        if let Some(c) = name.chars().find(bad) {
            return Err(NoName::Character(c.into()));
        }
        if name == "." || name == ".." {
            return Err(NoName::Dots);
        }
        if name.len() > 255 {
            return Err(NoName::Long(name.len()));
        }
        Ok(Self(name))
    }
}

/// Why a text is no note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoNote {
    /// Nothing but white space.
    #[error("a reason must be given")]
    Empty,
    /// Too long.
    #[error("at most 4,000 characters; this text has {0}")]
    Long(usize),
    /// A character that texts must not hold.
    #[error("a text must not hold the character U+{0:04X}")]
    Character(u32),
}

impl FromStr for Note {
    type Err = NoNote;

    fn from_str(text: &str) -> Result<Self, NoNote> {
        let note: String = text.trim().nfc().collect();
        let length = note.chars().count();
        let bad = |c: &char| (c.is_control() && !matches!(c, '\n' | '\t')) || deceives(*c);
        match note.chars().find(bad) {
            Some(c) => Err(NoNote::Character(c.into())),
            None if length == 0 => Err(NoNote::Empty),
            None if length > 4000 => Err(NoNote::Long(length)),
            None => Ok(Self(note)),
        }
    }
}

/// A mail address (RFC 5321).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct MailAddress(String);

/// A text that is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mail address looks like hana@example.jp")]
pub struct NoMailAddress;

impl FromStr for MailAddress {
    type Err = NoMailAddress;

    fn from_str(text: &str) -> Result<Self, NoMailAddress> {
        let address: lettre::Address = text.trim().parse().map_err(|_| NoMailAddress)?;
        let address = address.to_string();
        if address.len() > 254 || address.chars().any(|c| c.is_control() || c.is_whitespace() || deceives(c))
        {
            return Err(NoMailAddress);
        }
        Ok(Self(address))
    }
}

macro_rules! text_type {
    ($name:ident, $error:ident) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text_type!(Name, NoName);
text_type!(Note, NoNote);
text_type!(MailAddress, NoMailAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised_and_deceiving_ones_refused() {
        let name = |text: &str| text.parse::<Name>().map(|name| name.0);
        assert_eq!(name(" 契約書.pdf "), Ok("契約書.pdf".to_owned()));
        assert_eq!(name("か\u{3099}いぶ"), Ok("がいぶ".to_owned()), "NFD");
        assert_eq!(name("\u{202E}fdp.exe"), Err(NoName::Character(0x202E)));
        assert_eq!(name("a\nb"), Err(NoName::Character(10)));
        assert_eq!(name("../../etc/passwd"), Err(NoName::Character(0x2F)));
        assert_eq!(name("a\\b"), Err(NoName::Character(0x5C)));
        assert_eq!(name(".."), Err(NoName::Dots));
        assert_eq!(name(" \t "), Err(NoName::Empty));
        assert!(name(&"あ".repeat(85)).is_ok());
        assert_eq!(name(&"あ".repeat(86)), Err(NoName::Long(258)));
        let mail = |text: &str| text.parse::<MailAddress>().map(|mail| mail.0).ok();
        assert_eq!(mail(" hana@example.jp ").as_deref(), Some("hana@example.jp"));
        for wrong in [
            "hana",
            "hana@",
            "@example.jp",
            "a b@example.jp",
            "a@example.jp\r\nBcc: b@example.jp",
            "<a@example.jp>",
            "",
        ] {
            assert_eq!(mail(wrong), None, "{wrong}");
        }
        assert!("two\nlines".parse::<Note>().is_ok());
        assert_eq!("".parse::<Note>(), Err(NoNote::Empty));
        assert_eq!("\u{7}".parse::<Note>(), Err(NoNote::Character(7)));
    }
}
