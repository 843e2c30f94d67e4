//! Pages of an import: a table is sent, its columns are said to be what they are, every row is checked, and then all come in.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;

use super::import_items::{ImportItems, Imported};
use super::import_rows::COLUMNS;
use super::page::KINDS;
use crate::app::App;
use crate::columns::{self, Mapping};
use crate::door::Options;
use crate::error::{Error, Result};
use crate::table::{Table, cell_name};
use crate::web::choices::{Among, Offer};
use crate::web::drafts::{NoDraft, WrongLine, receive, wrong_lines};
use crate::web::shell::{Place, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::{Answer, fault::Fault, field, go_to, page, page_of};

/// Rows that are shown of a table.
const SHOWN: usize = 5;
/// Words for classes that are asked about.
const WORDS: usize = 30;

#[derive(Template)]
#[template(path = "custody/import.html")]
struct Send {
    shell: Shell,
    columns: Vec<(String, String)>,
    wrong: Option<String>,
}

fn send(member: &Member, wrong: Option<String>) -> Answer {
    let t = member.words();
    let columns = COLUMNS
        .iter()
        .map(|column| (t.field(column.name), t.field_help(format!("import_items-{}", column.name))));
    page(&Send {
        shell: Shell::new(member, Place::Register, t.operation("import_items")),
        columns: columns.collect(),
        wrong,
    })
}

/// Asks for a table.
pub(crate) async fn import(State(app): State<App>, member: Member) -> Answer {
    member.permitted(&app, "import_items").await?;
    send(&member, None)
}

/// Takes a table, and goes on to what its columns are.
pub(crate) async fn sent(State(app): State<App>, member: Member, request: Request) -> Answer {
    member.permitted(&app, "import_items").await?;
    match receive(&app, &member, request).await {
        Ok(kept) => go_to(&format!("/import/{kept}")),
        Err(NoDraft::Fault(fault)) => Err(fault),
        Err(NoDraft::Wrong(error)) => {
            let mut answer = send(&member, Some(field::said(member.words(), &error)))?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
    }
}

/// A column of an import, and what says it in the table.
struct Column {
    name: &'static str,
    label: String,
    chosen: Option<usize>,
}

impl Column {
    fn is(&self, at: &usize) -> bool {
        self.chosen == Some(*at)
    }
}

/// A word of the table for a class, and the class that it means.
struct ClassWord {
    name: String,
    word: String,
    class: String,
}

#[derive(Template)]
#[template(path = "custody/import_columns.html")]
struct Columns {
    shell: Shell,
    address: String,
    file: String,
    about: String,
    heads: Vec<String>,
    columns: Vec<Column>,
    words: Vec<ClassWord>,
    classes: Vec<(String, String)>,
    matters: Offer,
    matter: String,
    kinds: Vec<(&'static str, String)>,
    forms: Vec<(&'static str, String)>,
    given: BTreeMap<String, String>,
    rows: Vec<(usize, Vec<String>)>,
    checked: Option<Imported>,
    wrong: Vec<WrongLine>,
    fault: Option<String>,
    key: String,
}

impl Columns {
    fn said(&self, name: &str) -> &str {
        self.given.get(name).map_or("", String::as_str)
    }

    fn number(&self, number: &i64) -> String {
        self.shell.t.number(*number)
    }

    /// What can be imported: nothing is wrong.
    fn ready(&self) -> Option<&i64> {
        self.checked.as_ref().filter(|checked| checked.wrong_rows == 0).map(|checked| &checked.rows)
    }
}

/// The name of the field of a class's word: it must not depend on what the word holds.
fn word_field(word: &str) -> String {
    format!("word-{}", hex::encode(word.as_bytes()))
}

/// The words for classes that no class of the pack is called by.
fn strange_words(app: &App, table: &Table, at: Option<usize>) -> BTreeSet<String> {
    let pack = app.door.rules();
    let known = |word: &str| pack.class_called(word).is_some();
    let words = table.rows.iter().filter_map(|row| at.and_then(|at| row.cells.get(at)));
    words.filter(|word| !word.is_empty() && word.chars().count() <= 60 && !known(word)).cloned().collect()
}

/// What the form says the columns are; what it does not say is guessed once, when nothing was said yet.
fn mapping(table: &Table, given: &BTreeMap<String, String>) -> Mapping {
    if given.is_empty() {
        return columns::guess(&table.head, &COLUMNS);
    }
    let said = |column: &columns::Column| {
        let said = given.get(&format!("column-{}", column.name)).and_then(|at| at.parse::<usize>().ok());
        said.filter(|at| *at < table.head.len())
    };
    COLUMNS.iter().map(said).collect()
}

/// The operation that a form asks for.
async fn operation(
    app: &App,
    member: &Member,
    table: &Table,
    given: &BTreeMap<String, String>,
    mapping: &Mapping,
    check: bool,
) -> Result<ImportItems> {
    let class = |column: &str, word: &str| {
        let meant = given.get(&word_field(word)).filter(|class| !class.is_empty()).cloned();
        meant.filter(|_| column == "class")
    };
    let mut pairs = vec![
        ("table".to_owned(), columns::put(table, &COLUMNS, mapping, class)?),
        ("check".to_owned(), check.to_string()),
    ];
    for name in ["class", "kind", "form", "source"] {
        if let Some(value) = given.get(name).filter(|value| !value.trim().is_empty()) {
            pairs.push((name.to_owned(), value.clone()));
        }
    }
    if let Some(value) = given.get("matter").filter(|value| !value.trim().is_empty()) {
        let meant = Among::OpenMatters.offer(app, member).await?.meant(app, member, value).await?;
        pairs.push(("matter".to_owned(), meant));
    }
    crate::input::read(&pairs)
}

async fn show(
    app: &App,
    member: &Member,
    id: &str,
    given: BTreeMap<String, String>,
    came: Result<Option<Imported>>,
) -> Answer {
    let draft = app.drafts.get(member.session.id, id, app.door.clock().now())?;
    let (t, pack, table) = (member.words(), app.door.rules(), draft.table);
    let mapping = mapping(&table, &given);
    let class_at =
        COLUMNS.iter().position(|column| column.name == "class").and_then(|column| mapping[column]);
    let (checked, fault) = match came {
        Ok(checked) => (checked, None),
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => (None, Some(field::said(t, &error))),
        Err(error) => return Err(error.into()),
    };
    let told = checked.as_ref().map_or(&[][..], |checked: &Imported| &checked.wrong);
    let wrong = wrong_lines(t, &table, &COLUMNS, &mapping, told);
    let template = Columns {
        shell: Shell::new(member, Place::Register, t.operation("import_items")),
        address: format!("/import/{id}"),
        about: t.import_about(t.number(table.rows.len() as i64), table.encoding),
        heads: table
            .head
            .iter()
            .enumerate()
            .map(|(at, head)| format!("{} {head}", cell_name(at, table.head_row)))
            .collect(),
        columns: COLUMNS
            .iter()
            .zip(&mapping)
            .map(|(column, chosen)| Column {
                name: column.name,
                label: t.field(column.name),
                chosen: *chosen,
            })
            .collect(),
        words: strange_words(app, &table, class_at)
            .into_iter()
            .take(WORDS)
            .map(|word| {
                let name = word_field(&word);
                ClassWord { class: given.get(&name).cloned().unwrap_or_default(), name, word }
            })
            .collect(),
        classes: t.classes(&pack),
        matters: Among::OpenMatters.offer(app, member).await?,
        matter: given.get("matter").cloned().unwrap_or_default(),
        kinds: KINDS
            .into_iter()
            .filter(|kind| *kind != "derivative")
            .map(|kind| (kind, t.choice(kind)))
            .collect(),
        forms: ["electronic", "tangible"].into_iter().map(|form| (form, t.choice(form))).collect(),
        rows: table.rows.iter().take(SHOWN).map(|row| (row.number, row.filled(table.head.len()))).collect(),
        file: draft.name,
        wrong,
        key: given.get(KEY).cloned().unwrap_or_else(|| hex::encode(kura_vault::keys::random_bytes::<16>())),
        given,
        checked,
        fault,
    };
    page_of(&template, template.fault.is_some())
}

/// The field of the key that makes a form sent twice the same.
const KEY: &str = "kura-key";

/// Shows what the columns seem to be.
pub(crate) async fn columns(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    show(&app, &member, &id, BTreeMap::new(), Ok(None)).await
}

#[derive(Template)]
#[template(path = "custody/import_done.html")]
struct Done {
    shell: Shell,
    told: String,
}

/// Checks all rows, or imports them.
pub(crate) async fn go_on(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    mut posted: Posted,
) -> Result<axum::response::Response, Fault> {
    let import = posted.take("import").is_some();
    let given: BTreeMap<String, String> = posted.0.into_iter().collect();
    let draft = app.drafts.get(member.session.id, &id, app.door.clock().now())?;
    let mapping = mapping(&draft.table, &given);
    let asked = match operation(&app, &member, &draft.table, &given, &mapping, !import).await {
        Ok(asked) => asked,
        Err(error) => return show(&app, &member, &id, given, Err(error)).await,
    };
    let key = given.get(KEY).cloned().filter(|_| import);
    let options = Options { idempotency_key: key, ..Options::default() };
    match member.pass_with(&app, asked, options).await {
        Ok(done) if import => {
            // The table stays for its hour: a form that is sent again is answered again.
            let t = member.words();
            page(&Done {
                shell: Shell::new(&member, Place::Register, t.operation("import_items")),
                told: t.imported(t.number(done.value().items)),
            })
        }
        Ok(checked) => show(&app, &member, &id, given, Ok(Some(checked.into_value()))).await,
        Err(error) => show(&app, &member, &id, given, Err(error)).await,
    }
}
