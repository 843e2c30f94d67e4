//! An installation on disk: made once by `kura init`, opened by every start.
//!
//! The data folder holds the keyring, the database, the sealed content and a lock that keeps a second
//! server out. The key that opens the keyring is a file outside of it, and the recovery identity is
//! written once, to be kept offline: losing every slot of the keyring is the only way to lose everything.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kura_ledger::checkpoint::VerifyKey;
use kura_vault::keyring::Keyring;
use kura_vault::keys::Key;
use kura_vault::slots::{Slot, Unlock, recovery_identity};
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use crate::backup::Places;
use crate::clock::Clock;
use crate::config::Settings;
use crate::custody::{erase, upload};
use crate::db::{Database, Location};
use crate::disk;
use crate::door::log_keys::LogKeys;
use crate::door::{Actor, Door, Options};
use crate::error::{Error, Result};
use crate::ledger;
use crate::ledger::high_water::HighWater;
use crate::people::Login;
use crate::people::found::Found;
use crate::policy;
use crate::rules::pack::{self, Pack, PackError};
use crate::rules::{lock, prove};
use crate::stores::Stores;
use crate::text::Name;

/// What is said once of an installation, in `installation.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// Layout of the data folder.
    kura: u32,
    /// The ledger's name, which its key signs with.
    origin: String,
}

/// Layout that this program writes.
const LAYOUT: u32 = 1;

/// Who founds an installation.
pub struct Founding {
    /// The firm's name.
    pub firm: Name,
    /// The ledger's name, for example `kura.example.jp/ledger`.
    pub origin: String,
    /// What the first person, chief system administrator, signs in with.
    pub login: Login,
    /// Their name.
    pub name: Name,
    /// Their password.
    pub password: String,
    /// Where the recovery identity is written.
    pub recovery_file: PathBuf,
}

/// An open installation.
pub struct Installation {
    /// Its door.
    pub door: Door,
    /// Its settings.
    pub settings: Settings,
    mark: Option<JoinHandle<()>>,
    /// Held as long as the installation is open.
    _lock: File,
}

/// The high-water mark is written at most this often.
const MARK_EVERY: Duration = Duration::from_secs(1);

fn at<'p>(field: &'static str, path: &'p Path) -> impl Fn(std::io::Error) -> Error + 'p {
    move |error| Error::invalid(field, format!("{}: {error}", path.display()))
}

/// Writes a file that must not exist yet, for its owner's eyes only.
fn write_private(field: &'static str, path: &Path, text: &str) -> Result<()> {
    disk::write_new(path, text.as_bytes()).map_err(at(field, path))
}

/// Says what is said once of an installation.
pub(crate) fn write_head(data: &Path, origin: &str) -> Result<()> {
    let head = Head { kura: LAYOUT, origin: origin.to_owned() };
    let text = toml::to_string(&head).map_err(Error::internal)?;
    write_private("data", &data.join("installation.toml"), &text)
}

/// Reads a key file: 64 hexadecimal digits.
pub fn read_key(path: &Path) -> Result<Key> {
    let text = zeroize::Zeroizing::new(fs::read_to_string(path).map_err(at("key_file", path))?);
    let bytes = hex::decode(text.trim()).ok().map(zeroize::Zeroizing::new);
    bytes
        .and_then(|bytes| Key::from_bytes(&bytes))
        .ok_or_else(|| Error::invalid("key_file", format!("{} holds no key of Kura", path.display())))
}

/// Makes a fresh key and writes it to the key file, which must not exist yet.
pub(crate) fn write_key(settings: &Settings) -> Result<Key> {
    let key = Key::random();
    write_private("key_file", &settings.key_file, &format!("{}\n", hex::encode(key.expose())))?;
    Ok(key)
}

