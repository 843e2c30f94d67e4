//! The calendar of one's duties, for the calendar programs that people have: they know HTTP's own way to sign in (RFC 7617)
//! and no other. The password is a token for the calendar alone, so that none stands in an address.

use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::Problem;
use crate::app::App;
use crate::door::Options;
use crate::door::actor::Reach;
use crate::duties::show_calendar::ShowCalendar;
use crate::error::{Error, Result};
use crate::policy::acknowledge_policy::ReadIn;

/// The token that is shown as a password.
fn token(headers: &HeaderMap) -> Option<String> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, shown) = shown.split_once(' ')?;
    let shown = scheme.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(shown.trim()).ok())??;
    let shown = String::from_utf8(shown).ok()?;
    Some(shown.split_once(':')?.1.to_owned())
}

async fn show(app: &App, parts: &Parts, file: &str) -> Result<String> {
    let language = match file {
        "ja.ics" => ReadIn::Ja,
        "en.ics" => ReadIn::En,
        _ => return Err(Error::NotFound("page or operation")),
    };
    let none = || {
        Error::Unauthenticated(
            "give your sign-in name, and a token for the calendar as the password".to_owned(),
        )
    };
    let token = token(&parts.headers).ok_or_else(none)?;
    let actor = app.desk.actor(&token, app.zone(parts)).await?;
    // One that reaches further is not to lie about in a calendar program.
    if !matches!(actor.reach, Reach::Only(_)) {
        return Err(none());
    }
    let address = Some(app.settings.address.clone()).filter(|address| !address.is_empty());
    let show = ShowCalendar { language, address };
    let shown = app.door.pass(&actor, show, Options::default()).await?;
    Ok(shown.into_value().calendar)
}

/// `/me/calendar/ja.ics`, `/me/calendar/en.ics`.
pub(super) async fn calendar(State(app): State<App>, Path(file): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match show(&app, &parts, &file).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response(),
        Err(error) => {
            let asks = matches!(error, Error::Unauthenticated(_));
            let mut response = Problem::new(error, &parts.headers).into_response();
            if asks {
                let asked = HeaderValue::from_static("Basic realm=\"Kura\", charset=\"UTF-8\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, asked);
            }
            response
        }
    }
}
