//! Pages of the register: 台帳, an item, taking in, statements.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use kura_ledger::consent::RecordFile;
use kura_ledger::leaf::Outcome;
use kura_ledger::statement::StatementFile;
use serde::Deserialize;
use serde_json::Value;

use super::export_list::ExportList;
use super::lineage::{self, Drawing};
use super::list::{ItemLine, List};
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
use crate::matters::list_matters::{ListMatters, MatterLine};
use crate::matters::list_parties::ListParties;
use crate::people::list_people::ListPeople;
use crate::rules::may::May;
use crate::rules::pack::Pack;
use crate::web::shell::{Place, Seal, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::words::Words;
use crate::web::{Answer, files, go_to, page};

/// Items are counted up to this number.
const COUNTED: i64 = 1000;
/// Lines on a page of the register.
const LINES: i64 = 50;

/// The first page: today.
pub(crate) async fn home() -> Answer {
    go_to("/today")
}

/// What the register is narrowed to, as its address says. What is left empty narrows nothing.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Narrowing {
    #[serde(default)]
    name: String,
    #[serde(default)]
    matter: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    party: String,
    #[serde(default)]
    custodian: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    after: String,
}

impl Narrowing {
    fn pairs(&self) -> Vec<(String, String)> {
        [
            ("name", &self.name),
            ("matter", &self.matter),
            ("class", &self.class),
            ("kind", &self.kind),
            ("state", &self.state),
            ("party", &self.party),
            ("custodian", &self.custodian),
            ("due", &self.due),
        ]
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect()
    }
}

/// A filter: its name, what it is called, its choices and which is chosen.
struct Filter {
    name: &'static str,
    label: String,
    choices: Vec<(String, String, bool)>,
}

struct Row {
    seal: Seal,
    line: ItemLine,
    state: String,
    due: Due,
}

#[derive(Template)]
#[template(path = "custody/register.html")]
struct Register {
    shell: Shell,
    narrowing: Narrowing,
    filters: Vec<Filter>,
    rows: Vec<Row>,
    found: String,
    next: Option<String>,
    table: String,
    narrowed: bool,
}

fn filter(
    name: &'static str,
    label: String,
    chosen: &str,
    choices: impl IntoIterator<Item = (String, String)>,
) -> Filter {
    let choices = choices.into_iter().map(|(value, word)| {
        let picked = value == chosen;
        (value, word, picked)
    });
    Filter { name, label, choices: choices.collect() }
}

/// Kinds of items, in the order of a choice.
const KINDS: [&str; 5] = ["lent", "derivative", "communication", "work", "deliverable"];
/// States that one looks for.
const STATES: [&str; 5] = ["held", "returning", "confirmed", "returned", "erased"];

async fn filters(app: &App, member: &Member, narrowing: &Narrowing) -> Result<Vec<Filter>> {
    let (t, pack) = (member.words(), app.door.rules());
    let matters = member.pass(app, ListMatters {}).await?;
    let mut filters = vec![
        filter(
            "class",
            t.field("class"),
            &narrowing.class,
            pack.classes.iter().rev().map(|class| (class.id.clone(), t.class(class).to_owned())),
        ),
        filter(
            "matter",
            t.field("matter"),
            &narrowing.matter,
            matters.into_iter().map(|line| (line.matter.to_string(), format!("{} {}", line.code, line.name))),
        ),
        filter(
            "kind",
            t.field("kind"),
            &narrowing.kind,
            KINDS.iter().map(|kind| ((*kind).to_owned(), t.choice(*kind))),
        ),
        filter(
            "state",
            t.column_state(),
            &narrowing.state,
            STATES.iter().map(|state| ((*state).to_owned(), t.state(*state))),
        ),
    ];
    if !member.session.guest {
        let parties = member.pass(app, ListParties {}).await?;
        filters.push(filter(
            "party",
            t.consignor(),
            &narrowing.party,
            parties.into_iter().map(|party| (party.party.to_string(), party.name)),
        ));
        let people = member.pass(app, ListPeople {}).await?;
        let staff = people.into_iter().filter(|person| person.party.is_none());
        filters.push(filter(
            "custodian",
            t.field("custodian"),
            &narrowing.custodian,
            staff.map(|person| (person.person.to_string(), person.name)),
        ));
    }
    Ok(filters)
}

