//! `kura import-folder`: takes a folder tree that lies on a file server into custody, file by file, with its folders in each
//! file's source. It only sends what every other client sends: each file is one item, one permission, one record.
//!
//! What came in is written to a journal after each file, so that the same command goes on where it was cut, at the part of
//! the file that was on its way. A file that changed since comes in anew. Nothing in the folder is changed or removed.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use aws_lc_rs::digest::{self, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::client::Client;
use super::session::{self, Session};
use super::{Failure, operate, transfer};
use crate::catalogue::Method;
use crate::columns::{self, Column};
use crate::custody::Kind;
use crate::table;
use crate::text::Name;

/// Takes a folder tree into custody, file by file; goes on where it was cut (フォルダーの取込み).
#[derive(Debug, clap::Args)]
pub(super) struct ImportFolder {
    /// The folder.
    folder: PathBuf,
    /// The matter: its id or its code.
    #[arg(long)]
    matter: Option<String>,
    /// The class, for example internal.
    #[arg(long)]
    class: Option<String>,
    /// What the files are to the firm; lent when left out.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Where they come from, and on what lawful basis the firm may have them.
    #[arg(long)]
    source: Option<String>,
    /// A table (CSV or XLSX) that says it for folders: folder, matter, class, kind, source, custodian. The longest folder
    /// that holds a file counts; what a row leaves empty is as the other options say.
    #[arg(long)]
    map: Option<PathBuf>,
    /// Says what would be sent, under which matters and classes, and what would not; sends nothing. Whether the rules let it
    /// in, the server says of each file when it comes.
    #[arg(long)]
    check: bool,
    /// The journal; in your own Kura folder when left out.
    #[arg(long)]
    journal: Option<PathBuf>,
}

/// The columns of a map.
const COLUMNS: [Column; 6] = [
    Column {
        name: "folder", heads: &["folder", "フォルダー", "フォルダ", "パス", "保存先", "path"]
    },
    Column {
        name: "matter", heads: &["matter", "案件コード", "案件番号", "案件", "プロジェクト"]
    },
    Column {
        name: "class", heads: &["class", "機密区分", "機密レベル", "機密性", "重要度", "区分"]
    },
    Column { name: "kind", heads: &["kind", "種別", "種類"] },
    Column {
        name: "source", heads: &["source", "入手元", "取得元", "受領元", "委託元", "根拠"]
    },
    Column {
        name: "custodian", heads: &["custodian", "管理責任者", "保管責任者", "責任者", "管理者"]
    },
];

/// Files that operating systems and offices leave lying about.
fn is_litter(name: &str) -> bool {
    ["Thumbs.db", "desktop.ini", ".DS_Store", ".directory"].contains(&name)
        || ["~$", "._", ".~lock."].iter().any(|start| name.starts_with(start))
}

/// A file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    path: PathBuf,
    /// From the folder on, with slashes.
    relative: String,
    size: u64,
    /// Milliseconds since 1970.
    modified: u64,
}

/// Something that does not come in, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Not {
    path: String,
    why: String,
}

/// The files of a tree in the order of their names, and what does not come in.
fn walk(folder: &Path, inner: &str, found: &mut Vec<Found>, not: &mut Vec<Not>) -> Result<(), Failure> {
    let at = |error: std::io::Error| Failure::Failed(format!("{}: {error}", folder.display()));
    let mut entries: Vec<_> = std::fs::read_dir(folder).map_err(at)?.collect::<Result<_, _>>().map_err(at)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let shown = entry.file_name().to_string_lossy().into_owned();
        let relative = if inner.is_empty() { shown.clone() } else { format!("{inner}/{shown}") };
        let mut leave = |why: &str| not.push(Not { path: relative.clone(), why: why.to_owned() });
        if is_litter(&shown) {
            continue;
        }
        let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else {
            leave("its name is not UTF-8: rename it");
            continue;
        };
        // What a link leads to is not asked: it may lead out of the folder, or round in a circle.
        let metadata = match std::fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                leave(&error.to_string());
                continue;
            }
        };
        if metadata.is_dir() {
            match walk(&path, &relative, found, not) {
                Ok(()) => {}
                Err(failure) => not.push(Not { path: relative, why: failure.told().0.to_owned() }),
            }
            continue;
        }
        if !metadata.is_file() {
            leave("it is a link or no plain file: it is not followed");
            continue;
        }
        if let Err(error) = name.parse::<Name>() {
            leave(&format!("{error}: rename it"));
            continue;
        }
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        found.push(Found {
            path,
            relative,
            size: metadata.len(),
            modified: modified.map_or(0, |at| u64::try_from(at.as_millis()).unwrap_or(u64::MAX)),
        });
    }
    Ok(())
}

