//! The JSON API below `/api/v1`: every operation of the catalogue, uploads, content, sign-in.
//!
//! Inputs are flat: path, query and body merge into one form, so that a page, a script and the command
//! line speak the same. Errors are RFC 9457 problems. A write may carry an `Idempotency-Key`, the
//! revision it has seen as `If-Match`, and the request that it carries out as `Kura-Request`.

mod calendar;
mod content;
mod input;
mod openapi;
mod problem;
mod watch;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, get, on, post, put};
use serde::Serialize;

use crate::app::App;
use crate::catalogue::{self, Edge, Method, Offered, Route};
use crate::door::Options;
use crate::error::{Error, Result};
use crate::sign_in::SignIn;
pub(crate) use openapi::document;
use problem::Problem;
pub use watch::{Watch, serve as serve_metrics};

/// Header with the record's id.
const RECORD: HeaderName = HeaderName::from_static("kura-record");
/// Header with the record's index in the ledger.
const INDEX: HeaderName = HeaderName::from_static("kura-index");

/// The router of the whole API.
pub(crate) fn router() -> Router<App> {
    let mut routes = Routes(Router::new());
    catalogue::visit(&mut routes);
    routes
        .0
        .route("/sign-in", post(sign_in))
        .route("/uploads/{upload}", get(content::progress))
        .route("/uploads/{upload}/parts/{part}", put(content::put_part))
        .route("/content", get(content::content))
        .route("/statements/{statement}/page", get(content::statement_page))
        .route("/me/calendar/{file}", get(calendar::calendar))
        .route("/ledger/checkpoint", get(content::checkpoint))
        .route("/ledger/export", get(content::export))
        .route("/openapi.json", get(describe))
        .fallback(nowhere)
        .layer(axum::middleware::map_response(guard))
}

/// Headers that every answer has: nothing here is cached, framed, sniffed or scripted.
async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

struct Routes(Router<App>);

impl Edge for Routes {
    fn add<O: Offered>(&mut self, route: Route) {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let router = std::mem::take(&mut self.0);
        self.0 = router.route(route.path, on(filter, operate::<O>));
    }
}

/// Passes one operation through the door.
async fn operate<O: Offered>(State(app): State<App>, request: Request) -> Response {
    let started = std::time::Instant::now();
    let (mut parts, body) = request.into_parts();
    let answer = passed::<O>(&app, &mut parts, body).await;
    app.watch.passed(O::ACTION.0, answer.as_ref().err(), started.elapsed());
    answer.unwrap_or_else(|error| Problem::new(error, &parts.headers).into_response())
}

async fn passed<O: Offered>(app: &App, parts: &mut Parts, body: Body) -> Result<Response> {
    let actor = app.actor(parts).await?;
    let options = options(&parts.headers)?;
    let path = RawPathParams::from_request_parts(parts, &()).await;
    let path = path.map_err(|_| Error::invalid("path", "it is not UTF-8"))?;
    let path: Vec<(&str, &str)> = path.iter().collect();
    let query = parts.uri.query().unwrap_or_default();
    let operation: O = input::read(&path, query, body, O::LONGEST_INPUT).await?;
    let recorded = app.door.pass(&actor, operation, options).await?;
    let (event, index) = (recorded.event().to_string(), recorded.index());
    let mut response = json(&recorded.into_value())?;
    let headers = response.headers_mut();
    headers.insert(RECORD, HeaderValue::from_str(&event).map_err(Error::internal)?);
    headers.insert(INDEX, HeaderValue::from(index));
    Ok(response)
}

fn json(value: &impl Serialize) -> Result<Response> {
    let text = serde_json::to_vec(value).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

fn options(headers: &HeaderMap) -> Result<Options> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let idempotency_key = match text("idempotency-key") {
        Some(key) if (1..=255).contains(&key.len()) => Some(key.to_owned()),
        Some(_) => {
            return Err(Error::invalid("Idempotency-Key", "it has 1 to 255 characters"));
        }
        None => None,
    };
    let revision = text("if-match")
        .map(|value| value.trim_matches('"').parse())
        .transpose()
        .map_err(|_| Error::invalid("If-Match", "a revision is a number in quotes, for example \"3\""))?;
    let request = text("kura-request")
        .map(str::parse)
        .transpose()
        .map_err(|error| Error::invalid("Kura-Request", error))?;
    Ok(Options { idempotency_key, request, revision, consent: None })
}

async fn sign_in(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let zone = app.zone(&parts);
    let signed = async {
        let input: SignIn = input::read(&[], "", body, 64 * 1024).await?;
        json(&app.desk.sign_in(input, zone).await?)
    };
    signed.await.unwrap_or_else(|error| Problem::new(error, &parts.headers).into_response())
}

async fn describe(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.openapi.to_string()).into_response()
}

async fn nowhere(request: Request) -> Response {
    Problem::new(Error::NotFound("page or operation"), request.headers()).into_response()
}
