//! An error as a page: what happened, which clause, why, and what to do next, in the reader's language.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::shell::{Place, Shell};
use super::visitor::Visitor;
use super::words::Words;
use crate::app::App;
use crate::error::Error;
use crate::rules::pack::Rule;

/// Why a page could not be shown.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The door or the capability said so.
    Error(Error),
    /// What was sent did not come from a page of ours.
    Elsewhere,
}

impl Fault {
    /// What was sent did not come from a page of ours, or from one that is out of date.
    pub(crate) fn elsewhere() -> Self {
        Self::Elsewhere
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// A fault on its way to the layer that knows the reader.
#[derive(Clone)]
pub(super) struct Carried(pub(super) std::sync::Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Carried(std::sync::Arc::new(self)));
        response
    }
}

/// One reason of a refusal.
pub(crate) struct Why {
    pub(crate) clause: String,
    pub(crate) why: String,
    pub(crate) ask: String,
    /// Where the lesson about it is, and what it is called.
    pub(crate) lesson: Option<(String, String)>,
}

/// What a reader is told.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    pub(crate) tone: &'static str,
    pub(crate) what: String,
    pub(crate) reasons: Vec<Why>,
    /// What would permit it, none of which applies.
    pub(crate) permits: Vec<Why>,
    pub(crate) detail: Option<String>,
    pub(crate) next: String,
}

/// What an error says to a reader.
pub(crate) fn told(error: &Error, t: &Words, app: &App) -> Told {
    let plain = |status, title: String, what: String, detail: Option<String>, next: String| Told {
        status,
        title,
        tone: "bad",
        what,
        reasons: vec![],
        permits: vec![],
        detail,
        next,
    };
    match error {
        Error::Invalid { .. } => plain(
            StatusCode::UNPROCESSABLE_ENTITY,
            t.fault_invalid(),
            t.fault_invalid_what(),
            Some(super::field::said(t, error)),
            t.fault_invalid_next(),
        ),
        Error::Unauthenticated(_) => plain(
            StatusCode::UNAUTHORIZED,
            t.fault_signed_out(),
            t.fault_signed_out_what(),
            None,
            t.fault_signed_out_next(),
        ),
        Error::Denied(refusal) => {
            let pack = app.door.rules();
            let why = |rule: &Rule| Why {
                clause: t.clause_title(&pack, &rule.clause),
                why: t.rule(rule).to_owned(),
                ask: t.whom(&rule.ask),
                lesson: t.lesson(&pack, rule),
            };
            let reasons: Vec<Why> = refusal.rules.iter().map(why).collect();
            let permits: Vec<Why> = refusal.permits.iter().map(why).collect();
            let detail = match (refusal.fault, reasons.is_empty(), permits.is_empty()) {
                (true, ..) => Some(t.refused_by_fault()),
                (false, true, true) => Some(t.refused_without_rule()),
                (false, true, false) => Some(t.refused_by_none_applying()),
                (false, false, _) => None,
            };
            Told {
                status: StatusCode::FORBIDDEN,
                title: t.fault_refused(),
                tone: "warn",
                what: t.fault_refused_what(t.operation(&refusal.action)),
                reasons,
                permits,
                detail,
                next: t.fault_refused_next(),
            }
        }
        Error::NotFound(_) => plain(
            StatusCode::NOT_FOUND,
            t.fault_nothing(),
            t.fault_nothing_what(),
            None,
            t.fault_nothing_next(),
        ),
        Error::Conflict(_) => plain(
            StatusCode::CONFLICT,
            t.fault_conflict(),
            t.fault_conflict_what(),
            Some(super::field::said(t, error)),
            t.fault_conflict_next(),
        ),
        Error::Unknown(_) => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            t.fault_unknown(),
            t.fault_unknown_what(),
            None,
            t.fault_unknown_next(),
        ),
        Error::Internal(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            t.fault_internal(),
            t.fault_internal_what(),
            None,
            t.fault_internal_next(),
        ),
    }
}

#[derive(Template)]
#[template(path = "web/fault.html")]
struct Page {
    shell: Shell,
    told: Told,
}

#[derive(Template)]
#[template(path = "web/fault_alone.html")]
struct Alone {
    shell: Shell,
    told: Told,
}

/// A fault as a page for this reader. What went wrong inside is logged here, and nowhere told.
pub(super) fn page(visitor: &Visitor, fault: &Fault, app: &App) -> Response {
    let visit = &visitor.0;
    let t = &visit.words;
    let told = match fault {
        Fault::Error(Error::Unauthenticated(_)) if visit.session.is_none() => {
            return Redirect::to("/sign-in").into_response();
        }
        Fault::Error(error) => {
            if let Error::Internal(what) | Error::Unknown(what) = error {
                tracing::error!("{what}");
            }
            let mut told = told(error, t, app);
            // Guests take no courses.
            if visit.session.as_ref().is_none_or(|session| session.guest) {
                told.reasons.iter_mut().for_each(|why| why.lesson = None);
            }
            told
        }
        Fault::Elsewhere => Told {
            status: StatusCode::FORBIDDEN,
            title: t.fault_elsewhere(),
            tone: "bad",
            what: t.fault_elsewhere_what(),
            reasons: vec![],
            permits: vec![],
            detail: None,
            next: t.fault_elsewhere_next(),
        },
    };
    let status = told.status;
    let mut shell = Shell::alone(visit, told.title.clone());
    shell.place = Place::Elsewhere;
    shell.done = None;
    let text = match visit.session {
        Some(_) => Page { shell, told }.render(),
        None => Alone { shell, told }.render(),
    };
    match text {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => status.into_response(),
    }
}

/// What an address that leads nowhere answers.
pub(super) async fn nowhere() -> Fault {
    Error::NotFound("page").into()
}
