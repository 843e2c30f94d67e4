//! The rows of a ledger that is imported: what each cell means, and whether its item may come in.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::import_items::ImportItems;
use super::store::ItemRow;
use super::{Form, Kind, intake, list_store, name_of};
use crate::clock::{self, Millis};
use crate::columns::{Cells, Column, Heads, Wrong, WrongCell};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PersonId};
use crate::matters::store::{self as matters, MatterRow};
use crate::people::store as people;
use crate::rules::facts::{Action, Circumstances, ItemFacts, Resource};
use crate::table;
use crate::text::{Name, Note};

/// The columns that a table may have.
pub const COLUMNS: [Column; 10] = [
    Column {
        name: "name",
        heads: &[
            "name",
            "情報資産名称",
            "情報資産名",
            "資産名称",
            "資産名",
            "資料名",
            "文書名",
            "名称",
            "品名",
            "件名",
            "asset",
        ],
    },
    Column {
        name: "class",
        heads: &["class", "機密区分", "機密レベル", "機密性", "重要度", "classification", "区分"],
    },
    Column {
        name: "matter",
        heads: &["matter", "案件コード", "案件番号", "案件", "プロジェクト", "契約番号", "project"],
    },
    Column {
        name: "custodian",
        heads: &["custodian", "管理責任者", "保管責任者", "責任者", "管理者", "担当者", "owner"],
    },
    Column { name: "kind", heads: &["kind", "種別", "種類", "分類"] },
    Column {
        name: "form", heads: &["form", "媒体", "保存形態", "保管形態", "形態", "形式", "medium"]
    },
    Column {
        name: "place",
        heads: &["place", "保管場所", "保存場所", "保存先", "格納場所", "所在", "location"],
    },
    Column {
        name: "source",
        heads: &["source", "入手元", "取得元", "受領元", "委託元", "入手経路", "根拠", "備考"],
    },
    Column {
        name: "taken",
        heads: &["taken", "受領日", "取得日", "入手日", "預り日", "預かり日", "登録日", "received"],
    },
    Column {
        name: "due",
        heads: &["due", "返却期限", "保存期限", "保管期限", "廃棄予定日", "返却予定日", "期限", "return_by"],
    },
];

/// A row that may come in.
pub(super) struct Planned {
    /// Its item, without a shard yet.
    pub(super) row: ItemRow,
    /// Its number in the file.
    pub(super) number: usize,
}

/// What a cell may say of a kind.
const KINDS: [(&str, Kind); 13] = [
    ("lent", Kind::Lent),
    ("貸与", Kind::Lent),
    ("貸与資料", Kind::Lent),
    ("預り", Kind::Lent),
    ("預かり", Kind::Lent),
    ("受領", Kind::Lent),
    ("communication", Kind::Communication),
    ("通信", Kind::Communication),
    ("work", Kind::Work),
    ("作業", Kind::Work),
    ("作業資料", Kind::Work),
    ("deliverable", Kind::Deliverable),
    ("成果物", Kind::Deliverable),
];

/// What a cell may say of a form.
const FORMS: [(&str, Form); 17] = [
    ("electronic", Form::Electronic),
    ("電子", Form::Electronic),
    ("電子データ", Form::Electronic),
    ("電子ファイル", Form::Electronic),
    ("データ", Form::Electronic),
    ("ファイル", Form::Electronic),
    ("サーバ", Form::Electronic),
    ("サーバー", Form::Electronic),
    ("tangible", Form::Tangible),
    ("有体物", Form::Tangible),
    ("paper", Form::Tangible),
    ("紙", Form::Tangible),
    ("紙媒体", Form::Tangible),
    ("書類", Form::Tangible),
    ("文書", Form::Tangible),
    ("媒体", Form::Tangible),
    ("可搬媒体", Form::Tangible),
];

/// A day as ledgers write it: `2027-03-31`, `2027/3/31`, `2027年3月31日`, `令和9年3月31日`, `R9.3.31`.
fn day(text: &str) -> Option<Date> {
    let (text, era) = [("令和", 2018), ("R", 2018), ("平成", 1988), ("H", 1988)]
        .into_iter()
        .find_map(|(mark, before)| text.strip_prefix(mark).map(|rest| (rest, before)))
        .unwrap_or((text, 0));
    let text = text.replace("元年", "1年");
    let numbers: Vec<i64> = text
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.trim().is_empty())
        .map(|part| part.trim().parse())
        .collect::<std::result::Result<_, _>>()
        .ok()?;
    let [year, month, day] = numbers[..] else {
        return None;
    };
    clock::parse_day(&format!("{:04}-{month:02}-{day:02}", year + era))
}

