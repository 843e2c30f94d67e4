//! Reads an input: path, query and JSON body merged into one flat form. An input that holds texts by their names, as a
//! policy's files are, is read as JSON instead: pairs cannot say it.

use axum::body::Body;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

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
        // No input holds such a thing within a list.
        Value::Object(_) => {
            return Err(invalid(format!("{name}: a list holds texts, numbers, true or false")));
        }
    };
    pairs.push((name.to_owned(), text));
    Ok(())
}

/// Whether a text that is no text of Kura's stands anywhere in a value.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

/// Reads an input that holds texts by their names.
fn nested<T: DeserializeOwned>(pairs: Vec<(String, String)>, mut fields: Map<String, Value>) -> Result<T> {
    if let Some((name, _)) = fields.iter().find(|(_, value)| holds_nul(value)) {
        return Err(invalid(format!("{name}: it must not hold the character U+0000")));
    }
    fields.retain(|_, value| !value.is_null());
    for (name, text) in pairs {
        if fields.insert(name.clone(), text.into()).is_some() {
            return Err(invalid(format!("{name}: it is there twice")));
        }
    }
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        match error.path().to_string().as_str() {
            "." | "?" => invalid(error.inner()),
            field => invalid(format!("{field}: {}", error.inner())),
        }
    })
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
        if let Some(name) = fields.keys().find(|name| path.iter().any(|(taken, _)| taken == name)) {
            return Err(invalid(format!("{name}: it is in the path already")));
        }
        if fields.values().any(Value::is_object) {
            return nested(pairs, fields);
        }
        for (name, value) in &fields {
            flat(name, value, &mut pairs)?;
        }
    }
    crate::input::read(&pairs)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
        #[serde(default)]
        files: BTreeMap<String, String>,
    }

    async fn given(query: &str, body: &str) -> Result<Input, String> {
        read(&[], query, Body::from(body.to_owned()), 64).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn path_query_and_body_are_one_input() {
        let whole =
            Input { name: "契約書".parse().unwrap(), size: Some(7), yes: true, files: BTreeMap::new() };
        assert_eq!(given("size=7", r#"{"name":"契約書","yes":true}"#).await, Ok(whole));
        let short = given("name=a+b", "").await.unwrap();
        assert_eq!((short.name.as_str(), short.size, short.yes), ("a b", None, false));
    }

    #[tokio::test]
    async fn texts_by_their_names_are_read_as_they_stand() {
        let whole = given("", r#"{"name":"x","size":7,"files":{"a/b.md":"一\n二"}}"#).await.unwrap();
        assert_eq!((whole.name.as_str(), whole.size), ("x", Some(7)));
        assert_eq!(whole.files, BTreeMap::from([("a/b.md".to_owned(), "一\n二".to_owned())]));
        let fault = |body: &'static str| async move { given("", body).await.unwrap_err() };
        assert!(fault(r#"{"name":"x","files":{"a":1}}"#).await.contains("files.a"));
        assert!(fault(r#"{"name":"x","files":{"a":"\u0000"}}"#).await.contains("U+0000"));
        assert!(fault(r#"{"files":{"a":"b"}}"#).await.contains("name"));
        assert!(given("", r#"{"name":"x","size":null,"yes":null,"files":{}}"#).await.is_ok());
        let twice = given("name=y", r#"{"name":"x","files":{}}"#).await.unwrap_err();
        assert!(twice.contains("name: it is there twice"), "{twice}");
        assert!(fault(r#"{"name":"x","files":{},"colour":"red"}"#).await.contains("colour"));
    }

    #[tokio::test]
    async fn a_bad_input_is_named() {
        let fault =
            |query: &'static str, body: &'static str| async move { given(query, body).await.unwrap_err() };
        assert!(fault("", "").await.contains("name"));
        assert!(fault("name=a&size=x", "").await.contains("size"));
        assert!(fault("name=a&colour=red", "").await.contains("colour"));
        assert!(fault("", r#"{"name":"a\u0000"}"#).await.contains("U+0000"));
        assert!(fault("", r#"{"name":{"a":1}}"#).await.contains("name: invalid type: map"));
        assert!(fault("", r#"{"name":[{"a":1}]}"#).await.contains("name: a list holds"));
        assert!(fault("", "[1]").await.contains("object"));
        assert!(fault("", "{").await.contains("JSON"));
        assert!(fault("name=%E2%80%AEx", "").await.contains("U+202E"));
    }
}
