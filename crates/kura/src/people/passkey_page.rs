//! Where a page's script asks for and answers a passkey's challenges: registering, signing in, showing oneself again,
//! signing a consent.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use kura_ledger::consent::{self, Consent, Signed};
use kura_ledger::passkey::Assertion;
use kura_vault::keys::random_bytes;
use serde_json::{Value, json};

use super::add_passkey::AddPasskey;
use super::factor::Factor;
use super::passkey_store;
use super::prove_session::ProveSession;
use crate::app::App;
use crate::clock;
use crate::door::consent::Consented;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::passkeys::{Answer as Answered, Purpose, Site, answered, registered};
use crate::sign_in::Shown;
use crate::web::visitor::{Member, Posted, SESSION, Visit, Visitor, set_cookie, within};
use crate::web::{Answer, form};

fn json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// The visitor's site; passkeys are for domains.
fn site(visit: &Visit) -> Result<Site> {
    Site::of(&visit.origin).ok_or_else(|| {
        Error::conflict(
            "passkeys need a name, not an address of numbers: open Kura under its name, or localhost",
        )
    })
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What a browser is to ask an authenticator for an assertion: any of these credentials, or any of the site's.
fn request(site: &Site, name: &str, challenge: &[u8], credentials: &[String]) -> Value {
    let credentials: Vec<Value> =
        credentials.iter().map(|id| json!({ "type": "public-key", "id": id })).collect();
    json!({
        "name": name,
        "publicKey": {
            "challenge": encode(challenge),
            "rpId": site.rp_id,
            "timeout": 120_000,
            "userVerification": "required",
            "allowCredentials": credentials,
        },
    })
}

async fn credentials(app: &App, person: PersonId) -> Result<Vec<String>> {
    let mut reader = app.door.database().reader().await?;
    let rows = passkey_store::of_person(&mut reader, person).await?;
    Ok(rows.into_iter().map(|row| row.credential).collect())
}

fn person(member: &Member) -> Result<PersonId> {
    member.session.actor.id().ok_or_else(|| Error::Unauthenticated("sign in first".to_owned()))
}

fn answer(posted: &Posted) -> Answered {
    Answered {
        name: posted.text("name").to_owned(),
        credential: posted.text("credential").to_owned(),
        assertion: Assertion {
            client_data: posted.text("client_data").to_owned(),
            authenticator_data: posted.text("authenticator_data").to_owned(),
            signature: posted.text("signature").to_owned(),
        },
    }
}

fn lapsed() -> Error {
    Error::Unauthenticated("the passkey was asked too long ago: try again".to_owned())
}

/// Asks for a passkey to be registered.
pub(crate) async fn register_begin(State(app): State<App>, member: Member) -> Answer {
    let (site, person) = (site(&member.visit)?, person(&member)?);
    let (name, challenge) = app.desk.challenges().ask(Purpose::Register(person), app.door.clock().now());
    let known: Vec<Value> =
        credentials(&app, person).await?.iter().map(|id| json!({ "type": "public-key", "id": id })).collect();
    Ok(json(&json!({
        "name": name,
        "publicKey": {
            "rp": { "id": site.rp_id, "name": "Kura" },
            // The handle says nothing of the person to whoever holds the authenticator but a random id.
            "user": { "id": encode(person.bytes()), "name": member.session.name, "displayName": member.session.name },
            "challenge": encode(&challenge),
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -8 }],
            "timeout": 120_000,
            "attestation": "none",
            "excludeCredentials": known,
            "authenticatorSelection": {
                "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
            },
        },
    })))
}

/// Registers a passkey.
pub(crate) async fn register(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    let (site, person) = (site(&member.visit)?, person(&member)?);
    let pending = app.desk.challenges().take(posted.text("name"), app.door.clock().now());
    let pending =
        pending.filter(|pending| pending.purpose == Purpose::Register(person)).ok_or_else(lapsed)?;
    let made = registered(&site, &pending, posted.text("client_data"), posted.text("authenticator_data"))?;
    let label = posted.text("label").parse().or_else(|_| member.words().passkey().parse());
    let add = AddPasskey {
        label: label.map_err(|error| Error::invalid("label", error))?,
        credential: encode(&made.credential),
        public_key: made.key.to_hex(),
        counter: made.counter,
        synced: made.synced,
    };
    member.pass(&app, add).await?;
    Ok(json(&json!({ "to": "/me?done=add_passkey" })))
}

