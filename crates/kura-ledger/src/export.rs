//! The whole ledger as static files, by the layout of C2SP `tlog-tiles`: written, and checked.
//!
//! The writer computes every tile from the entries alone and refuses to put a checkpoint over a tree
//! that it does not cover; the checkpoint is written last. The check reads every byte of every file and
//! names what is wrong. It trusts nothing but the log's public key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use crate::checkpoint::{Checkpoint, NoteError, VerifyKey};
use crate::succession::{Change, Succession};
use crate::tile;
use crate::tree::{self, Edge, Hash, TILE_WIDTH, TileId, TreeError};

/// Name of the checkpoint's file.
pub const CHECKPOINT: &str = "checkpoint";
/// Name of the file that says how the log's key was changed; not there when it never was.
pub const LOG_KEYS: &str = "log-keys";

/// Why an export could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The checkpoint does not verify.
    #[error(transparent)]
    Checkpoint(#[from] NoteError),
    /// The entries given do not make up the tree that the checkpoint signs.
    #[error("the entries written are not those that the checkpoint signs")]
    Foreign,
    /// What is in the folder already is more, or other, than what is to be written.
    #[error(
        "{0}: what was exported there before is not part of this ledger. Keep it as evidence, export elsewhere"
    )]
    Rewritten(PathBuf),
    /// A tile of the export is not where or what it should be.
    #[error("{0}")]
    Tile(String),
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::Io { path, source }
}

/// Writes a file whole or not at all, and waits for the disk.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    // A file's name alone is a file in the folder where one stands.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(at(folder))?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let draft = path.with_file_name(name);
    let mut file = fs::File::create(&draft).map_err(at(&draft))?;
    file.write_all(bytes).map_err(at(&draft))?;
    file.sync_all().map_err(at(&draft))?;
    fs::rename(&draft, path).map_err(at(path))?;
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// Writes an export, entry by entry.
pub struct Writer {
    folder: PathBuf,
    edge: Edge,
    bundle: Vec<u8>,
    succession: Succession,
    /// The checkpoint of an earlier export in this folder.
    before: Option<Checkpoint>,
    /// Partial tiles of an earlier export, to go once the new checkpoint stands.
    outgrown: Vec<PathBuf>,
}

/// The text of [`LOG_KEYS`].
fn encode_succession(succession: &Succession) -> Vec<u8> {
    let mut text = serde_json::to_vec(succession).expect("a succession is plain data");
    text.push(b'\n');
    text
}

/// Reads [`LOG_KEYS`], written exactly as the writer writes it.
fn parse_succession(text: &[u8]) -> Option<Succession> {
    serde_json::from_slice(text).ok().filter(|succession| encode_succession(succession) == text)
}

/// The checkpoint of an earlier export, signed by whomever: what it says must still be so.
fn earlier(path: &Path) -> Option<Checkpoint> {
    let note = fs::read_to_string(path).ok()?;
    let (text, _) = note.split_once("\n\n")?;
    Checkpoint::parse(&format!("{text}\n")).ok()
}

