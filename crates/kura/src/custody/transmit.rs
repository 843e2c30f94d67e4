//! 伝達: sends content to a named recipient of a party, sealed so that only the recipient opens it.

use serde::{Deserialize, Serialize};

use super::open::{self, Opened};
use super::store::{self, CopyRow, TransmissionRow};
use super::subject::Item;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{CopyId, ItemId, PartyId, TransmissionId};
use crate::matters::store as matters;
use crate::rules::facts::{Action, Circumstances};
use crate::text::{Name, Note};

/// Transmits a version. The content comes out as an age file that only the party's key opens.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transmit {
    /// The item.
    pub item: ItemId,
    /// The version's number; the newest when left out.
    #[arg(long)]
    #[serde(default)]
    pub version: Option<i64>,
    /// The party that gets it.
    #[arg(long)]
    pub party: PartyId,
    /// The person there.
    #[arg(long)]
    pub recipient: Name,
    /// On what basis, for example the consignor's instruction.
    #[arg(long)]
    pub basis: Note,
    /// It is for a generative-AI service.
    #[arg(long)]
    #[serde(default)]
    pub generative_ai: bool,
}

/// The transmission, and the ticket to the sealed content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Transmitted {
    /// The transmission.
    pub transmission: TransmissionId,
    /// What is to be attested destroyed or returned there, where the recipient is not the consignor.
    pub copy: Option<CopyId>,
    /// The ticket. What it opens is an age file.
    pub opened: Opened,
}

impl Operation for Transmit {
    const ACTION: Action = Action("transmit");
    const WRITES: bool = true;
    type Subject = Item;
    type Output = Transmitted;

    fn subject(&self) -> ItemId {
        self.item
    }

    async fn circumstances(
        &self,
        _: &Item,
        tx: &mut Tx<'_>,
        circumstances: &mut Circumstances,
    ) -> Result<()> {
        let party = matters::party(tx, self.party).await?;
        circumstances.to = Some((party.id, party.abroad));
        circumstances.generative_ai = Some(self.generative_ai);
        Ok(())
    }

    async fn perform(self, on: Item, tx: &mut Tx<'_>) -> Result<Transmitted> {
        let party = matters::party(tx, self.party).await?;
        if party.recipient.is_empty() {
            return Err(Error::conflict(
                "the party has no age recipient (public key): register the party with one first",
            ));
        }
        let version = open::version(tx, self.item, self.version).await?;
        let row = TransmissionRow {
            id: tx.id(TransmissionId::new),
            item: self.item,
            version: version.id,
            party: party.id,
            recipient: self.recipient.to_string(),
            person: tx.asker_id()?,
            basis: self.basis.to_string(),
            sent: tx.now(),
            sha256: version.sha256.clone(),
        };
        store::insert_transmission(tx, &row).await?;
        let mut out = None;
        if party.id != on.0.matter.party {
            // What goes to anyone but the consignor stays out until someone accounts for it.
            let copy = CopyRow {
                id: tx.id(CopyId::new),
                item: self.item,
                version: version.id,
                holder: row.person,
                manner: "transmission".to_owned(),
                place: format!("{} / {}", party.name, row.recipient),
                taken: tx.now(),
                due: on.0.due.max(tx.now()),
                ended: 0,
            };
            store::insert_copy(tx, &copy).await?;
            tx.note("copy", copy.id.to_string());
            out = Some(copy.id);
        }
        tx.note("transmission", row.id.to_string());
        tx.note("party", party.id.to_string());
        tx.note("recipient", row.recipient);
        tx.note("basis", row.basis);
        let opened = open::ticket(tx, &on, &version, &party.recipient).await?;
        Ok(Transmitted { transmission: row.id, copy: out, opened })
    }
}