/// The passphrase, when one is to open the keyring.
fn passphrase(settings: &Settings) -> Result<Option<zeroize::Zeroizing<String>>> {
    let path = &settings.passphrase_file;
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let text = zeroize::Zeroizing::new(fs::read_to_string(path).map_err(at("passphrase_file", path))?);
    Ok(Some(zeroize::Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
}

/// Gives the keyring of an installation a slot that a passphrase opens, in place of one that was there. The
/// keyring is opened as the settings say.
///
/// # Errors
/// A passphrase that is short; a keyring that does not open; a server that is running.
pub fn add_passphrase(settings: &Settings, passphrase: &str) -> Result<()> {
    crate::people::password::check(passphrase)?;
    head(settings)?;
    let _lock = keep_out(&settings.data)?;
    let keyring = keyring(settings)?;
    keyring.change_slots(|root, slots| {
        slots.retain(|slot| !matches!(slot, Slot::Passphrase { .. }));
        slots.push(Slot::passphrase(root, passphrase)?);
        Ok(())
    })?;
    Ok(())
}

/// Opens the keyring with the passphrase or the key file.
pub(crate) fn keyring(settings: &Settings) -> Result<Keyring> {
    if let Some(passphrase) = passphrase(settings)? {
        return Ok(Keyring::open(&settings.data.join("keyring"), &Unlock::Passphrase(&passphrase))?);
    }
    let key = read_key(&settings.key_file)?;
    Ok(Keyring::open(&settings.data.join("keyring"), &Unlock::KeyFile(&key))?)
}

/// Makes the data folder, for its owner only.
pub(crate) fn make_private(data: &Path) -> Result<()> {
    disk::make_folder(data).map_err(at("data", data))?;
    #[cfg(unix)]
    {
        let only_owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(data, only_owner).map_err(at("data", data))?;
    }
    Ok(())
}

/// Keeps a second server out of the data folder.
fn keep_out(data: &Path) -> Result<File> {
    let path = data.join("lock");
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(at("data", &path))?;
    // A server that has just ended may still be let go of, by a solver that it was starting.
    let mut tried = file.try_lock();
    for _ in 0..10 {
        if !matches!(tried, Err(fs::TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        tried = file.try_lock();
    }
    match tried {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            Err(Error::conflict(format!("another Kura server uses {}: stop it first", data.display())))
        }
        Err(fs::TryLockError::Error(error)) => Err(at("data", &path)(error)),
    }
}

/// A pack's files: the model's, or those in a folder, with the lock that says they are proved.
pub(crate) fn pack(folder: &Path) -> Result<(Pack, String)> {
    let bad = |error: PackError| Error::invalid("policy", error);
    if folder.as_os_str().is_empty() {
        return Ok((Pack::load(&pack::model()).map_err(bad)?, lock::model_lock().to_owned()));
    }
    let lock = fs::read_to_string(folder.join("proofs.lock")).unwrap_or_default();
    Ok((pack::read(folder).and_then(|files| Pack::load(&files)).map_err(bad)?, lock))
}

/// The rules that come into force: only proved ones do.
async fn rules(settings: &Settings) -> Result<Pack> {
    let (pack, lock) = pack(&settings.policy)?;
    let mut failing = pack.failing_cases();
    failing.extend(pack.not_upheld());
    if !failing.is_empty() {
        return Err(Error::conflict(format!(
            "the policy pack does not come into force: {}",
            failing.join("; ")
        )));
    }
    if lock::locked(&pack, &lock) {
        return Ok(pack);
    }
    let proofs = prove::prove(&pack, Path::new("cvc5")).await?;
    if proofs.hold() {
        return Ok(pack);
    }
    let failed: Vec<String> =
        proofs.proofs.iter().filter(|proof| !proof.holds()).map(|proof| proof.name()).collect();
    Err(Error::conflict(format!(
        "the policy pack is not proved and does not come into force: {}. `kura policy prove` says why",
        failed.join(", ")
    )))
}

pub(crate) fn stores(settings: &Settings) -> Result<Stores> {
    let mut stores = Stores::default();
    stores.limit_uploads(settings.upload_quota);
    for store in &settings.store {
        let folder = settings.data.join(&store.folder);
        stores.add_folder(&store.name, &folder, store.lowest..=store.highest)?;
    }
    Ok(stores)
}

pub(crate) fn location(settings: &Settings, keyring: &Keyring) -> Result<Location> {
    if settings.database_url_file.as_os_str().is_empty() {
        return Ok(Location::File(settings.data.join("kura.db"), keyring.secret("database")?));
    }
    let file = &settings.database_url_file;
    let url = fs::read_to_string(file).map_err(at("database_url_file", file))?;
    Ok(Location::Postgres(url.trim().to_owned()))
}

impl Installation {
    /// Makes an installation in a folder that holds none, and opens it.
    ///
    /// # Errors
    /// An installation that exists already; files that cannot be written; a bad origin or password.
    pub async fn found(settings: Settings, founding: Founding, clock: Clock) -> Result<Self> {
        let data = settings.data.clone();
        if data.join("installation.toml").exists() {
            return Err(Error::conflict(format!("{} holds an installation already", data.display())));
        }
        crate::people::password::check(&founding.password)?;
        rules(&settings).await?;
        make_private(&data)?;
        let lock = keep_out(&data)?;
        let folder = data.canonicalize().map_err(at("data", &data))?;
        for (field, file) in [("key_file", &settings.key_file), ("recovery_file", &founding.recovery_file)] {
            let place = file.parent().filter(|parent| !parent.as_os_str().is_empty());
            let place = place.unwrap_or(Path::new(".")).canonicalize().map_err(at(field, file))?;
            if place.starts_with(&folder) {
                return Err(Error::invalid(field, "keep it outside the data folder"));
            }
            if file.exists() {
                return Err(Error::invalid(field, format!("{} exists already", file.display())));
            }
        }
        let key = write_key(&settings)?;
        let (identity, recipient) = recovery_identity();
        let text = format!(
            "# Recovery identity of a Kura installation. Print it or move it to a medium in a safe, then\n\
             # delete this file. With it and a backup everything can be read; without it, a lost key file\n\
             # means that nothing can.\n{}\n",
            identity.as_str()
        );
        write_private("recovery_file", &founding.recovery_file, &text)?;
        let keyring = Keyring::create(&data.join("keyring"), |root| {
            Ok(vec![Slot::key_file(root, &key), Slot::recovery(root, &recipient)?])
        })?;
        for secret in ["database", "opening", "log"] {
            keyring.make_secret(secret)?;
        }
        let open = Self::with(settings, keyring, lock, &founding.origin, clock).await?;
        let found = Found {
            firm: founding.firm,
            login: founding.login,
            name: founding.name,
            password: founding.password,
        };
        open.door.pass(&Actor::founder(), found, Options::default()).await?;
        // Written last: a folder without it holds no installation.
        write_head(&data, &founding.origin)?;
        Ok(open)
    }

    /// Opens the installation in its folder.
    ///
    /// # Errors
    /// No installation there; another server on it; a key file that does not fit; a ledger that was tampered with.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Self> {
        let open = Self::open_as_it_is(settings, clock).await?;
        policy::adopt_pack::when_due(&open.door).await?;
        if !open.door.rules().knows_action("draft_policy") {
            policy::draft_policy::lay_ready(&open.door, pack(&open.settings.policy)?.0).await?;
        }
        erase::resume(&open.door).await?;
        upload::sweep(&open.door).await?;
        Ok(open)
    }

    /// Opens the installation and goes on with nothing that was left undone.
    pub(crate) async fn open_as_it_is(settings: Settings, clock: Clock) -> Result<Self> {
        let head = head(&settings)?;
        let lock = keep_out(&settings.data)?;
        let keyring = keyring(&settings)?;
        Self::with(settings, keyring, lock, &head.origin, clock).await
    }

    async fn with(
        settings: Settings,
        keyring: Keyring,
        lock: File,
        origin: &str,
        clock: Clock,
    ) -> Result<Self> {
        let location = location(&settings, &keyring)?;
        let database = match &location {
            Location::File(path, _) => Some(path.clone()),
            Location::Postgres(_) => None,
        };
        let db = Database::open(&location).await?;
        let clock = clock.in_zone(settings.firm_zone()?);
        let mut reader = db.reader().await?;
        let in_force = crate::door::store::pack(&mut reader).await?;
        let kept = crate::door::store::value(&mut reader, "pack").await?;
        let acknowledged = crate::door::store::value(&mut reader, "policy_version").await?;
        // A draft that this program cannot read any more keeps nobody from serving.
        let waiting = policy::version::waiting_pack(&mut reader).await.unwrap_or_else(|error| {
            tracing::error!("the version of the policy that waits cannot be read: {error}");
            None
        });
        drop(reader);
        // Until a version is on record, what an installation of before kept, or else the settings' pack, is in force.
        let unrecorded = in_force.is_none();
        let in_force = match (in_force, kept) {
            (Some(in_force), _) => in_force,
            (None, Some(files)) => {
                let files = serde_json::from_str(&files).map_err(Error::internal)?;
                Pack::load(&files).map_err(|error| Error::internal(format!("the pack in force: {error}")))?
            }
            (None, None) => rules(&settings).await?,
        };
        let latest = {
            let mut reader = db.reader().await?;
            if let Some(mark) = HighWater::of(&settings.high_water_file, keyring.installation())? {
                mark.check(&mut reader, origin, keyring.erasures()?).await?;
            }
            ledger::store::latest(&mut reader).await?
        };
        clock.not_before(latest);
        let backups =
            Places { data: settings.backup_data.clone(), keyring: settings.backup_keyring.clone(), database };
        let door = Door::open(db, keyring, in_force, clock, stores(&settings)?, origin, backups).await?;
        if unrecorded && door.head().borrow().0 > 0 {
            // What decides now is what is in force, from today.
            let (pack, today, now) = (door.rules(), door.clock().today().to_string(), door.clock().now());
            let acknowledged = crate::door::store::policy_version(acknowledged);
            let keeping = door.upkeep(move |connection| {
                Box::pin(
                    async move { policy::version::begin(connection, &pack, acknowledged, today, now).await },
                )
            });
            keeping.await?;
        }
        if let Some((version, pack)) = waiting {
            door.offer(version, pack);
        }
        let mark = (!settings.high_water_file.as_os_str().is_empty())
            .then(|| tokio::spawn(keep_mark(door.clone(), settings.high_water_file.clone())));
        Ok(Self { door, settings, mark, _lock: lock })
    }

    /// Writes the high-water mark now.
    pub fn write_mark(&self) -> Result<()> {
        let (size, root) = *self.door.head().borrow();
        write_mark(&self.door, &self.settings.high_water_file, size, root)
    }

    /// Ends what is under way, closes the database and leaves the folder to the next server.
    pub async fn close(self) {
        self.door.close().await;
        if let Some(mark) = self.mark {
            // The writer has ended, and with it the mark's task, after a last mark.
            let _ = mark.await;
        }
    }
}

fn write_mark(door: &Door, path: &Path, size: u64, root: kura_ledger::tree::Hash) -> Result<()> {
    let mark = HighWater {
        installation: hex::encode(door.installation()),
        origin: door.log_key().name().to_owned(),
        size,
        root: hex::encode(root),
        erasures: door.erasures()?,
    };
    mark.write(path)
}

/// Writes the high-water mark as the ledger grows.
async fn keep_mark(door: Door, path: PathBuf) {
    let mut head = door.head();
    loop {
        let (size, root) = *head.borrow_and_update();
        if size > 0
            && let Err(error) = write_mark(&door, &path, size, root)
        {
            tracing::error!("the high-water mark was not written: {error}");
        }
        if head.changed().await.is_err() {
            return;
        }
        // Later commits within this time share one mark, unless the writer ends.
        let mut later = head.clone();
        let ended = async { while later.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(MARK_EVERY, ended).await;
    }
}

fn head(settings: &Settings) -> Result<Head> {
    let path = settings.data.join("installation.toml");
    let text = fs::read_to_string(&path).map_err(|_| {
        Error::invalid(
            "data",
            format!("{} holds no installation: make one with `kura init`", settings.data.display()),
        )
    })?;
    let head: Head = toml::from_str(&text).map_err(|error| Error::invalid("data", error))?;
    if head.kura > LAYOUT {
        return Err(Error::conflict(
            "the data folder was written by a newer Kura: use that version or a later one",
        ));
    }
    Ok(head)
}

/// The ledger's name of the installation in its folder.
pub(crate) fn origin(settings: &Settings) -> Result<String> {
    head(settings).map(|head| head.origin)
}

/// The log's public key of the installation in its folder. A server may be running.
pub async fn log_key(settings: &Settings) -> Result<VerifyKey> {
    let head = head(settings)?;
    let keyring = keyring(settings)?;
    let db = Database::at(&location(settings, &keyring)?)?;
    let keys = {
        let mut reader = db.reader().await?;
        LogKeys::load(&mut reader, &keyring, &head.origin).await
    };
    db.close().await;
    Ok(keys?.verify_key())
}
