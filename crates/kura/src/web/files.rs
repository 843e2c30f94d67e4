//! Files that a form brings, and content that a page hands out. Without a script a form brings one file of up to
//! 64 MiB, held in memory and never on a disk of its own; larger ones and folders go through the API, in parts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use futures_util::StreamExt as _;

use super::Answer;
use super::choices::Among;
use super::fault::Fault;
use super::form::Described;
use super::visitor::{FORM_TOKEN, Member, Posted, token_fits};
use crate::app::App;
use crate::custody::begin::Begin;
use crate::custody::open::Opened;
use crate::custody::show::Show;
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId};
use crate::matters::subject::Matter;
use crate::rules::facts::{Action, Circumstances};

/// The largest file that a form brings without a script.
const FILE: usize = 64 << 20;
/// The longest text of a field.
const TEXT: usize = 64 << 10;
/// Fields at most.
const FIELDS: usize = 100;
/// What may come of a form before its token is known to be ours.
const BEFORE: usize = 64 << 10;
/// What may come beside the file: fields, and what stands between them.
const BESIDE: usize = 1 << 20;
/// How long a form may be silent.
const CHUNK: Duration = Duration::from_secs(20);
/// How long a form may take to come.
const WHOLE: Duration = Duration::from_secs(300);

/// Media types that a browser shows without running anything of theirs.
const SHOWN: [&str; 6] =
    ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"];

fn cut(_: axum::extract::multipart::MultipartError) -> Error {
    Error::invalid("", "the form was cut: send it again")
}

/// How much of a form is let in. What comes before a field, and a field's head, is kept in memory until it ends: a form
/// that nobody vouches for, or that never comes to its file, must not grow there.
struct Gate(Arc<AtomicUsize>);

impl Gate {
    /// Puts itself before a request's body.
    fn before(request: Request) -> (Self, Request) {
        let gate = Self(Arc::new(AtomicUsize::new(BEFORE)));
        let open = gate.0.clone();
        let (parts, body) = request.into_parts();
        let (mut stream, mut passed) = (body.into_data_stream(), 0_usize);
        let gated = futures_util::stream::poll_fn(move |context| {
            if passed >= open.load(Ordering::Relaxed) {
                // Whoever opens the gate asks again; until then the form is silent, and ends by that.
                return Poll::Pending;
            }
            let chunk = ready!(stream.poll_next_unpin(context));
            passed += chunk.iter().flatten().map(Bytes::len).sum::<usize>();
            Poll::Ready(chunk)
        });
        (gate, Request::from_parts(parts, Body::from_stream(gated)))
    }

