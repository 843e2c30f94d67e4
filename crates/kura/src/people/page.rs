//! Pages of people: signing in and out, one's own sessions, administration.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use super::create_token::TokenCreated;
use super::device_page::DeviceRow;
use super::list_devices::ListOwnDevices;
use super::list_passkeys::{ListPasskeys, PasskeyLine};
use super::list_people::{ListPeople, Person};
use super::list_sessions::{ListSessions, SessionLine};
use super::office_page;
use super::openid_page;
use super::passkey_page;
use super::revoke_token::RevokeToken;
use super::totp_page;
use crate::app::App;
use crate::clock::Millis;
use crate::error::Error;
use crate::id::PersonId;
use crate::passkeys::{Purpose, Site};
use crate::sign_in::{Factors, Shown};
use crate::text::Name;
use crate::web::shell::{Place, Shell};
use crate::web::sought::Sought;
use crate::web::visitor::{LANGUAGE, Member, Posted, SESSION, Visit, Visitor, set_cookie, within};
use crate::web::words::{Language, Words};
use crate::web::{Answer, go_to, page};

/// How long a choice of language is kept.
const YEAR: i64 = 365 * 24 * 60 * 60;

#[derive(Template)]
#[template(path = "people/sign_in.html")]
struct SignIn {
    shell: Shell,
    login: String,
    next: String,
    wrong: Option<String>,
    /// Whether passkeys can be asked under this address.
    by_name: bool,
    /// The firm's provider; empty when there is none.
    provider: String,
}

/// The second step of someone whose password fitted, and who has a passkey or codes.
#[derive(Template)]
#[template(path = "people/second.html")]
pub(super) struct Second {
    pub(super) shell: Shell,
    /// What their passkeys are asked; empty when they have none.
    pub(super) asked: String,
    /// The name under which a code is waited for; empty when they have none.
    pub(super) code: String,
    pub(super) next: String,
    pub(super) wrong: Option<String>,
}

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// The page on which one signs in.
pub(crate) async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    Query(Next { next }): Query<Next>,
) -> Answer {
    if visitor.0.session.is_some() {
        return go_to(within(&next));
    }
    sign_in_page(&app, &visitor.0, String::new(), within(&next).to_owned(), None)
}

