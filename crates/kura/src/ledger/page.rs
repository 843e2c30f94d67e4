//! The page of the ledger, for whoever audits it.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::list_records::{ListRecords, RecordLine};
use crate::app::App;
use crate::web::choices::{Among, Offer};
use crate::web::shell::{Place, Shell};
use crate::web::visitor::Member;
use crate::web::{Answer, form, page};

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
                who: crate::custody::today_page::who(t, &line.actor),
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
