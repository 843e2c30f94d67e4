//! Sign-in: who stands before the door. A password makes a token; a token makes an actor.
//!
//! Wrong passwords are slowed down for each name, whether it exists or not, and in all; the answer never
//! says which of name and password was wrong, and takes as long either way.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::clock::Millis;
use crate::door::actor::Reach;
use crate::door::{Actor, Door, Options, Stranger};
use crate::duties::show_calendar::SHOW_CALENDAR;
use crate::error::{Error, Result};
use crate::id::{PersonId, TokenId};
use crate::openid::{Account, Arrived};
use crate::passkeys::Challenges;
use crate::people::add_account::AddAccount;
use crate::people::create_token::{CreateToken, Scope, TokenCreated, token_digest};
use crate::people::factor::Factor;
use crate::people::follow_groups::FollowGroups;
use crate::people::invitation::{AcceptInvitation, NOT_GOOD};
use crate::people::open_session::OpenSession;
use crate::people::prove_session::ProveSession;
use crate::people::store::BrowserSession;
use crate::people::{
    Login, Office, account_store, invitation_store, office_store, passkey_store, password, store, totp_store,
};
use crate::text::Name;

/// Wrong passwords in a row that are answered at once; each one after doubles the wait.
const FREE: u32 = 5;
/// The longest wait, 15 minutes.
const LONGEST: Millis = 15 * 60 * 1000;
/// Passwords checked at once: each takes memory and a processor.
const AT_ONCE: usize = 2;
/// People waiting for their turn at most.
const WAITING: usize = 256;
/// A session's use is noted at most this often.
const TOUCH_EVERY: Millis = 60 * 1000;
/// Names remembered at most.
const NAMES: usize = 10_000;

/// What is said to whoever has set codes up and gave none.
pub const CODE_NEEDED: &str = "give the code of your app, or a recovery code";

/// A sign-in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What the person signs in with.
    pub login: String,
    /// Their password.
    pub password: String,
    /// What the token is for, for example the device's name.
    pub label: Name,
    /// What it may be used for.
    #[serde(default)]
    pub scope: Scope,
    /// Days for which it is good.
    #[serde(default)]
    pub days: Option<i64>,
    /// The code of an authenticator app, or a recovery code, for whoever has set them up.
    #[serde(default)]
    pub code: Option<String>,
}

/// Under what the names are counted that nobody can have.
const NO_NAME: &str = "?";

/// With what somebody signs in.
pub(crate) enum Shown {
    /// A password alone, by the verifier that it was held against.
    Password(String),
    /// An account with the firm's provider.
    Account(Account),
    /// A second factor, alone or after the password.
    Factor(Factor),
}

/// The browser before which somebody signs in.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// What it says of itself.
    pub(crate) label: Name,
    /// Where it is.
    pub(crate) zone: &'static str,
    /// By what it is known: the digest of its cookie; empty when it keeps none.
    pub(crate) device: String,
    /// How long a session in it lasts at most.
    pub(crate) lasts: Millis,
}

/// How far somebody is whom the firm's provider vouched for.
pub(crate) enum Arrival {
    /// In.
    Opened(TokenCreated),
    /// Asked for a second factor of theirs.
    Second(PersonId, Factors),
}

/// Which second factors somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Factors {
    pub(crate) passkey: bool,
    pub(crate) code: bool,
}

/// The name under which wrong passwords are counted.
fn named(login: &str) -> String {
    login.chars().take(64).collect()
}

#[derive(Default)]
struct Wrong {
    times: u32,
    last: Millis,
}

/// The desk where people sign in.
#[derive(Clone)]
pub struct Desk {
    door: Door,
    wrong: Arc<Mutex<HashMap<String, Wrong>>>,
    checking: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    challenges: Challenges,
}

impl Desk {
    /// A desk before a door.
    pub fn new(door: Door) -> Self {
        Self {
            door,
            wrong: Arc::default(),
            checking: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            challenges: Challenges::default(),
        }
    }

