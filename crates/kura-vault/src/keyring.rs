//! The keyring: a store of keys, apart from database and content.
//!
//! ```text
//! root key (slots) ──► secrets (database, log, one per backup)
//!        └───────────► shard key (at most 1,024 items of one group) ──► item key ──► derived keys
//! ```
//!
//! A folder holds `keyring.json` (installation and slots), `secrets/` (one file each, wrapped under the
//! root) and `shards/` (a wrapped shard key, then the item keys wrapped under it). A file is replaced
//! whole or appended to, and is on disk before a call returns.
//!
//! Shredding an item rewrites its shard under a fresh shard key without that item. Older copies of the
//! shard file still open with the root key: whoever keeps copies of a keyring lets them expire.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::keys::{KEY_LENGTH, Key, OVERHEAD};
use crate::slots::{self, Slot, SlotError, Unlock};

/// Items under one shard key at most: what one erasure rewraps.
pub const SHARD_ITEMS: usize = 1024;

/// Shards held open in memory at most; others are read again when needed.
const CACHED_SHARDS: usize = 64;

const FORMAT: u32 = 1;
const MAGIC: &[u8; 8] = b"KURASHD1";
const WRAPPED: usize = KEY_LENGTH + OVERHEAD;
const HEADER: usize = MAGIC.len() + WRAPPED;
const RECORD: usize = 16 + WRAPPED;

/// An item's id, as the register knows it.
pub type ItemId = [u8; 16];

/// Why the keyring did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// Reading or writing a file failed.
    #[error("keyring {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No slot opened.
    #[error(transparent)]
    Slot(#[from] SlotError),
    /// A file is not what the keyring wrote; a backup of the keyring has it.
    #[error("keyring {path} is damaged ({why}): restore it from the newest backup of the keyring")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A named secret that should be there is not.
    #[error("the keyring has lost the secret {0:?}: put the newest copy of the keyring in place")]
    Lost(String),
    /// The item's key was destroyed, or never was.
    #[error("the item's key does not exist: it was destroyed")]
    Destroyed,
    /// There is a keyring already.
    #[error("{0} already holds a keyring")]
    Exists(PathBuf),
    /// A name that would be no plain file name.
    #[error("not a name of a secret or a group: {0:?}")]
    Name(String),
    /// The last ways to the root key are not taken away.
    #[error("a keyring keeps at least one recovery slot and one other")]
    LastSlot,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    kura_keyring: u32,
    installation: String,
    slots: Vec<Slot>,
}

struct Shard {
    key: Key,
    items: HashMap<ItemId, Key>,
}

#[derive(Default)]
struct State {
    shards: HashMap<String, Shard>,
    /// The newest shard of each group.
    newest: HashMap<String, u32>,
}

/// File with the number of times that keys were destroyed.
const ERASURES: &str = "erasures";

/// An opened keyring.
pub struct Keyring {
    folder: PathBuf,
    installation: [u8; 16],
    root: Key,
    state: Mutex<State>,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> KeyringError {
    let path = path.to_owned();
    move |source| KeyringError::Io { path, source }
}

fn sync_folder(folder: &Path) -> Result<(), KeyringError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// Replaces a file whole, for its owner's eyes only, and waits for the disk.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyringError> {
    let draft = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options.open(&draft).map_err(at(&draft))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&draft))?;
    fs::rename(&draft, path).map_err(at(path))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Names become file names: lower-case letters, digits and hyphens.
fn checked(name: &str) -> Result<&str, KeyringError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.is_empty() && name.len() <= 64 && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(KeyringError::Name(name.to_owned()))
    }
}

impl Keyring {
    /// Makes a keyring in a folder that holds none. `slots` turns the fresh root key into the ways to
    /// it; a recovery slot and one other must be among them.
    pub fn create(
        folder: &Path,
        slots: impl FnOnce(&Key) -> Result<Vec<Slot>, SlotError>,
    ) -> Result<Self, KeyringError> {
        let path = folder.join("keyring.json");
        if path.exists() {
            return Err(KeyringError::Exists(folder.to_owned()));
        }
        let root = Key::random();
        let mut installation = [0; 16];
        crate::keys::fill_random(&mut installation);
        let keyring = Self { folder: folder.to_owned(), installation, root, state: Mutex::default() };
        let slots = slots(&keyring.root)?;
        for folder in ["secrets", "shards"] {
            let folder = keyring.folder.join(folder);
            fs::create_dir_all(&folder).map_err(at(&folder))?;
        }
        keyring.write_head(slots)?;
        Ok(keyring)
    }

