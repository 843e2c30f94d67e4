//! Pages of material: an item, taking in, statements. The register is in `register_page`.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use kura_ledger::statement::StatementFile;
use serde::Deserialize;
use serde_json::Value;

use super::lineage::{self, Drawing};
use super::open::Opened;
use super::package::Manifest;
use super::record::ShowRecord;
use super::show::{ItemView, Show};
use super::statement::ShowStatement;
use super::timeline::{Happened, Timeline};
use super::today_page::{Due, who};
use crate::app::App;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::ItemId;
use crate::ledger::page::{record_page, record_sent};
use crate::matters::list_matters::{ListMatters, MatterLine};
use crate::rules::may::May;
use crate::rules::pack::Pack;
use crate::web::fault::Why;
use crate::web::shell::{Place, Seal, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::words::Words;
use crate::web::{Answer, files, go_to, page};

/// The first page: today.
pub(crate) async fn home() -> Answer {
    go_to("/today")
}

/// Kinds of items, in the order of a choice.
pub(super) const KINDS: [&str; 5] = ["lent", "derivative", "communication", "work", "deliverable"];

/// A name to show: that of an erased item is gone.
pub(super) fn named(t: &Words, name: String) -> String {
    if name.is_empty() { t.without_name() } else { name }
}

/// Something that one may do: its address, its word, its icon, whether it is the usual next step.
pub(crate) struct Deed {
    pub(crate) address: String,
    pub(crate) word: String,
    pub(crate) icon: &'static str,
    /// The item, when it is done at once by a button, without a form between.
    pub(crate) at_once: Option<String>,
    pub(crate) danger: bool,
}

/// Something that one may not do, and why.
pub(crate) struct Refused {
    pub(crate) word: String,
    pub(crate) reasons: Vec<Why>,
    /// Where approval is asked for, when that would permit it.
    pub(crate) ask: Option<String>,
    /// Where more is said.
    pub(crate) why: Option<String>,
}

/// Something that one may not do.
pub(crate) fn refused(
    t: &Words,
    pack: &Pack,
    may: &May,
    ask: Option<String>,
    why: Option<String>,
) -> Refused {
    let reason = |reason: &crate::rules::may::Reason| Why {
        clause: t.clause_title(pack, &reason.clause),
        why: t.why(reason).to_owned(),
        ask: t.whom(&reason.ask),
        lesson: pack.rules.get(&reason.rule).and_then(|rule| t.lesson(pack, rule)),
    };
    Refused { word: t.operation(&may.action), reasons: may.reasons.iter().map(reason).collect(), ask, why }
}

/// The icon of an action.
fn icon(action: &str) -> &'static str {
    match action {
        "open" => "eye",
        "download" => "download",
        "transmit" => "send",
        "derive" => "git-fork",
        "store" => "layers",
        "grant" => "hand-helping",
        "reclassify" => "stamp",
        "give_back" | "confirm_return" => "undo-2",
        "package" => "package",
        "erase" => "trash-2",
        "hold" => "lock",
        "hand_over" => "arrow-right-left",
        _ => "chevron-right",
    }
}

/// Whether an action makes sense for the item as it is: a page offers no button that would only tell so.
fn sensible(action: &str, item: &ItemView) -> bool {
    let electronic = item.form == "electronic";
    let held = item.state == "held";
    match action {
        // What was imported from a ledger lies where it was, until it is stored.
        "open" | "download" | "transmit" => held && !item.versions.is_empty(),
        "store" => held && electronic,
        "derive" | "grant" | "reclassify" | "give_back" | "hold" | "erase" | "hand_over" => held,
        "package" | "confirm_return" => item.state == "returning",
        // Offered beside what they are about: a grant, a hold, a copy, a request.
        _ => false,
    }
}

struct Entry {
    item: ItemId,
    index: i64,
    what: String,
    refused: bool,
    who: String,
    at: String,
    ago: String,
}

fn entry(t: &Words, now: Millis, item: ItemId, happened: Happened) -> Entry {
    Entry {
        item,
        index: happened.index,
        what: t.operation(&happened.operation),
        refused: happened.refused,
        who: who(t, &happened.actor),
        at: t.moment(&happened.at),
        ago: t.ago(&happened.at, now),
    }
}

#[derive(Template)]
#[template(path = "custody/item.html")]
struct ItemPage {
    shell: Shell,
    seal: Seal,
    item: ItemView,
    state: String,
    kind: String,
    form: String,
    handling: String,
    taken: String,
    due: Due,
    deeds: Vec<Deed>,
    refused: Vec<Refused>,
    versions: Vec<(i64, String, String, String, String)>,
    copies: Vec<(super::show::CopyView, String, String, Due)>,
    grants: Vec<(super::show::GrantView, Due)>,
    may_revoke: bool,
    may_release: bool,
    holds: Vec<(super::show::HoldView, String)>,
    requests: Vec<(super::show::RequestView, String, String)>,
    statements: Vec<(String, String, String)>,
    drawing: Option<Drawing>,
    entries: Vec<Entry>,
    more: Option<i64>,
}

