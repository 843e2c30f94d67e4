//! Tickets, and the only way to plaintext.
//!
//! A ticket is the output of a permitted and recorded opening: one person, one version, five minutes. It
//! is neither serialised nor cloned; edges hold its handle. Each range that is read is decided again
//! (without a new record), and a stream that runs on is decided again every few seconds, so that a
//! suspension ends it.

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _};
use kura_vault::keys::Key;
use kura_vault::parts::{self, Stretch};
use kura_vault::sealed::{self, HEADER, Opener};

use super::actor::{Actor, Who};
use super::{Door, Inner, Purged};
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::{ItemId, VersionId};

/// How long a ticket opens.
const VALID: Millis = 5 * 60 * 1000;
/// How long a stream runs before it is decided again; a suspension ends it within this and one read.
const RECHECK: Duration = Duration::from_secs(3);
/// Plaintext opened at once. Memory does not grow with the file.
const STEP: u64 = 1 << 20;

/// What an opening asks a ticket for.
pub(crate) struct TicketDraft {
    pub(crate) handle: String,
    pub(crate) item: ItemId,
    pub(crate) shard: String,
    pub(crate) version: VersionId,
    pub(crate) store: String,
    /// Plaintext lengths of the version's parts.
    pub(crate) parts: Vec<u64>,
    /// The age recipient for whom the content is sealed on its way out; empty for the asker's own eyes.
    pub(crate) recipient: String,
}

pub(in crate::door) type Recheck = Arc<dyn Fn() -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// A ticket. Only the door makes one, after the opening's record is durable.
pub struct Ticket {
    draft: TicketDraft,
    who: Who,
    zone: String,
    expires: Millis,
    recheck: Recheck,
}

/// Tickets that were given out.
#[derive(Default)]
pub(in crate::door) struct Tickets {
    open: HashMap<String, Arc<Ticket>>,
    sweep_at: usize,
}

impl Ticket {
    /// Length of the content in bytes.
    pub fn length(&self) -> u64 {
        self.draft.parts.iter().sum()
    }

    /// Whether the content comes out sealed for a recipient, as an age file.
    pub fn is_sealed(&self) -> bool {
        !self.draft.recipient.is_empty()
    }
}

impl Inner {
    /// Keeps the ticket of an opening whose record is durable.
    pub(in crate::door) fn keep_ticket(&self, draft: TicketDraft, actor: Actor, recheck: Recheck) {
        let now = self.clock.now();
        let Actor { who, zone, .. } = actor;
        let ticket = Ticket { who, zone, expires: now + VALID, recheck, draft };
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        // Swept when they have doubled, not at each opening.
        if tickets.open.len() >= tickets.sweep_at {
            tickets.open.retain(|_, ticket| ticket.expires > now);
            tickets.sweep_at = (tickets.open.len() * 2).max(1024);
        }
        tickets.open.insert(ticket.draft.handle.clone(), Arc::new(ticket));
    }

    /// The key of a version's content.
    fn content_key(&self, shard: &str, item: ItemId, version: VersionId) -> Result<Key> {
        let item_key = self.keyring.item_key(shard, item.bytes())?;
        Ok(parts::content_key(&item_key, version.bytes()))
    }

    fn part_context(&self, item: ItemId, version: VersionId, part: u32) -> Vec<u8> {
        parts::context(self.keyring.installation(), item.bytes(), version.bytes(), part)
    }

    async fn read(&self, content: &TicketDraft, key: &Key, stretch: &Stretch) -> Result<Bytes> {
        let TicketDraft { item, version, store, parts, .. } = content;
        let place = (*item, *version, i64::from(stretch.part));
        let plain = parts.get(stretch.part as usize).copied().unwrap_or(0);
        let length = sealed::sealed_length(plain)
            .ok_or_else(|| Error::internal("a part is longer than any part can be"))?;
        let header = self.stores.get(store, place, 0..HEADER as u64).await?;
        let context = self.part_context(*item, *version, stretch.part);
        let damaged = |error| Error::internal(format!("content of item {item}: {error}"));
        let opener = Opener::new(key, &context, &header, length).map_err(damaged)?;
        let span = opener.span(&stretch.range).map_err(damaged)?;
        let bytes = self.stores.get(store, place, span).await?;
        Ok(opener.open(&stretch.range, bytes.to_vec()).map_err(damaged)?.into())
    }
}

/// What age has sealed and nobody has sent yet.
#[derive(Clone, Default)]
struct Outbox(Arc<Mutex<Vec<u8>>>);

impl Outbox {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The first piece of a range that is opened at once: within one part, at most [`STEP`] long.
fn next_stretch(parts: &[u64], range: Range<u64>) -> Result<Stretch> {
    let piece = range.start..range.end.min(range.start + STEP);
    parts::stretches(parts, &piece)
        .and_then(|found| found.into_iter().next())
        .ok_or_else(|| Error::internal("a range without a part"))
}

impl Door {
    /// The ticket behind a handle, for the person to whom it was given, in the zone where it was given.
    pub fn ticket(&self, actor: &Actor, handle: &str) -> Result<Arc<Ticket>> {
        let tickets = self.inner.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets
            .open
            .get(handle)
            .filter(|ticket| (ticket.who, &ticket.zone) == (actor.who, &actor.zone))
            .filter(|ticket| ticket.expires > self.inner.clock.now())
            .cloned()
            .ok_or(Error::NotFound("ticket: open the item again"))
    }