    /// Lets so many bytes more in.
    fn open(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A form's next field.
async fn next(form: &mut Multipart) -> Result<Option<Field<'_>>> {
    let slow = |_| Error::invalid("", "the form came too slowly: send it again");
    tokio::time::timeout(CHUNK, form.next_field()).await.map_err(slow)?.map_err(cut)
}

/// A field's bytes, no more than so many.
async fn bytes(field: &mut Field<'_>, most: usize) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    let slow = |_| Error::invalid("", "the form came too slowly: send it again");
    while let Some(chunk) = tokio::time::timeout(CHUNK, field.chunk()).await.map_err(slow)?.map_err(cut)? {
        if all.len() + chunk.len() > most {
            let megabytes = most >> 20;
            return Err(if megabytes > 0 {
                Error::invalid("upload", format!("such a file has at most {megabytes} MiB"))
            } else {
                Error::invalid("", "a field of the form is too long")
            });
        }
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

impl Posted {
    fn room(&self) -> Result<()> {
        if self.0.len() < FIELDS {
            return Ok(());
        }
        Err(Error::invalid("", "the form has too many fields"))
    }

    /// Adds a field that came with others.
    ///
    /// # Errors
    /// There are too many, or its text is not in UTF-8.
    fn put(&mut self, name: String, text: Vec<u8>) -> Result<()> {
        self.room()?;
        let text = String::from_utf8(text).map_err(|_| Error::invalid("", "the form is not in UTF-8"))?;
        self.0.push((name, text));
        Ok(())
    }
}

/// Reads a form with a file, and takes the file in as an upload that the operation then completes.
pub(super) async fn receive(
    app: &App,
    member: &Member,
    described: &Described,
    request: Request,
) -> Result<Posted, Fault> {
    let reading = read(app, member, described, request);
    match tokio::time::timeout(WHOLE, reading).await {
        Ok(read) => read,
        Err(_) => Err(Error::invalid("", "the form came too slowly: send it again").into()),
    }
}

async fn read(
    app: &App,
    member: &Member,
    described: &Described,
    mut request: Request,
) -> Result<Posted, Fault> {
    // The limits are held field by field, the file's on its own, and all of it by the gate.
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let (gate, request) = Gate::before(request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Error::invalid("", "the form makes no sense: send it from its page"))?;
    let mut posted = Posted::default();
    let mut trusted = false;
    while let Some(mut field) = next(&mut form).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if !trusted {
            let carried = bytes(&mut field, TEXT).await?;
            let carried = String::from_utf8(carried).unwrap_or_default();
            if name != FORM_TOKEN || !token_fits(&member.visit, &carried) {
                return Err(Fault::elsewhere());
            }
            gate.open(BESIDE);
            trusted = true;
            continue;
        }
        if name == "upload" {
            let file = field.file_name().unwrap_or_default().to_owned();
            let media = field.content_type().unwrap_or_default().to_owned();
            if file.is_empty() || !described.specs.iter().any(|spec| spec.name == "upload") {
                continue;
            }
            posted.room()?;
            let begin = about(app, member, &posted).await?;
            // Whoever may not bring anything in is told so before a byte is kept, and takes nobody's place.
            permitted(app, member, &begin).await?;
            let _room = app.uploads.room().await?;
            gate.open(FILE);
            let content = bytes(&mut field, FILE).await?;
            let upload = taken(app, member, begin, (&file, &media), content).await?;
            posted.put(name, upload.into_bytes())?;
        } else {
            posted.put(name, bytes(&mut field, TEXT).await?)?;
        }
    }
    if !trusted {
        return Err(Fault::elsewhere());
    }
    Ok(posted)
}

/// Why a form brought no file.
pub(crate) enum NoFile {
    /// It is none of ours.
    Fault(Fault),
    /// What is wrong with it, to be said on its page.
    Wrong(Error),
}

/// What a form brought.
pub(crate) struct Brought {
    /// The fields before the file.
    pub(crate) fields: Posted,
    /// The file's name.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) content: Vec<u8>,
}

/// Reads a form of ours that brings one file, under this name and behind whatever else it asks.
pub(crate) async fn one(
    member: &Member,
    request: Request,
    called: &str,
    most: usize,
) -> Result<Brought, NoFile> {
    match tokio::time::timeout(WHOLE, one_within(member, request, called, most)).await {
        Ok(read) => read,
        Err(_) => Err(NoFile::Wrong(Error::invalid("", "the form came too slowly: send it again"))),
    }
}

async fn one_within(
    member: &Member,
    mut request: Request,
    called: &str,
    most: usize,
) -> Result<Brought, NoFile> {
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let (gate, request) = Gate::before(request);
    let senseless = |_| NoFile::Wrong(Error::invalid("", "the form makes no sense: send it from its page"));
    let mut form = Multipart::from_request(request, &()).await.map_err(senseless)?;
    let first = next(&mut form).await.map_err(NoFile::Wrong)?;
    let ours = match first {
        Some(mut field) if field.name() == Some(FORM_TOKEN) => {
            let carried = bytes(&mut field, TEXT).await.map_err(NoFile::Wrong)?;
            token_fits(&member.visit, &String::from_utf8(carried).unwrap_or_default())
        }
        _ => false,
    };
    if !ours {
        return Err(NoFile::Fault(Fault::elsewhere()));
    }
    gate.open(BESIDE + most);
    let mut fields = Posted::default();
    while let Some(mut field) = next(&mut form).await.map_err(NoFile::Wrong)? {
        let (asked, file) = (field.name().unwrap_or_default().to_owned(), field.file_name());
        if asked != called {
            let text = bytes(&mut field, TEXT).await.map_err(NoFile::Wrong)?;
            fields.put(asked, text).map_err(NoFile::Wrong)?;
        } else if let Some(name) = file.map(base).filter(|name| !name.is_empty()).map(ToOwned::to_owned) {
            let content = bytes(&mut field, most).await.map_err(NoFile::Wrong)?;
            return Ok(Brought { fields, name, content });
        } else {
            break;
        }
    }
    Err(NoFile::Wrong(Error::invalid("", "choose a file first")))
}

/// The last part of a path that a browser may send as a file's name.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Under what a file comes in: matter, class, and the item of which it is a new version.
struct Place {
    matter: MatterId,
    class: String,
    item: Option<ItemId>,
}

/// Under what a file comes in: the matter and the class that the form says, or those of the item that it is about.
async fn about(app: &App, member: &Member, posted: &Posted) -> Result<Place> {
    let given: BTreeMap<&str, &str> =
        posted.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let of = |name: &str| given.get(name).copied().unwrap_or_default();
    match of("item").parse::<ItemId>() {
        Ok(item) => {
            let shown = member.pass(app, Show { item }).await?;
            // A derivative is an item of its own, with the class that the form gives; a version has its item's.
            if of("class").is_empty() {
                Ok(Place { matter: shown.matter, class: shown.class, item: Some(item) })
            } else {
                Ok(Place { matter: shown.matter, class: of("class").to_owned(), item: None })
            }
        }
        Err(_) => {
            let matter =
                Among::OpenMatters.offer(app, member).await?.meant(app, member, of("matter")).await?;
            let matter = matter.parse().map_err(|error| Error::invalid("matter", error))?;
            Ok(Place { matter, class: of("class").to_owned(), item: None })
        }
    }
}

/// Whether the member may begin an upload there at all.
async fn permitted(app: &App, member: &Member, place: &Place) -> Result<()> {
    let rank = crate::people::rank_of(&app.door.rules(), "class", &place.class)?;
    let then = Circumstances { rank: Some(rank), ..Circumstances::default() };
    app.door.still_permitted::<Matter>(&member.session.actor, Action("begin"), &place.matter, then).await
}

/// Takes a file in.
async fn taken(
    app: &App,
    member: &Member,
    Place { matter, class, item }: Place,
    (name, media): (&str, &str),
    content: Vec<u8>,
) -> Result<String> {
    let guessed = mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream");
    let begin = Begin {
        matter,
        class,
        name: base(name).parse().map_err(|error| Error::invalid("upload", error))?,
        media: media.parse().or_else(|_| guessed.parse()).map_err(|error| Error::invalid("upload", error))?,
        size: content.len() as u64,
        item,
    };
    let begun = member.pass(app, begin).await?;
    let size = usize::try_from(begun.part_size).map_err(Error::internal)?;
    let content = Bytes::from(content);
    for part in 0..begun.parts {
        let from = size * usize::try_from(part).map_err(Error::internal)?;
        let bytes = content.slice(from..(from + size).min(content.len()));
        let number = i64::try_from(part).map_err(Error::internal)?;
        app.uploads.put(&app.door, &member.session.actor, begun.upload, number, bytes).await?;
    }
    Ok(begun.upload.to_string())
}

/// A file's name in a header, for every browser (RFC 6266, RFC 8187).
fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// Hands out a file that was made for whoever asks, to be kept.
pub(crate) fn kept(media: &'static str, name: &str, bytes: Vec<u8>) -> Answer {
    let told = HeaderValue::from_str(&disposition("attachment", name)).map_err(Error::internal)?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CONTENT_DISPOSITION, told)];
    Ok((headers, bytes).into_response())
}

