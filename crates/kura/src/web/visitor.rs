//! Who asks for a page, in which language, and whether what they send came from a page of ours.
//!
//! A session's token stands in a cookie that only this host gets and no script sees (`__Host-`, RFC 6265bis). A form
//! carries a token made from that cookie, and the browser says which site it came from: both must fit.

use std::sync::Arc;

use aws_lc_rs::digest;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use kura_vault::keys::random_bytes;

use super::fault::{self, Fault};
use super::routes;
use super::words::{Language, Words};
use crate::app::App;
use crate::door::operation::Installation;
use crate::door::{Actor, Operation, Options, Recorded};
use crate::error::{Error, Result};
use crate::id::TokenId;
use crate::people::create_token::token_digest;
use crate::rules::facts::{Action, Circumstances};
use crate::sign_in::Browser;

/// The session's cookie.
pub(crate) const SESSION: &str = "__Host-kura";
/// The cookie of someone who has not signed in, from which their forms' token is made.
const VISIT: &str = "__Host-kura-visit";
/// The cookie by which a browser is known as a device.
const DEVICE: &str = "__Host-kura-device";
/// How long a browser is known: as long as browsers keep a cookie at most.
const KNOWN: i64 = 400 * 24 * 60 * 60;
/// The cookie of the chosen language.
pub(crate) const LANGUAGE: &str = "__Host-kura-language";
/// The field, and in a script's requests the header, of a form's token.
pub(crate) const FORM_TOKEN: &str = "kura-form";
/// Longest form without files.
const FORM: usize = 256 * 1024;

/// Someone's session.
#[derive(Clone)]
pub(crate) struct Session {
    /// Its id.
    pub(crate) id: TokenId,
    /// Who they are to the door.
    pub(crate) actor: Actor,
    /// Their name.
    pub(crate) name: String,
    /// Whether they are a guest.
    pub(crate) guest: bool,
}

/// Someone who asks for a page.
pub(crate) struct Visit {
    /// The words of their language.
    pub(crate) words: Arc<Words>,
    /// Their session, once they have signed in.
    pub(crate) session: Option<Session>,
    /// The token that their forms carry.
    pub(crate) form_token: String,
    /// The page that they are on: path and query.
    pub(crate) here: String,
    /// Where they are, for the rules.
    pub(crate) zone: &'static str,
    /// The origin that the request was made to: one of ours.
    pub(crate) origin: String,
    /// By what the browser is known: the digest of its cookie; empty when it showed none.
    pub(crate) device: String,
}

/// A visitor, signed in or not.
#[derive(Clone)]
pub(crate) struct Visitor(pub(crate) Arc<Visit>);

/// A visitor who has signed in.
#[derive(Clone)]
pub(crate) struct Member {
    /// The visit.
    pub(crate) visit: Arc<Visit>,
    /// The session.
    pub(crate) session: Session,
}

/// The names and values of a form that was sent, in their order, without what the kit itself adds.
#[derive(Clone, Default)]
pub(crate) struct Posted(pub(crate) Vec<(String, String)>);

impl Visit {
    /// The browser that this is, for somebody who signs in before it.
    pub(crate) fn browser(&self, app: &App, headers: &HeaderMap) -> Browser {
        let label = crate::people::page::browser(headers);
        Browser { label, zone: self.zone, device: self.device.clone(), lasts: app.lasts() }
    }
}

impl Posted {
    /// A field's value, empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// Takes a field out.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(given, _)| given == name)?;
        Some(self.0.remove(at).1)
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let visit = parts.extensions.get::<Visitor>().map(|visitor| visitor.0.clone());
        let visit = visit.ok_or_else(|| Error::internal("a page outside the visitors' layer"))?;
        let session = visit.session.clone();
        let session = session.ok_or_else(|| Error::Unauthenticated("sign in first".to_owned()))?;
        Ok(Self { visit, session })
    }
}

impl<S: Sync> FromRequestParts<S> for Posted {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl Member {
    /// Passes an operation through the door.
    pub(crate) async fn pass<O: Operation>(&self, app: &App, operation: O) -> Result<O::Output> {
        Ok(self.pass_with(app, operation, Options::default()).await?.into_value())
    }

    /// Passes an operation through the door with what its caller adds.
    pub(crate) async fn pass_with<O: Operation>(
        &self,
        app: &App,
        operation: O,
        options: Options,
    ) -> Result<Recorded<O::Output>> {
        let started = std::time::Instant::now();
        let passed = app.door.pass(&self.session.actor, operation, options).await;
        app.watch.passed(O::ACTION.0, passed.as_ref().err(), started.elapsed());
        passed
    }