/// A name to show: that of an erased item is gone.
fn named(t: &Words, name: String) -> String {
    if name.is_empty() { t.without_name() } else { name }
}

fn row(t: &Words, pack: &Pack, now: Millis, mut line: ItemLine) -> Row {
    line.name = named(t, line.name);
    Row {
        seal: Seal::of(t, pack, &line.class),
        state: t.state(&line.state),
        due: Due::of(t, &line.due, now),
        line,
    }
}

/// 台帳.
pub(crate) async fn register(
    State(app): State<App>,
    member: Member,
    Query(narrowing): Query<Narrowing>,
) -> Answer {
    let pairs = narrowing.pairs();
    let narrowed = !pairs.is_empty();
    let mut asked = pairs.clone();
    if !narrowing.after.is_empty() {
        asked.push(("after".to_owned(), narrowing.after.clone()));
    }
    asked.push(("limit".to_owned(), LINES.to_string()));
    asked.push(("count".to_owned(), "true".to_owned()));
    // A page that says "more than 1,000" is as good as one that counts a million, and comes at once.
    asked.push(("count_to".to_owned(), (COUNTED + 1).to_string()));
    let list: List = crate::input::read(&asked)?;
    let listed = member.pass(&app, list).await?;
    let (t, pack, now) = (member.words(), app.door.rules(), app.door.clock().now());
    let table = serde_html_form::to_string(&pairs).unwrap_or_default();
    let next = listed.next.map(|next| {
        let mut pairs = pairs;
        pairs.push(("after".to_owned(), next.to_string()));
        serde_html_form::to_string(&pairs).unwrap_or_default()
    });
    page(&Register {
        shell: Shell::new(&member, Place::Register, t.nav_register()),
        filters: filters(&app, &member, &narrowing).await?,
        rows: listed.items.into_iter().map(|line| row(t, &pack, now, line)).collect(),
        found: match listed.count.unwrap_or_default() {
            count if count > COUNTED => t.found_more(t.number(COUNTED)),
            count => t.found(t.number(count)),
        },
        next,
        table,
        narrowing,
        narrowed,
    })
}

/// A cell as a table of figures takes it for text: one that begins like a formula is none.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The register as a table (RFC 4180, UTF-8 with the mark by which spreadsheets know it), narrowed as the page is.
pub(crate) async fn table(
    State(app): State<App>,
    member: Member,
    Query(narrowing): Query<Narrowing>,
) -> Answer {
    let export: ExportList = crate::input::read(&narrowing.pairs())?;
    let exported = member.pass(&app, export).await?;
    let (t, pack) = (member.words(), app.door.rules());
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let head = [
        t.field("class"),
        t.column_name(),
        t.field("kind"),
        t.field("matter"),
        t.field("custodian"),
        t.column_state(),
        t.column_due(),
        t.column_id(),
    ];
    writer.write_record(head).map_err(Error::internal)?;
    for line in exported.items {
        let class = pack.class(&line.class).map_or(line.class.as_str(), |class| t.class(class)).to_owned();
        let row = [
            class,
            cell(&line.name),
            t.choice(&line.kind),
            cell(&line.matter_code),
            cell(&line.custodian_name),
            t.state(&line.state),
            line.due.split('T').next().unwrap_or_default().to_owned(),
            line.item.to_string(),
        ];
        writer.write_record(row).map_err(Error::internal)?;
    }
    let text = writer.into_inner().map_err(Error::internal)?;
    let csv = HeaderValue::from_static("text/csv; charset=utf-8");
    let name = HeaderValue::from_static("attachment; filename=\"register.csv\"");
    Ok(([(header::CONTENT_TYPE, csv), (header::CONTENT_DISPOSITION, name)], text).into_response())
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
    pub(crate) reasons: Vec<(String, String, String)>,
    /// Where approval is asked for, when that would permit it.
    pub(crate) ask: Option<String>,
    /// Where more is said.
    pub(crate) why: Option<String>,
}

