//! `kura doctor`: looks over a whole installation and says what to do. It changes nothing, and may be asked
//! while the server runs.

use std::fs;
use std::path::Path;

use kura_vault::keyring::Keyring;
use kura_vault::slots::Slot;
use serde::Serialize;

use crate::clock::Clock;
use crate::config::Settings;
use crate::custody::store as custody;
use crate::db::{Database, Engine, Location};
use crate::door::log_keys::LogKeys;
use crate::error::Result;
use crate::install;
use crate::ledger::{self, high_water::HighWater};
use crate::mail::Mailer;
use crate::rules::lock;

/// How something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In order.
    Good,
    /// Works, but should be mended.
    Poor,
    /// Does not work, or is not safe.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it was found.
    pub state: State,
    /// What was found, and what to do.
    pub told: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, what: &'static str, state: State, told: impl Into<String>) {
        self.0.push(Finding { what, state, told: told.into() });
    }

    /// Notes a failure; gives back what succeeded.
    fn take<T>(&mut self, what: &'static str, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(what, State::Bad, error.to_string())).ok()
    }
}

/// Looks an installation over.
pub async fn examine(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let mut found = Findings::default();
    files(&mut found, settings);
    if let Some((keyring, origin)) = keyring(&mut found, settings)
        && let Some(location) = found.take("database", install::location(settings, &keyring))
        && let Some(db) = found.take("database", Database::at(&location))
    {
        if let Location::Postgres(url) = &location {
            postgres(&mut found, url);
        }
        database(&mut found, &db, &keyring, &origin, settings, clock).await;
        db.close().await;
    }
    backups(&mut found, settings);
    mail(&mut found, settings).await;
    found.0
}

/// What can be looked at in a moment: not the database's pages, the ledger's entries and the sealed content.
pub(crate) fn at_a_glance(settings: &Settings) -> Vec<Finding> {
    let mut found = Findings::default();
    files(&mut found, settings);
    keyring(&mut found, settings);
    backups(&mut found, settings);
    found.0
}

fn files(found: &mut Findings, settings: &Settings) {
    let pack = found.take("policy pack", install::pack(&settings.policy));
    if let Some((pack, text)) = pack {
        if lock::locked(&pack, &text) {
            found.add("policy pack", State::Good, format!("{} rules, proved", pack.rules.len()));
        } else {
            found.add(
                "policy pack",
                State::Poor,
                "not proved: run `kura policy prove --pack FOLDER --write`",
            );
        }
    }
    private(found, "data folder", &settings.data);
    let near = "127.0.0.1".parse().expect("an address");
    if settings.zone(near, None) == "office" && settings.trusted_proxies.is_empty() {
        let told = "whoever is on this machine counts as in the office, and whoever comes through a proxy as outside: \
                    name the proxy in trusted_proxies";
        found.add("zones", State::Poor, told);
    }
    if settings.passphrase_file.as_os_str().is_empty() {
        private(found, "key file", &settings.key_file);
    } else {
        private(found, "passphrase file", &settings.passphrase_file);
    }
}

fn backups(found: &mut Findings, settings: &Settings) {
    match crate::backup::made(&settings.backup_data).into_iter().max() {
        Some(newest) => {
            let days = newest.elapsed().map_or(0, |age| age.as_secs() / 86_400);
            let state = if days > 7 { State::Poor } else { State::Good };
            found.add("backups", state, format!("the newest is {days} days old"));
        }
        None => found.add("backups", State::Poor, "there is none: `kura backup create`"),
    }
}

/// Whether the mail server answers.
async fn mail(found: &mut Findings, settings: &Settings) {
    if settings.mail_server.is_empty() {
        return found.add(
            "mail",
            State::Poor,
            "no server is named (mail_server): nobody is reminded of duties",
        );
    }
    if !settings.mail_user.is_empty() {
        private(found, "mail password", &settings.mail_password_file);
    }
    let Some(Some(mailer)) = found.take("mail", Mailer::of(settings)) else { return };
    if found.take("mail", mailer.answers().await).is_some() {
        found.add("mail", State::Good, "the server answers, and takes what the settings name");
    }
}

