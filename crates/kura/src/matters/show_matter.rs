//! Shows a matter: its terms in plain words, its people, and what is still out.

use serde::{Deserialize, Serialize};

use super::store::{self, MatterRow};
use super::subject::Matter;
use crate::clock;
use crate::custody::list_store;
use crate::door::{Operation, Subject as _, Tx};
use crate::error::Result;
use crate::id::{ItemId, MatterId, PartyId, PersonId};
use crate::rules::facts::{Action, Circumstances, ItemFacts, Resource};
use crate::rules::may::{May, ON_MATTERS, may};
use crate::rules::scope::Scope;

/// Shows a matter.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowMatter {
    /// The matter.
    pub matter: MatterId,
}

/// What the terms allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Terms {
    /// Lawful basis.
    pub basis: String,
    /// Purpose.
    pub purpose: String,
    /// When everything is to be returned or erased.
    pub return_by: String,
    /// Copies may be made.
    pub copies: bool,
    /// Summaries may be made.
    pub summaries: bool,
    /// It may be given to a subcontractor.
    pub subcontractor: bool,
    /// It may be given to a generative-AI service.
    pub generative_ai: bool,
    /// It may go abroad.
    pub abroad: bool,
    /// It may be on a personal device.
    pub personal_device: bool,
}

/// A person of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Member {
    /// Id.
    pub person: PersonId,
    /// Name.
    pub name: String,
}

/// How many items there are of a class in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tally {
    /// Id of the class.
    pub class: String,
    /// The state.
    pub state: String,
    /// How many.
    pub items: i64,
}

/// A copy that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CopyOut {
    /// Its item.
    pub item: ItemId,
    /// The item's name.
    pub name: String,
    /// Who has it.
    pub holder: String,
    /// Where it is.
    pub place: String,
    /// By when it is to be destroyed.
    pub due: String,
}

/// What someone of the matter may use at most: inside the office, having just shown who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Access {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Ids of the classes of which they may open what the matter's custodian keeps.
    pub classes: Vec<String>,
}

/// Something that keeps a matter from being closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StillOut {
    /// What and where.
    pub what: String,
    /// The item's name.
    pub item: String,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatterView {
    /// Id.
    pub matter: MatterId,
    /// Code in the firm.
    pub code: String,
    /// Name.
    pub name: String,
    /// Consignor.
    pub party: PartyId,
    /// The consignor's name.
    pub party_name: String,
    /// Who is accountable.
    pub custodian: PersonId,
    /// Their name.
    pub custodian_name: String,
    /// Whether it is open.
    pub open: bool,
    /// Its terms.
    pub terms: Terms,
    /// Its people.
    pub members: Vec<Member>,
    /// How many items and copies keep it from being closed.
    pub still_out_count: i64,
    /// Those of them that you may know of.
    pub still_out: Vec<StillOut>,
    /// Its material that you may know of, by class and state.
    pub material: Vec<Tally>,
    /// Copies of it that somebody has, the next due first, of items that you may know of.
    pub copies: Vec<CopyOut>,
    /// Who may use what, for whoever names the matter's people.
    pub access: Vec<Access>,
    /// What you may do with it, and why not.
    pub may: Vec<May>,
    /// Its revision.
    pub revision: i64,
}

/// Lines of a list of what is still out at most.
const MOST: i64 = 200;

/// What is still out: how many items and copies in all, and those that the asker may know of.
pub(super) async fn still_out(
    tx: &mut Tx<'_>,
    scope: &Scope,
    matter: MatterId,
) -> Result<(i64, Vec<StillOut>)> {
    let all = store::still_out(tx, matter).await?;
    let known = list_store::still_out(tx, scope, matter, MOST).await?;
    Ok((all, known.into_iter().map(|(what, item)| StillOut { what, item }).collect()))
}

