//! The kit of the pages. A page is a view of operations: it asks the door like every other edge, and has no rule of its
//! own. The pages themselves stand beside what they show (`custody/page.rs`, `matters/page.rs` …).
//!
//! In reading order:
//! - `words`: Japanese and English;
//! - `visitor`: who asks, in which language, and that a form came from our own page;
//! - `shell`: the frame around every page;
//! - `fault`: an error as a page;
//! - `form`: the form of every operation, from the catalogue;
//! - `choices`: matters, people and parties to choose from;
//! - `sought`: long lists, searched;
//! - `files`: files that a form brings;
//! - `drafts`: tables on their way into the register;
//! - `assets`: style, script, icons;
//! - `routes`: every page, listed once.

mod about;
pub(crate) mod assets;
pub(crate) mod choices;
pub(crate) mod drafts;
pub(crate) mod fault;
pub(crate) mod field;
pub(crate) mod files;
pub(crate) mod form;
pub(crate) mod markup;
pub(crate) mod qr;
pub mod routes;
pub(crate) mod said;
pub(crate) mod shell;
pub(crate) mod sought;
pub(crate) mod visitor;
pub(crate) mod words;

use askama::Template;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::error::Error;
use fault::Fault;
use routes::Access;

/// What a page answers.
pub(crate) type Answer = Result<Response, Fault>;

/// A template as a page.
pub(crate) fn page(template: &impl Template) -> Answer {
    let text = template.render().map_err(Error::internal)?;
    Ok(Html(text).into_response())
}

/// A template as a page, which says so to the browser when something that was sent is wrong (422).
pub(crate) fn page_of(template: &impl Template, wrong: bool) -> Answer {
    let mut answer = page(template)?;
    if wrong {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// Sends the browser on to another page with a fresh request.
pub(crate) fn go_to(address: &str) -> Answer {
    Ok(Redirect::to(address).into_response())
}

/// The router of the pages.
pub(crate) fn router(app: &App) -> Router<App> {
    let (mut open, mut inside) = (Router::new(), Router::new());
    for route in routes::all() {
        match route.access {
            Access::Anyone => open = open.route(route.path, route.handler),
            Access::SignedIn => inside = inside.route(route.path, route.handler),
        }
    }
    let inside = inside.fallback(fault::nowhere).layer(axum::middleware::from_fn(visitor::signed_in));
    let encrypted = app.settings.encrypted();
    open.merge(inside)
        .layer(from_fn_with_state(app.clone(), visitor::enter))
        .route("/assets/{digest}/{name}", axum::routing::get(assets::asset))
        .layer(map_response(move |response| guard(response, encrypted)))
}

/// Nothing of ours is framed, sniffed or referred to elsewhere; what is not ours is not loaded; and unless a page says
/// otherwise, nothing is kept.
async fn guard(mut response: Response, encrypted: bool) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; \
                          connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    if encrypted {
        // Two years, as browsers' preload lists ask for (RFC 6797).
        let always = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, always);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
