//! Errors as RFC 9457 problems: the one place where an error gets an HTTP status.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::Error;
use crate::rules::pack::Rule;

/// An RFC 9457 problem.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Kind of problem: a URN of Kura.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for a person.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened and what to do, in the language asked for.
    pub detail: String,
    /// The rules that refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub rules: Vec<Rule>,
}

/// Whether the reader asks for Japanese before English.
fn japanese(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.trim_start().to_ascii_lowercase().starts_with("ja"))
}

impl Problem {
    /// The problem of an error, for whoever sent these headers.
    pub fn new(error: Error, headers: &HeaderMap) -> Self {
        let (status, kind, title) = match &error {
            Error::Invalid { .. } => (StatusCode::BAD_REQUEST, "invalid", "The input makes no sense"),
            Error::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in"),
            Error::Denied(_) => (StatusCode::FORBIDDEN, "denied", "The rules refuse it"),
            Error::NotFound(_) => (StatusCode::NOT_FOUND, "not-found", "There is no such thing"),
            Error::Conflict(_) => (StatusCode::CONFLICT, "conflict", "It contradicts the present state"),
            Error::Unknown(_) => (StatusCode::SERVICE_UNAVAILABLE, "unknown", "The outcome is unknown"),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "A fault of the server"),
        };
        if let Error::Internal(what) | Error::Unknown(what) = &error {
            tracing::error!("{what}");
        }
        let detail = match &error {
            Error::Denied(refusal) if japanese(headers) => refusal.ja(),
            // The log has the particulars; whoever is outside gets none.
            Error::Internal(_) => "internal error: the server's log says more".to_owned(),
            other => other.to_string(),
        };
        let rules = match error {
            Error::Denied(refusal) => refusal.rules,
            _ => vec![],
        };
        Self { kind: format!("urn:kura:problem:{kind}"), title, status: status.as_u16(), detail, rules }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response()
    }
}