    /// Plaintext of a range, decided again before the first byte and every few seconds after.
    pub async fn content(
        &self,
        ticket: Arc<Ticket>,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        if range.start > range.end || range.end > ticket.length() {
            return Err(Error::invalid("range", "it is not inside the content"));
        }
        if ticket.is_sealed() {
            return Err(Error::conflict("this content leaves only sealed for its recipient"));
        }
        self.plaintext(ticket, range).await
    }

    async fn plaintext(
        &self,
        ticket: Arc<Ticket>,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        (ticket.recheck)().await?;
        let inner = self.inner.clone();
        let TicketDraft { shard, item, version, .. } = &ticket.draft;
        let key = inner.content_key(shard, *item, *version)?;
        let from = range.start;
        let state = (inner, ticket, key, from, Instant::now());
        let stream = futures_util::stream::try_unfold(state, move |state| {
            let end = range.end;
            async move {
                let (inner, ticket, key, from, mut checked) = state;
                if from >= end {
                    return Ok(None);
                }
                if checked.elapsed() >= RECHECK {
                    (ticket.recheck)().await?;
                    checked = Instant::now();
                }
                let stretch = next_stretch(&ticket.draft.parts, from..end)?;
                let bytes = inner.read(&ticket.draft, &key, &stretch).await?;
                let from = from + bytes.len() as u64;
                Ok(Some((bytes, (inner, ticket, key, from, checked))))
            }
        });
        Ok(stream.boxed())
    }

    /// The whole content as an age file for the ticket's recipient.
    pub async fn sealed_content(&self, ticket: Arc<Ticket>) -> Result<BoxStream<'static, Result<Bytes>>> {
        let recipient = age::x25519::Recipient::from_str(&ticket.draft.recipient).map_err(Error::internal)?;
        let length = ticket.length();
        let plaintext = self.plaintext(ticket, 0..length).await?;
        let sealed = Outbox::default();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient));
        let writer = encryptor
            .and_then(|encryptor| encryptor.wrap_output(sealed.clone()).map_err(Into::into))
            .map_err(Error::internal)?;
        let state = (plaintext, Some(writer), sealed);
        let stream = futures_util::stream::try_unfold(state, |(mut plaintext, writer, sealed)| async move {
            let Some(mut writer) = writer else {
                return Ok(None);
            };
            let writer = match plaintext.next().await {
                Some(bytes) => {
                    writer.write_all(&bytes?).map_err(Error::internal)?;
                    Some(writer)
                }
                None => {
                    writer.finish().map_err(Error::internal)?;
                    None
                }
            };
            let out = sealed.take();
            Ok(Some((out, (plaintext, writer, sealed))))
        });
        Ok(stream.boxed())
    }

    /// Hashes what is stored of an upload. The content does not leave the vault.
    pub(crate) async fn hash_stored(
        &self,
        (shard, item): (&str, ItemId),
        version: VersionId,
        store: &str,
        parts: Vec<u64>,
        hash: &mut digest::Context,
    ) -> Result<()> {
        let key = self.inner.content_key(shard, item, version)?;
        let length: u64 = parts.iter().sum();
        let content = TicketDraft {
            handle: String::new(),
            item,
            shard: shard.to_owned(),
            version,
            store: store.to_owned(),
            parts,
            recipient: String::new(),
        };
        let mut from = 0;
        while from < length {
            let stretch = next_stretch(&content.parts, from..length)?;
            let bytes = self.inner.read(&content, &key, &stretch).await?;
            hash.update(&bytes);
            from += bytes.len() as u64;
        }
        Ok(())
    }

    /// Seals one part of an upload; the caller writes it to its store.
    pub(crate) fn seal_part(
        &self,
        (shard, item): (&str, ItemId),
        version: VersionId,
        part: u32,
        text: &[u8],
    ) -> Result<Vec<u8>> {
        let key = self.inner.content_key(shard, item, version)?;
        Ok(sealed::seal(&key, &self.inner.part_context(item, version, part), text))
    }
}

impl Door {
    /// Shreds an item: destroys its key, here and in the copies of the keyring, then deletes its sealed parts.
    /// May be repeated.
    pub(crate) async fn shred(
        &self,
        (shard, item): (&str, ItemId),
        parts: &[(String, VersionId, i64)],
    ) -> Result<Purged> {
        let inner = self.inner.clone();
        let shard = shard.to_owned();
        let destroying = move || {
            inner.keyring.destroy_item_keys(&shard, &[*item.bytes()])?;
            Ok::<_, Error>(inner.purge_copies())
        };
        let purged = tokio::task::spawn_blocking(destroying).await.map_err(Error::internal)??;
        for (store, version, part) in parts {
            self.inner.stores.delete(store, (item, *version, *part)).await?;
        }
        Ok(purged)
    }
}
