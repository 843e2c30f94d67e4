//! Search by text: exact, in every width and case, of what one may know of only; and what is erased is in no index.

use kura::custody::import_items::ImportItems;
use kura::custody::list::List;
use kura::db::Engine;
use kura::door::Actor;
use kura::id::ItemId;
use sqlx::Row as _;
use unicode_normalization::UnicodeNormalization as _;

use crate::both;
use crate::firm::Firm;

both! {
    std_3_2_a_search_finds_what_holds_the_words_and_one_may_know_of
    std_3_5_an_erased_name_is_in_no_index
}

async fn found(firm: &Firm, by: &Actor, text: &str) -> Vec<String> {
    let list = List { name: Some(text.to_owned()), limit: Some(500), count: true, ..List::default() };
    let listed = firm.pass(by, list).await.unwrap();
    assert_eq!(listed.count, Some(listed.items.len() as i64), "{text}");
    listed.items.into_iter().map(|line| line.name).collect()
}

fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

async fn std_3_2_a_search_finds_what_holds_the_words_and_one_may_know_of(firm: Firm) {
    let kinds =
        ["見積書", "設計図面", "業務フロー一覧", "議事録", "Contract", "ｺｽﾄ試算", "ＮＤＡ契約", "100%_確認"];
    let mut table = "name,place,class\n".to_owned();
    for number in 0..320 {
        let kind = kinds[number % kinds.len()];
        let class = if number % 5 == 0 { "top_secret" } else { "internal" };
        table.push_str(&format!("{kind} 第{number}号,書庫{}番,{class}\n", number % 13));
    }
    let import = ImportItems {
        table,
        matter: Some(firm.matter),
        class: None,
        kind: None,
        form: Some(kura::custody::Form::Electronic),
        source: Some("委託者から受領".parse().unwrap()),
        check: false,
        checked: None,
    };
    firm.pass(&firm.custodian, import).await.unwrap();
    let all = found(&firm, &firm.custodian, "").await;
    assert_eq!(all.len(), 320);
    for text in [
        "見積",
        "積書",
        "書",
        "見積書 第8号",
        "第8号 見積書",
        "設計 図面",
        "図面設計",
        "コスト",
        "ｺｽﾄ",
        "こすと",
        "nda",
        "ＮＤＡ",
        "CONTRACT",
        "tract",
        "100%",
        "%",
        "_",
        "0%_",
        "書庫1番",
        "受領",
        "無い言葉",
        "第31",
        "1",
        "\\",
        "'",
        "\" OR 1=1",
        "*",
        "見積書 AND 議事録",
        "NOT 見積",
    ] {
        let expected: Vec<&String> = all
            .iter()
            .filter(|name| {
                let number: usize = name.split('第').nth(1).unwrap().trim_end_matches('号').parse().unwrap();
                let sought = plain(&format!("{name}\n書庫{}番\n委託者から受領", number % 13));
                plain(text).split_whitespace().all(|word| sought.contains(word))
            })
            .collect();
        assert_eq!(found(&firm, &firm.custodian, text).await.iter().collect::<Vec<_>>(), expected, "{text}");
    }
    // An intern finds nothing of what is top secret, and nobody who is not on the matter finds anything.
    let secret = found(&firm, &firm.custodian, "第5号").await;
    assert_eq!(secret, ["ｺｽﾄ試算 第5号"]);
    assert_eq!(found(&firm, &firm.intern, "第5号").await, Vec::<String>::new());
    assert_eq!(found(&firm, &firm.intern, "第6号").await, ["ＮＤＡ契約 第6号"]);
    assert_eq!(found(&firm, &firm.outsider, "見積").await, Vec::<String>::new());
    // A guest finds what is shared by its name, and learns nothing of where it is and came from by looking for that.
    firm.take(&firm.custodian, "internal", "共有資料.txt", b"x", true).await;
    assert_eq!(found(&firm, &firm.guest, "共有").await, ["共有資料.txt"]);
    assert_eq!(found(&firm, &firm.custodian, "handed over").await, ["共有資料.txt"]);
    assert_eq!(found(&firm, &firm.guest, "handed over").await, Vec::<String>::new());
    // Nobody looks for everything at once.
    let many = (0..30).map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ");
    let list = List { name: Some(many), ..List::default() };
    assert!(matches!(firm.pass(&firm.custodian, list).await, Err(kura::Error::Invalid { .. })));
}

/// All that the index holds, as text.
async fn index(firm: &Firm) -> String {
    let database = firm.open.door.database();
    let mut connection = database.connect().await.unwrap();
    let all = match database.engine() {
        Engine::Sqlite => "select hex(block) from item_text_data",
        Engine::Postgres => "select runs from item_text",
    };
    let rows = sqlx::query(all).fetch_all(&mut connection).await.unwrap();
    let texts: Vec<String> = rows.iter().map(|row| row.try_get(0).unwrap()).collect();
    texts.join("\n").to_lowercase()
}

async fn std_3_5_an_erased_name_is_in_no_index(firm: Firm) {
    let item = firm.take(&firm.custodian, "internal", "龍虎相搏計画.txt", b"x", false).await.item;
    let other = firm.take(&firm.custodian, "internal", "別の資料.txt", b"x", false).await.item;
    assert_eq!(found(&firm, &firm.custodian, "龍虎").await, ["龍虎相搏計画.txt"]);
    // In SQLite's index a pair is prefix-coded as the hexadecimal of its hexadecimal; its rare end is enough to look for.
    let rare = hex::encode("虎相");
    let kept = match firm.open.door.database().engine() {
        Engine::Sqlite => hex::encode(&rare[4..]),
        Engine::Postgres => rare,
    };
    assert!(index(&firm).await.contains(&kept));
    let erase = kura::custody::erase::Erase { item, reason: "no longer needed".parse().unwrap() };
    firm.pass(&firm.custodian, erase).await.unwrap();
    assert_eq!(found(&firm, &firm.custodian, "龍虎").await, Vec::<String>::new());
    assert!(!index(&firm).await.contains(&kept), "the index still holds what was erased");

    // An index that an earlier version did not have is made when the program starts.
    let database = firm.open.door.database();
    let mut connection = database.connect().await.unwrap();
    sqlx::query("drop table item_text").execute(&mut connection).await.unwrap();
    sqlx::query("update item set number = 0, sought = ''").execute(&mut connection).await.unwrap();
    drop(connection);
    let firm = firm.restart().await;
    assert_eq!(found(&firm, &firm.custodian, "別の").await, ["別の資料.txt"]);
    assert_eq!(found(&firm, &firm.custodian, "龍虎").await, Vec::<String>::new());
    let _: ItemId = other;
}