/// Why something is refused: clause, reason, whom to ask.
pub(crate) fn refused(
    t: &Words,
    pack: &Pack,
    may: &May,
    ask: Option<String>,
    why: Option<String>,
) -> Refused {
    let reason = |reason: &crate::rules::may::Reason| {
        (t.clause_title(pack, &reason.clause), t.why(reason).to_owned(), t.whom(&reason.ask))
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
        "open" | "download" | "transmit" | "store" => held && electronic,
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

/// An item.
pub(crate) async fn item(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    let id: ItemId = id.parse().map_err(|_| Error::NotFound("item"))?;
    let mut item = member.pass(&app, Show { item: id }).await?;
    item.name = named(member.words(), item.name);
    let told = if member.session.guest {
        None
    } else {
        Some(member.pass(&app, Timeline { item: id, before: None }).await?)
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
    let told = member.pass(&app, Timeline { item, before }).await?;
    let (t, now) = (member.words(), app.door.clock().now());
    page(&TimelinePage {
        shell: Shell::new(&member, Place::Register, t.timeline()),
        item,
        entries: told.records.into_iter().map(|one| entry(t, now, item, one)).collect(),
        more: told.next,
    })
}

#[derive(Template)]
#[template(path = "custody/record.html")]
struct RecordPage {
    shell: Shell,
    item: ItemId,
    index: i64,
    what: String,
    refused: bool,
    at: String,
    who: String,
    fields: Vec<(String, String)>,
    signed: bool,
    erased: bool,
    size: String,
    log_key: String,
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
    let file = RecordFile::parse(text.as_bytes()).map_err(Error::internal)?;
    let found = file.verify(&app.door.log_key(), &[]).map_err(Error::internal)?;
    let t = member.words();
    let value =
        |name: &str| found.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let input: Value = value("input").and_then(|input| serde_json::from_str(&input).ok()).unwrap_or_default();
    let input = input.as_object().cloned().unwrap_or_default();
    let told = input.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        (t.field(name), value)
    });
    let actor = value("actor").unwrap_or_default();
    let name = match actor.parse::<crate::id::PersonId>() {
        Ok(id) if !member.session.guest => {
            let people = member.pass(&app, ListPeople {}).await?;
            people.into_iter().find(|person| person.person == id).map_or(actor, |person| person.name)
        }
        _ => actor,
    };
    page(&RecordPage {
        shell: Shell::new(&member, Place::Register, t.record()),
        item,
        index,
        what: t.operation(&found.leaf.operation),
        refused: found.leaf.outcome == Outcome::Refused,
        at: t.moment(&found.leaf.at),
        who: who(t, &name),
        fields: told.collect(),
        signed: found.consent.is_some(),
        erased: found.fields.is_empty(),
        size: t.number(i64::try_from(found.checkpoint.size).unwrap_or(i64::MAX)),
        log_key: app.door.log_key().to_string(),
    })
}

/// A record as the file that `kura-verify` checks.
pub(crate) async fn record_file(
    State(app): State<App>,
    member: Member,
    Path((item, index)): Path<(String, String)>,
) -> Answer {
    let (_, index, file) = record_text(&app, &member, &item, &index).await?;
    let name = format!("attachment; filename=\"record-{index}.json\"");
    let name = HeaderValue::from_str(&name).map_err(Error::internal)?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json), (header::CONTENT_DISPOSITION, name)], file).into_response())
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
    let name =
        HeaderValue::from_str(&format!("attachment; filename=\"{id}.json\"")).map_err(Error::internal)?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json), (header::CONTENT_DISPOSITION, name)], file).into_response())
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
    let matters = member.pass(&app, ListMatters {}).await?;
    let (t, pack) = (member.words(), app.door.rules());
    // A derivative is registered at its origin.
    let kinds = KINDS.into_iter().filter(|kind| *kind != "derivative").map(|kind| (kind, t.choice(kind)));
    page(&TakeIn {
        classes: pack
            .classes
            .iter()
            .rev()
            .map(|class| (class.id.clone(), t.class(class).to_owned()))
            .collect(),
        kinds: kinds.collect(),
        shell: Shell::new(&member, Place::Register, t.take_in()),
        matters: matters.into_iter().filter(|matter| matter.open).collect(),
        may_open: !member.session.guest,
    })
}
