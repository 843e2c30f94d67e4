//! The page of the ledger, for whoever audits it.

use askama::Template;
use axum::extract::{Path, Query, State};
use kura_ledger::consent::RecordFile;
use kura_ledger::leaf::Outcome;
use serde::Deserialize;
use serde_json::Value;

use super::list_records::{ListRecords, RecordLine};
use super::show_entry::{EntryText, ShowEntry};
use crate::app::App;
use crate::custody::today_page::who;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::people::list_people::ListPeople;
use crate::web::choices::{Among, Offer};
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, files, form, page};

/// What the records are narrowed to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Narrowing {
    #[serde(default)]
    operation: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    refused: String,
    #[serde(default)]
    before: String,
}

struct Line {
    line: RecordLine,
    what: String,
    at: String,
    who: String,
}

#[derive(Template)]
#[template(path = "ledger/records.html")]
struct RecordsPage {
    shell: Shell,
    narrowing: Narrowing,
    operations: Vec<(String, String)>,
    people: Offer,
    person: String,
    lines: Vec<Line>,
    next: Option<String>,
    size: String,
}

/// 台帳の記録.
pub(crate) async fn records(
    State(app): State<App>,
    member: Member,
    Query(narrowing): Query<Narrowing>,
) -> Answer {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in
        [("operation", &narrowing.operation), ("item", &narrowing.item), ("refused", &narrowing.refused)]
    {
        if !value.trim().is_empty() {
            pairs.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    let people = Among::People.offer(&app, &member).await?;
    if !narrowing.person.trim().is_empty() {
        pairs.push(("person".to_owned(), people.meant(&app, &member, &narrowing.person).await?));
    }
    let mut asked = pairs.clone();
    if !narrowing.before.is_empty() {
        asked.push(("before".to_owned(), narrowing.before.clone()));
    }
    let list: ListRecords = crate::input::read(&asked)?;
    let told = member.pass(&app, list).await?;
    let t = member.words();
    let person = match &people {
        Offer::Many(among) => among.word(&app, &member, &narrowing.person).await?,
        Offer::Few(_) => narrowing.person.clone(),
    };
    let mut operations: Vec<(String, String)> =
        form::actions().map(|action| (action.to_owned(), t.operation(action))).collect();
    operations.sort_by(|one, other| one.1.cmp(&other.1));
    let size = i64::try_from(app.door.head().borrow().0).unwrap_or(i64::MAX);
    page(&RecordsPage {
        shell: Shell::new(&member, Place::Administration, t.records()),
        operations,
        people,
        person,
        lines: told
            .records
            .into_iter()
            .map(|line| Line {
                what: t.operation(&line.operation),
                at: t.moment(&line.at),
                who: who(t, &line.actor),
                line,
            })
            .collect(),
        next: told.next.map(|before| {
            pairs.push(("before".to_owned(), before.to_string()));
            serde_html_form::to_string(&pairs).unwrap_or_default()
        }),
        size: t.number(size),
        narrowing,
    })
}

#[derive(Template)]
#[template(path = "ledger/record.html")]
struct RecordPage {
    shell: Shell,
    back: String,
    /// Where the record is; its file is below.
    address: String,
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

/// A record's page, by its file: the reader's own machine checks it.
pub(crate) async fn record_page(
    app: &App,
    member: &Member,
    place: Place,
    (text, index): (&str, i64),
    (back, address): (String, String),
) -> Answer {
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
    let name = match actor.parse::<PersonId>() {
        Ok(id) if !member.session.guest => {
            let this = ListPeople { name: Some(id.to_string()), ..ListPeople::default() };
            let people = member.pass(app, this).await?;
            people.into_iter().find(|person| person.person == id).map_or(actor, |person| person.name)
        }
        _ => actor,
    };
    page(&RecordPage {
        shell: Shell::new(member, place, t.record()),
        back,
        address,
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

/// A record's file, to be kept.
pub(crate) fn record_sent(file: String, index: i64) -> Answer {
    files::kept("application/json", &format!("record-{index}.json"), file.into_bytes())
}

async fn entry_text(app: &App, member: &Member, record: &str) -> Result<EntryText> {
    let record = record.parse().map_err(|_| Error::NotFound("record"))?;
    member.pass(app, ShowEntry { record }).await
}

/// A record of the ledger, for whoever audits it.
pub(crate) async fn entry(State(app): State<App>, member: Member, Path(record): Path<String>) -> Answer {
    let told = entry_text(&app, &member, &record).await?;
    let address = format!("/administration/ledger/{record}");
    let back = "/administration/ledger".to_owned();
    record_page(&app, &member, Place::Administration, (&told.file, told.index), (back, address)).await
}

/// The same as the file that `kura-verify` checks.
pub(crate) async fn entry_file(State(app): State<App>, member: Member, Path(record): Path<String>) -> Answer {
    let told = entry_text(&app, &member, &record).await?;
    record_sent(told.file, told.index)
}