/// The handling of a class in plain words.
fn handling(t: &Words, pack: &Pack, class: &str) -> String {
    let Some(class) = pack.class(class) else {
        return String::new();
    };
    let tier = match class.tier {
        crate::rules::pack::Tier::Public => t.tier_public(),
        crate::rules::pack::Tier::Limited => t.tier_limited(),
        crate::rules::pack::Tier::NonPublic => t.tier_non_public(),
    };
    format!("{tier} {}", t.copy_days(class.copy_days))
}

/// Newest records that an item's page tells; the others are on its timeline.
const NEWEST: i64 = 20;

/// An item.
pub(crate) async fn item(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let id: ItemId = id.parse().map_err(|_| Error::NotFound("item"))?;
    let mut item = member.pass(&app, Show { item: id }).await?;
    item.name = named(member.words(), item.name);
    let told = if member.session.guest {
        None
    } else {
        Some(member.pass(&app, Timeline { item: id, before: None, limit: Some(NEWEST) }).await?)
    };
    let (t, pack, now) = (member.words(), app.door.rules(), app.door.clock().now());
    let may = |action: &str| item.may.iter().any(|may| may.action == action && may.permitted);
    let (mut deeds, mut not) = (vec![], vec![]);
    for line in item.may.iter().filter(|line| sensible(&line.action, &item)) {
        let name = line.action.replace('_', "-");
        if line.permitted {
            deeds.push(Deed {
                address: if line.action == "open" {
                    "/do/open".to_owned()
                } else {
                    format!("/do/{name}?item={id}")
                },
                word: t.verb(&line.action),
                icon: icon(&line.action),
                at_once: (line.action == "open").then(|| id.to_string()),
                danger: line.action == "erase",
            });
        } else {
            let ask = (line.with_approvals && may("ask"))
                .then(|| format!("/do/ask?item={id}&operation={}", line.action));
            let why = Some(format!("/items/{id}/why/{}", line.action));
            not.push(refused(t, &pack, line, ask, why));
        }
    }
    let (entries, more) = match told {
        Some(told) => (told.records.into_iter().map(|one| entry(t, now, id, one)).collect(), told.next),
        None => (vec![], None),
    };
    let version = |version: &super::show::VersionView| {
        (
            version.version,
            version.name.clone(),
            t.size(version.size),
            t.moment(&version.stored),
            version.sha256.clone(),
        )
    };
    page(&ItemPage {
        shell: Shell::new(&member, Place::Register, item.name.clone()),
        seal: Seal::of(t, &pack, &item.class),
        state: t.state(&item.state),
        kind: t.choice(&item.kind),
        form: t.choice(&item.form),
        handling: handling(t, &pack, &item.class),
        taken: t.moment(&item.taken),
        due: Due::of(t, &item.due, now),
        deeds,
        refused: not,
        versions: item.versions.iter().map(version).collect(),
        copies: item
            .copies
            .iter()
            .map(|copy| {
                let gone = copy.gone.as_ref().map(|gone| t.day(gone)).unwrap_or_default();
                (copy.clone(), t.manner_of_copy(&copy.manner), gone, Due::of(t, &copy.due, now))
            })
            .collect(),
        grants: item.grants.iter().map(|grant| (grant.clone(), Due::of(t, &grant.until, now))).collect(),
        may_revoke: may("revoke"),
        may_release: may("release"),
        holds: item.holds.iter().map(|hold| (hold.clone(), t.day(&hold.placed))).collect(),
        requests: item
            .requests
            .iter()
            .map(|asked| (asked.clone(), t.operation(&asked.operation), t.request_state(&asked.state)))
            .collect(),
        statements: item
            .statements
            .iter()
            .map(|line| (line.statement.to_string(), t.statement(&line.kind), t.moment(&line.made)))
            .collect(),
        drawing: lineage::draw(t, &pack, &item),
        entries,
        more,
        item,
    })
}

#[derive(Template)]
#[template(path = "custody/timeline.html")]
struct TimelinePage {
    shell: Shell,
    item: ItemId,
    entries: Vec<Entry>,
    more: Option<i64>,
}

/// From where a timeline goes on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Before {
    #[serde(default)]
    before: Option<i64>,
}