/// What rows are held against, and what was decided for rows like them.
struct Against<'a> {
    import: &'a ImportItems,
    matters: BTreeMap<String, MatterRow>,
    people: BTreeMap<String, Vec<PersonId>>,
    asker: PersonId,
    /// Why a class may not come in under a matter; empty when it may.
    coming: BTreeMap<(MatterId, i64, bool), String>,
    /// Why somebody cannot be accountable; empty when they can.
    accountable: BTreeMap<(PersonId, MatterId, i64, String, String), String>,
    /// Rows by matter, name and place.
    seen: BTreeMap<(MatterId, String, String), usize>,
    /// Names and places of what a matter holds already, as far as the asker may know.
    held: BTreeMap<MatterId, BTreeSet<(String, String)>>,
}

impl<'a> Against<'a> {
    async fn load(tx: &mut Tx<'_>, import: &'a ImportItems) -> Result<Self> {
        let scope = tx.scope_of_matters().await?;
        let mut by_code = BTreeMap::new();
        for row in matters::matters(tx, &scope, None, false, None).await? {
            by_code.insert(row.facts.id.to_string(), row.clone());
            by_code.insert(row.code.clone(), row);
        }
        let mut by_name = BTreeMap::<String, Vec<PersonId>>::new();
        for row in people::list(tx, None, (true, false), None).await? {
            by_name.entry(row.login.clone()).or_default().push(row.id);
            if row.name != row.login {
                // Ledgers write 山田 太郎 with and without the space.
                by_name.entry(packed(&row.name)).or_default().push(row.id);
            }
        }
        Ok(Self {
            import,
            matters: by_code,
            people: by_name,
            asker: tx.asker_id()?,
            coming: BTreeMap::new(),
            accountable: BTreeMap::new(),
            seen: BTreeMap::new(),
            held: BTreeMap::new(),
        })
    }

    fn matter(&self, cells: &Cells<'_>) -> Result<MatterRow, Wrong> {
        let named = cells.of("matter").map(ToOwned::to_owned);
        let named = named.or_else(|| self.import.matter.map(|matter| matter.to_string()));
        let named = named.ok_or(("matter", "give the matter's code".to_owned()))?;
        // Whoever may not know of a matter gets the answer for one that does not exist.
        self.matters.get(&named).cloned().ok_or(("matter", "there is no such matter".to_owned()))
    }

    fn rank(&self, tx: &Tx<'_>, cells: &Cells<'_>) -> Result<i64, Wrong> {
        let text = cells.of("class").or(self.import.class.as_deref());
        let text = text.ok_or(("class", "give the class".to_owned()))?;
        tx.rules().class_called(text).map(|class| class.rank).ok_or_else(|| {
            (
                "class",
                "there is no such class: call it as the rules do, or say what the word means".to_owned(),
            )
        })
    }

    fn kind(&self, cells: &Cells<'_>) -> Result<Kind, Wrong> {
        let Some(text) = cells.of("kind") else {
            return match self.import.kind.unwrap_or(Kind::Lent) {
                Kind::Derivative => Err(("kind", DERIVATIVE.to_owned())),
                kind => Ok(kind),
            };
        };
        let found = KINDS.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map(|(_, kind)| kind).ok_or_else(|| match text {
            "derivative" | "二次的資料" => ("kind", DERIVATIVE.to_owned()),
            _ => ("kind", "say lent, communication, work or deliverable".to_owned()),
        })
    }

    fn form(&self, cells: &Cells<'_>) -> Result<Form, Wrong> {
        const SAY: &str = "say electronic or tangible";
        match cells.of("form") {
            Some(text) => FORMS
                .into_iter()
                .find(|(word, _)| word.eq_ignore_ascii_case(text))
                .map(|(_, form)| form)
                .ok_or(("form", SAY.to_owned())),
            None => self.import.form.ok_or(("form", SAY.to_owned())),
        }
    }