    fn write_head(&self, slots: Vec<Slot>) -> Result<(), KeyringError> {
        let recovery = |slot: &Slot| matches!(slot, Slot::Recovery { .. });
        if !slots.iter().any(recovery) || slots.iter().all(recovery) {
            return Err(KeyringError::LastSlot);
        }
        let head = Head { kura_keyring: FORMAT, installation: hex::encode(self.installation), slots };
        let text = serde_json::to_vec_pretty(&head).expect("a head is plain data");
        replace(&self.folder.join("keyring.json"), &text)
    }

    fn read_head(folder: &Path) -> Result<(Head, [u8; 16]), KeyringError> {
        let path = folder.join("keyring.json");
        let damaged = |why: String| KeyringError::Damaged { path: path.clone(), why };
        let text = fs::read(&path).map_err(at(&path))?;
        let head: Head = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if head.kura_keyring != FORMAT {
            return Err(damaged(format!("format {}", head.kura_keyring)));
        }
        let installation = hex::decode(&head.installation)
            .ok()
            .and_then(|id| id.try_into().ok())
            .ok_or_else(|| damaged("installation".to_owned()))?;
        Ok((head, installation))
    }

    /// Opens the keyring in a folder with one of its slots.
    pub fn open(folder: &Path, unlock: &Unlock<'_>) -> Result<Self, KeyringError> {
        let (head, installation) = Self::read_head(folder)?;
        let root = slots::open(&head.slots, unlock)?;
        let mut newest = HashMap::new();
        let shards = folder.join("shards");
        for entry in fs::read_dir(&shards).map_err(at(&shards))? {
            let name = entry.map_err(at(&shards))?.file_name();
            let name = name.to_string_lossy();
            let parsed = name
                .strip_suffix(".shard")
                .and_then(|name| name.rsplit_once('.'))
                .and_then(|(group, number)| Some((group.to_owned(), number.parse::<u32>().ok()?)));
            if let Some((group, number)) = parsed {
                let newest: &mut u32 = newest.entry(group).or_default();
                *newest = number.max(*newest);
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            installation,
            root,
            state: Mutex::new(State { shards: HashMap::new(), newest }),
        })
    }

    /// The installation's random id, part of every context in which content is sealed.
    pub fn installation(&self) -> &[u8; 16] {
        &self.installation
    }

    /// The slots as they stand, without secrets.
    pub fn slots(&self) -> Result<Vec<Slot>, KeyringError> {
        Self::read_head(&self.folder).map(|(head, _)| head.slots)
    }

    /// Exchanges the slots. A recovery slot and one other must remain.
    pub fn change_slots(
        &self,
        change: impl FnOnce(&Key, &mut Vec<Slot>) -> Result<(), SlotError>,
    ) -> Result<(), KeyringError> {
        let mut slots = self.slots()?;
        change(&self.root, &mut slots)?;
        self.write_head(slots)
    }

    fn context(&self, kind: &str, name: &str) -> Vec<u8> {
        let parts = [b"kura/keyring/v1\0", &self.installation[..], kind.as_bytes(), b"\0", name.as_bytes()];
        parts.concat()
    }

    fn secret_path(&self, name: &str) -> Result<PathBuf, KeyringError> {
        Ok(self.folder.join("secrets").join(checked(name)?))
    }

