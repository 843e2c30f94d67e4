//! Sign-in with the firm's own OpenID Provider (OpenID Connect Core 1.0, authorization code flow with PKCE).
//!
//! What belongs to a sign-in that is under way is kept nowhere: `state`, `nonce` and the code verifier are made from the
//! visitor's own cookie with a key of this process, so that a flood of sign-ins that are never finished takes no memory,
//! and an answer is good in the browser alone that asked for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use kura_vault::keys::random_bytes;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse as _, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::clock::Millis;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::people::Office;

/// How long a sign-in with the provider may take.
const VALID: Millis = 10 * 60 * 1000;
/// How long what the provider says of itself, its keys among it, is taken as said.
const KEPT: Millis = 10 * 60 * 1000;
/// How old its keys must be for an unknown one to be asked after.
const STALE: Millis = 30 * 1000;
/// People for whom the provider may be asked at once: each holds a thread while it does not answer.
const AT_ONCE: usize = 8;
/// Longest answer of a provider.
const LONGEST: u64 = 1024 * 1024;
/// Where the provider sends the browser back to.
pub(crate) const BACK: &str = "/sign-in/provider/back";

/// All claims, for the ones that the settings name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Claims(Map<String, Value>);

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Party = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// For what a browser is sent to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Errand {
    /// To sign in.
    SignIn,
    /// To tie the account there to the person who is signed in here.
    Tie,
}

/// What `state` carries: it is no secret, and nobody else can make it.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    errand: Errand,
    next: String,
    expires: Millis,
    /// Makes each sign-in's nonce its own.
    salt: String,
}

/// An account with the provider. Providers promise that the pair is never given to another (Core, section 5.7); names and
/// addresses they may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    /// The provider's issuer.
    pub(crate) issuer: String,
    /// The subject there.
    pub(crate) subject: String,
}

/// Who came back from the provider.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) errand: Errand,
    pub(crate) next: String,
    pub(crate) account: Account,
    /// The sign-in name that the provider vouches for, when the settings name a claim for it.
    pub(crate) login: Option<String>,
    /// The offices that the provider's groups stand for, each with whether it is held.
    pub(crate) offices: Vec<(Office, bool)>,
}

struct Known {
    metadata: CoreProviderMetadata,
    since: Millis,
}

/// The firm's provider.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Inner>);

struct Inner {
    settings: Arc<Settings>,
    issuer: IssuerUrl,
    secret: Option<ClientSecret>,
    agent: ureq::Agent,
    key: hmac::Key,
    known: Mutex<Option<Known>>,
    asking: Semaphore,
}

fn again() -> Error {
    Error::Unauthenticated(
        "the sign-in with the provider took too long, or began in another browser: begin again".to_owned(),
    )
}

fn silent(what: &dyn std::fmt::Display) -> Error {
    tracing::warn!(%what, "the provider could not be asked");
    Error::conflict("the provider does not answer: try again in a moment, or sign in with your password")
}

fn refused(what: &dyn std::fmt::Display) -> Error {
    tracing::warn!(%what, "an answer of the provider was refused");
    Error::Unauthenticated("the provider's answer was not accepted: begin again".to_owned())
}

