//! The register: 台帳, narrowed and paged; and as a table to keep.

use askama::Template;
use axum::extract::{Query, State};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;

use super::export_list::ExportList;
use super::list::{ItemLine, List, Listed};
use super::page::{KINDS, named};
use super::saved_view::{ListViews, View};
use super::today_page::Due;
use crate::app::App;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::MatterId;
use crate::rules::pack::Pack;
use crate::web::choices::{Among, Offer};
use crate::web::shell::{Place, Seal, Shell};
use crate::web::visitor::Member;
use crate::web::words::Words;
use crate::web::{Answer, field, files, page};

/// Items are counted up to this number.
const COUNTED: i64 = 1000;
/// Items that hold a text are counted up to this number: each has to be looked at.
const COUNTED_OF_TEXT: i64 = 100;
/// Lines on a page of the register.
const LINES: i64 = 50;

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

    /// Whether nothing has to be looked for: whom and what it names, it names by id.
    fn chosen(&self) -> bool {
        let named = [&self.matter, &self.party, &self.custodian];
        named.into_iter().all(|id| id.trim().is_empty() || id.trim().parse::<MatterId>().is_ok())
    }
}

/// A filter: its name, what it is called, what is chosen, from what, and what is wrong with it.
struct Filter {
    name: &'static str,
    label: String,
    value: String,
    offer: Offer,
    wrong: Option<String>,
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
    views: Vec<View>,
}

/// Widths of a workbook's columns, in characters.
const WIDTHS: [f64; 8] = [12.0, 48.0, 14.0, 14.0, 20.0, 14.0, 12.0, 38.0];
/// States that one looks for.
const STATES: [&str; 5] = ["held", "returning", "confirmed", "returned", "erased"];

