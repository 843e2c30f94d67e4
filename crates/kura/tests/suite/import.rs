//! The firm's own ledger comes into the register: a table in CP932, row by row held to the rules, whole or not at all.

use encoding_rs::SHIFT_JIS;
use kura::Error;
use kura::custody::import_items::{ImportItems, Imported};
use kura::custody::list::List;
use kura::custody::show::Show;
use kura::door::Actor;

use crate::both;
use crate::browser::{Browser, hidden, pages, signed_in};
use crate::firm::Firm;

both! {
    basic_2_a_ledger_in_cp932_comes_in_whole_or_not_at_all
    basic_2_an_import_is_held_to_the_rules_of_each_matter
}

const ROWS: usize = 10_000;

/// A firm's ledger as a spreadsheet on a Japanese Windows saves it, with a title above its heads, and so many rows wrong.
fn ledger(code: &str, wrong: usize) -> Vec<u8> {
    let mut text = "情報資産管理台帳,,,,,,,\r\n\r\n".to_owned();
    text.push_str("No.,情報資産名称,機密区分,管理責任者,媒体,保管場所,案件番号,返却期限,備考\r\n");
    for number in 1..=ROWS {
        // Wrong rows are spread over the whole, each kind of mistake in turn.
        let mistake =
            (number % (ROWS / 50) == 7).then_some(number / (ROWS / 50)).filter(|which| *which < wrong);
        let (mut name, mut class) = (format!("見積書㈱№{number}"), "部内限り");
        let (mut keeper, mut form, mut of, mut day) = ("hana", "紙", code, "2027/3/31");
        match mistake.map(|which| which % 5) {
            Some(0) => name = String::new(),
            Some(1) => class = "最高機密",
            Some(2) => keeper = "山田 花",
            Some(3) => of = "X-999",
            Some(_) => day = "来年度末",
            None if number % 3 == 0 => {
                class = "秘";
                form = "電子データ";
            }
            None => {}
        }
        let place = if form == "紙" {
            format!("書庫{}番", number % 90)
        } else {
            format!("\\\\filesv\\営業\\{number}")
        };
        text.push_str(&format!(
            "{number},{name},{class},{keeper},{form},{place},{of},{day},\"委託者から受領、\"\"原本\"\"\"\r\n"
        ));
    }
    SHIFT_JIS.encode(&text).0.into_owned()
}

/// The fields of a form, as a browser sends them: hidden ones, those chosen, those typed.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form method=\"post\" action=\"/import/").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut sent = vec![
        ("kura-form".to_owned(), hidden(form, "kura-form")),
        ("kura-key".to_owned(), hidden(form, "kura-key")),
    ];
    for piece in form.split("<select id=\"").skip(1) {
        let name = piece.split('"').next().unwrap().to_owned();
        let options = piece.split("</select>").next().unwrap();
        let chosen = options.split("<option value=\"").skip(1).find(|option| option.contains("\" selected"));
        let value = chosen.or(options.split("<option value=\"").nth(1)).unwrap();
        sent.push((name, value.split('"').next().unwrap().to_owned()));
    }
    sent
}

