//! Bytes: parts of uploads on the way in, content by ticket on the way out, the ledger for whoever checks it.

use std::ops::Range;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use kura_ledger::statement::StatementFile;
use kura_vault::parts::PART_SIZES;

use super::problem::Problem;
use super::{App, json};
use crate::custody::statement::ShowStatement;
use crate::door::Options;
use crate::error::{Error, Result};
use crate::id::UploadId;
use crate::ledger;
use crate::ledger::export::ExportLedger;

/// How long one part may take to come.
const PART: Duration = Duration::from_secs(120);
/// Header with the ticket: never in a URL, where logs would keep it.
const TICKET: &str = "kura-ticket";

fn answer(result: Result<Response>, headers: &HeaderMap) -> Response {
    result.unwrap_or_else(|error| Problem::new(error, headers).into_response())
}

/// How far an upload has come.
pub(super) async fn progress(
    State(app): State<App>,
    Path(upload): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let told = async {
        let actor = app.actor(&parts).await?;
        json(&app.uploads.progress(&app.door, &actor, id(&upload)?).await?)
    };
    answer(told.await, &parts.headers)
}

fn id(text: &str) -> Result<UploadId> {
    text.parse().map_err(|error| Error::invalid("upload", error))
}

/// Stores one part of an upload.
pub(super) async fn put_part(
    State(app): State<App>,
    Path((upload, part)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let stored = async {
        let actor = app.actor(&parts).await?;
        let upload = id(&upload)?;
        let number = part.parse().map_err(|_| Error::invalid("part", "a part's number is 0 or more"))?;
        // Whoever may not send gets the answer before their bytes are read.
        let progress = app.uploads.progress(&app.door, &actor, upload).await?;
        let most = usize::try_from(progress.part_size.min(*PART_SIZES.end())).map_err(Error::internal)?;
        let _room = app.uploads.room().await?;
        let reading = tokio::time::timeout(PART, axum::body::to_bytes(body, most));
        let read = reading.await.map_err(|_| Error::invalid("part", "it took too long: send it again"))?;
        let bytes = read.map_err(|_| {
            Error::invalid("part", format!("the part was cut, or is longer than {most} bytes"))
        })?;
        app.uploads.put(&app.door, &actor, upload, number, bytes).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    answer(stored.await, &parts.headers)
}

/// One range of `bytes=a-b`, `bytes=a-` or `bytes=-n` (RFC 9110, section 14.1.2); nothing when it names
/// several, which are answered whole.
fn range(header: &str, length: u64) -> Result<Option<Range<u64>>, ()> {
    let Some(spec) = header.strip_prefix("bytes=").filter(|spec| !spec.contains(',')) else {
        return Ok(None);
    };
    let (from, to) = spec.trim().split_once('-').ok_or(())?;
    let number = |text: &str| text.parse::<u64>().map_err(|_| ());
    let range = match (from, to) {
        ("", last) => length.saturating_sub(number(last)?)..length,
        (from, "") => number(from)?..length,
        (from, to) => number(from)?..number(to)?.saturating_add(1).min(length),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(()) }
}

/// Content by ticket.
pub(super) async fn content(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let opened = async {
        let actor = app.actor(&parts).await?;
        let handle = parts.headers.get(TICKET).and_then(|value| value.to_str().ok());
        let handle = handle.ok_or_else(|| Error::invalid("Kura-Ticket", "give the ticket in this header"))?;
        let ticket = app.door.ticket(&actor, handle)?;
        let length = ticket.length();
        let octets = (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        if ticket.is_sealed() {
            let stream = app.door.sealed_content(ticket).await?;
            return Ok(([octets], Body::from_stream(stream)).into_response());
        }
        let wanted = parts.headers.get(header::RANGE).and_then(|value| value.to_str().ok());
        let wanted = match wanted.map(|wanted| range(wanted, length)) {
            Some(Ok(range)) => range,
            None => None,
            Some(Err(())) => {
                let all = HeaderValue::from_str(&format!("bytes */{length}")).map_err(Error::internal)?;
                return Ok(
                    (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, all)]).into_response()
                );
            }
        };
        let (status, range) = match wanted {
            Some(range) => (StatusCode::PARTIAL_CONTENT, range),
            None => (StatusCode::OK, 0..length),
        };
        let stream = app.door.content(ticket, range.clone()).await?;
        let mut response = (status, [octets], Body::from_stream(stream)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
        if status == StatusCode::PARTIAL_CONTENT {
            let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&told).map_err(Error::internal)?);
        }
        Ok(response)
    };
    answer(opened.await, &parts.headers)
}

/// A statement as a page that prints; handed out and recorded as the statement itself is.
pub(super) async fn statement_page(
    State(app): State<App>,
    Path(statement): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let shown = async {
        let actor = app.actor(&parts).await?;
        let statement = statement.parse().map_err(|error| Error::invalid("statement", error))?;
        let shown = app.door.pass(&actor, ShowStatement { statement }, Options::default()).await?;
        let file = StatementFile::parse(shown.value().file.as_bytes()).map_err(Error::internal)?;
        let found = file.verify(&app.door.log_key(), &[]).map_err(Error::internal)?;
        let html = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        Ok(([html], kura_ledger::page::page(&found, &file.statement)).into_response())
    };
    answer(shown.await, &parts.headers)
}

/// The ledger's newest checkpoint, for witnesses. It says nothing but a size and a hash.
pub(super) async fn checkpoint(State(app): State<App>, request: Request) -> Response {
    let told = async {
        let mut reader = app.door.database().reader().await?;
        let note = ledger::store::checkpoint(&mut reader).await?;
        let note = note.ok_or(Error::NotFound("checkpoint: the ledger is empty"))?;
        Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response())
    };
    answer(told.await, request.headers())
}

/// The whole ledger, a line of JSON each: the checkpoint first, then every entry.
pub(super) async fn export(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let exported = async {
        let actor = app.actor(&parts).await?;
        let begun = app.door.pass(&actor, ExportLedger {}, Options::default()).await?;
        let (lines, size) =
            ledger::export::stream(app.door.database().clone(), app.door.log_key().name()).await?;
        tracing::info!(size, index = begun.index(), "the ledger is being exported");
        let lines = lines.map(|line| line.map(|line| format!("{line}\n")));
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        Ok(([kind], Body::from_stream(lines)).into_response())
    };
    answer(exported.await, &parts.headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        assert_eq!(range("bytes=0-9", 100), Ok(Some(0..10)));
        assert_eq!(range("bytes=90-", 100), Ok(Some(90..100)));
        assert_eq!(range("bytes=-5", 100), Ok(Some(95..100)));
        assert_eq!(range("bytes=-500", 100), Ok(Some(0..100)));
        assert_eq!(range("bytes=50-1000", 100), Ok(Some(50..100)));
        assert_eq!(range("bytes=0-1,5-6", 100), Ok(None));
        assert_eq!(range("lines=0-1", 100), Ok(None));
        for bad in ["bytes=100-", "bytes=9-1", "bytes=x-1", "bytes=5", "bytes=-0"] {
            assert_eq!(range(bad, 100), Err(()), "{bad}");
        }
        assert_eq!(range("bytes=0-0", 0), Err(()));
    }
}
