//! Signing in with the firm's OpenID Provider, and tying an account there to oneself.
//!
//! A browser is sent to the provider by a page of our own that says where it goes: a form that leads to another host would
//! need an exception in what pages may do.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use super::account_store;
use super::page::{enter, second, sign_in_page};
use crate::app::App;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::openid::{Arrived, Errand, Provider};
use crate::sign_in::Arrival;
use crate::web::shell::Shell;
use crate::web::visitor::{Member, Posted, Visit, Visitor, within};
use crate::web::{Answer, go_to, page};

#[derive(Template)]
#[template(path = "people/provider.html")]
struct Away {
    shell: Shell,
    provider: String,
    address: String,
}

fn provider(app: &App) -> Result<&Provider> {
    app.provider.as_ref().ok_or(Error::NotFound("page"))
}

/// Where a visitor is sent on an errand.
async fn away(app: &App, visit: &Visit, errand: Errand, next: &str) -> Result<Away> {
    let (provider, now) = (provider(app)?, app.door.clock().now());
    let address = provider.address(&visit.origin, &visit.form_token, errand, within(next), now).await?;
    let shell = Shell::alone(visit, visit.words.provider_sign_in(provider.name()));
    Ok(Away { shell, provider: provider.name().to_owned(), address })
}

fn send(away: &Away) -> Answer {
    let refresh = HeaderValue::from_str(&format!("0; url={}", away.address)).map_err(Error::internal)?;
    let mut response = page(away)?;
    response.headers_mut().insert(HeaderName::from_static("refresh"), refresh);
    Ok(response)
}

/// Sends a browser to the provider, to sign in.
pub(crate) async fn begin(State(app): State<App>, visitor: Visitor, posted: Posted) -> Answer {
    let next = posted.text("next").to_owned();
    match away(&app, &visitor.0, Errand::SignIn, &next).await {
        Ok(away) => send(&away),
        Err(error @ Error::Conflict(_)) => {
            sign_in_page(&app, &visitor.0, String::new(), within(&next).to_owned(), Some(&error))
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends a browser to the provider, to tie the account there to whoever is signed in here.
pub(crate) async fn tie(State(app): State<App>, member: Member) -> Answer {
    send(&away(&app, &member.visit, Errand::Tie, "/me").await?)
}

/// What the provider sends back.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

async fn arrived(app: &App, visit: &Visit, back: &Back) -> Result<Arrived> {
    if !back.error.is_empty() || back.code.is_empty() {
        return Err(Error::Unauthenticated("the provider did not sign you in: begin again".to_owned()));
    }
    let now = app.door.clock().now();
    provider(app)?.arrived(&visit.origin, &visit.form_token, &back.state, &back.code, now).await
}

/// Takes whoever comes back from the provider in.
pub(crate) async fn back(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Answer {
    let visit = &visitor.0;
    provider(&app)?;
    let arrived = match (arrived(&app, visit, &back).await, &visit.session) {
        (Ok(arrived), Some(session)) if arrived.errand == Errand::Tie => {
            let member = Member { visit: visit.clone(), session: session.clone() };
            member
                .pass(&app, super::add_account::AddAccount { account: arrived.account, by_name: false })
                .await?;
            return go_to("/me?done=add_account");
        }
        (Err(error), Some(_)) => return Err(error.into()),
        (arrived, _) => arrived,
    };
    let entered = match arrived {
        Ok(arrived) => {
            let next = within(&arrived.next).to_owned();
            let arrival = app.desk.arrive(arrived, visit.browser(&app, &headers)).await;
            arrival.map(|arrival| (arrival, next))
        }
        Err(error) => Err(error),
    };
    match entered {
        Ok((Arrival::Opened(opened), next)) => enter(&next, &opened),
        Ok((Arrival::Second(person, factors), next)) => {
            page(&second(&app, visit, person, factors, next).await?)
        }
        Err(error @ (Error::Unauthenticated(_) | Error::Conflict(_))) => {
            app.desk.refused();
            sign_in_page(&app, visit, String::new(), "/today".to_owned(), Some(&error))
        }
        Err(error) => Err(error.into()),
    }
}

/// Since when the member's account with the provider is tied to them.
pub(super) async fn tied(app: &App, member: &Member) -> Result<Option<Millis>> {
    let Some(person) = member.session.actor.id() else {
        return Ok(None);
    };
    let mut reader = app.door.database().reader().await?;
    account_store::since(&mut reader, person, &app.settings.openid_issuer).await
}