async fn go_on(browser: &mut Browser, address: &str, fields: &[(String, String)], button: &str) -> String {
    let mut sent: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.push((button, "yes"));
    let answer = browser.send(address, &sent).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

async fn send(browser: &mut Browser, table: &[u8]) -> (String, String) {
    let token = browser.token().await;
    let sent = browser.send_as("/import", &[("kura-form", &token)], "table", ("台帳.csv", table)).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let page = browser.get(&sent.location).await.text;
    (sent.location, page)
}

async fn held(firm: &Firm) -> i64 {
    let all = List { count: true, ..List::default() };
    firm.pass(&firm.custodian, all).await.unwrap().count.unwrap()
}

async fn basic_2_a_ledger_in_cp932_comes_in_whole_or_not_at_all(firm: Firm) {
    let served = pages(&firm).await;
    let code = "2026-014";
    let before = held(&firm).await;
    let mut hana = signed_in(&served, "hana").await;
    let (address, page) = send(&mut hana, &ledger(code, 50)).await;
    assert!(page.contains("10,000 rows, CP932"), "{page}");
    assert!(page.contains("見積書㈱№1"), "the first rows are not shown as they were written");
    // Every column was understood, and the firm's word for a class is asked about.
    let mut given = fields(&page);
    for (name, column) in [("name", "1"), ("class", "2"), ("custodian", "3"), ("form", "4"), ("matter", "6")]
    {
        assert!(given.contains(&(format!("column-{name}"), column.to_owned())), "{name}: {given:?}");
    }
    assert!(given.contains(&("column-source".to_owned(), "8".to_owned())), "{given:?}");
    let words: Vec<_> = given.iter().filter(|(name, _)| name.starts_with("word-")).collect();
    assert_eq!(words.len(), 2, "部内限り and 最高機密: {words:?}");
    let word = format!("word-{}", hex::encode("部内限り"));
    for (name, value) in &mut given {
        if *name == word {
            *value = "internal".to_owned();
        }
    }

    let checked = go_on(&mut hana, &address, &given, "check").await;
    assert!(checked.contains("Of 10,000 rows, 50 are wrong. Nothing was imported."), "{checked}");
    assert_eq!(held(&firm).await, before);
    let (_, wrong) = checked.split_once("Cells that are wrong").unwrap();
    assert_eq!(wrong.matches("<td class=\"tight\"><strong>").count(), 50);
    // The first is row 7 of the table, which is the tenth of the file; its name is in the second column.
    assert!(wrong.contains("<strong>B10</strong>"), "{wrong}");
    assert!(wrong.contains("<strong>C210</strong>") && wrong.contains("最高機密"), "{wrong}");
    assert!(wrong.contains("<strong>G610</strong>") && wrong.contains("there is no such matter"), "{wrong}");
    assert!(wrong.contains("<strong>H810</strong>") && wrong.contains("来年度末"), "{wrong}");
    // A browser that sends the import all the same imports nothing.
    let refused = [given.clone(), vec![("import".to_owned(), "yes".to_owned())]].concat();
    let pairs: Vec<(&str, &str)> =
        refused.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = hana.send(&address, &pairs).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("50 rows are wrong, the first 10, in name"), "{}", answer.text);
    assert_eq!(held(&firm).await, before);

    // Mended, it comes in.
    let (address, page) = send(&mut hana, &ledger(code, 0)).await;
    let mut given = fields(&page);
    for (name, value) in &mut given {
        if *name == word {
            *value = "internal".to_owned();
        }
    }
    let checked = go_on(&mut hana, &address, &given, "check").await;
    assert!(checked.contains("All 10,000 rows are good. Nothing has been imported yet."), "{checked}");
    assert_eq!(held(&firm).await, before);
    let given = fields(&checked);
    let done = go_on(&mut hana, &address, &given, "import").await;
    assert!(done.contains("10,000 items are in the register."), "{done}");
    assert_eq!(held(&firm).await, before + 10_000);

    // An item is what its row says, and its history begins with the import.
    let named = |name: &str| List { name: Some(name.to_owned()), ..List::default() };
    let found = firm.pass(&firm.custodian, named("№9999")).await.unwrap();
    assert_eq!(found.items.len(), 1);
    let item = firm.pass(&firm.custodian, Show { item: found.items[0].item }).await.unwrap();
    assert_eq!(
        (item.name.as_str(), item.class.as_str(), item.form.as_str()),
        ("見積書㈱№9999", "secret", "electronic")
    );
    assert_eq!((item.place.as_str(), item.kind.as_str()), ("\\\\filesv\\営業\\9999", "lent"));
    assert!(item.due.starts_with("2027-03-31"), "{}", item.due);
    assert_eq!(item.source, "委託者から受領、\"原本\"");
    let history = kura::custody::timeline::Timeline { item: item.item, before: None, limit: None };
    let history = firm.pass(&firm.custodian, history).await.unwrap();
    assert_eq!(history.records.last().unwrap().operation, "import_items");

    // The same ledger once more holds nothing new, and is told so.
    let (address, page) = send(&mut hana, &ledger(code, 0)).await;
    let mut given = fields(&page);
    given.iter_mut().filter(|(name, _)| *name == word).for_each(|(_, value)| *value = "internal".to_owned());
    let checked = go_on(&mut hana, &address, &given, "check").await;
    assert!(checked.contains("Of 10,000 rows, 10,000 are wrong"), "{checked}");
    assert!(checked.contains("the register holds this name in this place already"));

    // It is nobody else's to go on with, nor one's own in another session.
    let (address, _) = send(&mut hana, &ledger(code, 0)).await;
    for login in ["d1", "hana"] {
        assert_eq!(signed_in(&served, login).await.get(&address).await.status, 404, "{login}");
    }
}

