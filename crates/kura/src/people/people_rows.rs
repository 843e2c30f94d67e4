//! The rows of a table of people that is imported: what each cell means, and whether its person may be added.

use std::collections::BTreeMap;

use super::add_people::AddPeople;
use super::store::{self, PersonRow};
use super::{Employment, Login};
use crate::columns::{Cells, Column, Heads, Wrong, WrongCell};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::table;
use crate::text::{MailAddress, Name};

/// The columns that a table may have.
pub const COLUMNS: [Column; 5] = [
    Column {
        name: "login",
        heads: &[
            "login",
            "サインイン名",
            "ログイン名",
            "ログインid",
            "アカウント名",
            "アカウント",
            "ユーザー名",
            "ユーザーid",
            "社員番号",
            "職員番号",
            "username",
            "user",
            "account",
        ],
    },
    Column { name: "name", heads: &["name", "氏名", "名前", "社員名", "職員名", "full name"] },
    Column {
        name: "employment",
        heads: &[
            "employment",
            "雇用区分",
            "雇用形態",
            "社員区分",
            "職員区分",
            "役職員区分",
            "身分",
            "区分",
            "type",
        ],
    },
    Column {
        name: "clearance", heads: &["clearance", "取扱区分", "機密区分", "取扱範囲", "権限"]
    },
    Column {
        name: "mail",
        heads: &["mail", "メール", "メールアドレス", "電子メール", "email", "e-mail", "email address"],
    },
];

/// What a cell may say of an employment.
const EMPLOYMENTS: [(&str, Employment); 20] = [
    ("director", Employment::Director),
    ("役員", Employment::Director),
    ("取締役", Employment::Director),
    ("代表取締役", Employment::Director),
    ("regular", Employment::Regular),
    ("正社員", Employment::Regular),
    ("社員", Employment::Regular),
    ("正職員", Employment::Regular),
    ("contract", Employment::Contract),
    ("契約社員", Employment::Contract),
    ("契約", Employment::Contract),
    ("嘱託", Employment::Contract),
    ("パート", Employment::Contract),
    ("アルバイト", Employment::Contract),
    ("dispatched", Employment::Dispatched),
    ("派遣社員", Employment::Dispatched),
    ("派遣", Employment::Dispatched),
    ("intern", Employment::Intern),
    ("インターン", Employment::Intern),
    ("実習生", Employment::Intern),
];

fn read(tx: &Tx<'_>, cells: &Cells<'_>, known: &BTreeMap<String, usize>) -> Result<PersonRow, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut keep = |what: Wrong| wrong.push(what);
    let login = cells.of("login").unwrap_or_default().to_lowercase().parse::<Login>();
    let login = login.map(String::from).map_err(|error| keep(("login", error))).ok();
    if let Some(row) = login.as_ref().and_then(|login| known.get(login)) {
        keep((
            "login",
            match row {
                0 => "somebody already signs in with this name".to_owned(),
                row => format!("the same sign-in name stands in row {row}"),
            },
        ));
    }
    let name = cells.of("name").unwrap_or_default().parse::<Name>();
    let name = name.map_err(|error| keep(("name", error.to_string()))).ok();
    let employment = cells.of("employment").unwrap_or_default();
    let employment = EMPLOYMENTS.iter().find(|(word, _)| word.eq_ignore_ascii_case(employment));
    if employment.is_none() {
        keep(("employment", "say director, regular, contract, dispatched or intern".to_owned()));
    }
    let clearance = cells.of("clearance").unwrap_or_default();
    let class = tx.rules().class_called(clearance).map(|class| class.rank);
    if class.is_none() {
        keep(("clearance", "there is no such class: call it as the rules do".to_owned()));
    }
    let mail = cells.of("mail").filter(|mail| !mail.trim().is_empty()).map(str::parse::<MailAddress>);
    let mail = mail.transpose().map_err(|error| keep(("mail", error.to_string()))).ok().flatten();
    let (Some(login), Some(name), Some((_, employment)), Some(clearance), true) =
        (login, name, employment, class, wrong.is_empty())
    else {
        return Err(wrong);
    };
    Ok(PersonRow {
        id: tx.id(PersonId::new),
        login,
        name: name.into(),
        employment: employment.name().to_owned(),
        party: None,
        until: 0,
        clearance,
        suspended: false,
        trained_until: 0,
        acknowledged: 0,
        password: String::new(),
        mail: mail.map(String::from).unwrap_or_default(),
    })
}

/// Reads and checks all rows: how many there are, those that may be added, and every cell that is wrong, in order.
pub(super) async fn plan(
    tx: &mut Tx<'_>,
    import: &AddPeople,
) -> Result<(usize, Vec<PersonRow>, Vec<WrongCell>)> {
    let table = table::read(import.table.as_bytes()).map_err(|error| Error::invalid("table", error))?;
    let heads = Heads::of(&table, &COLUMNS)?;
    let mut known: BTreeMap<String, usize> =
        store::list(tx, None, (false, false), None).await?.into_iter().map(|row| (row.login, 0)).collect();
    let (mut planned, mut wrong) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let cells = heads.cells(row);
        match read(tx, &cells, &known) {
            Ok(row) => {
                known.insert(row.login.clone(), cells.number);
                planned.push(row);
            }
            Err(told) => wrong.extend(cells.wrong(told)),
        }
    }
    Ok((table.rows.len(), planned, wrong))
}
