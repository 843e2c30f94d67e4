//! Opens a matter on the terms of its engagement.

use serde::{Deserialize, Serialize};

use super::hand_over_matter::successor;
use super::store::{self, MatterRow};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::{MatterId, PartyId, PersonId};
use crate::rules::facts::{Action, MatterFacts};
use crate::text::{Name, Note};

/// Opens a matter. What the terms do not allow is forbidden.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenMatter {
    /// The matter's code in the firm, for example 2026-014.
    #[arg(long)]
    pub code: Name,
    /// The matter's name.
    #[arg(long)]
    pub name: Name,
    /// The consignor.
    #[arg(long)]
    pub party: PartyId,
    /// Who is accountable; you, when left out.
    #[arg(long)]
    #[serde(default)]
    pub custodian: Option<PersonId>,
    /// Lawful basis on which the material is held, for example the contract.
    #[arg(long)]
    pub basis: Note,
    /// Purpose for which it may be used.
    #[arg(long)]
    pub purpose: Note,
    /// Day by which everything is returned or erased (2027-03-31).
    #[arg(long)]
    pub return_by: String,
    /// Copies may be made.
    #[arg(long)]
    #[serde(default)]
    pub copies: bool,
    /// Summaries may be made.
    #[arg(long)]
    #[serde(default)]
    pub summaries: bool,
    /// It may be given to a subcontractor.
    #[arg(long)]
    #[serde(default)]
    pub subcontractor: bool,
    /// It may be given to a generative-AI service.
    #[arg(long)]
    #[serde(default)]
    pub generative_ai: bool,
    /// It may go abroad.
    #[arg(long)]
    #[serde(default)]
    pub abroad: bool,
    /// It may be on a personal device.
    #[arg(long)]
    #[serde(default)]
    pub personal_device: bool,
}

/// Which matter was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatterOpened {
    /// The matter's id.
    pub matter: MatterId,
}

impl Operation for OpenMatter {
    const ACTION: Action = Action("open_matter");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = MatterOpened;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<MatterOpened> {
        let party = store::party(tx, self.party).await?;
        let custodian = match self.custodian {
            Some(person) => crate::people::store::person(tx, person).await?,
            None => {
                let me = tx.asker_id()?;
                crate::people::store::person(tx, me).await?
            }
        };
        successor(tx, "custodian", custodian.id).await?;
        let return_by = tx.until("return_by", &self.return_by)?;
        if return_by <= tx.now() {
            return Err(Error::invalid("return_by", "the day has passed already"));
        }
        let row = MatterRow {
            facts: MatterFacts {
                id: tx.id(MatterId::new),
                open: true,
                party: party.id,
                custodian: custodian.id,
                copies: self.copies,
                summaries: self.summaries,
                subcontractor: self.subcontractor,
                generative_ai: self.generative_ai,
                abroad: self.abroad,
                personal_device: self.personal_device,
            },
            code: self.code.into(),
            name: self.name.into(),
            basis: self.basis.into(),
            purpose: self.purpose.into(),
            return_by,
            rev: 1,
            party_name: party.name,
            custodian_name: custodian.name,
        };
        store::insert(tx, &row).await?;
        tx.note("matter", row.facts.id.to_string());
        Ok(MatterOpened { matter: row.facts.id })
    }
}