impl Writer {
    /// Begins an export in a folder that is empty, missing, or holds an earlier export of this log.
    pub fn create(folder: &Path) -> Result<Self, ExportError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let mut entries = fs::read_dir(folder).map_err(at(folder))?;
        if entries.next().is_some() && !folder.join(CHECKPOINT).exists() {
            let source = io::Error::new(
                io::ErrorKind::AlreadyExists,
                "the folder is not empty and holds no export; name another one",
            );
            return Err(at(folder)(source));
        }
        Ok(Self {
            folder: folder.to_owned(),
            edge: Edge::default(),
            bundle: Vec::new(),
            succession: Succession::default(),
            before: earlier(&folder.join(CHECKPOINT)),
            outgrown: Vec::new(),
        })
    }

    /// Says how the log's key was changed, for whoever holds an older one.
    pub fn succession(&mut self, succession: Succession) {
        self.succession = succession;
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.folder.join(path);
        // Tiles never change: an export that is renewed writes only what is new.
        match fs::read(&path) {
            Ok(there) if there == bytes => Ok(()),
            Ok(_) if self.before.is_some() && path.starts_with(self.folder.join("tile")) => {
                Err(ExportError::Rewritten(path))
            }
            _ => write_atomically(&path, bytes),
        }
    }

    /// Whether the tree, as far as it has come, is the one that was exported before.
    fn continues(&self) -> Result<(), ExportError> {
        match &self.before {
            Some(before) if before.size == self.edge.size() && before.root != self.edge.root() => {
                Err(ExportError::Rewritten(self.folder.join(CHECKPOINT)))
            }
            _ => Ok(()),
        }
    }

    /// Adds the next entry.
    pub fn push(&mut self, entry: &[u8]) -> Result<(), ExportError> {
        self.continues()?;
        tile::push_entry(&mut self.bundle, entry);
        for full in self.edge.append(tree::leaf_hash(entry)) {
            if full.id.level == 0 {
                let bundle = std::mem::take(&mut self.bundle);
                self.write(&tile::entries_path(full.id.index, TILE_WIDTH), &bundle)?;
                self.outgrow(&tile::entries_path(full.id.index, TILE_WIDTH), 0);
            }
            let path = tile::tile_path(full.id, TILE_WIDTH);
            self.write(&path, &tile::encode_tile(&full.hashes))?;
            self.outgrow(&path, 0);
        }
        Ok(())
    }

    /// Partial tiles of an earlier export are no longer part of this one, but for that of this width.
    fn outgrow(&mut self, full_path: &str, keep: usize) {
        let folder = self.folder.join(format!("{full_path}.p"));
        let Ok(entries) = fs::read_dir(&folder) else { return };
        let names = entries.flatten().map(|entry| entry.path());
        let keep = folder.join(keep.to_string());
        self.outgrown.extend(names.filter(|path| *path != keep));
    }

    /// Writes the partial tiles, then the signed checkpoint, which must be that of exactly these entries and
    /// signed by the log's present key; `log` is any key that it has had.
    pub fn finish(mut self, note: &str, log: &VerifyKey) -> Result<Checkpoint, ExportError> {
        let head = Checkpoint::open(note.as_bytes(), &self.succession.present(log)?, &[])?;
        if (head.size, head.root) != (self.edge.size(), self.edge.root()) {
            return Err(ExportError::Foreign);
        }
        self.continues()?;
        if self.before.as_ref().is_some_and(|before| before.origin == head.origin && before.size > head.size)
        {
            return Err(ExportError::Rewritten(self.folder.join(CHECKPOINT)));
        }
        for (level, width) in (0u8..).zip(tree::partial_widths(head.size)) {
            let id = self.edge.partial_id(level);
            if level == 0 {
                self.outgrow(&tile::entries_path(id.index, TILE_WIDTH), width);
            }
            self.outgrow(&tile::tile_path(id, TILE_WIDTH), width);
            if width == 0 {
                continue;
            }
            if level == 0 {
                self.write(&tile::entries_path(id.index, width), &self.bundle)?;
            }
            let hashes = tile::encode_tile(self.edge.partial_tile(level));
            self.write(&tile::tile_path(id, width), &hashes)?;
        }
        if !self.succession.is_empty() {
            self.write(LOG_KEYS, &encode_succession(&self.succession))?;
        }
        self.write(CHECKPOINT, note.as_bytes())?;
        for path in &self.outgrown {
            fs::remove_file(path).map_err(at(path))?;
            // A folder that still holds another partial tile stays.
            let _ = path.parent().map(fs::remove_dir);
        }
        Ok(head)
    }
}

/// One thing that is wrong with an export.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The file, relative to the export's folder.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
    /// Whether it could not be read at all: a question left open, no sign of tampering.
    pub unread: bool,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The checkpoint, when it verified.
    pub checkpoint: Option<Checkpoint>,
    /// What is wrong. Empty means that every byte is accounted for.
    pub findings: Vec<Finding>,
    /// The log's present key, where it is another than the one that was trusted.
    pub new_key: Option<VerifyKey>,
}

/// No file of an export is longer: 256 entries, each with its length before it.
const LONGEST: u64 = (TILE_WIDTH * (2 + tile::MAX_ENTRY)) as u64;

struct Check<'a> {
    folder: &'a Path,
    findings: Vec<Finding>,
    expected: BTreeSet<String>,
    /// Changes of the log's key, each to be found recorded at its entry.
    changes: Vec<Change>,
}