    /// Whether the rules permit an operation on the firm's installation now: a page offers nothing else.
    ///
    /// # Errors
    /// The refusal; it is not recorded, since nothing was asked for yet.
    pub(crate) async fn permitted(&self, app: &App, action: &'static str) -> Result<()> {
        let then = Circumstances::default();
        app.door.still_permitted::<Installation>(&self.session.actor, Action(action), &(), then).await
    }

    /// The words of their language.
    pub(crate) fn words(&self) -> &Words {
        &self.visit.words
    }
}

/// A cookie's value.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Sets a cookie for this host alone, that no script sees; it ends with the browser's session, or after so many seconds.
pub(crate) fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: Option<i64>) {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The token of forms under this cookie. It tells nothing of the cookie.
fn form_token(cookie: &str) -> String {
    let digest = digest::digest(&digest::SHA256, format!("kura form\0{cookie}").as_bytes());
    hex::encode(&digest.as_ref()[..16])
}

/// Whether two tokens are the same, in a time that does not tell where they differ.
fn same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// The origin that this request was made to, when it is one of ours: the address of the settings, or loopback.
fn origin(app: &App, headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?.to_ascii_lowercase();
    let address = &app.settings.address;
    if let Some((_, own)) = address.split_once("://")
        && own.eq_ignore_ascii_case(&host)
    {
        return Some(address.to_ascii_lowercase());
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => &host,
    };
    let near = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let scheme = if app.settings.tls() { "https" } else { "http" };
    near.then(|| format!("{scheme}://{host}"))
}

/// Whether the browser says that a page of this origin sent the request. One that says nothing is held to the form's
/// token alone.
fn sent_by_us(headers: &HeaderMap, origin: &str) -> bool {
    let told = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = told("sec-fetch-site")
        && site != "same-origin"
    {
        return false;
    }
    told("origin").is_none_or(|sender| sender.eq_ignore_ascii_case(origin))
}

/// Whether a script of ours sent this request for someone's session: whose session it is.
pub(crate) async fn scripted(app: &App, parts: &Parts) -> Result<Option<Actor>> {
    let headers = &parts.headers;
    let Some(token) = cookie(headers, SESSION) else {
        return Ok(None);
    };
    let carried = headers.get(FORM_TOKEN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ours = origin(app, headers).is_some_and(|origin| sent_by_us(headers, &origin));
    if !ours || !same(carried, &form_token(token)) {
        return Err(Error::Unauthenticated("the request did not come from a page of Kura".to_owned()));
    }
    let session = session(app, token, app.zone(parts), &device(headers)).await?;
    Ok(session.map(|session| session.actor))
}

/// The cookie by which a browser is known, when it shows one.
fn device_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, DEVICE).filter(|cookie| !cookie.is_empty())
}

/// By what a browser is known.
fn device(headers: &HeaderMap) -> String {
    device_cookie(headers).map(token_digest).unwrap_or_default()
}

async fn session(app: &App, token: &str, zone: &'static str, device: &str) -> Result<Option<Session>> {
    let idle = app.settings.session_idle_minutes * 60 * 1000;
    let found = app.desk.session(token, zone, device, idle).await?;
    Ok(found.map(|found| Session {
        id: found.id,
        actor: Actor::person(found.person, zone)
            .proved_at((found.proved > 0).then_some(found.proved))
            .on_device(found.device_kind)
            .within(found.id),
        name: found.name,
        guest: found.guest,
    }))
}

