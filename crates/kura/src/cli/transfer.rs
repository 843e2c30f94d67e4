//! Files to the server and back: in parts, with a progress bar on a terminal, going on where a cut
//! transfer stopped, compared by SHA-256 at the end.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{self, SHA256};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

use super::client::Client;
use super::{Failure, session};
use crate::catalogue::Method;

fn bar(length: u64, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    let bar = ProgressBar::new(length).with_message(what.to_owned());
    style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |error| Failure::Failed(format!("{}: {error}", path.display()))
}

/// Where an upload that was begun is remembered, so that the same command goes on with it.
fn memory(path: &Path, length: u64, fields: &Map<String, Value>) -> String {
    let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let text = format!("{}\n{length}\n{}", file.display(), Value::Object(fields.clone()));
    format!("upload-{}", hex::encode(&digest::digest(&SHA256, text.as_bytes()).as_ref()[..16]))
}

/// What an upload for this command is begun with.
fn beginning(
    client: &Client,
    operation: &str,
    fields: &Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    let mut begin = Map::new();
    if let Some(item) = fields.get("item") {
        // A derivative or a new version comes in under its item's matter.
        let shown = client.ask(
            Method::Get,
            "/items/{item}",
            [("item".to_owned(), item.clone())].into_iter().collect(),
            &[],
        )?;
        begin.insert("matter".to_owned(), shown.value["matter"].clone());
        let class = fields.get("class").unwrap_or(&shown.value["class"]);
        begin.insert("class".to_owned(), class.clone());
        if operation == "store" {
            begin.insert("item".to_owned(), item.clone());
        }
    } else {
        for name in ["matter", "class"] {
            begin.insert(name.to_owned(), fields.get(name).cloned().unwrap_or_default());
        }
    }
    Ok(begin)
}

/// Uploads a file and puts the upload's id and the file's hash into the fields.
pub(super) fn send_file(
    client: &Client,
    operation: &str,
    path: &Path,
    fields: &mut Map<String, Value>,
) -> Result<(), Failure> {
    let mut file = File::open(path).map_err(at(path))?;
    let length = file.metadata().map_err(at(path))?.len();
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::Usage(format!("{}: its name is not UTF-8", path.display())))?;
    let mut begin = beginning(client, operation, fields)?;
    begin.insert("name".to_owned(), name.into());
    begin
        .insert("media".to_owned(), mime_guess::from_path(path).first_or_octet_stream().essence_str().into());
    begin.insert("size".to_owned(), length.into());
    let memory = memory(path, length, &begin);
    let (upload, progress) = resumed(client, &memory).map_or_else(
        || {
            let begun = client.ask(Method::Post, "/matters/{matter}/uploads", begin, &[])?;
            let upload = begun.value["upload"].as_str().unwrap_or_default().to_owned();
            session::write(&memory, &upload)?;
            Ok::<_, Failure>((upload, begun.value))
        },
        Ok,
    )?;
    let part_size = progress["part_size"].as_u64().unwrap_or(8 << 20);
    let stored: Vec<&str> =
        progress["stored"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let bar = bar(length, name);
    let whole = send_parts(client, &upload, Parts { file: &mut file, size: part_size }, &stored, &bar)
        .inspect_err(|failure| {
            // Other bytes than those stored: the next try begins anew.
            if matches!(failure, Failure::Failed(what) if what.contains("begin a new upload")) {
                forget(&memory);
            }
        })?;
    bar.finish_and_clear();
    forget(&memory);
    fields.insert("upload".to_owned(), upload.into());
    fields.insert("sha256".to_owned(), whole.into());
    Ok(())
}

/// A file, part by part.
struct Parts<'f> {
    file: &'f mut File,
    size: u64,
}

impl Parts<'_> {
    /// The next part; empty at the end.
    fn next(&mut self) -> std::io::Result<Vec<u8>> {
        let mut part = Vec::new();
        Read::take(&mut *self.file, self.size).read_to_end(&mut part)?;
        Ok(part)
    }
}

/// Sends the parts that are not stored yet; returns the SHA-256 of the whole. The next part is read and
/// hashed while the server stores the one before it.
fn send_parts(
    client: &Client,
    upload: &str,
    mut parts: Parts<'_>,
    stored: &[&str],
    bar: &ProgressBar,
) -> Result<String, Failure> {
    let (ready, waiting) = std::sync::mpsc::sync_channel::<(Vec<u8>, String)>(0);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut whole = digest::Context::new(&SHA256);
            loop {
                let part = parts.next()?;
                if part.is_empty() {
                    return Ok(hex::encode(whole.finish()));
                }
                whole.update(&part);
                let hash = hex::encode(digest::digest(&SHA256, &part));
                if ready.send((part, hash)).is_err() {
                    // Sending has failed, and says why.
                    return Ok(String::new());
                }
            }
        });
        for (number, (part, hash)) in waiting.into_iter().enumerate() {
            if stored.get(number).is_none_or(|stored| *stored != hash) {
                client.put_part(upload, number as u64, &part)?;
            }
            bar.inc(part.len() as u64);
        }
        let read: std::io::Result<String> =
            reading.join().map_err(|_| Failure::Failed("reading the file stopped".to_owned()))?;
        read.map_err(|error| Failure::Failed(format!("the file cannot be read: {error}")))
    })
}

