//! Begins an upload: says what is coming, of which class, how long; gets a place to send its parts to.
//!
//! Nothing is in the register until [`super::take`], [`super::collect`], [`super::derive`] or
//! [`super::store_version`] completes it, which is decided on its own.

use aws_lc_rs::digest;
use kura_vault::parts::PART_SIZES;
use serde::{Deserialize, Serialize};

use super::subject;
use super::upload_store::{self, UploadRow};
use crate::clock::{self, Millis};
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, UploadId, VersionId};
use crate::matters::subject::Matter;
use crate::people;
use crate::rules::facts::{Action, Circumstances};
use crate::text::Name;

/// How long an upload may take.
const VALID: Millis = 7 * 24 * 60 * 60 * 1000;
/// Parts of one upload at most; with it the part's size follows from the content's.
const MAX_PARTS: u64 = 10_000;

/// Begins an upload.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// The matter under which the content comes in.
    pub matter: MatterId,
    /// Class of the content, for example secret.
    #[arg(long)]
    pub class: String,
    /// The file's name.
    #[arg(long)]
    pub name: Name,
    /// The file's media type.
    #[arg(long, default_value = "application/octet-stream")]
    #[serde(default = "octets")]
    pub media: MediaType,
    /// Its length in bytes.
    #[arg(long)]
    pub size: u64,
    /// The item of which this is a new version; a new item when left out.
    #[arg(long)]
    #[serde(default)]
    pub item: Option<ItemId>,
}

/// A media type (RFC 2045): type, slash, subtype.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct MediaType(String);

impl std::str::FromStr for MediaType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let token = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c))
        };
        match text.split_once('/') {
            Some((kind, subtype)) if text.len() <= 127 && token(kind) && token(subtype) => {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err("a media type looks like application/pdf, without parameters".to_owned()),
        }
    }
}

impl TryFrom<String> for MediaType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<MediaType> for String {
    fn from(media: MediaType) -> Self {
        media.0
    }
}

fn octets() -> MediaType {
    MediaType("application/octet-stream".to_owned())
}

/// Where to send the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Begun {
    /// The upload.
    pub upload: UploadId,
    /// Length of every part but the last, in bytes.
    pub part_size: u64,
    /// Number of parts, to be sent in order from part 0.
    pub parts: u64,
    /// Until when it must be complete.
    pub expires: String,
}

/// The smallest part size with which the content has few enough parts.
pub(super) fn part_size(size: u64) -> Result<u64> {
    let (least, most) = (*PART_SIZES.start(), *PART_SIZES.end());
    let needed = size.div_ceil(MAX_PARTS).next_multiple_of(1 << 20).max(least);
    if needed > most {
        return Err(Error::invalid("size", format!("at most {} bytes", most * MAX_PARTS)));
    }
    Ok(needed)
}

impl Operation for Begin {
    const ACTION: Action = Action("begin");
    const WRITES: bool = true;
    const NAMES_WHAT_MAY_BE_ERASED: bool = true;
    type Subject = Matter;
    type Output = Begun;

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn circumstances(
        &self,
        _: &Matter,
        tx: &mut Tx<'_>,
        circumstances: &mut Circumstances,
    ) -> Result<()> {
        circumstances.rank = Some(people::rank_of(tx.rules(), "class", &self.class)?);
        Ok(())
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<Begun> {
        let rank = people::rank_of(tx.rules(), "class", &self.class)?;
        let part_size = part_size(self.size)?;
        let store = tx.stores().accepting(rank)?.to_owned();
        let asker = tx.asker()?.clone();
        let pending = upload_store::pending(tx, asker.id).await?;
        let quota = tx.stores().upload_quota();
        if pending.saturating_add(self.size) > quota {
            return Err(Error::conflict(format!(
                "{pending} of {quota} bytes are in uploads of yours that are not completed: complete them, or wait \
                 until they expire"
            )));
        }
        let version = tx.id(VersionId::new);
        let (item, shard) = match self.item {
            Some(item) => {
                let row = subject::known(tx, item).await?.ok_or(Error::NotFound("item"))?;
                if row.facts.matter != self.matter || row.facts.rank != rank || row.facts.state != "held" {
                    return Err(Error::conflict(
                        "a new version has the matter and the class of its item, which must be held",
                    ));
                }
                (item, row.shard)
            }
            None => {
                let item = tx.id(ItemId::new);
                (item, tx.make_item_key(self.matter, item)?)
            }
        };
        let empty = self.size == 0;
        let row = UploadRow {
            id: tx.id(UploadId::new),
            person: asker.id,
            item,
            version,
            matter: on.0.facts.id,
            rank,
            name: self.name.into(),
            media: self.media.into(),
            size: i64::try_from(self.size).map_err(Error::internal)?,
            part_size: i64::try_from(part_size).map_err(Error::internal)?,
            store,
            shard,
            state: if empty { "complete" } else { "open" }.to_owned(),
            sha256: if empty { hex::encode(digest::digest(&digest::SHA256, b"")) } else { String::new() },
            expires: tx.now() + VALID,
        };
        upload_store::insert_upload(tx, &row).await?;
        tx.note("upload", row.id.to_string());
        tx.note("class", rank.to_string());
        tx.note("size", row.size.to_string());
        Ok(Begun {
            upload: row.id,
            part_size,
            parts: self.size.div_ceil(part_size),
            expires: clock::rfc3339(row.expires),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_grow_with_the_content() {
        assert_eq!(part_size(0).unwrap(), 8 << 20);
        assert_eq!(part_size(80 << 30).unwrap(), 9 << 20);
        assert!(part_size(1 << 50).is_err());
    }

    #[test]
    fn media_types_are_checked() {
        assert_eq!("Text/CSV".parse::<MediaType>(), Ok(MediaType("text/csv".to_owned())));
        for bad in ["", "text", "text/", "/csv", "text/csv; charset=utf-8", "text/csv\r\nx: y"] {
            assert!(bad.parse::<MediaType>().is_err(), "{bad:?}");
        }
    }
}