    /// Who is accountable: as for one item, somebody else than usual is named by the custodian of the matter alone.
    fn custodian(&self, cells: &Cells<'_>, matter: &MatterRow) -> Result<PersonId, Wrong> {
        let usual = matter.facts.custodian;
        let Some(text) = cells.of("custodian") else {
            return Ok(usual);
        };
        let found = self.people.get(text).or_else(|| self.people.get(&packed(text)));
        let custodian = match found.map_or(&[][..], Vec::as_slice) {
            [one] => *one,
            [] => return Err(("custodian", "nobody in the register is called that".to_owned())),
            _ => {
                return Err((
                    "custodian",
                    "several people are called that: give the sign-in name".to_owned(),
                ));
            }
        };
        if custodian != usual && usual != self.asker {
            return Err((
                "custodian",
                "only the custodian names another: leave it out, and ask for a hand-over".to_owned(),
            ));
        }
        Ok(custodian)
    }

    /// Whether material of this class may come in under the matter, as one item would.
    fn may_come(&mut self, tx: &Tx<'_>, matter: &MatterRow, rank: i64, kind: Kind) -> Result<Option<Wrong>> {
        let lent = kind == Kind::Lent;
        let key = (matter.facts.id, rank, lent);
        if let Some(why) = self.coming.get(&key) {
            return Ok((!why.is_empty()).then(|| ("matter", why.clone())));
        }
        let action = Action(if lent { "take" } else { "collect" });
        let circumstances = Circumstances { rank: Some(rank), ..tx.circumstances().clone() };
        let resource = Resource::Matter(matter.facts.clone());
        let decision = tx.rules().decide(tx.asker()?, action, &resource, &circumstances)?;
        let why = if decision.permitted {
            String::new()
        } else {
            "the rules do not let you bring material of this class into this matter".to_owned()
        };
        self.coming.insert(key, why.clone());
        Ok((!why.is_empty()).then_some(("matter", why)))
    }

    /// Whether the custodian can be accountable for it.
    async fn may_keep(&mut self, tx: &mut Tx<'_>, row: &ItemRow) -> Result<Option<Wrong>> {
        let facts = &row.facts;
        let key = (facts.custodian, facts.matter, facts.rank, facts.kind.clone(), facts.form.clone());
        if let Some(why) = self.accountable.get(&key) {
            return Ok((!why.is_empty()).then(|| ("custodian", why.clone())));
        }
        let both = (facts.clone(), row.matter.clone());
        let why = match intake::accountable(tx, "custodian", facts.custodian, both).await {
            Ok(()) => String::new(),
            Err(Error::Invalid { what, .. }) => what,
            Err(other) => return Err(other),
        };
        self.accountable.insert(key, why.clone());
        Ok((!why.is_empty()).then_some(("custodian", why)))
    }