/// Asks for a passkey to sign in with, or to show oneself again.
pub(crate) async fn begin(State(app): State<App>, visitor: Visitor) -> Answer {
    let visit = &visitor.0;
    let site = site(visit)?;
    let now = app.door.clock().now();
    let (purpose, credentials) = match visit.session.as_ref().and_then(|session| session.actor.id()) {
        Some(person) => (Purpose::Prove(person), credentials(&app, person).await?),
        None => (Purpose::SignIn, vec![]),
    };
    let (name, challenge) = app.desk.challenges().ask(purpose, now);
    Ok(json(&request(&site, &name, &challenge, &credentials)))
}

/// What a browser asks the passkeys of someone whose password fitted.
pub(crate) async fn second(app: &App, visit: &Visit, person: PersonId) -> Result<Value> {
    let site = site(visit)?;
    let (name, challenge) = app.desk.challenges().ask(Purpose::Second(person), app.door.clock().now());
    Ok(request(&site, &name, &challenge, &credentials(app, person).await?))
}

/// Signs in with a passkey, alone or after the password.
pub(crate) async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    headers: axum::http::HeaderMap,
    posted: Posted,
) -> Answer {
    let visit = &visitor.0;
    let (site, answer) = (site(visit)?, answer(&posted));
    let pending = app.desk.challenges().take(&answer.name, app.door.clock().now()).ok_or_else(lapsed)?;
    if !matches!(pending.purpose, Purpose::SignIn | Purpose::Second(_)) {
        return Err(lapsed().into());
    }
    let (row, used) = answered(&app.door, &site, &pending, &answer).await?;
    let opened = app
        .desk
        .open_session(row.person, visit.browser(&app, &headers), Shown::Factor(Factor::Passkey(used)))
        .await?;
    let mut response = json(&json!({ "to": within(posted.text("next")) }));
    set_cookie(&mut response, SESSION, &opened.token, None);
    Ok(response)
}

/// Shows oneself again within a session.
pub(crate) async fn prove(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    let (site, person, answer) = (site(&member.visit)?, person(&member)?, answer(&posted));
    let pending = app.desk.challenges().take(&answer.name, app.door.clock().now());
    let pending = pending.filter(|pending| pending.purpose == Purpose::Prove(person)).ok_or_else(lapsed)?;
    let (_, used) = answered(&app.door, &site, &pending, &answer).await?;
    member
        .pass(&app, ProveSession { session: Some(member.session.id), factor: Factor::Passkey(used) })
        .await?;
    Ok(json(&json!({ "to": within(posted.text("next")) })))
}

/// Asks for a signature under exactly what a form says.
pub(crate) async fn sign(
    State(app): State<App>,
    member: Member,
    Path(name): Path<String>,
    posted: Posted,
) -> Answer {
    let (site, person) = (site(&member.visit)?, person(&member)?);
    let asked = form::to_sign(&app, &member, &name, posted).await?;
    let nonce: [u8; 32] = random_bytes();
    let now = app.door.clock().now();
    let consent = Consent {
        kura_consent: consent::FORMAT,
        log: app.door.log_key().name().to_owned(),
        operation: asked.operation.to_owned(),
        input: asked.input,
        revision: asked.revision,
        person: person.to_string(),
        nonce: hex::encode(nonce),
        at: clock::rfc3339(now),
    };
    let text = serde_json::to_string(&consent).map_err(Error::internal)?;
    let challenge = consent::challenge(&text);
    let name = app.desk.challenges().ask_for(Purpose::Consent(person, text), challenge, now);
    Ok(json(&request(&site, &name, &challenge, &credentials(&app, person).await?)))
}

/// The consent that came with a form, when one did.
pub(crate) async fn consent(app: &App, member: &Member, text: &str) -> Result<Option<Consented>> {
    if text.is_empty() {
        return Ok(None);
    }
    let fields: Value = serde_json::from_str(text)
        .map_err(|_| Error::invalid("", "the signature makes no sense: sign again"))?;
    let of = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let assertion = Assertion {
        client_data: of("client_data"),
        authenticator_data: of("authenticator_data"),
        signature: of("signature"),
    };
    let answer = Answered { name: of("name"), credential: of("credential"), assertion };
    let (site, person) = (site(&member.visit)?, person(member)?);
    let pending = app.desk.challenges().take(&answer.name, app.door.clock().now()).ok_or_else(lapsed)?;
    let Purpose::Consent(of_person, text) = &pending.purpose else {
        return Err(lapsed());
    };
    if *of_person != person {
        return Err(lapsed());
    }
    let (row, used) = answered(&app.door, &site, &pending, &answer).await?;
    let signed = Signed {
        text: text.clone(),
        rp_id: site.rp_id.clone(),
        origin: site.origin.clone(),
        key: row.public_key,
        assertion: answer.assertion,
    };
    let (consent, _) = signed.verify().map_err(Error::internal)?;
    Ok(Some(Consented { consent, signed, credential: used.credential, counter: used.counter }))
}
