//! Pages on which many people are added from a table: it is sent, every row is checked, and then all are added and their
//! invitations shown, this once.

use askama::Template;
use axum::extract::{Path, Request, State};

use super::add_people::{AddPeople, PeopleAdded, PersonInvited};
use super::people_rows::COLUMNS;
use crate::app::App;
use crate::columns;
use crate::error::{Error, Result};
use crate::table::cell_name;
use crate::web::drafts::{Draft, NoDraft, WrongLine, receive, wrong_lines};
use crate::web::shell::{Place, Shell};
use crate::web::visitor::{Member, Posted};
use crate::web::words::Words;
use crate::web::{Answer, field, go_to, page, page_of};

#[derive(Template)]
#[template(path = "people/import.html")]
struct Send {
    shell: Shell,
    columns: Vec<(String, String)>,
    wrong: Option<String>,
}

/// What a column is called: a person's name is not a thing's.
fn called(t: &Words, column: &columns::Column) -> String {
    match column.name {
        "name" => t.person_name(),
        name => t.field(name),
    }
}

fn send(member: &Member, wrong: Option<&Error>) -> Answer {
    let t = member.words();
    let column =
        |column: &columns::Column| (called(t, column), t.field_help(format!("add_people-{}", column.name)));
    let template = Send {
        shell: Shell::new(member, Place::Administration, t.operation("add_people")),
        columns: COLUMNS.iter().map(column).collect(),
        wrong: wrong.map(|error| field::said(t, error)),
    };
    page_of(&template, wrong.is_some())
}

/// Asks for a table.
pub(crate) async fn import(State(app): State<App>, member: Member) -> Answer {
    member.permitted(&app, "add_people").await?;
    send(&member, None)
}

/// Takes a table.
pub(crate) async fn sent(State(app): State<App>, member: Member, request: Request) -> Answer {
    member.permitted(&app, "add_people").await?;
    match receive(&app, &member, request).await {
        Ok(kept) => go_to(&format!("/administration/people/import/{kept}")),
        Err(NoDraft::Fault(fault)) => Err(fault),
        Err(NoDraft::Wrong(error)) => send(&member, Some(&error)),
    }
}

#[derive(Template)]
#[template(path = "people/import_rows.html")]
struct Rows {
    shell: Shell,
    address: String,
    file: String,
    about: String,
    /// What each column is taken for: the column's name, and the head that says it.
    columns: Vec<(String, String)>,
    checked: PeopleAdded,
    wrong: Vec<WrongLine>,
    first: Vec<Vec<String>>,
    heads: Vec<String>,
    fault: Option<String>,
}

/// Rows that are shown of a table.
const SHOWN: usize = 5;

fn operation(draft: &Draft, mapping: &columns::Mapping, check: bool, quiet: bool) -> Result<AddPeople> {
    let table = columns::put(&draft.table, &COLUMNS, mapping, |_, _| None)?;
    Ok(AddPeople { table, without_invitation: quiet, check })
}

async fn show(app: &App, member: &Member, id: &str, fault: Option<Error>) -> Answer {
    let draft = app.drafts.get(member.session.id, id, app.door.clock().now())?;
    let (t, table) = (member.words(), draft.table.clone());
    let mapping = columns::guess(&table.head, &COLUMNS);
    let checked = member.pass(app, operation(&draft, &mapping, true, true)?).await?;
    let head =
        |at: &Option<usize>| at.map(|at| format!("{} {}", cell_name(at, table.head_row), table.head[at]));
    let failed = fault.is_some();
    let template = Rows {
        shell: Shell::new(member, Place::Administration, t.operation("add_people")),
        address: format!("/administration/people/import/{id}"),
        about: t.import_about(t.number(table.rows.len() as i64), table.encoding),
        columns: COLUMNS
            .iter()
            .zip(&mapping)
            .map(|(column, at)| (called(t, column), head(at).unwrap_or_else(|| t.import_none())))
            .collect(),
        wrong: wrong_lines(t, &table, &COLUMNS, &mapping, &checked.wrong),
        first: table.rows.iter().take(SHOWN).map(|row| row.filled(table.head.len())).collect(),
        heads: table.head.clone(),
        file: draft.name,
        checked,
        fault: fault.map(|error| field::said(t, &error)),
    };
    page_of(&template, failed)
}

impl Rows {
    fn number(&self, number: &i64) -> String {
        self.shell.t.number(*number)
    }
}

/// Shows what every row says and what is wrong.
pub(crate) async fn rows(State(app): State<App>, member: Member, Path(id): Path<String>) -> Answer {
    show(&app, &member, &id, None).await
}

#[derive(Template)]
#[template(path = "people/import_done.html")]
struct Done {
    shell: Shell,
    told: String,
    origin: String,
    people: Vec<PersonInvited>,
    expires: String,
}

impl Done {
    /// Where somebody accepts their invitation.
    fn link(&self, person: &PersonInvited) -> String {
        super::invitation::link(&self.origin, &person.code)
    }
}

/// Adds everyone.
pub(crate) async fn add(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let draft = app.drafts.get(member.session.id, &id, app.door.clock().now())?;
    let mapping = columns::guess(&draft.table.head, &COLUMNS);
    let quiet = !posted.text("without_invitation").is_empty();
    match member.pass(&app, operation(&draft, &mapping, false, quiet)?).await {
        Ok(done) => {
            let t = member.words();
            let expires = done.people.first().map(|one| t.moment(&one.expires)).filter(|_| !quiet);
            page(&Done {
                shell: Shell::new(&member, Place::Administration, t.operation("add_people")),
                told: t.people_added(t.number(done.people.len() as i64)),
                origin: member.visit.origin.clone(),
                people: done.people,
                expires: expires.unwrap_or_default(),
            })
        }
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => {
            show(&app, &member, &id, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}