impl Check<'_> {
    fn find(&mut self, path: &str, what: impl Into<String>) {
        // Names come from the folder as it was found: none may steer a terminal.
        let path = path.escape_debug().to_string();
        self.findings.push(Finding { path, what: what.into(), unread: false });
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        self.expected.insert(path.to_owned());
        let read = fs::File::open(self.folder.join(path)).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(LONGEST + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        match read {
            Ok(bytes) if bytes.len() as u64 > LONGEST => {
                self.find(path, "is longer than any such file");
                None
            }
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.find(path, "is missing");
                None
            }
            Err(error) => {
                let what = format!("cannot be read: {error}");
                self.findings.push(Finding { path: path.to_owned(), what, unread: true });
                None
            }
        }
    }

    /// Leaf hashes of one bundle of entries, as many as there should be.
    fn bundle(&mut self, index: u64, width: usize) -> Option<Vec<Hash>> {
        let path = tile::entries_path(index, width);
        let bytes = self.read(&path)?;
        let Some(entries) = tile::split_entries(&bytes) else {
            self.find(&path, "ends in the middle of an entry");
            return None;
        };
        if entries.len() != width {
            self.find(&path, format!("holds {} entries instead of {width}", entries.len()));
            return None;
        }
        let first = index * TILE_WIDTH as u64;
        let (here, later) = std::mem::take(&mut self.changes)
            .into_iter()
            .partition::<Vec<_>, _>(|change| (first..first + width as u64).contains(&change.index));
        self.changes = later;
        for change in here {
            if !change.recorded_by(entries[(change.index - first) as usize]) {
                self.find(
                    LOG_KEYS,
                    format!("entry {} does not record this change of the log's key", change.index),
                );
            }
        }
        Some(entries.into_iter().map(tree::leaf_hash).collect())
    }

    /// The log's present key, as the changes of it lead there from the trusted one.
    fn present_key(&mut self, trusted: &VerifyKey) -> Option<VerifyKey> {
        if !self.folder.join(LOG_KEYS).exists() {
            return Some(trusted.clone());
        }
        let text = self.read(LOG_KEYS)?;
        let Some(succession) = parse_succession(&text) else {
            self.find(LOG_KEYS, "is malformed");
            return None;
        };
        match succession.present(trusted) {
            Ok(key) => {
                self.changes = succession.0;
                Some(key)
            }
            Err(error) => {
                self.find(LOG_KEYS, error.to_string());
                None
            }
        }
    }

    /// Holds a tile against what it must be, and returns the root over what it must be.
    fn tile(&mut self, id: TileId, hashes: &[Hash]) {
        let path = tile::tile_path(id, hashes.len());
        let Some(bytes) = self.read(&path) else {
            return;
        };
        let Some(found) = tile::decode_tile(&bytes).filter(|found| found.len() == hashes.len()) else {
            self.find(&path, "is not as long as its tile");
            return;
        };
        if let Some(at) = found.iter().zip(hashes).position(|(a, b)| a != b) {
            let below = if id.level == 0 {
                let entry = id.index * TILE_WIDTH as u64 + at as u64;
                format!("entry {entry} was changed, or this hash of it was")
            } else {
                format!("hash {at} does not follow from the tiles below it")
            };
            self.find(&path, below);
        }
    }

    /// Files that no tree of this size has.
    fn strangers(&mut self, inside: &Path) -> io::Result<()> {
        for entry in fs::read_dir(self.folder.join(inside))? {
            let entry = entry?;
            let path = inside.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.strangers(&path)?;
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            if !self.expected.contains(&name) {
                self.find(&name, "does not belong to the export");
            }
        }
        Ok(())
    }
}

/// Reads an export whole and checks it against the log's public key and the demanded witnesses.
pub fn check(folder: &Path, log: &VerifyKey, witnesses: &[VerifyKey]) -> Checked {
    let mut check = Check { folder, findings: Vec::new(), expected: BTreeSet::new(), changes: Vec::new() };
    let present = check.present_key(log);
    let head = present.clone().zip(check.read(CHECKPOINT)).and_then(|(present, note)| {
        Checkpoint::open(&note, &present, witnesses)
            .map_err(|error| check.find(CHECKPOINT, error.to_string()))
            .ok()
    });
    let new_key = present.filter(|present| present != log);
    let Some(head) = head else {
        return Checked { checkpoint: None, findings: check.findings, new_key };
    };
    let mut edge = Edge::default();
    let mut whole = true;
    let width = TILE_WIDTH as u64;
    for index in 0..head.size.div_ceil(width) {
        let in_tile = (head.size - index * width).min(width) as usize;
        let Some(hashes) = check.bundle(index, in_tile) else {
            // Without these entries the tiles above cannot be recomputed; take the tile's own word for
            // its hashes so that other damage is still found. The finding above stands in any case.
            let path = tile::tile_path(TileId { level: 0, index }, in_tile);
            let stated = check.read(&path).and_then(|bytes| tile::decode_tile(&bytes));
            match stated.filter(|hashes| hashes.len() == in_tile) {
                Some(hashes) => hashes.into_iter().for_each(|hash| drop(edge.append(hash))),
                None => {
                    whole = false;
                    break;
                }
            }
            continue;
        };
        for hash in &hashes {
            for full in edge.append(*hash) {
                if full.id.level > 0 {
                    check.tile(full.id, &full.hashes);
                }
            }
        }
        check.tile(TileId { level: 0, index }, &hashes);
    }
    if whole {
        for (level, width) in (0u8..).zip(tree::partial_widths(head.size)).skip(1) {
            if width > 0 {
                check.tile(edge.partial_id(level), edge.partial_tile(level));
            }
        }
        if edge.root() != head.root {
            check.find(CHECKPOINT, "signs a tree other than the one these entries make");
        }
        for change in std::mem::take(&mut check.changes) {
            check.find(LOG_KEYS, format!("names entry {}, which does not exist", change.index));
        }
        if let Err(error) = check.strangers(Path::new("")) {
            check.find("", format!("cannot be listed: {error}"));
        }
    }
    Checked { checkpoint: Some(head), findings: check.findings, new_key }
}