impl Provider {
    /// The provider of the settings; nothing when they name none.
    ///
    /// # Errors
    /// A file that cannot be read; an issuer that is no address.
    pub(crate) fn of(settings: &Arc<Settings>) -> Result<Option<Self>> {
        if settings.openid_issuer.is_empty() {
            return Ok(None);
        }
        let issuer = IssuerUrl::new(settings.openid_issuer.clone())
            .map_err(|error| Error::invalid("openid_issuer", error))?;
        let read = |field: &'static str, file: &std::path::Path| {
            std::fs::read_to_string(file)
                .map_err(|error| Error::invalid(field, format!("{}: {error}", file.display())))
        };
        let secret = match settings.openid_client_secret_file.as_os_str().is_empty() {
            true => None,
            false => {
                let text = read("openid_client_secret_file", &settings.openid_client_secret_file)?;
                Some(ClientSecret::new(text.trim().to_owned()))
            }
        };
        let trusted = match settings.openid_ca_file.as_os_str().is_empty() {
            true => None,
            false => Some(read("openid_ca_file", &settings.openid_ca_file)?),
        };
        let agent = crate::outgoing::trusting(trusted.as_deref().map(str::as_bytes))
            .map_err(|error| Error::invalid("openid_ca_file", error))?
            // A provider that sends elsewhere could have Kura ask what it should not.
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(15)))
            .build()
            .new_agent();
        Ok(Some(Self(Arc::new(Inner {
            settings: settings.clone(),
            issuer,
            secret,
            agent,
            key: hmac::Key::new(hmac::HMAC_SHA256, &random_bytes::<32>()),
            known: Mutex::default(),
            asking: Semaphore::new(AT_ONCE),
        }))))
    }

    /// What the button says: the provider's name.
    pub(crate) fn name(&self) -> &str {
        &self.0.settings.openid_name
    }

    /// The address to which a browser is sent. It is good for this visitor, by the token of their forms.
    pub(crate) async fn address(
        &self,
        origin: &str,
        visitor: &str,
        errand: Errand,
        next: &str,
        now: Millis,
    ) -> Result<String> {
        let carried = Carried {
            errand,
            next: next.to_owned(),
            expires: now + VALID,
            salt: hex::encode(random_bytes::<16>()),
        };
        let _place = self.0.place()?;
        let payload = BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&carried).map_err(Error::internal)?);
        let (this, origin, visitor) = (self.0.clone(), origin.to_owned(), visitor.to_owned());
        blocking(move || {
            let party = this.party(&origin, now, KEPT)?;
            let state = format!("{payload}.{}", this.made("state", &visitor, &payload));
            let (nonce, verifier) = this.secrets(&visitor, &payload);
            let mut request = party.authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || nonce,
            );
            for scope in &this.settings.openid_scopes {
                request = request.add_scope(Scope::new(scope.clone()));
            }
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
            Ok(request.set_pkce_challenge(challenge).url().0.to_string())
        })
        .await
    }

    /// Who came back with this `state` and `code`.
    ///
    /// # Errors
    /// A state that was not made for this visitor or is too old; a code or a token that does not hold.
    pub(crate) async fn arrived(
        &self,
        origin: &str,
        visitor: &str,
        state: &str,
        code: &str,
        now: Millis,
    ) -> Result<Arrived> {
        let (payload, mac) = state.split_once('.').ok_or_else(again)?;
        let ours = BASE64_URL_SAFE_NO_PAD.decode(mac).map_err(|_| again())?;
        hmac::verify(&self.0.key, &bound("state", visitor, payload), &ours).map_err(|_| again())?;
        let carried = BASE64_URL_SAFE_NO_PAD.decode(payload).map_err(|_| again())?;
        let carried: Carried = serde_json::from_slice(&carried).map_err(|_| again())?;
        if carried.expires <= now {
            return Err(again());
        }
        let _place = self.0.place()?;
        let (this, origin) = (self.0.clone(), origin.to_owned());
        let (nonce, verifier) = self.0.secrets(visitor, payload);
        let code = AuthorizationCode::new(code.to_owned());
        let (subject, claims) = blocking(move || this.claims(&origin, now, code, &nonce, verifier)).await?;
        let settings = &self.0.settings;
        let claim = |name: &str| claims.iter().find_map(|claims| claims.get(name));
        let login = match settings.openid_login_claim.as_str() {
            "" => None,
            // An address that the provider has not verified is what somebody typed.
            "email" if claim("email_verified") != Some(&Value::Bool(true)) => None,
            name => claim(name).and_then(Value::as_str).map(str::to_ascii_lowercase),
        };
        let groups: Option<Vec<&str>> = claim(&settings.openid_groups_claim).map(|groups| match groups {
            Value::Array(groups) => groups.iter().filter_map(Value::as_str).collect(),
            Value::String(group) => vec![group.as_str()],
            _ => vec![],
        });
        // Whoever is in no group may be told of without the claim; a provider that tells of too many elsewhere says so.
        let elsewhere = claim("_claim_names").is_some() || claim("hasgroups").is_some();
        let offices = match groups {
            None if elsewhere => vec![],
            groups => settings.offices_of(&groups.unwrap_or_default()),
        };
        let account = Account { issuer: settings.openid_issuer.clone(), subject };
        Ok(Arrived { errand: carried.errand, next: carried.next, account, login, offices })
    }
}