    /// Signs a person in for a token: by their password, and a code where they have set codes up. Whoever has a passkey
    /// alone makes tokens in their browser.
    pub async fn sign_in(&self, input: SignIn, zone: &str) -> Result<TokenCreated> {
        let (person, password) = self.check(&input.login, input.password).await?;
        let shown = input.code.is_some();
        match (self.factors(person).await?, input.code) {
            (Factors { code: true, .. }, Some(code)) => self.show_code(person, None, zone, code).await?,
            (Factors { code: true, .. }, None) => return Err(Error::Unauthenticated(CODE_NEEDED.to_owned())),
            (Factors { passkey: true, .. }, _) => {
                return Err(Error::Unauthenticated(
                    "this account has a passkey: sign in in the browser and make a token there".to_owned(),
                ));
            }
            _ => {}
        }
        let password = Some(password);
        let token = CreateToken { label: input.label, scope: input.scope, days: input.days, password, shown };
        let made = self.door.pass(&Actor::person(person, zone), token, Options::default()).await?;
        Ok(made.into_value())
    }

    /// Which second factors a person has.
    pub(crate) async fn factors(&self, person: PersonId) -> Result<Factors> {
        let mut reader = self.door.database().reader().await?;
        let passkey = !passkey_store::of_person(&mut reader, person).await?.is_empty();
        let code = totp_store::of_person(&mut reader, person).await?.is_some();
        Ok(Factors { passkey, code })
    }

    /// Shows a code: within a session, or before a token is made. Wrong ones are slowed down for each person.
    pub(crate) async fn show_code(
        &self,
        person: PersonId,
        session: Option<TokenId>,
        zone: &str,
        code: String,
    ) -> Result<()> {
        let prove = ProveSession { session, factor: Factor::Code(code) };
        let actor = Actor::person(person, zone);
        self.counted(person, self.door.pass(&actor, prove, Options::default())).await?;
        Ok(())
    }

    /// Opens a browser's session with a code, after the password fitted.
    pub(crate) async fn open_with_code(
        &self,
        person: PersonId,
        browser: Browser,
        code: String,
    ) -> Result<TokenCreated> {
        self.counted(person, self.open_session(person, browser, Shown::Factor(Factor::Code(code)))).await
    }