fn forget(memory: &str) {
    if let Ok(folder) = session::folder() {
        let _ = fs::remove_file(folder.join(memory));
    }
}

/// The upload that this command began before, if it can still go on.
fn resumed(client: &Client, memory: &str) -> Option<(String, Value)> {
    let upload = session::read(memory)?;
    let fields = [("upload".to_owned(), upload.clone().into())].into_iter().collect();
    let progress = client.ask(Method::Get, "/uploads/{upload}", fields, &[]).ok()?;
    let begun = !progress.value["stored"].as_array()?.is_empty();
    if begun {
        eprintln!("going on with the upload that was cut");
    }
    Some((upload, progress.value))
}

/// Fetches what an answer's tickets open, and takes the tickets out of the answer.
pub(super) fn fetch(client: &Client, answer: &mut Value, out: &str) -> Result<(), Failure> {
    if let Some(versions) = answer.get_mut("versions").and_then(Value::as_array_mut) {
        let folder = PathBuf::from(out);
        fs::create_dir(&folder).map_err(at(&folder))?;
        for version in versions.iter_mut() {
            let name = format!("{}-{}", version["version"], version["name"].as_str().unwrap_or("content"));
            one(client, version, &folder.join(name))?;
        }
        let manifest = folder.join("manifest.json");
        let text = format!("{answer:#}\n");
        return fs::write(&manifest, text).map_err(at(&manifest));
    }
    let opened = if answer.get("opened").is_some() { &mut answer["opened"] } else { answer };
    if out == "-" {
        return pour(client, opened, &mut std::io::stdout().lock());
    }
    one(client, opened, Path::new(out))
}

fn ticket(opened: &mut Value) -> String {
    let ticket = opened.as_object_mut().and_then(|opened| opened.shift_remove("ticket"));
    ticket.and_then(|ticket| ticket.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn pour(client: &Client, opened: &mut Value, out: &mut impl Write) -> Result<(), Failure> {
    let response = client.read("/content", &[("kura-ticket", &ticket(opened))])?;
    std::io::copy(&mut response.into_body().into_reader(), out).map_err(Failure::failed)?;
    Ok(())
}

/// One version's content into a new file; what was cut goes on from where it stopped.
fn one(client: &Client, opened: &mut Value, path: &Path) -> Result<(), Failure> {
    let ticket = ticket(opened);
    let sealed = opened.get("sealed").and_then(Value::as_bool).unwrap_or(false);
    let length = opened["size"].as_u64().unwrap_or(0);
    let draft =
        path.with_file_name(format!("{}.part", path.file_name().unwrap_or_default().to_string_lossy()));
    if path.exists() {
        return Err(Failure::Usage(format!("{} exists already", path.display())));
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft).map_err(at(&draft))?;
    let bar = bar(length, opened["name"].as_str().unwrap_or_default());
    let mut hash = digest::Context::new(&SHA256);
    let (mut done, mut tries) = (0_u64, 0);
    loop {
        let range = format!("bytes={done}-");
        let headers = [("kura-ticket", ticket.as_str()), ("range", range.as_str())];
        let headers = if done == 0 { &headers[..1] } else { &headers[..] };
        let mut reader = client.read("/content", headers)?.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        let cut = loop {
            match reader.read(&mut buffer) {
                Ok(0) => break None,
                Ok(read) => {
                    file.write_all(&buffer[..read]).map_err(at(&draft))?;
                    hash.update(&buffer[..read]);
                    done += read as u64;
                    bar.inc(read as u64);
                }
                Err(error) => break Some(error),
            }
        };
        tries += 1;
        match cut {
            None if sealed || done >= length => break,
            Some(error) if sealed || tries >= 5 => {
                return Err(Failure::Failed(format!("the transfer was cut: {error}")));
            }
            None if tries >= 5 => return Err(Failure::Failed("the transfer was cut".to_owned())),
            _ => {}
        }
    }
    bar.finish_and_clear();
    file.sync_all().map_err(at(&draft))?;
    let found = hex::encode(hash.finish());
    if !sealed && opened["sha256"] != json!(found) {
        return Err(Failure::Tampered(format!(
            "{}: what came is not what was stored (SHA-256 differs)",
            draft.display()
        )));
    }
    fs::rename(&draft, path).map_err(at(path))
}