/// What happened to an item, further back.
pub(crate) async fn timeline(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Query(Before { before }): Query<Before>,
) -> Answer {
    let item: ItemId = id.parse().map_err(|_| Error::NotFound("item"))?;
    let told = member.pass(&app, Timeline { item, before, limit: None }).await?;
    let (t, now) = (member.words(), app.door.clock().now());
    page(&TimelinePage {
        shell: Shell::new(&member, Place::Register, t.timeline()),
        item,
        entries: told.records.into_iter().map(|one| entry(t, now, item, one)).collect(),
        more: told.next,
    })
}

async fn record_text(app: &App, member: &Member, item: &str, index: &str) -> Result<(ItemId, i64, String)> {
    let item: ItemId = item.parse().map_err(|_| Error::NotFound("item"))?;
    let index: i64 = index.parse().map_err(|_| Error::NotFound("record"))?;
    Ok((item, index, member.pass(app, ShowRecord { item, index }).await?.file))
}

/// A record of an item, which the reader's own machine checks.
pub(crate) async fn record(
    State(app): State<App>,
    member: Member,
    Path((item, index)): Path<(String, String)>,
) -> Answer {
    let (item, index, text) = record_text(&app, &member, &item, &index).await?;
    let (back, address) = (format!("/items/{item}"), format!("/items/{item}/records/{index}"));
    record_page(&app, &member, Place::Register, (&text, index), (back, address)).await
}

/// A record as the file that `kura-verify` checks.
pub(crate) async fn record_file(
    State(app): State<App>,
    member: Member,
    Path((item, index)): Path<(String, String)>,
) -> Answer {
    let (_, index, file) = record_text(&app, &member, &item, &index).await?;
    record_sent(file, index)
}

/// Hands out what a ticket opens.
pub(crate) async fn content(State(app): State<App>, member: Member, posted: Posted) -> Answer {
    let opened: Opened = serde_json::from_str(posted.text("opened"))
        .map_err(|_| Error::invalid("", "the page is out of date: open the item again"))?;
    files::send(&app, &member, &opened, false).await
}

#[derive(Template)]
#[template(path = "custody/package.html")]
struct PackagePage {
    shell: Shell,
    manifest: Manifest,
    versions: Vec<(i64, String, String, String)>,
}

/// The package of a return, version by version.
pub(crate) fn package(member: &Member, value: &Value) -> Answer {
    let manifest: Manifest = serde_json::from_value(value.clone()).map_err(Error::internal)?;
    let t = member.words();
    let versions = manifest.versions.iter().map(|version| {
        let opened = serde_json::to_string(version).unwrap_or_default();
        (version.version, version.name.clone(), t.size(version.size), opened)
    });
    page(&PackagePage {
        shell: Shell::new(member, Place::Register, t.operation("package")),
        versions: versions.collect(),
        manifest,
    })
}

/// A statement as a page that prints; handed out and recorded as the statement itself is.
pub(crate) async fn statement(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let (file, _) = shown(&app, &member, &id).await?;
    let file = StatementFile::parse(file.as_bytes()).map_err(Error::internal)?;
    let found = file.verify(&app.door.log_key(), &[]).map_err(Error::internal)?;
    let mut response = axum::response::Html(kura_ledger::page::page(&found, &file.statement)).into_response();
    // The page carries its own style, so that it is whole when it is kept as a file.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}

/// A statement as the file that `kura-verify` checks.
pub(crate) async fn statement_file(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let (file, id) = shown(&app, &member, &id).await?;
    files::kept("application/json", &format!("{id}.json"), file.into_bytes())
}

async fn shown(app: &App, member: &Member, id: &str) -> Result<(String, crate::id::StatementId)> {
    let statement = id.parse().map_err(|_| Error::NotFound("statement"))?;
    Ok((member.pass(app, ShowStatement { statement }).await?.file, statement))
}

#[derive(Template)]
#[template(path = "custody/take_in.html")]
struct TakeIn {
    shell: Shell,
    matters: Vec<MatterLine>,
    classes: Vec<(String, String)>,
    kinds: Vec<(&'static str, String)>,
    may_open: bool,
}

/// 預かる: under which matter.
pub(crate) async fn take_in(State(app): State<App>, member: Member) -> Answer {
    let matters = member.pass(&app, ListMatters { open: true, ..ListMatters::default() }).await?;
    let (t, pack) = (member.words(), app.door.rules());
    // A derivative is registered at its origin.
    let kinds = KINDS.into_iter().filter(|kind| *kind != "derivative").map(|kind| (kind, t.choice(kind)));
    page(&TakeIn {
        classes: t.classes(&pack),
        kinds: kinds.collect(),
        shell: Shell::new(&member, Place::Register, t.take_in()),
        matters,
        may_open: !member.session.guest,
    })
}