    /// A named secret. One that is lost is never replaced by another unnoticed.
    pub fn secret(&self, name: &str) -> Result<Key, KeyringError> {
        let path = self.secret_path(name)?;
        match fs::read(&path) {
            Ok(wrapped) => self
                .root
                .unwrap_key(&self.context("secret", name), &wrapped)
                .map_err(|error| KeyringError::Damaged { path, why: error.to_string() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(KeyringError::Lost(name.to_owned())),
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// A named secret, made now when there is none.
    pub fn make_secret(&self, name: &str) -> Result<Key, KeyringError> {
        // The lock keeps two callers from making two different secrets of one name.
        let _state = self.lock();
        match self.secret(name) {
            Err(KeyringError::Lost(_)) => {
                let key = Key::random();
                let wrapped = self.root.wrap(&self.context("secret", name), &key);
                replace(&self.secret_path(name)?, &wrapped)?;
                Ok(key)
            }
            known => known,
        }
    }

    /// Whether a named secret exists.
    pub fn has_secret(&self, name: &str) -> Result<bool, KeyringError> {
        Ok(self.secret_path(name)?.exists())
    }

    /// Destroys a named secret; what was sealed under it is unreadable from now on.
    pub fn destroy_secret(&self, name: &str) -> Result<(), KeyringError> {
        let _state = self.lock();
        let path = self.secret_path(name)?;
        if path.exists() {
            self.count_erasure()?;
        }
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&path)(error)),
            _ => sync_folder(&self.folder.join("secrets")),
        }
    }

    /// Counted before keys go: a copy of the keyring that still holds them never counts this erasure.
    fn count_erasure(&self) -> Result<(), KeyringError> {
        let count = self.erasures()? + 1;
        replace(&self.folder.join(ERASURES), format!("{count}\n").as_bytes())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // What is on disk decides; a panic elsewhere leaves nothing half done in memory.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shard_path(&self, shard: &str) -> PathBuf {
        self.folder.join("shards").join(format!("{shard}.shard"))
    }

    fn read_shard(&self, shard: &str) -> Result<Shard, KeyringError> {
        let path = self.shard_path(shard);
        let damaged = |why: &str| KeyringError::Damaged { path: path.clone(), why: why.to_owned() };
        let bytes = fs::read(&path).map_err(at(&path))?;
        let (head, records) = bytes
            .split_at_checked(HEADER)
            .filter(|(head, _)| head.starts_with(MAGIC))
            .ok_or_else(|| damaged("its head is not that of a shard"))?;
        let key = self
            .root
            .unwrap_key(&self.context("shard", shard), &head[MAGIC.len()..])
            .map_err(|_| damaged("its key does not open"))?;
        let mut items = HashMap::new();
        // A record cut off at the end was never acknowledged: the write was interrupted.
        for record in records.chunks_exact(RECORD) {
            let (item, wrapped) = record.split_first_chunk::<16>().expect("a record is longer than an id");
            let item_key =
                key.unwrap_key(item, wrapped).map_err(|_| damaged("an item's key does not open"))?;
            items.insert(*item, item_key);
        }
        Ok(Shard { key, items })
    }

    fn write_shard(&self, shard: &str, content: &Shard) -> Result<(), KeyringError> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.root.wrap(&self.context("shard", shard), &content.key));
        for (item, key) in &content.items {
            bytes.extend_from_slice(item);
            bytes.extend(content.key.wrap(item, key));
        }
        replace(&self.shard_path(shard), &bytes)
    }

    /// The shard in memory, read from disk when it is not.
    fn shard<'s>(&self, state: &'s mut State, shard: &str) -> Result<&'s mut Shard, KeyringError> {
        if !state.shards.contains_key(shard) {
            if state.shards.len() >= CACHED_SHARDS {
                state.shards.clear();
            }
            let read = self.read_shard(shard)?;
            state.shards.insert(shard.to_owned(), read);
        }
        Ok(state.shards.get_mut(shard).expect("just put there"))
    }

    /// Makes keys for items of a group (a matter) and returns the shard that each is in. Once this
    /// returns the keys are on disk.
    pub fn create_item_keys(&self, group: &str, items: &[ItemId]) -> Result<Vec<String>, KeyringError> {
        checked(group)?;
        let mut state = self.lock();
        let mut placed = Vec::with_capacity(items.len());
        let mut rest = items;
        while !rest.is_empty() {
            let number = *state.newest.entry(group.to_owned()).or_insert(1);
            let shard = format!("{group}.{number}");
            if !self.shard_path(&shard).exists() {
                let fresh = Shard { key: Key::random(), items: HashMap::new() };
                self.write_shard(&shard, &fresh)?;
            }
            let open = self.shard(&mut state, &shard)?;
            let room = SHARD_ITEMS.saturating_sub(open.items.len());
            let (now, later) = rest.split_at(room.min(rest.len()));
            if let Err(error) = append(&self.shard_path(&shard), open, now) {
                // What reached the disk is unknown: read it again before it is used.
                state.shards.remove(&shard);
                return Err(error);
            }
            placed.extend(now.iter().map(|_| shard.clone()));
            rest = later;
            if !rest.is_empty() {
                state.newest.insert(group.to_owned(), number + 1);
            }
        }
        Ok(placed)
    }

    /// The key of an item.
    pub fn item_key(&self, shard: &str, item: &ItemId) -> Result<Key, KeyringError> {
        let mut state = self.lock();
        // A shard is never deleted: one that is missing or does not open is damage, not an erasure.
        self.shard(&mut state, shard)?.items.get(item).cloned().ok_or(KeyringError::Destroyed)
    }

    /// Destroys the keys of items of one shard and gives the shard a fresh key. Items whose key is
    /// already gone are passed over, so that an interrupted erasure can be repeated.
    pub fn destroy_item_keys(&self, shard: &str, items: &[ItemId]) -> Result<(), KeyringError> {
        let mut state = self.lock();
        let open = self.shard(&mut state, shard)?;
        let mut rest = open.items.clone();
        let before = rest.len();
        items.iter().for_each(|item| drop(rest.remove(item)));
        if rest.len() == before {
            return Ok(());
        }
        let rotated = Shard { key: Key::random(), items: rest };
        self.count_erasure()?;
        // Until the new file is in place the old one, and the old keys in memory, are the truth.
        self.write_shard(shard, &rotated)?;
        state.shards.insert(shard.to_owned(), rotated);
        Ok(())
    }
}

