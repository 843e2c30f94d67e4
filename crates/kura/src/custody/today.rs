//! 今日: what waits for someone today, and what happened to the material that they are accountable for.

use kura_ledger::leaf::{Leaf, Outcome};
use serde::{Deserialize, Serialize};

use super::list_requests::{self, RequestLine};
use super::subject;
use super::waiting_store::{self, Nearing};
use crate::bodies;
use crate::clock::{self, Millis};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::duties::list_duties::{self, DutyView};
use crate::error::{Error, Result};
use crate::evaluation::list_evaluations::{self, EvaluationLine};
use crate::evaluation::list_findings::{self, FindingLine};
use crate::id::{CopyId, ItemId, ResolutionId};
use crate::inspection::show_self_inspection;
use crate::ledger::store as ledger;
use crate::people::names::Names;
use crate::people::office_store;
use crate::rules::facts::Action;
use crate::rules::pack::Pack;
use crate::training::list_courses::{self, CourseLine};
use crate::violations::list_violations::{self, ViolationLine};

const DAY: Millis = 24 * 60 * 60 * 1000;
/// What is due within so many days waits.
const SOON: Millis = 30 * DAY;
/// Lines of each kind at most.
const MOST: i64 = 20;
/// The newest records of the ledger among which those of one's own material are sought.
const AMONG: i64 = 2_000;
/// Looking at a list or a page is no news.
const NO_NEWS: [&str; 5] = ["show", "why", "timeline", "show_statement", "show_record"];

/// Tells what waits for you today.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Today {}

/// A copy that you hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CopyDue {
    /// The copy.
    pub copy: CopyId,
    /// Its item.
    pub item: ItemId,
    /// The item's name.
    pub name: String,
    /// Id of the item's class.
    pub class: String,
    /// How it was made.
    pub manner: String,
    /// Where it is.
    pub place: String,
    /// By when it is to be destroyed.
    pub due: String,
}

/// Something about an item that comes nearer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemDue {
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// Id of its class.
    pub class: String,
    /// Whom it is about: the consignor of a return, the person of a grant, the custodian who is gone.
    pub person: String,
    /// When.
    pub due: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct News {
    /// Index in the ledger.
    pub index: i64,
    /// The item.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// Id of its class.
    pub class: String,
    /// What was done, or asked for.
    pub operation: String,
    /// Whether it was refused.
    pub refused: bool,
    /// Who.
    pub actor: String,
    /// When.
    pub at: String,
}

/// A resolution that awaits one's vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VoteDue {
    /// The resolution.
    pub resolution: ResolutionId,
    /// What it is about.
    pub title: String,
    /// The last day.
    pub closes_on: String,
}