/// Who of the matter may open what, class by class.
async fn access(tx: &mut Tx<'_>, row: &MatterRow, members: &[Member]) -> Result<Vec<Access>> {
    let rules = tx.rules().clone();
    let most = Circumstances { zone: "office".to_owned(), factor_age: Some(0), ..tx.circumstances().clone() };
    let custodian = Member { person: row.facts.custodian, name: row.custodian_name.clone() };
    let others = members.iter().filter(|member| member.person != custodian.person);
    let mut all = Vec::new();
    for member in std::iter::once(&custodian).chain(others) {
        let Some(person) = tx.facts_of(member.person).await? else { continue };
        let mut classes = Vec::new();
        for class in &rules.classes {
            let item = ItemFacts {
                id: tx.id(ItemId::new),
                rank: class.rank,
                kind: "lent".to_owned(),
                form: "electronic".to_owned(),
                state: "held".to_owned(),
                custodian: custodian.person,
                matter: row.facts.id,
                shared: person.party.is_some(),
                contained: false,
                held: false,
                granted_until: None,
            };
            let resource = Resource::Item(item, row.facts.clone());
            if rules.decide(&person, Action("open"), &resource, &most)?.permitted {
                classes.push(class.id.clone());
            }
        }
        all.push(Access { person: member.person, name: member.name.clone(), classes });
    }
    Ok(all)
}

impl Operation for ShowMatter {
    const ACTION: Action = Action("show_matter");
    const WRITES: bool = false;
    type Subject = Matter;
    type Output = MatterView;

    fn subject(&self) -> MatterId {
        self.matter
    }

    async fn perform(self, on: Matter, tx: &mut Tx<'_>) -> Result<MatterView> {
        let members = store::members(tx, self.matter).await?;
        let members: Vec<Member> =
            members.into_iter().map(|(person, name)| Member { person, name }).collect();
        let (rules, scope) = (tx.rules().clone(), tx.scope().await?);
        let tally = list_store::tally(tx, &scope, self.matter).await?;
        // Who of the firm has a copy, and where, is not a guest's to see.
        let inside = tx.asker()?.party.is_none();
        let copies = match inside {
            true => list_store::copies_out(tx, &scope, self.matter, MOST).await?,
            false => vec![],
        };
        let class = |rank| rules.class_of_rank(rank).map(|class| class.id.clone()).unwrap_or_default();
        let (still_out_count, still_out) = still_out(tx, &scope, self.matter).await?;
        let may = may(tx.rules(), tx.asker()?, &on.resource(), tx.circumstances(), &ON_MATTERS)?;
        let names_people = may.iter().any(|line| line.action == "change_members" && line.permitted);
        let row = on.0;
        let access = if names_people { access(tx, &row, &members).await? } else { vec![] };
        Ok(MatterView {
            material: tally
                .into_iter()
                .map(|(rank, state, items)| Tally { class: class(rank), state, items })
                .collect(),
            copies: copies
                .into_iter()
                .map(|copy| CopyOut {
                    item: copy.item,
                    name: copy.name,
                    holder: copy.holder,
                    place: copy.place,
                    due: clock::rfc3339(copy.due),
                })
                .collect(),
            access,
            may,
            party_name: row.party_name,
            custodian_name: row.custodian_name,
            matter: self.matter,
            terms: Terms {
                basis: row.basis,
                purpose: row.purpose,
                return_by: clock::rfc3339(row.return_by),
                copies: row.facts.copies,
                summaries: row.facts.summaries,
                subcontractor: row.facts.subcontractor,
                generative_ai: row.facts.generative_ai,
                abroad: row.facts.abroad,
                personal_device: row.facts.personal_device,
            },
            code: row.code,
            name: row.name,
            party: row.facts.party,
            custodian: row.facts.custodian,
            open: row.facts.open,
            members,
            still_out_count,
            still_out: still_out.into_iter().filter(|out| inside || !out.what.starts_with("copy ")).collect(),
            revision: row.rev,
        })
    }
}