async fn check(firm: &Firm, by: &Actor, table: &str) -> Result<Imported, Error> {
    let import = ImportItems {
        table: table.to_owned(),
        matter: Some(firm.matter),
        class: Some("internal".to_owned()),
        kind: None,
        form: Some(kura::custody::Form::Electronic),
        source: Some("the firm's ledger".parse().unwrap()),
        check: true,
        checked: None,
    };
    firm.pass(by, import).await
}

fn wrong(checked: &Imported) -> Vec<(i64, &str, &str)> {
    checked.wrong.iter().map(|cell| (cell.row, cell.column.as_str(), cell.what.as_str())).collect()
}

async fn basic_2_an_import_is_held_to_the_rules_of_each_matter(firm: Firm) {
    let code = "2026-014";
    // Whoever may not know of the matter hears nothing of it, by code or by default.
    let table = format!("name,matter\na,{code}\nb,nothing\n");
    let told = check(&firm, &firm.outsider, &table).await.unwrap();
    let no = "there is no such matter";
    assert_eq!(wrong(&told), [(2, "matter", no), (3, "matter", no)]);
    // A guest imports nothing at all.
    assert!(check(&firm, &firm.guest, &table).await.is_err());
    // On the matter, but not its custodian: nobody else is named, and no class above one's own is given.
    let table = "name,class,custodian\na,internal,hana\nb,top_secret,\nc,secret,ken\n";
    let told = check(&firm, &firm.staff, table).await.unwrap();
    let rules = "the rules do not let you bring material of this class into this matter";
    let names = "only the custodian names another: leave it out, and ask for a hand-over";
    assert_eq!(wrong(&told), [(3, "matter", rules), (4, "custodian", names)]);
    // The custodian names who may handle it, and nobody else.
    let table = "name,class,custodian\na,secret,ken\nb,top_secret,ken\nc,internal,guest-a\n";
    let told = check(&firm, &firm.custodian, table).await.unwrap();
    assert_eq!(
        wrong(&told),
        [
            (3, "custodian", "the material is above this person's clearance"),
            (4, "custodian", "nobody in the register is called that")
        ]
    );
    // Everything that is wrong with a row is told at once; what comes twice too.
    let table = "name,form,kind,taken,place\nx/y,papyrus,gift,2099-01-01,\nz,紙,貸与,,\nq,,,,\nq,,,,\n";
    let told = check(&firm, &firm.custodian, table).await.unwrap();
    assert_eq!(
        wrong(&told),
        [
            (2, "kind", "say lent, communication, work or deliverable"),
            (2, "form", "say electronic or tangible"),
            (2, "name", "a name must not hold the character U+002F"),
            (2, "taken", "this day has not come yet"),
            (3, "place", "say where it is kept"),
            (5, "name", "the same name in the same place stands in row 4")
        ]
    );
    assert_eq!((told.rows, told.items, told.wrong_rows), (4, 0, 3));
    for (table, what) in [
        ("name,colour\na,red\n", "there is no column \"colour\""),
        ("name,name\na,b\n", "twice"),
        ("", "no row of heads"),
    ] {
        let error = check(&firm, &firm.custodian, table).await.unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
    // Days as the firm writes them; one that has passed may be due, and is overdue.
    let import = ImportItems {
        table: "name,taken,due\nold,令和8年4月1日,2026/5/1\nnew,,\n".to_owned(),
        matter: Some(firm.matter),
        class: Some("internal".to_owned()),
        kind: Some(kura::custody::Kind::Work),
        form: Some(kura::custody::Form::Electronic),
        source: Some("made here".parse().unwrap()),
        check: false,
        checked: None,
    };
    let done = firm.pass(&firm.custodian, import).await.unwrap();
    assert_eq!((done.rows, done.items), (2, 2));
    let list = List { due: Some("2026-11-24".to_owned()), ..List::default() };
    let due = firm.pass(&firm.custodian, list).await.unwrap();
    assert_eq!(due.items.len(), 1);
    let old = firm.pass(&firm.custodian, Show { item: due.items[0].item }).await.unwrap();
    assert!(old.taken.starts_with("2026-04-01") && old.due.starts_with("2026-05-01"), "{old:?}");
}