/// Makes the visit of a request and answers it; an error becomes a page in the visitor's language.
pub(super) async fn enter(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(origin) = origin(&app, &parts.headers) else {
        let told = "Kura is not served under this address. Set `address` to the one that people type.\n";
        return (StatusCode::MISDIRECTED_REQUEST, told).into_response();
    };
    let language = cookie(&parts.headers, LANGUAGE).and_then(Language::with_code).unwrap_or_else(|| {
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::accepted(accepted.unwrap_or_default())
    });
    let zone = app.zone(&parts);
    let token = cookie(&parts.headers, SESSION).map(ToOwned::to_owned);
    let device = device(&parts.headers);
    let known = device_cookie(&parts.headers).map(ToOwned::to_owned);
    let signing_in = parts.uri.path().starts_with("/sign-in");
    let found = match &token {
        Some(token) => session(&app, token, zone, &device).await,
        None => Ok(None),
    };
    let (session, failed) = match found {
        Ok(session) => (session, None),
        Err(error) => (None, Some(error)),
    };
    let mut fresh = None;
    let seed = match (&session, token) {
        (Some(_), Some(token)) => token,
        _ => cookie(&parts.headers, VISIT)
            .map(ToOwned::to_owned)
            .unwrap_or_else(|| fresh.insert(hex::encode(random_bytes::<16>())).clone()),
    };
    let here = parts.uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
    let visitor = Visitor(Arc::new(Visit {
        words: app.languages.of(language),
        session,
        form_token: form_token(&seed),
        here,
        zone,
        origin: origin.clone(),
        device,
    }));
    let mut response = match failed {
        Some(error) => Fault::from(error).into_response(),
        None => match checked(parts, body, &visitor, &origin).await {
            Ok(request) => next.run(request).await,
            Err(fault) => fault.into_response(),
        },
    };
    if let Some(fault) = response.extensions_mut().remove::<fault::Carried>() {
        response = fault::page(&visitor, &fault.0, &app);
    }
    if let Some(fresh) = fresh {
        set_cookie(&mut response, VISIT, &fresh, None);
    }
    match known {
        None => set_cookie(&mut response, DEVICE, &hex::encode(random_bytes::<32>()), Some(KNOWN)),
        // Whoever signs in is known for as long again.
        Some(known) if signing_in => set_cookie(&mut response, DEVICE, &known, Some(KNOWN)),
        Some(_) => {}
    }
    response
}

/// The request with its visitor and its form, once it is certain that a page of ours sent it.
async fn checked(mut parts: Parts, body: Body, visitor: &Visitor, origin: &str) -> Result<Request, Fault> {
    parts.extensions.insert(visitor.clone());
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(Request::from_parts(parts, body));
    }
    if !sent_by_us(&parts.headers, origin) {
        return Err(Fault::elsewhere());
    }
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form_token = &visitor.0.form_token;
    let path = parts.uri.path();
    let brings = path.starts_with("/do/") || routes::BRING_FILES.contains(&path);
    if kind.starts_with("multipart/form-data") && brings {
        // Its token is in its first field: the reader of files looks there before anything else.
        return Ok(Request::from_parts(parts, body));
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Fault::elsewhere());
    }
    let read = tokio::time::timeout(std::time::Duration::from_secs(30), to_bytes(body, FORM)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        _ => return Err(Error::invalid("", "the form was cut, came too slowly or is too long").into()),
    };
    let mut posted: Posted = Posted(
        serde_html_form::from_bytes(&bytes).map_err(|_| Error::invalid("", "the form is not in UTF-8"))?,
    );
    let carried = posted.take(FORM_TOKEN).unwrap_or_default();
    if !same(&carried, form_token) {
        return Err(Fault::elsewhere());
    }
    parts.extensions.insert(posted);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// Whether a multipart form's token is the visitor's.
pub(super) fn token_fits(visit: &Visit, carried: &str) -> bool {
    same(carried, &visit.form_token)
}

/// Lets whoever has signed in through, and asks everyone else to.
pub(super) async fn signed_in(visitor: Visitor, request: Request, next: Next) -> Response {
    if visitor.0.session.is_some() {
        return next.run(request).await;
    }
    if request.method() != Method::GET {
        return Fault::from(Error::Unauthenticated("sign in first".to_owned())).into_response();
    }
    let next = serde_html_form::to_string([("next", &visitor.0.here)]).unwrap_or_default();
    Redirect::to(&format!("/sign-in?{next}")).into_response()
}

/// An address within Kura, as it may stand in a form's `to` or `next`: a path, and nothing that a browser takes for
/// another host.
pub(crate) fn within(address: &str) -> &str {
    let plain = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t', '\0']);
    if plain { address } else { "/today" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_elsewhere_is_not_gone_to() {
        assert_eq!(within("/items/1?done=open"), "/items/1?done=open");
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "x"]
        {
            assert_eq!(within(elsewhere), "/today", "{elsewhere:?}");
        }
    }

    #[test]
    fn cookies_are_read_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; __Host-kura-visit=v; __Host-kura=s"));
        assert_eq!(cookie(&headers, SESSION), Some("s"));
        assert_eq!(cookie(&headers, VISIT), Some("v"));
        assert_eq!(cookie(&headers, "b"), None);
    }

    #[test]
    fn a_browser_that_names_another_site_is_not_ours() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            sent_by_us(&headers, "https://kura.example")
        };
        assert!(of(&[]));
        assert!(of(&[("origin", "https://kura.example"), ("sec-fetch-site", "same-origin")]));
        assert!(!of(&[("origin", "https://evil.example")]));
        assert!(!of(&[("origin", "null")]));
        assert!(!of(&[("sec-fetch-site", "same-site")]));
        assert!(!of(&[("origin", "https://kura.example"), ("sec-fetch-site", "cross-site")]));
    }
}