impl Keyring {
    /// How many times keys were destroyed: by it an older copy of the keyring, which may hold keys that
    /// were destroyed since, is told from the newest.
    pub fn erasures(&self) -> Result<u64, KeyringError> {
        erasures(&self.folder)
    }

    /// Copies the keyring, as of one moment, to a new folder. The keyring is held up only while it is read.
    pub fn copy_to(&self, folder: &Path) -> Result<(), KeyringError> {
        let files = {
            let _state = self.lock();
            read_all(&self.folder)?
        };
        write_all(files, folder)
    }

    /// Takes what was destroyed out of a copy of this keyring, whenever that was: its shards become the present
    /// ones, its secrets those that still exist. A copy that was brought elsewhere is not reached.
    pub fn purge(&self, copy: &Path) -> Result<(), KeyringError> {
        let (count, present) = {
            let _state = self.lock();
            (self.erasures()?, read_all(&self.folder)?)
        };
        let present: HashMap<PathBuf, Vec<u8>> = present.into_iter().collect();
        for (name, bytes) in read_all(copy)? {
            let path = copy.join(&name);
            match present.get(&name) {
                Some(now) if *now != bytes && name.starts_with("shards") => replace(&path, now)?,
                None if name.starts_with("secrets") => fs::remove_file(&path).map_err(at(&path))?,
                _ => {}
            }
        }
        sync_folder(&copy.join("secrets"))?;
        // Last: whoever reads this count may rely on the rest.
        replace(&copy.join(ERASURES), format!("{count}\n").as_bytes())
    }
}

/// The random id of the installation whose keyring is in a folder.
pub fn installation(folder: &Path) -> Result<[u8; 16], KeyringError> {
    Keyring::read_head(folder).map(|(_, installation)| installation)
}

/// Files of a keyring by their place in its folder; the one that makes it a keyring last.
fn read_all(from: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, KeyringError> {
    let mut files = Vec::new();
    for folder in ["secrets", "shards"] {
        let place = from.join(folder);
        for entry in fs::read_dir(&place).map_err(at(&place))? {
            let entry = entry.map_err(at(&place))?;
            let path = entry.path();
            files.push((Path::new(folder).join(entry.file_name()), fs::read(&path).map_err(at(&path))?));
        }
    }
    for file in [ERASURES, "keyring.json"] {
        let path = from.join(file);
        match fs::read(&path) {
            Ok(bytes) => files.push((file.into(), bytes)),
            Err(error) if file == ERASURES && error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&path)(error)),
        }
    }
    Ok(files)
}

fn write_all(files: Vec<(PathBuf, Vec<u8>)>, to: &Path) -> Result<(), KeyringError> {
    if to.exists() {
        return Err(KeyringError::Exists(to.to_owned()));
    }
    for folder in ["secrets", "shards"] {
        let folder = to.join(folder);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
    }
    sync_folder(to)?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))?;
    for (path, bytes) in files {
        replace(&to.join(path), &bytes)?;
    }
    Ok(())
}