    /// Whether the same is in the table, or in the register, already.
    async fn twice(&mut self, tx: &mut Tx<'_>, row: &ItemRow, number: usize) -> Result<Option<Wrong>> {
        let matter = row.facts.matter;
        let key = (matter, row.name.clone(), row.place.clone());
        if let Some(before) = self.seen.get(&key) {
            return Ok(Some(("name", format!("the same name in the same place stands in row {before}"))));
        }
        self.seen.insert(key, number);
        let there = match self.held.entry(matter) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(place) => {
                let scope = tx.scope().await?;
                let held = list_store::names_held(tx, &scope, matter).await?;
                place.insert(held.into_iter().collect())
            }
        };
        let known = there.contains(&(row.name.clone(), row.place.clone()));
        Ok(known.then(|| ("name", "the register holds this name in this place already".to_owned())))
    }

    /// What a row says, with everything that is wrong with it.
    fn read(&self, tx: &Tx<'_>, cells: &Cells<'_>) -> Result<ItemRow, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut keep = |what: Wrong| wrong.push(what);
        let matter = self.matter(cells).map_err(&mut keep).ok();
        let rank = self.rank(tx, cells).map_err(&mut keep).ok();
        let kind = self.kind(cells).map_err(&mut keep).ok();
        let form = self.form(cells).map_err(&mut keep).ok();
        let name = cells.of("name").unwrap_or_default().parse::<Name>();
        let name = name.map_err(|error| keep(("name", error.to_string()))).ok();
        let place = match (cells.of("place"), form) {
            (None, Some(Form::Tangible)) => {
                keep(("place", "say where it is kept".to_owned()));
                None
            }
            (None, _) => Some(String::new()),
            (Some(text), _) => text
                .parse::<Note>()
                .map(String::from)
                .map_err(|error| keep(("place", error.to_string())))
                .ok(),
        };
        let source = match (cells.of("source"), &self.import.source) {
            (Some(text), _) => text
                .parse::<Note>()
                .map(String::from)
                .map_err(|error| keep(("source", error.to_string())))
                .ok(),
            (None, Some(source)) => Some(String::from(source.clone())),
            (None, None) => {
                keep(("source", "say where it comes from".to_owned()));
                None
            }
        };
        let mut moment = |column: &'static str, usual: Millis| match cells.of(column) {
            None => Some(usual),
            Some(text) => match day(text).and_then(|day| tx.ends(day)) {
                Some(end) => Some(end),
                None => {
                    keep((column, "a day looks like 2027-03-31".to_owned()));
                    None
                }
            },
        };
        let mut taken = moment("taken", tx.now());
        let due = moment("due", matter.as_ref().map_or(0, |matter| matter.return_by));
        // A day ends later than now, today.
        if taken.is_some_and(|taken| taken > tx.now() + DAY) {
            keep(("taken", "this day has not come yet".to_owned()));
        }
        taken = taken.map(|taken| taken.min(tx.now()));
        let custodian =
            matter.as_ref().and_then(|matter| self.custodian(cells, matter).map_err(&mut keep).ok());
        let whole = (matter, rank, kind, form, name, place, source);
        let (Some(matter), Some(rank), Some(kind), Some(form), Some(name), Some(place), Some(source)) = whole
        else {
            return Err(wrong);
        };
        let (Some(taken), Some(due), Some(custodian), true) = (taken, due, custodian, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(ItemRow {
            facts: ItemFacts {
                id: tx.id(ItemId::new),
                rank,
                kind: name_of(kind),
                form: name_of(form),
                state: "held".to_owned(),
                custodian,
                matter: matter.facts.id,
                shared: false,
                contained: false,
                held: false,
                granted_until: None,
            },
            matter: matter.facts.clone(),
            matter_rev: matter.rev,
            name: String::from(name),
            place,
            source,
            shard: String::new(),
            taken,
            due,
            rev: 1,
        })
    }
}

const DERIVATIVE: &str = "a derivative is tied to its origin: use derive";
const DAY: Millis = 24 * 60 * 60 * 1000;

/// A name without white space, by which people are found.
fn packed(name: &str) -> String {
    name.split_whitespace().collect()
}

/// Reads and checks all rows: how many there are, those that may come in, and every cell that is wrong, in order.
pub(super) async fn plan(
    tx: &mut Tx<'_>,
    import: &ImportItems,
) -> Result<(usize, Vec<Planned>, Vec<WrongCell>)> {
    let table = table::read(import.table.as_bytes()).map_err(|error| Error::invalid("table", error))?;
    let repeated = import.source.as_ref().map_or(0, |source| source.as_str().len()) * table.rows.len();
    if repeated > table::MOST_BYTES {
        return Err(Error::invalid("source", "it is too long to stand in so many rows: give it a column"));
    }
    let heads = Heads::of(&table, &COLUMNS)?;
    let mut against = Against::load(tx, import).await?;
    let (mut planned, mut wrong) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let cells = heads.cells(row);
        let told = match against.read(tx, &cells) {
            Err(told) => told,
            Ok(row) => {
                let kind = if row.facts.kind == name_of(Kind::Lent) { Kind::Lent } else { Kind::Work };
                let matter = against.matters[&row.facts.matter.to_string()].clone();
                let mut told = Vec::from_iter(against.may_come(tx, &matter, row.facts.rank, kind)?);
                if told.is_empty() {
                    told.extend(against.may_keep(tx, &row).await?);
                    told.extend(against.twice(tx, &row, cells.number).await?);
                }
                if told.is_empty() {
                    planned.push(Planned { row, number: cells.number });
                }
                told
            }
        };
        wrong.extend(cells.wrong(told));
    }
    Ok((table.rows.len(), planned, wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_ledgers_write_them() {
        let read = clock::parse_day("2027-03-31");
        for text in [
            "2027-03-31",
            "2027/3/31",
            "2027.3.31",
            "2027年3月31日",
            "令和9年3月31日",
            "R9.3.31",
            "2027年 3月 31日",
        ] {
            assert_eq!(day(text), read, "{text}");
        }
        assert_eq!(day("平成元年1月8日"), clock::parse_day("1989-01-08"));
        for text in ["", "soon", "2027-02-30", "2027-3", "31/3/2027/1", "2027年末"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