/// The filters, and what the register is narrowed to by them: a name that was typed is looked for.
async fn filters(
    app: &App,
    member: &Member,
    narrowing: &Narrowing,
) -> Result<(Vec<Filter>, Vec<(String, String)>)> {
    let t = member.words();
    let words = |ids: &[&str], word: &dyn Fn(&str) -> String| {
        Offer::Few(ids.iter().map(|id| ((*id).to_owned(), word(id))).collect())
    };
    let (matters, parties, staff) = tokio::join!(
        Among::Matters.offer(app, member),
        Among::Parties.offer(app, member),
        Among::Staff.offer(app, member)
    );
    let filter = |name, label, offer| Filter { name, label, value: String::new(), offer, wrong: None };
    let mut filters = vec![
        filter("class", t.field("class"), Offer::Few(t.classes(&app.door.rules()))),
        filter("matter", t.field("matter"), matters?),
        filter("kind", t.field("kind"), words(&KINDS, &|kind| t.choice(kind))),
        filter("state", t.column_state(), words(&STATES, &|state| t.state(state))),
    ];
    if !member.session.guest {
        filters.push(filter("party", t.consignor(), parties?));
        filters.push(filter("custodian", t.field("custodian"), staff?));
    }
    let mut pairs = narrowing.pairs();
    for filter in &mut filters {
        let Some((_, value)) = pairs.iter_mut().find(|(name, _)| name == filter.name) else { continue };
        filter.value.clone_from(value);
        match filter.offer.meant(app, member, value).await {
            Ok(meant) => *value = meant,
            Err(error) => filter.wrong = Some(field::said(t, &error)),
        }
        if let Offer::Many(among) = filter.offer {
            filter.value = among.word(app, member, &filter.value).await?;
        }
    }
    Ok((filters, pairs))
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

/// A page of the register, counted so far.
async fn list(
    app: &App,
    member: &Member,
    mut asked: Vec<(String, String)>,
    after: &str,
    counted: i64,
) -> Result<Listed> {
    if !after.is_empty() {
        asked.push(("after".to_owned(), after.to_owned()));
    }
    asked.push(("limit".to_owned(), LINES.to_string()));
    asked.push(("count".to_owned(), "true".to_owned()));
    asked.push(("count_to".to_owned(), (counted + 1).to_string()));
    let list: List = crate::input::read(&asked)?;
    member.pass(app, list).await
}

/// 台帳.
pub(crate) async fn register(
    State(app): State<App>,
    member: Member,
    Query(narrowing): Query<Narrowing>,
) -> Answer {
    // A page that says "more than 1,000" is as good as one that counts a million, and comes at once.
    let counted = if narrowing.name.trim().is_empty() { COUNTED } else { COUNTED_OF_TEXT };
    let (views, filters, early) = tokio::join!(
        member.pass(&app, ListViews {}),
        filters(&app, &member, &narrowing),
        // What was chosen from lists is known already: their records and the list's are then written at once.
        async {
            match narrowing.chosen() {
                true => Some(list(&app, &member, narrowing.pairs(), &narrowing.after, counted).await),
                false => None,
            }
        }
    );
    let (views, (filters, pairs)) = (views?, filters?);
    let narrowed = !pairs.is_empty();
    let listed = match early {
        _ if filters.iter().any(|filter| filter.wrong.is_some()) => {
            Listed { items: vec![], next: None, count: Some(0) }
        }
        Some(listed) => listed?,
        None => list(&app, &member, pairs.clone(), &narrowing.after, counted).await?,
    };
    let (t, pack, now) = (member.words(), app.door.rules(), app.door.clock().now());
    let table = serde_html_form::to_string(&pairs).unwrap_or_default();
    let next = listed.next.map(|next| {
        let mut pairs = pairs;
        pairs.push(("after".to_owned(), next.to_string()));
        serde_html_form::to_string(&pairs).unwrap_or_default()
    });
    page(&Register {
        shell: Shell::new(&member, Place::Register, t.nav_register()),
        filters,
        rows: listed.items.into_iter().map(|line| row(t, &pack, now, line)).collect(),
        found: match listed.count.unwrap_or_default() {
            count if count > counted => t.found_more(t.number(counted)),
            count => t.found(t.number(count)),
        },
        next,
        table,
        narrowing,
        narrowed,
        views,
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

/// The register as a table, narrowed as the page is: its heads and its rows.
async fn as_table(
    app: &App,
    member: &Member,
    narrowing: &Narrowing,
) -> Result<([String; 8], Vec<[String; 8]>)> {
    let export: ExportList = crate::input::read(&narrowing.pairs())?;
    let exported = member.pass(app, export).await?;
    let (t, pack) = (member.words(), app.door.rules());
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
    let row = |line: ItemLine| {
        let class = pack.class(&line.class).map_or(line.class.as_str(), |class| t.class(class)).to_owned();
        [
            class,
            line.name,
            t.choice(&line.kind),
            line.matter_code,
            line.custodian_name,
            t.state(&line.state),
            t.plain_day(&line.due),
            line.item.to_string(),
        ]
    };
    Ok((head, exported.items.into_iter().map(row).collect()))
}

/// The register as CSV (RFC 4180, UTF-8 with the mark by which spreadsheets know it).
pub(crate) async fn csv(
    State(app): State<App>,
    member: Member,
    Query(narrowing): Query<Narrowing>,
) -> Answer {
    let (head, rows) = as_table(&app, &member, &narrowing).await?;
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    writer.write_record(head).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row.each_ref().map(|text| cell(text))).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    files::kept("text/csv; charset=utf-8", "register.csv", bytes)
}

/// The register as a workbook. Every cell is text: none is a formula, whatever it begins with.
pub(crate) async fn xlsx(
    State(app): State<App>,
    member: Member,
    Query(narrowing): Query<Narrowing>,
) -> Answer {
    let (head, rows) = as_table(&app, &member, &narrowing).await?;
    let name = member.words().nav_register();
    let making = tokio::task::spawn_blocking(move || {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        let bold = Format::new().set_bold();
        for (column, text) in (0..).zip(&head) {
            sheet.write_string_with_format(0, column, text, &bold)?;
            sheet.set_column_width(column, WIDTHS[usize::from(column)])?;
        }
        for (number, row) in (1..).zip(&rows) {
            for (column, text) in (0..).zip(row) {
                sheet.write_string(number, column, text)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), 7)?;
        book.save_to_buffer()
    });
    let made: std::result::Result<Vec<u8>, XlsxError> = making.await.map_err(Error::internal)?;
    let bytes = made.map_err(Error::internal)?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    files::kept(media, "register.xlsx", bytes)
}
