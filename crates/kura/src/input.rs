//! Reads an operation's input from the flat pairs of names and values that every edge boils down to.

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Reads an input of this type. A value that is no text of Kura's is refused before the type sees it.
///
/// # Errors
/// A name that the type does not have, one that it needs, a value that is none of its field's.
pub(crate) fn read<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T> {
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.contains('\0')) {
        return Err(Error::invalid("", format!("{name}: it must not hold the character U+0000")));
    }
    let form = serde_html_form::to_string(pairs).map_err(Error::internal)?;
    let read = serde_html_form::Deserializer::from_bytes(form.as_bytes());
    serde_path_to_error::deserialize(read).map_err(|error| match error.path().to_string().as_str() {
        "." | "?" => Error::invalid("", error.inner()),
        field => Error::invalid("", format!("{field}: {}", error.inner())),
    })
}
