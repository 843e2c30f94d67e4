//! Reads an input: path, query and JSON body merged into one flat form.

use axum::body::Body;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

/// How long a body may take to come.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

fn invalid(what: impl std::fmt::Display) -> Error {
    Error::invalid("", what)
}

fn flat(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) -> Result<()> {
    let text = match value {
        Value::Null => return Ok(()),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Array(values) => {
            return values.iter().try_for_each(|value| flat(name, value, pairs));
        }
        Value::Object(_) => {
            return Err(invalid(format!("{name}: inputs are flat: a text, a number, true or false")));
        }
    };
    pairs.push((name.to_owned(), text));
    Ok(())
}

/// Reads an input of this type.
pub(super) async fn read<T: DeserializeOwned>(
    path: &[(&str, &str)],
    query: &str,
    body: Body,
    most: usize,
) -> Result<T> {
    let reading = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, most));
    let read = reading.await.map_err(|_| invalid("the body came too slowly: send it again"))?;
    let bytes = read.map_err(|_| invalid(format!("the body was cut or is longer than {most} bytes")))?;
    let mut pairs: Vec<(String, String)> =
        path.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let asked: Vec<(String, String)> = serde_html_form::from_str(query).map_err(invalid)?;
    pairs.extend(asked);
    if !bytes.is_empty() {
        let body: Value = serde_json::from_slice(&bytes)
            .map_err(|error| invalid(format!("the body is no JSON: {error}")))?;
        let Value::Object(fields) = body else {
            return Err(invalid("the body is a JSON object"));
        };
        for (name, value) in &fields {
            if path.iter().any(|(taken, _)| taken == name) {
                return Err(invalid(format!("{name}: it is in the path already")));
            }
            flat(name, value, &mut pairs)?;
        }
    }
    crate::input::read(&pairs)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::text::Name;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        name: Name,
        #[serde(default)]
        size: Option<u64>,
        #[serde(default)]
        yes: bool,
    }

    async fn given(query: &str, body: &str) -> Result<Input, String> {
        read(&[], query, Body::from(body.to_owned()), 64).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn path_query_and_body_are_one_input() {
        let whole = Input { name: "契約書".parse().unwrap(), size: Some(7), yes: true };
        assert_eq!(given("size=7", r#"{"name":"契約書","yes":true}"#).await, Ok(whole));
        let short = given("name=a+b", "").await.unwrap();
        assert_eq!((short.name.as_str(), short.size, short.yes), ("a b", None, false));
    }

    #[tokio::test]
    async fn a_bad_input_is_named() {
        let fault =
            |query: &'static str, body: &'static str| async move { given(query, body).await.unwrap_err() };
        assert!(fault("", "").await.contains("name"));
        assert!(fault("name=a&size=x", "").await.contains("size"));
        assert!(fault("name=a&colour=red", "").await.contains("colour"));
        assert!(fault("", r#"{"name":"a\u0000"}"#).await.contains("U+0000"));
        assert!(fault("", r#"{"name":{"a":1}}"#).await.contains("flat"));
        assert!(fault("", "[1]").await.contains("object"));
        assert!(fault("", "{").await.contains("JSON"));
        assert!(fault("name=%E2%80%AEx", "").await.contains("U+202E"));
    }
}