/// An export that is read here and there, for single proofs.
pub struct Reader {
    folder: PathBuf,
    /// Its checkpoint.
    pub checkpoint: Checkpoint,
    /// The checkpoint's signed note.
    pub note: String,
}

impl Reader {
    /// Opens an export whose checkpoint must be signed by the log and the demanded witnesses.
    pub fn open(folder: &Path, log: &VerifyKey, witnesses: &[VerifyKey]) -> Result<Self, ExportError> {
        let path = folder.join(LOG_KEYS);
        let succession = match fs::read(&path) {
            Ok(text) => parse_succession(&text)
                .ok_or_else(|| ExportError::Tile(format!("{} is malformed", path.display())))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Succession::default(),
            Err(error) => return Err(at(&path)(error)),
        };
        let path = folder.join(CHECKPOINT);
        let note = fs::read(&path).map_err(at(&path))?;
        let checkpoint = Checkpoint::open(&note, &succession.present(log)?, witnesses)?;
        Ok(Self {
            folder: folder.to_owned(),
            checkpoint,
            note: String::from_utf8(note).expect("a note that opened is text"),
        })
    }

    fn load(&self, id: TileId) -> Result<Vec<Hash>, ExportError> {
        let shift = 8 * (u32::from(id.level) + 1);
        let full = self.checkpoint.size.checked_shr(shift).unwrap_or(0);
        let widths = tree::partial_widths(self.checkpoint.size);
        let width = if id.index < full {
            TILE_WIDTH
        } else {
            widths.get(usize::from(id.level)).copied().unwrap_or(0)
        };
        let path = self.folder.join(tile::tile_path(id, width));
        let bytes = fs::read(&path).map_err(at(&path))?;
        tile::decode_tile(&bytes)
            .filter(|hashes| hashes.len() == width)
            .ok_or_else(|| ExportError::Tile(format!("{} is malformed", path.display())))
    }

    /// The entries of a bundle.
    fn bundle(&self, bundle: u64) -> Result<Vec<Vec<u8>>, ExportError> {
        let width = TILE_WIDTH as u64;
        let in_bundle = self.checkpoint.size.saturating_sub(bundle * width).min(width) as usize;
        let path = self.folder.join(tile::entries_path(bundle, in_bundle));
        let bytes = fs::read(&path).map_err(at(&path))?;
        let entries = tile::split_entries(&bytes).unwrap_or_default();
        if entries.len() != in_bundle {
            return Err(ExportError::Tile(format!("{} has not {in_bundle} entries", path.display())));
        }
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// One entry, by its index.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, ExportError> {
        let width = TILE_WIDTH as u64;
        let entry = self.bundle(index / width)?.into_iter().nth((index % width) as usize);
        entry.ok_or_else(|| ExportError::Tile(format!("there is no entry {index}")))
    }

    /// Every entry with its index, in the ledger's order.
    pub fn entries(&self) -> impl Iterator<Item = Result<(u64, Vec<u8>), ExportError>> {
        let width = TILE_WIDTH as u64;
        let bundles =
            (0..self.checkpoint.size.div_ceil(width)).map(move |bundle| (bundle, self.bundle(bundle)));
        bundles.flat_map(move |(bundle, entries)| match entries {
            Ok(entries) => (bundle * width..).zip(entries).map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    /// Proof that the export's tree only adds to that of an older checkpoint.
    pub fn prove_consistency(&self, old: u64) -> Result<Vec<Hash>, ExportError> {
        let mut tiles = BTreeMap::new();
        loop {
            match tree::prove_consistency(old, self.checkpoint.size, &tiles) {
                Ok(proof) => return Ok(proof),
                Err(TreeError::Missing(missing)) => {
                    if missing.iter().any(|id| tiles.contains_key(id)) {
                        return Err(ExportError::Tile("a tile is too short".to_owned()));
                    }
                    for id in missing {
                        tiles.insert(id, self.load(id)?);
                    }
                }
                Err(error) => return Err(ExportError::Tile(error.to_string())),
            }
        }
    }
}