/// Whether others than the owner may read it.
fn private(found: &mut Findings, what: &'static str, path: &Path) {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return found.add(what, State::Bad, format!("{}: {error}", path.display())),
    };
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        if mode & 0o077 != 0 {
            let told = format!("others may read it: chmod go= {}", path.display());
            return found.add(what, State::Bad, told);
        }
    }
    let _ = metadata;
    found.add(what, State::Good, format!("only its owner reads it: {}", path.display()));
}

fn keyring(found: &mut Findings, settings: &Settings) -> Option<(Keyring, String)> {
    let origin = found.take("installation", install::origin(settings))?;
    let keyring = found.take("keyring", install::keyring(settings))?;
    let slots = found.take("keyring", keyring.slots().map_err(Into::into))?;
    let recovery = slots.iter().filter(|slot| matches!(slot, Slot::Recovery { .. })).count();
    let told = format!("opens; {} slots, {recovery} of them for recovery", slots.len());
    found.add("keyring", State::Good, told);
    Some((keyring, origin))
}

fn postgres(found: &mut Findings, url: &str) {
    let near = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| url.contains(host));
    if near || url.contains("sslmode=verify-full") {
        found.add("PostgreSQL", State::Poor, "its columns are plain: make sure that its disk is encrypted");
    } else {
        found.add("PostgreSQL", State::Bad, "it is on another machine: its URL must say sslmode=verify-full");
    }
}

async fn database(
    found: &mut Findings,
    db: &Database,
    keyring: &Keyring,
    origin: &str,
    settings: &Settings,
    clock: &Clock,
) {
    let Some(mut reader) = found.take("database", db.reader().await) else { return };
    if db.engine() == Engine::Sqlite {
        match crate::db::integrity(&mut reader).await {
            Ok(faults) if faults.is_empty() => {
                found.add("database", State::Good, "encrypted, every page whole")
            }
            Ok(faults) => {
                let told = format!("{} pages are damaged: restore a backup", faults.len());
                found.add("database", State::Bad, told);
            }
            Err(error) => return found.add("database", State::Bad, error.to_string()),
        }
    }
    let erasures = found.take("keyring", keyring.erasures().map_err(Into::into)).unwrap_or(0);
    let keys = LogKeys::load(&mut reader, keyring, origin).await;
    let Some(log_key) = found.take("ledger", keys).map(|keys| keys.verify_key()) else { return };
    let looked = async {
        let (size, whole) = ledger::is_whole(&mut reader, &log_key).await?;
        if !whole {
            return Err(crate::Error::conflict(
                "its entries do not make the root that its head states: restore a backup, compare with a witness",
            ));
        }
        if let Some(mark) = HighWater::of(&settings.high_water_file, keyring.installation())? {
            mark.check(&mut reader, origin, erasures).await?;
        }
        let latest = ledger::store::latest(&mut reader).await?;
        Ok((size, latest))
    };
    let Some((size, latest)) = found.take("ledger", looked.await) else { return };
    found.add("ledger", State::Good, format!("{size} records, every one of them under the signed head"));
    let ahead = latest - clock.raw();
    if ahead > 5 * 60 * 1000 {
        let told = format!(
            "the newest record is {} minutes ahead of the system's clock: set the clock; until it has caught up, \
             records bear that time",
            ahead / 60_000
        );
        found.add("clock", State::Bad, told);
    } else {
        found.add("clock", State::Good, "not behind the ledger");
    }
    let Some(parts) = found.take("content", custody::all_parts(&mut reader).await) else { return };
    let Some(stores) = found.take("content", install::stores(settings)) else { return };
    let mut missing = 0;
    for (store, item, version, part) in &parts {
        if !stores.has(store, (*item, *version, *part)).await.unwrap_or(false) {
            missing += 1;
        }
    }
    if missing == 0 {
        found.add("content", State::Good, format!("{} sealed parts, all there", parts.len()));
    } else {
        let told =
            format!("{missing} of {} sealed parts are missing: restore the store from a backup", parts.len());
        found.add("content", State::Bad, told);
    }
}