/// The page on which one signs in, with what was wrong the last time.
pub(super) fn sign_in_page(
    app: &App,
    visit: &Visit,
    login: String,
    next: String,
    wrong: Option<&Error>,
) -> Answer {
    let mut response = page(&SignIn {
        shell: Shell::alone(visit, visit.words.sign_in()),
        login,
        next,
        wrong: wrong.map(|error| crate::web::field::said(&visit.words, error)),
        by_name: Site::of(&visit.origin).is_some(),
        provider: app.provider_name(),
    })?;
    if wrong.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// What a browser says of itself, in a few words.
pub(crate) fn browser(headers: &HeaderMap) -> Name {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = |names: &[(&str, &str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| (*name).to_owned())
    };
    let name =
        first(&[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = first(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let told: Vec<String> = [name, system].into_iter().flatten().collect();
    told.join(" · ").parse().unwrap_or_else(|_| "?".parse().expect("a question mark is a name"))
}

/// Signs someone in: always a fresh session, whatever cookie was there.
pub(crate) async fn signed_in(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    let visit = &visitor.0;
    let (login, next) = (posted.text("login").trim().to_owned(), within(posted.text("next")).to_owned());
    match app.desk.check(&login, posted.text("password").to_owned()).await {
        Ok((person, verifier)) => {
            let factors = app.desk.factors(person).await?;
            if factors != (Factors { passkey: false, code: false }) {
                return page(&second(&app, visit, person, factors, next).await?);
            }
            let shown = Shown::Password(verifier);
            let opened = app.desk.open_session(person, visit.browser(&app, &headers), shown).await?;
            enter(&next, &opened)
        }
        Err(error @ (Error::Unauthenticated(_) | Error::Conflict(_))) => {
            sign_in_page(&app, visit, login, next, Some(&error))
        }
        Err(error) => Err(error.into()),
    }
}

/// Goes on with the session that was just opened.
pub(super) fn enter(next: &str, opened: &TokenCreated) -> Answer {
    let mut response = go_to(next)?;
    set_cookie(&mut response, SESSION, &opened.token, None);
    Ok(response)
}

/// What is asked of someone whose password fitted.
pub(super) async fn second(
    app: &App,
    visit: &Visit,
    person: PersonId,
    factors: Factors,
    next: String,
) -> crate::error::Result<Second> {
    let asked = match factors.passkey && Site::of(&visit.origin).is_some() {
        true => passkey_page::second(app, visit, person).await?.to_string(),
        false => String::new(),
    };
    if asked.is_empty() && !factors.code {
        // Only passkeys, under an address that none is for.
        passkey_page::second(app, visit, person).await?;
    }
    let code = match factors.code {
        true => app.desk.challenges().ask(Purpose::Code(person), app.door.clock().now()).0,
        false => String::new(),
    };
    Ok(Second { shell: Shell::alone(visit, visit.words.second_step()), asked, code, next, wrong: None })
}

/// Ends the session.
pub(crate) async fn sign_out(State(app): State<App>, member: Member) -> Answer {
    match member.pass(&app, RevokeToken { token: member.session.id }).await {
        // Whoever is suspended leaves all the same: what the session could do, it cannot do any more.
        Ok(()) | Err(Error::NotFound(_) | Error::Denied(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut response = go_to("/sign-in")?;
    set_cookie(&mut response, SESSION, "", Some(0));
    Ok(response)
}

/// Chooses a language and goes back to the page.
pub(crate) async fn language(posted: Posted) -> Answer {
    let mut response = go_to(within(posted.text("to")))?;
    if let Some(language) = Language::with_code(posted.text("language")) {
        set_cookie(&mut response, LANGUAGE, language.code(), Some(YEAR));
    }
    Ok(response)
}

/// A session as it is shown.
struct SessionRow {
    line: SessionLine,
    kind: String,
    zone: String,
    created: String,
    used: String,
    expires: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "people/me.html")]
struct Me {
    shell: Shell,
    sessions: Vec<SessionRow>,
    passkeys: Vec<PasskeyRow>,
    /// Since when there are codes, and how many recovery codes are left.
    codes: Option<(String, String)>,
    devices: Vec<DeviceRow>,
    /// The firm's provider; empty when there is none.
    provider: String,
    /// Since when an account there is tied to the reader; empty when none is.
    tied: String,
    /// Where one's calendar is; empty for a guest.
    calendar: String,
    /// Why this page can register none, when it cannot.
    by_name: bool,
    next: String,
}

struct PasskeyRow {
    line: PasskeyLine,
    created: String,
    used: String,
}

fn session(t: &Words, now: Millis, here: crate::id::TokenId, line: SessionLine) -> SessionRow {
    SessionRow {
        kind: t.session_kind(&line.kind),
        zone: if line.zone.is_empty() { String::new() } else { t.zone(&line.zone) },
        created: t.moment(&line.created),
        used: line.used.as_ref().map(|used| t.ago(used, now)).unwrap_or_default(),
        expires: t.moment(&line.expires),
        here: line.id == here,
        line,
    }
}

/// Oneself: sessions, tokens, the password.
pub(crate) async fn me(State(app): State<App>, member: Member, Query(Next { next }): Query<Next>) -> Answer {
    let passkeys = member.pass(&app, ListPasskeys {}).await?;
    let codes = totp_page::told(&app, &member).await?;
    let tied = openid_page::tied(&app, &member).await?;
    let devices = member.pass(&app, ListOwnDevices {}).await?;
    let lines = member.pass(&app, ListSessions {}).await?;
    let (t, now, here) = (member.words(), app.door.clock().now(), member.session.id);
    page(&Me {
        shell: Shell::new(&member, Place::Elsewhere, t.my_account()),
        calendar: match member.session.guest {
            true => String::new(),
            false => format!("{}/api/v1/me/calendar/{}.ics", member.visit.origin, t.code()),
        },
        sessions: lines.into_iter().map(|line| session(t, now, here, line)).collect(),
        passkeys: passkeys
            .into_iter()
            .map(|line| PasskeyRow {
                created: t.day(&line.created),
                used: line.used.as_ref().map(|used| t.ago(used, now)).unwrap_or_default(),
                line,
            })
            .collect(),
        provider: app.provider_name(),
        tied: tied.map(|since| t.day(&crate::clock::rfc3339(since))).unwrap_or_default(),
        devices: devices.into_iter().map(|line| DeviceRow::of(t, line)).collect(),
        codes: codes.map(|(since, left)| (t.day(&crate::clock::rfc3339(since)), t.number(left))),
        by_name: Site::of(&member.visit.origin).is_some(),
        next: if next.is_empty() { "/me?done=prove_session".to_owned() } else { within(&next).to_owned() },
    })
}

#[derive(Template)]
#[template(path = "people/administration.html")]
struct Administration {
    shell: Shell,
    ledger_size: String,
    log_key: String,
}

/// 管理: what is administered, and where.
pub(crate) async fn administration(State(app): State<App>, member: Member) -> Answer {
    let size = app.door.head().borrow().0;
    let t = member.words();
    if member.session.guest {
        return Err(Error::NotFound("page").into());
    }
    page(&Administration {
        shell: Shell::new(&member, Place::Administration, t.nav_administration()),
        ledger_size: t.number(i64::try_from(size).unwrap_or(i64::MAX)),
        log_key: app.door.log_key().to_string(),
    })
}

struct PersonRow {
    person: Person,
    employment: String,
    /// Offices, each with what is said of its term, and whether that ends soon.
    offices: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "people/people.html")]
struct People {
    shell: Shell,
    people: Vec<PersonRow>,
    sought: Sought,
    address: &'static str,
}

/// 役職員とゲスト.
pub(crate) async fn people(
    State(app): State<App>,
    member: Member,
    Query(mut sought): Query<Sought>,
) -> Answer {
    let list = ListPeople { name: sought.text(), limit: Sought::limit(), ..ListPeople::default() };
    let people = sought.cut(member.pass(&app, list).await?);
    let (t, today) = (member.words(), app.door.clock().today());
    let row = |person: Person| {
        let plain =
            person.offices.iter().filter(|office| person.terms.iter().all(|term| term.office != **office));
        let mut offices: Vec<_> = plain.map(|office| (t.choice(office), String::new(), false)).collect();
        for term in &person.terms {
            let (told, soon) = office_page::told(t, term, today);
            offices.push((t.choice(&term.office), told, soon));
        }
        PersonRow { employment: t.choice(&person.employment), offices, person }
    };
    page(&People {
        shell: Shell::new(&member, Place::Administration, t.people()),
        people: people.into_iter().map(row).collect(),
        sought,
        address: "/administration/people",
    })
}
