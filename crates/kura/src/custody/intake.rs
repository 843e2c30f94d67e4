//! What taking, collecting and deriving have in common: a new item comes into the register.

use super::store::{self, ItemRow, VersionRow};
use super::upload_store::UploadRow;
use super::{Form, Kind, name_of};
use crate::clock::Millis;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{ItemId, PersonId, UploadId};
use crate::matters::hand_over_matter::successor;
use crate::matters::store::MatterRow;
use crate::rules::facts::{Action, ItemFacts, MatterFacts, Resource};
use crate::text::Name;

/// What comes in.
pub(super) struct Intake<'a> {
    pub(super) matter: &'a MatterRow,
    pub(super) kind: Kind,
    pub(super) rank: i64,
    /// Whoever is accountable, when somebody is named.
    pub(super) custodian: Option<PersonId>,
    /// Whoever is accountable otherwise; they, and the matter's custodian, may name another and share.
    pub(super) usual: PersonId,
    pub(super) source: String,
    pub(super) name: Option<Name>,
    /// Where a tangible item is kept.
    pub(super) place: Option<Name>,
    pub(super) upload: Option<UploadId>,
    pub(super) sha256: Option<&'a str>,
    pub(super) shared: bool,
}

/// Puts an item into the register.
pub(super) async fn admit(tx: &mut Tx<'_>, intake: Intake<'_>) -> Result<(ItemRow, Option<VersionRow>)> {
    let custodian = intake.custodian.unwrap_or(intake.usual);
    let decides = [intake.usual, intake.matter.facts.custodian].contains(&tx.asker_id()?);
    if custodian != intake.usual && !decides {
        return Err(Error::invalid(
            "custodian",
            "only the custodian names another: leave it out, and ask for a hand-over",
        ));
    }
    if intake.shared && !decides {
        return Err(Error::invalid("shared", "only the matter's custodian shares with its guests"));
    }
    let (form, content, place) = match (intake.upload, intake.place) {
        (Some(upload), None) => {
            let row = super::upload::completed(tx, upload, intake.sha256).await?;
            check(&row, &intake.matter.facts.id.to_string(), intake.rank)?;
            if store::item(tx, row.item, None).await?.is_some() {
                return Err(Error::conflict("the upload is a new version of an item: use store"));
            }
            (Form::Electronic, Some(row), String::new())
        }
        (None, Some(place)) => (Form::Tangible, None, String::from(place)),
        _ => {
            return Err(Error::invalid(
                "upload",
                "give either an upload, for a file, or a place, for paper, a medium or a device",
            ));
        }
    };
    let name = match (intake.name, &content) {
        (Some(name), _) => String::from(name),
        (None, Some(upload)) => upload.name.clone(),
        (None, None) => return Err(Error::invalid("name", "a tangible item needs a name")),
    };
    let (item, shard) = match &content {
        Some(upload) => (upload.item, upload.shard.clone()),
        None => {
            let item = tx.id(ItemId::new);
            (item, tx.make_item_key(intake.matter.facts.id, item)?)
        }
    };
    let now: Millis = tx.now();
    let row = ItemRow {
        facts: ItemFacts {
            id: item,
            rank: intake.rank,
            kind: name_of(intake.kind),
            form: name_of(form),
            state: "held".to_owned(),
            custodian,
            matter: intake.matter.facts.id,
            shared: intake.shared,
            contained: false,
            held: false,
            granted_until: None,
        },
        matter: intake.matter.facts.clone(),
        matter_rev: intake.matter.rev,
        name,
        place,
        source: intake.source,
        shard,
        taken: now,
        due: intake.matter.return_by,
        rev: 1,
    };
    accountable(tx, "custodian", custodian, (row.facts.clone(), row.matter.clone())).await?;
    store::insert_item(tx, &row).await?;
    let version = match content {
        Some(upload) => Some(add_version(tx, &upload, 1).await?),
        None => None,
    };
    Ok((row, version))
}

/// Whether a person can be accountable for material: someone of the firm whom the rules let handle it.
/// Material whose custodian may not touch it could be neither returned nor erased.
pub(super) async fn accountable(
    tx: &mut Tx<'_>,
    field: &'static str,
    id: PersonId,
    (item, matter): (ItemFacts, MatterFacts),
) -> Result<()> {
    let person = successor(tx, field, id).await?;
    if person.clearance < item.rank {
        return Err(Error::invalid(field, "the material is above this person's clearance"));
    }
    let theirs = Resource::Item(ItemFacts { custodian: id, granted_until: None, ..item }, matter);
    let decision = tx.rules().decide(&person, Action("show"), &theirs, tx.circumstances())?;
    if !decision.permitted {
        return Err(Error::invalid(field, "the rules do not let this person handle the material"));
    }
    Ok(())
}

fn check(upload: &UploadRow, matter: &str, rank: i64) -> Result<()> {
    if upload.matter.to_string() != matter || upload.rank != rank {
        return Err(Error::conflict("the upload was begun for another matter or class: begin again"));
    }
    Ok(())
}

/// Makes an upload the next version of its item.
pub(super) async fn add_version(tx: &mut Tx<'_>, upload: &UploadRow, number: i64) -> Result<VersionRow> {
    let row = VersionRow {
        id: upload.version,
        item: upload.item,
        number,
        name: upload.name.clone(),
        media: upload.media.clone(),
        size: upload.size,
        sha256: upload.sha256.clone(),
        store: upload.store.clone(),
        stored: tx.now(),
        person: tx.asker_id()?,
    };
    store::insert_version(tx, &row).await?;
    Ok(row)
}

/// Puts an item into the register whose first record is the operation's own.
pub(super) async fn register(tx: &mut Tx<'_>, intake: Intake<'_>) -> Result<(ItemRow, Option<VersionRow>)> {
    let (row, version) = admit(tx, intake).await?;
    for (field, value) in facts(&row, version.as_ref()) {
        tx.note(field, value);
    }
    tx.made_item(row.facts.id, &row.shard);
    Ok((row, version))
}

/// What a record says of an item that came in.
pub(super) fn facts(row: &ItemRow, version: Option<&VersionRow>) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("name", row.name.clone()),
        ("class", row.facts.rank.to_string()),
        ("kind", row.facts.kind.clone()),
        ("form", row.facts.form.clone()),
        ("custodian", row.facts.custodian.to_string()),
    ];
    match version {
        Some(version) => {
            fields.push(("size", version.size.to_string()));
            fields.push(("sha256", version.sha256.clone()));
        }
        None => fields.push(("place", row.place.clone())),
    }
    fields
}
