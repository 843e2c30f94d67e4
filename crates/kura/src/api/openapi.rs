//! The OpenAPI 3.1 document, made from the catalogue.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::problem::Problem;
use crate::catalogue::{self, Edge, Method, Offered, Route};
use crate::custody::upload::Progress;
use crate::people::create_token::TokenCreated;
use crate::sign_in::SignIn;

#[derive(Default)]
struct Document {
    paths: BTreeMap<String, Map<String, Value>>,
    schemas: BTreeMap<String, Value>,
}

fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

impl Document {
    /// Puts a type and what it refers to among the components.
    fn keep<T: ToSchema>(&mut self) -> Value {
        let mut all = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut all);
        for (name, schema) in &all {
            self.schemas.insert(name.clone(), value(schema));
        }
        json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
    }

    fn answers(&mut self, schema: Value) -> Value {
        let problem = self.keep::<Problem>();
        json!({
            "200": { "description": "Done and recorded",
                     "headers": { "Kura-Record": { "description": "Id of the record", "schema": { "type": "string" } },
                                  "Kura-Index": { "description": "Its index in the ledger", "schema": { "type": "integer" } } },
                     "content": { "application/json": { "schema": schema } } },
            "default": { "description": "Not done", "content": { "application/problem+json": { "schema": problem } } },
        })
    }

    fn put(&mut self, path: &str, method: &str, operation: Value) {
        self.paths.entry(path.to_owned()).or_default().insert(method.to_owned(), operation);
    }
}

fn headers() -> Vec<Value> {
    let header = |name: &str, what: &str| json!({ "name": name, "in": "header", "required": false, "description": what, "schema": { "type": "string" } });
    vec![
        header("Idempotency-Key", "Makes a repeated write the same write"),
        header("If-Match", "The revision that you have seen, in quotes"),
        header("Kura-Request", "The approved request that this carries out"),
    ]
}

impl Edge for Document {
    fn add<O: Offered>(&mut self, route: Route) {
        let schema = value(&O::schema());
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let (mut parameters, mut body) = (Vec::new(), Map::new());
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let in_path = route.path.contains(&format!("{{{name}}}"));
            if in_path || route.method == Method::Get {
                parameters.push(json!({
                    "name": name,
                    "in": if in_path { "path" } else { "query" },
                    "required": in_path || required.contains(&name.as_str()),
                    "description": property["description"],
                    "schema": property,
                }));
            } else {
                body.insert(name.clone(), property.clone());
            }
        }
        // What the input refers to; the input itself is spread over path, query and body.
        let mut referred = Vec::new();
        O::schemas(&mut referred);
        for (name, schema) in &referred {
            self.schemas.insert(name.clone(), value(schema));
        }
        let output = self.keep::<O::Output>();
        let mut operation = json!({
            "operationId": O::ACTION.0,
            "summary": route.en,
            "description": route.ja,
            "responses": self.answers(output),
        });
        if O::WRITES {
            parameters.extend(headers());
        }
        operation["parameters"] = parameters.into();
        if !body.is_empty() {
            let required: Vec<&str> = required.into_iter().filter(|name| body.contains_key(*name)).collect();
            let schema = json!({ "type": "object", "additionalProperties": false, "required": required, "properties": body });
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        let method = if route.method == Method::Get { "get" } else { "post" };
        self.put(route.path, method, operation);
    }
}

/// The document's text.
pub(crate) fn document() -> String {
    let mut document = Document::default();
    catalogue::visit(&mut document);
    let path =
        |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let sign_in = document.keep::<SignIn>();
    let token = document.keep::<TokenCreated>();
    let answers = document.answers(token);
    document.put(
        "/sign-in",
        "post",
        json!({
            "operationId": "sign_in", "summary": "Signs in: makes a token", "security": [],
            "requestBody": { "required": true, "content": { "application/json": { "schema": sign_in } } },
            "responses": answers,
        }),
    );
    let progress = document.keep::<Progress>();
    let answers = document.answers(progress);
    document.put(
        "/uploads/{upload}",
        "get",
        json!({
            "operationId": "progress", "summary": "How far an upload has come",
            "parameters": [path("upload")], "responses": answers,
        }),
    );
    document.put(
        "/uploads/{upload}/parts/{part}",
        "put",
        json!({
            "operationId": "put_part", "summary": "Stores one part of an upload",
            "parameters": [path("upload"), path("part")],
            "requestBody": { "required": true, "content": { "application/octet-stream": {} } },
            "responses": { "204": { "description": "The part is on disk" } },
        }),
    );
    document.put(
        "/content",
        "get",
        json!({
            "operationId": "content", "summary": "Content by ticket, whole or a range",
            "parameters": [
                { "name": "Kura-Ticket", "in": "header", "required": true, "schema": { "type": "string" } },
                { "name": "Range", "in": "header", "required": false, "schema": { "type": "string" } },
            ],
            "responses": { "200": { "description": "All of it" }, "206": { "description": "The range" } },
        }),
    );
    document.put(
        "/statements/{statement}/page",
        "get",
        json!({
            "operationId": "statement_page", "summary": "A receipt, certificate or report as a page that prints",
            "parameters": [
                { "name": "statement", "in": "path", "required": true, "schema": { "type": "string" } },
            ],
            "responses": { "200": { "description": "The page", "content": { "text/html": {} } } },
        }),
    );
    document.put("/ledger/checkpoint", "get", json!({
        "operationId": "checkpoint", "summary": "The ledger's newest checkpoint (C2SP tlog-checkpoint)", "security": [],
        "responses": { "200": { "description": "A signed note", "content": { "text/plain": {} } } },
    }));
    document.put("/ledger/export", "get", json!({
        "operationId": "export_ledger", "summary": "The whole ledger, a line of JSON each",
        "responses": { "200": { "description": "The checkpoint, then every entry", "content": { "application/x-ndjson": {} } } },
    }));
    let whole = json!({
        "openapi": "3.1.0",
        "info": { "title": "Kura", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "token": [] }],
        "paths": document.paths,
        "components": {
            "schemas": document.schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    });
    whole.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document: Value = serde_json::from_str(&document()).unwrap();
        fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