/// Hands out what a ticket opens: shown, where a browser shows it without running anything, or as a file to keep.
pub(crate) async fn send(app: &App, member: &Member, opened: &Opened, show: bool) -> Answer {
    let ticket = app.door.ticket(&member.session.actor, &opened.ticket)?;
    let length = ticket.length();
    let sealed = ticket.is_sealed();
    let shown = show && !sealed && SHOWN.contains(&opened.media.as_str());
    let name = if sealed { format!("{}.age", opened.name) } else { opened.name.clone() };
    let body = if sealed {
        Body::from_stream(app.door.sealed_content(ticket).await?)
    } else {
        Body::from_stream(app.door.content(ticket, 0..length).await?)
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let media = if shown { opened.media.as_str() } else { "application/octet-stream" };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(media).map_err(Error::internal)?);
    let kind = if shown { "inline" } else { "attachment" };
    let told = HeaderValue::from_str(&disposition(kind, &name)).map_err(Error::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, told);
    // The browser's own viewers style what they show; nothing else in it runs or loads.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if !sealed {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_of_a_form_comes_in_than_is_let_in() {
        let endless =
            futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![0; 1 << 10])));
        let (gate, request) = Gate::before(Request::new(Body::from_stream(endless)));
        let mut stream = request.into_body().into_data_stream();
        let mut come = async || {
            let (mut come, patience) = (0, Duration::from_millis(50));
            while let Ok(Some(Ok(chunk))) = tokio::time::timeout(patience, stream.next()).await {
                come += chunk.len();
            }
            come
        };
        assert_eq!(come().await, BEFORE);
        gate.open(4 << 10);
        assert_eq!(come().await, 4 << 10);
        assert_eq!(come().await, 0);
    }

    #[test]
    fn a_files_name_is_no_path_and_breaks_no_header() {
        assert_eq!(base("C:\\Users\\x\\契約.pdf"), "契約.pdf");
        assert_eq!(base("../../etc/passwd"), "passwd");
        let told = disposition("attachment", "契約 \"a\"\r\nx.pdf");
        assert!(
            told.starts_with("attachment; filename=\"__ _a___x.pdf\"; filename*=UTF-8''%E5%A5%91"),
            "{told}"
        );
        assert!(HeaderValue::from_str(&told).is_ok());
    }
}
