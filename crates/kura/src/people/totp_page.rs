//! Pages of one-time codes: setting them up, signing in with one, showing one again.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::add_totp::AddTotp;
use super::page::{enter, second};
use super::totp::Shared;
use super::totp_store;
use crate::app::App;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::passkeys::Purpose;
use crate::web::qr::Qr;
use crate::web::shell::{Place, Shell};
use crate::web::visitor::{Member, Posted, Visitor, within};
use crate::web::{Answer, field, go_to, page};

/// Since when the member has codes, and how many recovery codes are left.
pub(super) async fn told(app: &App, member: &Member) -> Result<Option<(Millis, i64)>> {
    let Some(person) = member.session.actor.id() else {
        return Ok(None);
    };
    let mut reader = app.door.database().reader().await?;
    totp_store::told(&mut reader, person).await
}

/// Signs in with a code, after the password fitted.
pub(crate) async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    let visit = &visitor.0;
    let next = within(posted.text("next")).to_owned();
    let pending = app.desk.challenges().take(posted.text("name"), app.door.clock().now());
    let Some(Purpose::Code(person)) = pending.map(|pending| pending.purpose) else {
        return Err(Error::Unauthenticated("the sign-in took too long: begin again".to_owned()).into());
    };
    let code = posted.text("code").to_owned();
    match app.desk.open_with_code(person, visit.browser(&app, &headers), code).await {
        Ok(opened) => enter(&next, &opened),
        Err(error @ (Error::Unauthenticated(_) | Error::Conflict(_))) => {
            let factors = app.desk.factors(person).await?;
            let mut again = second(&app, visit, person, factors, next).await?;
            again.wrong = Some(field::said(&visit.words, &error));
            let mut response = page(&again)?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "people/codes.html")]
struct SetUp {
    shell: Shell,
    picture: Qr,
    secret: String,
    groups: String,
    wrong: Option<String>,
}

async fn shown(app: &App, member: &Member, shared: &Shared, wrong: Option<String>) -> Answer {
    let firm = app.door.firm().await?;
    let secret = shared.base32();
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let failed = wrong.is_some();
    let mut response = page(&SetUp {
        shell: Shell::new(member, Place::Elsewhere, member.words().codes_set_up()),
        picture: Qr::of(&shared.uri(&firm, &member.session.name))?,
        groups: groups.join(" "),
        secret,
        wrong,
    })?;
    if failed {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// Shows a fresh secret for an app.
pub(crate) async fn set_up(State(app): State<App>, member: Member) -> Answer {
    shown(&app, &member, &Shared::fresh(), None).await
}

#[derive(Template)]
#[template(path = "people/recovery.html")]
struct Recovery {
    shell: Shell,
    codes: Vec<String>,
}

/// Sets codes up, and shows the recovery codes this once.
pub(crate) async fn add(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    let shared = Shared::from_base32(posted.text("secret"))?;
    let add = AddTotp { secret: shared.base32(), code: posted.text("code").to_owned() };
    match member.pass(&app, add).await {
        Ok(codes) => page(&Recovery {
            shell: Shell::new(&member, Place::Elsewhere, member.words().recovery_codes()),
            codes,
        }),
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => {
            let (_, what) = field::wrong(member.words(), &error)
                .unwrap_or_else(|| (String::new(), field::said(member.words(), &error)));
            shown(&app, &member, &shared, Some(what)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows a code within a session.
pub(crate) async fn prove(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    let person = member.session.actor.id();
    let person = person.ok_or_else(|| Error::Unauthenticated("sign in first".to_owned()))?;
    let code = posted.text("code").to_owned();
    let shown = app.desk.show_code(person, Some(member.session.id), member.visit.zone, code).await;
    shown.map_err(|error| match error {
        // Who has to wait is signed in all the same.
        Error::Unauthenticated(what) => Error::Conflict(what),
        other => other,
    })?;
    go_to(within(posted.text("next")))
}