/// How many times keys of the keyring in a folder were destroyed.
pub fn erasures(folder: &Path) -> Result<u64, KeyringError> {
    let path = folder.join(ERASURES);
    match fs::read_to_string(&path) {
        Ok(text) => {
            text.trim().parse().map_err(|_| KeyringError::Damaged { path, why: "not a number".to_owned() })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(at(&path)(error)),
    }
}

/// Copies a keyring that no program changes meanwhile to a new folder.
pub fn copy(from: &Path, to: &Path) -> Result<(), KeyringError> {
    write_all(read_all(from)?, to)
}

/// Appends the wrapped keys of new items to a shard's file; one that is already there keeps its key.
fn append(path: &Path, shard: &mut Shard, items: &[ItemId]) -> Result<(), KeyringError> {
    let mut bytes = Vec::new();
    let mut fresh = Vec::new();
    for item in items {
        if !shard.items.contains_key(item) {
            let key = Key::random();
            bytes.extend_from_slice(item);
            bytes.extend(shard.key.wrap(item, &key));
            fresh.push((*item, key));
        }
    }
    let mut file = OpenOptions::new().write(true).open(path).map_err(at(path))?;
    // Cut off what an interrupted write may have left, then write at the end.
    let end = (HEADER + shard.items.len() * RECORD) as u64;
    file.set_len(end).map_err(at(path))?;
    io::Seek::seek(&mut file, io::SeekFrom::Start(end)).map_err(at(path))?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(at(path))?;
    shard.items.extend(fresh);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_a_keyring_and_tells_its_age() {
        let folder = tempfile::tempdir().unwrap();
        let (keyring, file, _) = made(&folder.path().join("first"));
        let shard = keyring.create_item_keys("m1", &[item(0)]).unwrap().remove(0);
        let copy = folder.path().join("copy");
        keyring.copy_to(&copy).unwrap();
        assert!(matches!(keyring.copy_to(&copy), Err(KeyringError::Exists(_))));
        keyring.destroy_item_keys(&shard, &[item(0)]).unwrap();
        keyring.destroy_item_keys(&shard, &[item(0)]).unwrap();
        assert_eq!((keyring.erasures().unwrap(), erasures(&copy).unwrap()), (1, 0));
        let opened = Keyring::open(&copy, &Unlock::KeyFile(&file)).unwrap();
        assert!(opened.item_key(&shard, &item(0)).is_ok(), "the older copy still has it");
        keyring.make_secret("backup-1").unwrap();
        keyring.destroy_secret("backup-1").unwrap();
        fs::write(copy.join("secrets/backup-1"), "x").unwrap();
        keyring.purge(&copy).unwrap();
        assert_eq!((keyring.erasures().unwrap(), erasures(&copy).unwrap()), (2, 2));
        assert!(!copy.join("secrets/backup-1").exists());
        let opened = Keyring::open(&copy, &Unlock::KeyFile(&file)).unwrap();
        assert!(matches!(opened.item_key(&shard, &item(0)), Err(KeyringError::Destroyed)));
        // A lost shard is damage, and nothing was erased.
        fs::remove_file(copy.join("shards").join(format!("{shard}.shard"))).unwrap();
        let opened = Keyring::open(&copy, &Unlock::KeyFile(&file)).unwrap();
        assert!(matches!(opened.item_key(&shard, &item(1)), Err(KeyringError::Io { .. })));
    }

    fn item(number: u64) -> ItemId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        id
    }

    fn made(folder: &Path) -> (Keyring, Key, String) {
        let file = Key::random();
        let (identity, recipient) = slots::recovery_identity();
        let keyring = Keyring::create(folder, |root| {
            Ok(vec![Slot::key_file(root, &file), Slot::recovery(root, &recipient)?])
        })
        .unwrap();
        (keyring, file, identity.to_string())
    }

    #[test]
    fn keys_survive_a_restart_and_open_by_every_slot() {
        let folder = tempfile::tempdir().unwrap();
        let (keyring, file, identity) = made(folder.path());
        assert!(matches!(keyring.secret("database"), Err(KeyringError::Lost(_))), "none is made unasked");
        let secret = keyring.make_secret("database").unwrap();
        let shards = keyring.create_item_keys("m1", &[item(1), item(2)]).unwrap();
        let key = keyring.item_key(&shards[0], &item(1)).unwrap();
        drop(keyring);
        for unlock in [Unlock::KeyFile(&file), Unlock::Recovery(&identity)] {
            let again = Keyring::open(folder.path(), &unlock).unwrap();
            assert_eq!(again.secret("database").unwrap().expose(), secret.expose());
            let found = again.item_key(&shards[0], &item(1)).unwrap();
            assert_eq!(found.expose(), key.expose());
        }
        assert!(Keyring::open(folder.path(), &Unlock::Passphrase("a passphrase")).is_err());
        assert!(matches!(Keyring::create(folder.path(), |_| Ok(vec![])), Err(KeyringError::Exists(_))));
    }

    #[test]
    fn std_3_5_a_destroyed_key_is_gone_its_siblings_stay_and_the_shard_has_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let (keyring, file, _) = made(folder.path());
        let ids: Vec<_> = (0..5).map(item).collect();
        let shard = keyring.create_item_keys("m1", &ids).unwrap().remove(0);
        let kept = keyring.item_key(&shard, &item(1)).unwrap();
        let before = fs::read(keyring.shard_path(&shard)).unwrap();
        keyring.destroy_item_keys(&shard, &[item(0), item(3)]).unwrap();
        keyring.destroy_item_keys(&shard, &[item(0)]).unwrap();
        let after = fs::read(keyring.shard_path(&shard)).unwrap();
        assert_ne!(before[..HEADER], after[..HEADER]);

        let again = Keyring::open(folder.path(), &Unlock::KeyFile(&file)).unwrap();
        for keyring in [&keyring, &again] {
            for gone in [item(0), item(3), item(9)] {
                let found = keyring.item_key(&shard, &gone);
                assert!(matches!(found, Err(KeyringError::Destroyed)));
            }
            let found = keyring.item_key(&shard, &item(1)).unwrap();
            assert_eq!(found.expose(), kept.expose());
        }
    }

    #[test]
    fn a_shard_holds_no_more_than_its_share_and_the_next_one_opens() {
        let folder = tempfile::tempdir().unwrap();
        let (keyring, file, _) = made(folder.path());
        let ids: Vec<_> = (0..SHARD_ITEMS as u64 + 3).map(item).collect();
        let shards = keyring.create_item_keys("m1", &ids).unwrap();
        assert_eq!((shards[0].as_str(), shards[SHARD_ITEMS].as_str()), ("m1.1", "m1.2"));
        let again = Keyring::open(folder.path(), &Unlock::KeyFile(&file)).unwrap();
        assert_eq!(again.create_item_keys("m1", &[item(9999)]).unwrap(), ["m1.2"]);
        assert_eq!(again.create_item_keys("m2", &[item(1)]).unwrap(), ["m2.1"]);
        again.item_key("m1.1", &item(1000)).unwrap();
    }

    #[test]
    fn an_interrupted_append_is_passed_over_and_damage_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (keyring, file, _) = made(folder.path());
        let shard = keyring.create_item_keys("m1", &[item(1)]).unwrap().remove(0);
        let path = keyring.shard_path(&shard);
        let mut torn = fs::read(&path).unwrap();
        torn.extend([9; 30]);
        fs::write(&path, &torn).unwrap();
        let again = Keyring::open(folder.path(), &Unlock::KeyFile(&file)).unwrap();
        again.item_key(&shard, &item(1)).unwrap();
        again.create_item_keys("m1", &[item(2)]).unwrap();
        let third = Keyring::open(folder.path(), &Unlock::KeyFile(&file)).unwrap();
        third.item_key(&shard, &item(2)).unwrap();

        let mut bad = fs::read(&path).unwrap();
        bad[HEADER + 40] ^= 1;
        fs::write(&path, bad).unwrap();
        let fourth = Keyring::open(folder.path(), &Unlock::KeyFile(&file)).unwrap();
        let error = fourth.item_key(&shard, &item(2)).unwrap_err();
        assert!(error.to_string().contains("restore it from the newest backup"));
    }

    #[test]
    fn the_last_slots_are_not_taken_away_and_names_stay_plain() {
        let folder = tempfile::tempdir().unwrap();
        let (keyring, ..) = made(folder.path());
        let removed = keyring.change_slots(|_, slots| {
            slots.pop();
            Ok(())
        });
        assert!(matches!(removed, Err(KeyringError::LastSlot)));
        keyring
            .change_slots(|root, slots| {
                slots.push(Slot::passphrase(root, "a long passphrase")?);
                Ok(())
            })
            .unwrap();
        Keyring::open(folder.path(), &Unlock::Passphrase("a long passphrase")).unwrap();
        for name in ["", "../root", "a/b", "A", "a.b"] {
            assert!(matches!(keyring.secret(name), Err(KeyringError::Name(_))), "{name}");
        }
        keyring.make_secret("backup-1").unwrap();
        keyring.destroy_secret("backup-1").unwrap();
        assert!(!keyring.has_secret("backup-1").unwrap());
    }
}