    /// Tries a code, after as long as wrong ones before it ask for.
    async fn counted<T>(&self, person: PersonId, trying: impl Future<Output = Result<T>>) -> Result<T> {
        // No sign-in name holds a space: nobody's passwords are counted here.
        let name = format!("code {person}");
        self.wait(&name, "codes")?;
        self.count(&name);
        let tried = trying.await;
        match &tried {
            Ok(_) => drop(self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&named(&name))),
            Err(_) => {
                self.door.count_stranger(Stranger::Password);
                tracing::warn!("a code was refused");
            }
        }
        tried
    }

    /// The challenges that wait for a passkey's answer.
    pub(crate) fn challenges(&self) -> &Challenges {
        &self.challenges
    }

    /// Sets the first password of whoever has the code of an invitation.
    pub(crate) async fn accept_invitation(&self, digest: String, password: String, zone: &str) -> Result<()> {
        password::check(&password)?;
        let now = self.door.clock().now();
        let invited = {
            let mut reader = self.door.database().reader().await?;
            invitation_store::invited(&mut reader, &digest, now).await?
        };
        let Some(person) = invited else {
            self.door.count_stranger(Stranger::Password);
            return Err(Error::conflict(NOT_GOOD));
        };
        let accept = AcceptInvitation { digest, password };
        self.door.pass(&Actor::person(person, zone), accept, Options::default()).await?;
        Ok(())
    }

    /// Opens a browser's session for someone whose sign-in was checked.
    pub(crate) async fn open_session(
        &self,
        person: PersonId,
        browser: Browser,
        shown: Shown,
    ) -> Result<TokenCreated> {
        let (mut password, mut account, mut factor) = (None, None, None);
        match shown {
            Shown::Password(verifier) => password = Some(verifier),
            Shown::Account(tied) => account = Some(tied),
            Shown::Factor(shown) => factor = Some(shown),
        }
        let Browser { label, zone, device, lasts } = browser;
        let open = OpenSession { label, zone: zone.to_owned(), device, lasts, password, account, factor };
        let opened = self.door.pass(&Actor::person(person, zone), open, Options::default()).await?;
        Ok(opened.into_value())
    }

    /// Takes in whoever the firm's provider vouched for: by the tie of their account or, at the first time, by the name that
    /// it vouches for. Their offices follow its groups first.
    pub(crate) async fn arrive(&self, arrived: Arrived, browser: Browser) -> Result<Arrival> {
        let zone = browser.zone;
        let known = {
            let mut reader = self.door.database().reader().await?;
            account_store::person(&mut reader, &arrived.account).await?
        };
        let person = match known {
            Some(person) => person,
            None => self.tied_by_name(&arrived, zone).await?,
        };
        self.follow(person, zone, arrived.offices).await?;
        match self.factors(person).await? {
            Factors { passkey: false, code: false } => {
                let shown = Shown::Account(arrived.account);
                Ok(Arrival::Opened(self.open_session(person, browser, shown).await?))
            }
            factors => Ok(Arrival::Second(person, factors)),
        }
    }

    /// Ties an account to the member of staff who has the sign-in name that the provider vouches for.
    async fn tied_by_name(&self, arrived: &Arrived, zone: &str) -> Result<PersonId> {
        let nobody = || {
            Error::Unauthenticated(
                "this account is tied to nobody here: sign in otherwise and tie it under \"My account\", or ask a \
                 system administrator"
                    .to_owned(),
            )
        };
        let login = arrived.login.as_deref().ok_or_else(nobody)?;
        let person = {
            let mut reader = self.door.database().reader().await?;
            store::staff(&mut reader, login).await?.ok_or_else(nobody)?
        };
        let account = arrived.account.clone();
        let add = AddAccount { account, by_name: true };
        self.door.pass(&Actor::person(person, zone), add, Options::default()).await?;
        Ok(person)
    }

    /// Gives and takes the offices that are not as the provider's groups have them.
    async fn follow(&self, person: PersonId, zone: &str, offices: Vec<(Office, bool)>) -> Result<()> {
        let held = {
            let mut reader = self.door.database().reader().await?;
            // A term that an administrator set stands: what the groups gave is not given again when it has ended.
            office_store::appointed(&mut reader, person).await?
        };
        let holds = |office: Office| held.iter().any(|held| held == office.name());
        let offices: Vec<_> =
            offices.into_iter().filter(|(office, given)| holds(*office) != *given).collect();
        if offices.is_empty() {
            return Ok(());
        }
        let actor = Actor::person(person, zone);
        let follow = |offices| self.door.pass(&actor, FollowGroups { offices }, Options::default());
        match follow(offices.clone()).await {
            Err(error @ (Error::Conflict(_) | Error::Invalid { .. })) => {
                // Whoever is the last to keep the register stays so, and signs in all the same; what else they lost, they lose.
                tracing::warn!(%error, "offices do not follow the provider's groups");
                let keeps = [Office::SystemAdministrator, Office::ChiefSystemAdministrator];
                let others: Vec<_> =
                    offices.into_iter().filter(|(office, _)| !keeps.contains(office)).collect();
                if others.is_empty() || matches!(error, Error::Invalid { .. }) {
                    return Ok(());
                }
                follow(others).await.map(drop)
            }
            passed => passed.map(drop),
        }
    }

    /// Counts somebody whom the provider's answer did not let in.
    pub(crate) fn refused(&self) {
        self.door.count_stranger(Stranger::Password);
        tracing::warn!("a sign-in with the provider was refused");
    }

    /// Who has this name and this password, and the verifier that it was held against.
    pub(crate) async fn check(&self, login: &str, password: String) -> Result<(PersonId, String)> {
        // What can be nobody's name is counted as one: under a name of its own it could stand for something else.
        let login = if login.parse::<Login>().is_ok() { login } else { NO_NAME };
        let refused = || Error::Unauthenticated("the name or the password is wrong".to_owned());
        let Ok(_place) = self.waiting.try_acquire() else {
            return Err(Error::conflict("too many people sign in at once: try again in a moment"));
        };
        self.wait(login, "passwords")?;
        let known = {
            let mut reader = self.door.database().reader().await?;
            store::verifier(&mut reader, login).await?
        };
        let _turn = self.checking.acquire().await.map_err(Error::internal)?;
        // Whoever waited for a turn beside others of the same name is held to what became of those; and an
        // attempt counts as wrong until it was right, however many are made at once.
        self.wait(login, "passwords")?;
        self.count(login);
        let (person, verifier) = known.unzip();
        let verifier = verifier.unwrap_or_default();
        let against = verifier.clone();
        let fits = tokio::task::spawn_blocking(move || password::fits(&password, &against));
        let fits = fits.await.map_err(Error::internal)?;
        let Some(person) = person.filter(|_| fits) else {
            self.door.count_stranger(Stranger::Password);
            tracing::warn!("a sign-in was refused");
            return Err(refused());
        };
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&named(login));
        Ok((person, verifier))
    }

    /// The session of a browser that shows this token from this zone; nothing when it has ended. It ends when it
    /// was not used for so long, and when it is shown from another zone or by another browser than it was opened in.
    pub(crate) async fn session(
        &self,
        token: &str,
        zone: &str,
        device: &str,
        idle: Millis,
    ) -> Result<Option<BrowserSession>> {
        let found = {
            let mut reader = self.door.database().reader().await?;
            store::browser_session(&mut reader, &token_digest(token)).await?
        };
        let now = self.door.clock().now();
        let good = |session: &BrowserSession| {
            session.expires > now
                && session.used + idle > now
                && session.zone == zone
                && (session.device.is_empty() || session.device == device)
        };
        let Some(session) = found.filter(good) else {
            self.door.count_stranger(Stranger::Token);
            return Ok(None);
        };
        if now - session.used >= TOUCH_EVERY {
            let id = session.id;
            let touching = self.door.upkeep(move |connection| {
                Box::pin(async move { store::touch_session(connection, id, now).await })
            });
            touching.await?;
        }
        Ok(Some(session))
    }

    /// Who shows this token.
    pub async fn actor(&self, token: &str, zone: &str) -> Result<Actor> {
        let signed_out = || {
            self.door.count_stranger(Stranger::Token);
            Error::Unauthenticated("sign in: the token is unknown or has expired".to_owned())
        };
        let mut reader = self.door.database().reader().await?;
        let (id, person, scope, expires) =
            store::token(&mut reader, &token_digest(token)).await?.ok_or_else(signed_out)?;
        if expires <= self.door.clock().now() {
            return Err(signed_out());
        }
        let mut actor = Actor::person(person, zone);
        actor.reach = match scope.as_str() {
            "read" => Reach::Read,
            "calendar" => Reach::Only(SHOW_CALENDAR),
            _ => Reach::All,
        };
        actor.session = Some(id);
        Ok(actor)
    }

    fn wait(&self, login: &str, of: &str) -> Result<()> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = wrong.get(&named(login)).filter(|entry| entry.times >= FREE) else {
            return Ok(());
        };
        let pause = 1000_i64.saturating_mul(1 << (entry.times - FREE).min(20)).min(LONGEST);
        let rest = entry.last + pause - self.door.clock().now();
        if rest > 0 {
            return Err(Error::Unauthenticated(format!(
                "too many wrong {of}: wait {} seconds",
                (rest + 999) / 1000
            )));
        }
        Ok(())
    }

    fn count(&self, login: &str) {
        let now = self.door.clock().now();
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let name = named(login);
        if wrong.len() >= NAMES && !wrong.contains_key(&name) {
            wrong.retain(|_, entry| now - entry.last < LONGEST);
            // A flood of made-up names pushes out the one that was tried the fewest times, never the count of a
            // name that is being guessed at.
            let fewest = wrong.iter().min_by_key(|(_, entry)| (entry.times, entry.last));
            if let Some(fewest) = fewest.filter(|_| wrong.len() >= NAMES).map(|(name, _)| name.clone()) {
                wrong.remove(&fewest);
            }
        }
        let entry = wrong.entry(name).or_default();
        entry.times = entry.times.saturating_add(1);
        entry.last = now;
    }
}