/// Resolutions that await the asker's vote.
async fn votes(tx: &mut Tx<'_>) -> Result<Vec<VoteDue>> {
    let (asker, today) = (tx.asker()?.clone(), tx.today().to_string());
    let rules = tx.rules().clone();
    let mut votes = Vec::new();
    for body in rules.bodies.iter().filter(|body| asker.offices.contains(&body.id)) {
        let seat = office_store::seat(tx.connection(), asker.id, &body.id, &today).await?;
        let found = bodies::store::awaiting(tx.connection(), (asker.id, seat), &body.id, &today).await?;
        let due = |(resolution, title, closes_on)| VoteDue { resolution, title, closes_on };
        votes.extend(found.into_iter().map(due));
    }
    Ok(votes)
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Waiting {
    /// Whether the policy in force waits for your acknowledgement.
    pub acknowledge: bool,
    /// Resolutions that await your vote.
    pub votes: Vec<VoteDue>,
    /// Courses that you have to take, or to take again within 30 days.
    pub courses: Vec<CourseLine>,
    /// Whether this quarter's self-inspection waits for you.
    pub self_inspection: bool,
    /// Findings that wait for you: to be answered, acted upon or checked.
    pub findings: Vec<FindingLine>,
    /// Cases that wait for you: to be handled, or answered.
    pub violations: Vec<ViolationLine>,
    /// Evaluations that you conduct.
    pub evaluations: Vec<EvaluationLine>,
    /// Duties of your offices that wait.
    pub duties: Vec<DutyView>,
    /// Requests of others that you may decide.
    pub to_decide: Vec<RequestLine>,
    /// Your own requests.
    pub mine: Vec<RequestLine>,
    /// Copies that you hold.
    pub copies: Vec<CopyDue>,
    /// Material in your custody that is to be returned or erased within 30 days, or is overdue.
    pub due: Vec<ItemDue>,
    /// Permissions on material in your custody that end within 30 days.
    pub grants: Vec<ItemDue>,
    /// Material whose custodian may not act any more.
    pub without_custodian: Vec<ItemDue>,
    /// What others did with material in your custody, newest first.
    pub news: Vec<News>,
}

fn class(pack: &Pack, rank: i64) -> String {
    pack.class_of_rank(rank).map(|class| class.id.clone()).unwrap_or_default()
}

fn due(pack: &Pack, nearing: Vec<Nearing>) -> Vec<ItemDue> {
    let line = |near: Nearing| ItemDue {
        item: near.item,
        name: near.name,
        class: class(pack, near.rank),
        person: near.person,
        due: clock::rfc3339(near.due),
    };
    nearing.into_iter().map(line).collect()
}

/// What others did with material in the asker's custody.
async fn news(tx: &mut Tx<'_>) -> Result<Vec<News>> {
    let (rules, asker) = (tx.rules().clone(), tx.asker_id()?);
    let records = ledger::newest_of_custodian(tx.connection(), asker, AMONG, AMONG).await?;
    let (mut news, mut names) = (Vec::new(), Names::default());
    for (item, shard, record) in records {
        let leaf = Leaf::parse(record.leaf.as_bytes()).map_err(Error::internal)?;
        if NO_NEWS.contains(&leaf.operation.as_str()) {
            continue;
        }
        let Ok(openings) = tx.unseal(&shard, item, record.event, &record.sealed) else {
            continue;
        };
        let actor = openings.into_iter().find(|opening| opening.field == "actor");
        let actor = actor.map(|opening| opening.value).unwrap_or_default();
        if actor.parse() == Ok(asker) {
            continue;
        }
        let Some(row) = subject::known(tx, item).await? else {
            continue;
        };
        let class = class(&rules, row.facts.rank);
        news.push(News {
            index: record.index as i64,
            item,
            name: row.name,
            class,
            operation: leaf.operation,
            refused: leaf.outcome == Outcome::Refused,
            actor: names.of(tx, actor).await?,
            at: leaf.at,
        });
        if news.len() as i64 == MOST {
            break;
        }
    }
    Ok(news)
}

impl Operation for Today {
    const ACTION: Action = Action("today");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = Waiting;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<Waiting> {
        let rules = tx.rules().clone();
        let scope = tx.scope().await?;
        let soon = tx.now() + SOON;
        let (mine, others): (Vec<_>, Vec<_>) =
            list_requests::waiting(tx).await?.into_iter().partition(|line| line.mine);
        let copies = waiting_store::copies_held(tx, &scope, MOST).await?;
        Ok(Waiting {
            votes: votes(tx).await?,
            courses: list_courses::due(tx).await?,
            self_inspection: show_self_inspection::waits(tx).await?,
            findings: list_findings::waiting(tx).await?,
            evaluations: list_evaluations::conducted(tx).await?,
            violations: list_violations::waiting(tx).await?,
            duties: list_duties::mine(tx).await?,
            acknowledge: tx.asker()?.acknowledged < tx.circumstances().policy,
            to_decide: others.into_iter().filter(|line| line.may_decide).collect(),
            mine,
            copies: copies
                .into_iter()
                .map(|held| CopyDue {
                    copy: held.copy,
                    item: held.item,
                    name: held.item_name,
                    class: class(&rules, held.rank),
                    manner: held.manner,
                    place: held.place,
                    due: clock::rfc3339(held.due),
                })
                .collect(),
            due: due(&rules, waiting_store::due_by(tx, &scope, soon, MOST).await?),
            grants: due(&rules, waiting_store::grants_ending(tx, &scope, soon, MOST).await?),
            without_custodian: due(&rules, waiting_store::without_custodian(tx, &scope, MOST).await?),
            news: news(tx).await?,
        })
    }
}