/// What is said of the files in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Said(BTreeMap<&'static str, String>);

impl Said {
    fn or(&self, other: &Self) -> Self {
        let mut both = other.0.clone();
        both.extend(self.0.clone());
        Self(both)
    }

    fn of(&self, name: &'static str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// What is said of folders: by their paths from the tree's root.
fn map_of(path: &Path) -> Result<BTreeMap<String, Said>, Failure> {
    let told = |what: &dyn std::fmt::Display| Failure::Usage(format!("{}: {what}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| told(&error))?;
    let table = table::read(&bytes).map_err(|error| told(&error))?;
    let mapping = columns::guess(&table.head, &COLUMNS);
    // A column that is not understood could say that everything in it is of another class.
    if let Some(at) = (0..table.head.len()).find(|at| !mapping.contains(&Some(*at))) {
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        return Err(told(&format!(
            "it has a column {:?}; call it one of {}, or leave it out",
            table.head[at],
            names.join(", ")
        )));
    }
    if mapping[0].is_none() {
        return Err(told(&"it needs a column folder"));
    }
    operate::tell_columns(&COLUMNS, &mapping, &table.head);
    let mut map = BTreeMap::new();
    for row in &table.rows {
        let cell = |at: Option<usize>| row.cells.get(at?).filter(|text| !text.is_empty()).cloned();
        let folder = cell(mapping[0]).unwrap_or_default().replace('\\', "/");
        let folder = folder.trim_matches('/').trim_start_matches("./").to_owned();
        let columns = COLUMNS.iter().zip(&mapping).skip(1);
        let said = columns.filter_map(|(column, at)| Some((column.name, cell(*at)?)));
        if map.insert(folder.clone(), Said(said.collect())).is_some() {
            return Err(told(&format!("the folder {folder:?} stands in it twice")));
        }
    }
    Ok(map)
}

/// What is said of a file: by the longest folder that holds it.
fn said_of(map: &BTreeMap<String, Said>, relative: &str, otherwise: &Said) -> Said {
    let mut folder = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        if let Some(said) = map.get(folder) {
            return said.or(otherwise);
        }
        if folder.is_empty() {
            return otherwise.clone();
        }
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
}

/// A line of the journal. The upload is on it before the item is: a file whose item was not answered for is asked for again
/// under the same key, and is the same item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    path: String,
    size: u64,
    modified: u64,
    /// Matter and class that the upload was begun for: it is good for no other.
    under: String,
    upload: String,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<String>,
}

/// What came in before, by path; the newest line counts.
struct Journal {
    file: File,
    lines: BTreeMap<String, Line>,
}

impl Journal {
    fn open(path: &Path) -> Result<Self, Failure> {
        let at = |error: std::io::Error| Failure::Failed(format!("{}: {error}", path.display()));
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(at)?;
        file.try_lock()
            .map_err(|_| Failure::Failed(format!("{}: the same import runs already", path.display())))?;
        let mut lines = BTreeMap::new();
        for line in BufReader::new(&file).lines() {
            // A line that was cut as it was written says nothing.
            if let Ok(line) = serde_json::from_str::<Line>(&line.map_err(at)?) {
                lines.insert(line.path.clone(), line);
            }
        }
        Ok(Self { file, lines })
    }

    fn add(&mut self, line: Line) -> Result<(), Failure> {
        let text = serde_json::to_string(&line).map_err(Failure::failed)?;
        // The line before may have been cut: this one stands by itself.
        self.file.write_all(format!("\n{text}\n").as_bytes()).map_err(Failure::failed)?;
        self.file.sync_data().map_err(Failure::failed)?;
        self.lines.insert(line.path.clone(), line);
        Ok(())
    }

    /// Notes that a file whose upload was sent is in, though its item's id was never heard.
    fn settle(&mut self, file: &Found) -> Result<(), Failure> {
        match self.lines.get(&file.relative).cloned() {
            Some(line) => self.add(Line { item: Some(String::new()), ..line }),
            None => Ok(()),
        }
    }

    /// What is known of a file as it is now.
    fn of(&self, file: &Found) -> Option<&Line> {
        self.lines.get(&file.relative).filter(|line| line.size == file.size && line.modified == file.modified)
    }
}

/// Names for ids, asked of the server once.
struct Names<'c> {
    client: &'c Client,
    matters: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
}

impl<'c> Names<'c> {
    fn of(client: &'c Client) -> Result<Self, Failure> {
        let list = client.ask(Method::Get, "/matters", Map::new(), &[])?.value;
        let mut matters = BTreeMap::new();
        for matter in list.as_array().into_iter().flatten() {
            let id = matter["matter"].as_str().unwrap_or_default().to_owned();
            matters.insert(matter["code"].as_str().unwrap_or_default().to_owned(), id.clone());
            matters.insert(id.clone(), id);
        }
        Ok(Self { client, matters, people: BTreeMap::new() })
    }

    fn matter(&self, said: &str) -> Result<String, String> {
        self.matters
            .get(said)
            .cloned()
            .ok_or_else(|| format!("there is no matter {said:?} that you may know of"))
    }

    fn person(&mut self, login: &str) -> Result<Option<String>, Failure> {
        if self.people.is_empty() {
            let list = self.client.ask(Method::Get, "/people", Map::new(), &[])?.value;
            for person in list.as_array().into_iter().flatten() {
                let text = |name: &str| person[name].as_str().unwrap_or_default().to_owned();
                self.people.insert(text("login"), text("person"));
            }
        }
        Ok(self.people.get(login).cloned())
    }

    /// The input of a file's item, and where it is asked for.
    ///
    /// # Errors
    /// `Usage`: what is wrong with what is said of this file.
    fn input(&mut self, file: &Found, said: &Said) -> Result<(Map<String, Value>, &'static str), Failure> {
        let usage = |what: String| Failure::Usage(what);
        let matter = said.of("matter");
        let matter = matter.ok_or_else(|| {
            usage("say which matter it belongs to: --matter, or a row of the map".to_owned())
        })?;
        let matter = self.matter(matter).map_err(usage)?;
        let (Some(class), Some(source)) = (said.of("class"), said.of("source")) else {
            let what = "say its class and where it comes from: --class, --source, or a row of the map";
            return Err(usage(what.to_owned()));
        };
        let kind = said.of("kind").unwrap_or("lent");
        if !["lent", "communication", "work", "deliverable"].contains(&kind) {
            return Err(usage(format!("{kind:?} is no kind: say lent, communication, work or deliverable")));
        }
        let mut fields = Map::new();
        fields.insert("matter".to_owned(), matter.into());
        fields.insert("class".to_owned(), class.into());
        let folder = file.relative.rsplit_once('/').map_or("", |(folder, _)| folder);
        let source = if folder.is_empty() { source.to_owned() } else { format!("{source}\n{folder}/") };
        fields.insert("source".to_owned(), source.into());
        if let Some(login) = said.of("custodian") {
            let person = self.person(login)?;
            let person = person.ok_or_else(|| usage(format!("nobody signs in as {login:?}")))?;
            fields.insert("custodian".to_owned(), person.into());
        }
        if kind == "lent" {
            return Ok((fields, "/matters/{matter}/take"));
        }
        fields.insert("kind".to_owned(), kind.into());
        Ok((fields, "/matters/{matter}/collect"))
    }
}

/// What the options say of every file.
fn otherwise(import: &ImportFolder) -> Said {
    let kind = import.kind.map(crate::custody::name_of);
    let pairs = [
        ("matter", import.matter.clone()),
        ("class", import.class.clone()),
        ("kind", kind),
        ("source", import.source.clone()),
    ];
    Said(pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// Where the journal of this folder and this server is.
fn journal_of(import: &ImportFolder, server: &str, folder: &Path) -> Result<PathBuf, Failure> {
    if let Some(path) = &import.journal {
        return Ok(path.clone());
    }
    let text = format!("{server}\n{}", folder.display());
    let name =
        format!("import-{}.jsonl", hex::encode(&digest::digest(&SHA256, text.as_bytes()).as_ref()[..16]));
    let home = session::folder()?;
    std::fs::create_dir_all(&home)
        .map_err(|error| Failure::Failed(format!("{}: {error}", home.display())))?;
    Ok(home.join(name))
}

/// Runs the command.
pub(super) fn run(import: &ImportFolder, json: bool) -> Result<(), Failure> {
    let folder = import.folder.canonicalize();
    let folder = folder.map_err(|error| Failure::Usage(format!("{}: {error}", import.folder.display())))?;
    let session = Session::load()?;
    let server = session.server.clone();
    let client = Client::new(session)?;
    let map = import.map.as_deref().map(map_of).transpose()?.unwrap_or_default();
    let (mut found, mut left_out) = (vec![], vec![]);
    walk(&folder, "", &mut found, &mut left_out)?;
    if let Some(named) = map.keys().find(|named| !named.is_empty() && !folder.join(named).is_dir()) {
        return Err(Failure::Usage(format!("the map names the folder {named:?}, which is not there")));
    }
    let path = journal_of(import, &server, &folder)?;
    let mut journal = Journal::open(&path)?;
    let mut names = Names::of(&client)?;
    let otherwise = otherwise(import);
    let (mut taken, mut already, mut bytes, mut failed) = (0_u64, 0_u64, 0_u64, vec![]);
    let mut under = BTreeMap::new();
    let all = found.len();
    for (number, file) in found.iter().enumerate() {
        if journal.of(file).is_some_and(|line| line.item.is_some()) {
            already += 1;
            continue;
        }
        let (fields, place) = match names.input(file, &said_of(&map, &file.relative, &otherwise)) {
            Ok(input) => input,
            Err(Failure::Usage(why)) => {
                failed.push(Not { path: file.relative.clone(), why });
                continue;
            }
            Err(other) => return Err(other),
        };
        bytes += file.size;
        let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        *under.entry(format!("{} {}", text("matter"), text("class"))).or_insert(0_u64) += 1;
        if import.check {
            taken += 1;
            continue;
        }
        eprintln!("{}/{all} {}", number + 1, file.relative);
        match bring(&client, &mut journal, file, fields, place) {
            Ok(()) => taken += 1,
            // What one file is refused may be right for the next; what the server does not answer is not.
            Err(failure @ (Failure::Refused(_) | Failure::Usage(_) | Failure::Rejected(_))) => {
                failed.push(Not { path: file.relative.clone(), why: failure.told().0.to_owned() });
            }
            Err(failure) => {
                return Err(Failure::Failed(format!(
                    "{}: {}; {taken} files came in, the same command goes on from here",
                    file.relative,
                    failure.told().0
                )));
            }
        }
    }
    let wrong = failed.len() + left_out.len();
    let came = if import.check { "would_come_in" } else { "came_in" };
    let told = json!({
        "files": all,
        came: taken,
        "bytes": bytes,
        "by_matter_and_class": under,
        "already_in": already,
        "failed": failed,
        "left_out": left_out,
        "journal": path,
    });
    operate::show(&told, json);
    match wrong {
        0 => Ok(()),
        wrong => {
            Err(Failure::Failed(format!("{wrong} files did not come in: see above, mend it, run it again")))
        }
    }
}

/// Brings one file in; one whose upload is good no more is sent anew.
fn bring(
    client: &Client,
    journal: &mut Journal,
    file: &Found,
    fields: Map<String, Value>,
    place: &str,
) -> Result<(), Failure> {
    let pending = journal.of(file).is_some();
    match bring_once(client, journal, file, fields.clone(), place) {
        // It came in, and the answer was not heard in the days for which answers are kept.
        Err(Failure::Rejected(what))
            if pending && (what.contains("used already") || what.contains("another input")) =>
        {
            journal.settle(file)
        }
        Err(Failure::Rejected(_)) if pending => {
            journal.lines.remove(&file.relative);
            bring_once(client, journal, file, fields, place)
        }
        brought => brought,
    }
}

fn bring_once(
    client: &Client,
    journal: &mut Journal,
    file: &Found,
    mut fields: Map<String, Value>,
    place: &str,
) -> Result<(), Failure> {
    let said = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
    let under = format!("{} {}", said("matter"), said("class"));
    let known = journal.of(file).filter(|line| line.under == under);
    let known = known.map(|line| (line.upload.clone(), line.sha256.clone()));
    let (upload, sha256) = match known {
        // It was sent whole, and the answer to what came then was not heard.
        Some(known) => known,
        None => {
            transfer::send_file(client, "take", &file.path, &mut fields)?;
            let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
            (text("upload"), text("sha256"))
        }
    };
    let mut line = Line {
        path: file.relative.clone(),
        size: file.size,
        modified: file.modified,
        under,
        upload: upload.clone(),
        sha256: sha256.clone(),
        item: None,
    };
    journal.add(line.clone())?;
    fields.insert("upload".to_owned(), upload.clone().into());
    fields.insert("sha256".to_owned(), sha256.into());
    let key = format!("import-folder {upload}");
    let done = client.ask(Method::Post, place, fields, &[("idempotency-key", &key)])?;
    line.item = done.value["item"].as_str().map(ToOwned::to_owned);
    journal.add(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&'static str, &str)]) -> Said {
        Said(pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
    }

    #[test]
    fn the_longest_folder_that_holds_a_file_counts() {
        let map = BTreeMap::from([
            ("a".to_owned(), said(&[("matter", "A"), ("class", "secret")])),
            ("a/b".to_owned(), said(&[("matter", "B")])),
        ]);
        let otherwise = said(&[("class", "internal"), ("source", "s")]);
        let of = |path: &str| {
            let said = said_of(&map, path, &otherwise);
            (said.of("matter").map(ToOwned::to_owned), said.of("class").map(ToOwned::to_owned))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("x.txt"), (None, some("internal")));
        assert_eq!(of("a/x.txt"), (some("A"), some("secret")));
        assert_eq!(of("a/b/c/x.txt"), (some("B"), some("internal")));
        assert_eq!(of("ab/x.txt"), (None, some("internal")));
    }

    #[test]
    #[cfg(unix)]
    fn links_litter_and_names_that_nobody_can_read_are_left() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("甲/乙")).unwrap();
        for name in ["甲/乙/b.txt", "甲/a.txt", "Thumbs.db", "~$a.docx", "甲/.DS_Store"] {
            std::fs::write(at(name), b"x").unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", at("link")).unwrap();
        std::os::unix::fs::symlink("..", at("甲/round")).unwrap();
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\x83\x65.txt")), b"x").unwrap();
        let (mut found, mut not) = (vec![], vec![]);
        walk(folder.path(), "", &mut found, &mut not).unwrap();
        let names: Vec<&str> = found.iter().map(|file| file.relative.as_str()).collect();
        assert_eq!(names, ["甲/a.txt", "甲/乙/b.txt"]);
        assert_eq!(not.len(), 3, "{not:?}");
    }

    #[test]
    fn a_journal_that_was_cut_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let line = |name: &str, item: Option<&str>| Line {
            path: name.to_owned(),
            size: 1,
            modified: 2,
            under: "m c".to_owned(),
            upload: "u".to_owned(),
            sha256: "s".to_owned(),
            item: item.map(ToOwned::to_owned),
        };
        let mut journal = Journal::open(&path).unwrap();
        journal.add(line("a", None)).unwrap();
        journal.add(line("a", Some("i"))).unwrap();
        assert!(Journal::open(&path).is_err(), "two at once are one too many");
        drop(journal);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"path\":\"b\",\"si").unwrap();
        let mut journal = Journal::open(&path).unwrap();
        journal.add(line("c", None)).unwrap();
        drop(journal);
        let journal = Journal::open(&path).unwrap();
        assert_eq!(journal.lines.keys().collect::<Vec<_>>(), ["a", "c"]);
        let file = |modified| Found { path: "a".into(), relative: "a".to_owned(), size: 1, modified };
        assert_eq!(journal.of(&file(2)).unwrap().item.as_deref(), Some("i"));
        assert!(journal.of(&file(3)).is_none(), "a file that changed is another");
    }
}