/// What a value of a visitor's sign-in is made from.
fn bound(what: &str, visitor: &str, payload: &str) -> Vec<u8> {
    format!("{what}\0{visitor}\0{payload}").into_bytes()
}

impl Inner {
    /// A place among those for whom the provider is asked.
    fn place(&self) -> Result<SemaphorePermit<'_>> {
        let full = |_| Error::conflict("too many people sign in at once: try again in a moment");
        self.asking.try_acquire().map_err(full)
    }

    /// A value that this process alone can make, for a visitor's sign-in.
    fn made(&self, what: &str, visitor: &str, payload: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, &bound(what, visitor, payload)))
    }

    fn secrets(&self, visitor: &str, payload: &str) -> (Nonce, PkceCodeVerifier) {
        let made = |what| self.made(what, visitor, payload);
        (Nonce::new(made("nonce")), PkceCodeVerifier::new(made("verifier")))
    }

    fn ask(&self, request: HttpRequest) -> std::result::Result<HttpResponse, ureq::Error> {
        let answer = self.agent.run(request)?;
        let (parts, body) = answer.into_parts();
        let body = body.into_with_config().limit(LONGEST).read_to_vec()?;
        Ok(HttpResponse::from_parts(parts, body))
    }

    /// The provider as it says it is, asked anew when what it said is older than this.
    fn party(&self, origin: &str, now: Millis, kept: Millis) -> Result<Party> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh =
            known().as_ref().filter(|known| now - known.since < kept).map(|known| known.metadata.clone());
        let metadata = match fresh {
            Some(metadata) => metadata,
            None => {
                let metadata = CoreProviderMetadata::discover(&self.issuer, &|request| self.ask(request))
                    .map_err(|error| silent(&told(&error)))?;
                *known() = Some(Known { metadata: metadata.clone(), since: now });
                metadata
            }
        };
        let id = ClientId::new(self.settings.openid_client_id.clone());
        let back = RedirectUrl::new(format!("{origin}{BACK}")).map_err(Error::internal)?;
        Ok(Party::from_provider_metadata(metadata, id, self.secret.clone()).set_redirect_uri(back))
    }

    /// The subject, and what the provider says of it: in the token that it signed, and where it tells more.
    fn claims(
        &self,
        origin: &str,
        now: Millis,
        code: AuthorizationCode,
        nonce: &Nonce,
        verifier: PkceCodeVerifier,
    ) -> Result<(String, Vec<Map<String, Value>>)> {
        let ask = |request| self.ask(request);
        let mut party = self.party(origin, now, KEPT)?;
        let exchange = party.exchange_code(code).map_err(|error| silent(&error))?;
        let answer =
            exchange.set_pkce_verifier(verifier).request(&ask).map_err(|error| refused(&told(&error)))?;
        let token = answer.id_token().ok_or_else(|| refused(&"no ID token"))?;
        let mut claims = token.claims(&party.id_token_verifier(), nonce);
        if claims.is_err() {
            // The provider may have changed its keys since it was asked.
            party = self.party(origin, now, STALE)?;
            claims = token.claims(&party.id_token_verifier(), nonce);
        }
        let claims = claims.map_err(|error| refused(&error))?;
        let subject = claims.subject().clone();
        let mut said = vec![claims.additional_claims().0.clone()];
        said.push(standard(serde_json::to_value(claims)));
        if let Ok(request) = party.user_info(answer.access_token().clone(), Some(subject.clone())) {
            let more: UserInfoClaims<Claims, CoreGenderClaim> =
                request.request(&ask).map_err(|error| refused(&told(&error)))?;
            said.push(more.additional_claims().0.clone());
            said.push(standard(serde_json::to_value(&more)));
        }
        Ok((subject.to_string(), said))
    }
}

/// The claims that the library reads itself, by their names.
fn standard(claims: serde_json::Result<Value>) -> Map<String, Value> {
    match claims {
        Ok(Value::Object(claims)) => claims,
        _ => Map::new(),
    }
}

/// An error with what caused it.
fn told(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        said = format!("{said}: {error}");
        source = error.source();
    }
    said
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
