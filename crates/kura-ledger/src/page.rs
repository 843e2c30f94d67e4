//! A statement as a page that prints on A4: what a firm or its client files on paper.
//!
//! It shows what was verified and says how to verify it again. It is one file of HTML without script or
//! anything from elsewhere, in Japanese and English side by side.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::statement::{Kind, Verified, digest};

const STYLE: &str = "\
@page{size:A4;margin:18mm}\
body{font:14px/1.6 'Noto Sans JP','Hiragino Sans','BIZ UDPGothic','Yu Gothic UI',system-ui,sans-serif;\
color:#1a1a1a;background:#fff;max-width:174mm;margin:2rem auto;padding:0 1rem}\
h1{font-size:28px;margin:0 0 .25rem;text-wrap:balance}h1 small{display:block;font-size:16px;color:#4d4d4d}\
h2{font-size:18px;margin:1.5rem 0 .5rem;break-after:avoid}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
th,td{border:1px solid #b3b3b3;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{background:#f2f2f2;font-weight:600}th small{display:block;font-weight:400;color:#4d4d4d}\
table.fields>tbody>tr>th{width:30%}tr{break-inside:avoid}\
footer{margin-top:2rem;border-top:2px solid #1a1a1a;padding-top:.75rem;font-size:12px}\
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}";

/// Names of what a statement holds: key, Japanese, English.
const LABELS: &[(&str, &str, &str)] = &[
    ("firm", "お預かりした会社", "Firm"),
    ("party", "委託者", "Consignor"),
    ("matter", "案件", "Matter"),
    ("item", "資料", "Item"),
    ("items", "資料の一覧", "Items"),
    ("id", "番号", "Id"),
    ("code", "案件番号", "Code"),
    ("name", "名称", "Name"),
    ("kind", "種別", "Kind"),
    ("form", "形態", "Form"),
    ("place", "保管場所", "Place"),
    ("class", "機密区分", "Class"),
    ("state", "状態", "State"),
    ("size", "大きさ（バイト）", "Size (bytes)"),
    ("sha256", "SHA-256", "SHA-256"),
    ("source", "受領の経緯", "Source"),
    ("custodian", "管理責任者", "Custodian"),
    ("taken", "預かった日時", "Taken into custody"),
    ("return_by", "返却期限", "Return by"),
    ("due", "期限", "Due"),
    ("basis", "根拠", "Basis"),
    ("purpose", "目的", "Purpose"),
    ("open", "継続中", "Open"),
    ("versions", "版", "Versions"),
    ("number", "版の番号", "Version"),
    ("confirmed_by", "受領を確認した方", "Confirmed by"),
    ("confirmed_in_kura", "委託者自身による確認", "Confirmed by the consignor's own guest"),
    ("returned", "返却の日時", "Returned"),
    ("erased", "消去の日時", "Erased"),
    ("keys_destroyed", "破壊した鍵", "Keys destroyed"),
    ("keyring_copies", "鍵束の複製", "Copies of the keyring"),
    ("without_the_key", "鍵を含まないもの", "Without the key"),
    ("not_reached", "届かなかったもの", "Not reached"),
    ("copies", "複製・持出し", "Copies"),
    ("holder", "保持者", "Holder"),
    ("manner", "方法", "Manner"),
    ("gone", "廃棄の日時", "Gone"),
    ("derivatives", "二次的資料", "Derivatives"),
    ("relation", "関係", "Relation"),
    ("transmissions", "伝達", "Transmissions"),
    ("to", "宛先", "To"),
    ("sent", "伝達の日時", "Sent"),
    ("limits", "範囲", "Limits"),
    ("holds", "保全措置", "On hold"),
    ("copies_out", "手元にある複製", "Copies out"),
    ("copies_gone", "廃棄済みの複製", "Copies gone"),
    ("made_from", "原本", "Made from"),
    ("statements", "発行した証書", "Statements"),
    ("made", "発行の日時", "Made"),
    ("clause", "条項", "Clause"),
    ("ja", "日本語", "In Japanese"),
    ("en", "英語", "In English"),
    ("text_ja", "条文", "Text in Japanese"),
    ("text_en", "条文（英語）", "Text in English"),
    ("version", "方針の版", "Version of the policy"),
    ("pack", "版のダイジェスト", "Digest of the version"),
    ("from", "期間の始め", "From"),
    ("until", "期間の終わり", "Until"),
    ("rules", "規則", "Rules"),
    ("rule", "規則", "Rule"),
    ("permits", "許可する規則", "Permits"),
    ("refused", "拒否した回数", "Refused"),
    ("duties", "義務", "Duties"),
    ("duty", "義務", "Duty"),
    ("office", "役職", "Office"),
    ("occurrences", "履行", "Times"),
    ("scheduled_on", "予定日", "Scheduled on"),
    ("last_day", "期限", "Last day"),
    ("late", "遅れ", "Late"),
    ("done_on", "履行日", "Done on"),
    ("told", "内容", "Told"),
    ("population", "対象の数", "Looked at"),
    ("found", "対応を要する数", "Found"),
    ("event", "記録の番号", "Record"),
    ("acts", "裁定・例外・指摘事項", "Rulings, exceptions, findings"),
    ("at", "日時", "When"),
    ("operation", "操作", "Operation"),
    ("said", "記載", "Said"),
    ("question", "問い", "Question"),
    ("words", "解釈", "Words"),
    ("about", "対象", "About"),
    ("reason", "理由", "Reason"),
    ("measure", "代替措置", "Compensating measure"),
    ("grade", "程度", "Grade"),
    ("cause", "原因", "Root cause"),
    ("correction", "修正", "Correction"),
    ("corrective", "是正処置", "Corrective action"),
    ("supersedes", "差し替えた裁定", "Supersedes"),
    ("effect", "有効性", "Effectiveness"),
];

/// Words that a statement holds under a name: name, word, Japanese, English. The classes are the model policy's;
/// a firm's own stand as they are.
const WORDS: &[(&str, &str, &str, &str)] = &[
    ("form", "electronic", "電子", "electronic"),
    ("form", "tangible", "有体物", "tangible"),
    ("class", "top_secret", "極秘", "Top secret"),
    ("class", "secret", "秘", "Secret"),
    ("class", "internal", "社外秘", "Internal"),
    ("class", "limited", "限定公開", "Limited"),
    ("class", "public", "公開", "Public"),
    ("kind", "lent", "貸与資料", "lent"),
    ("kind", "derivative", "二次的資料", "derivative"),
    ("kind", "communication", "通信", "communication"),
    ("kind", "work", "作業資料", "work"),
    ("kind", "deliverable", "成果物", "deliverable"),
    ("kind", "receipt", "預り証", "receipt"),
    ("kind", "counter-receipt", "受領確認書", "counter-receipt"),
    ("kind", "certificate", "消去証明書", "certificate"),
    ("kind", "report", "報告", "report"),
    ("state", "held", "お預かり中", "held"),
    ("state", "returning", "返却手続中", "being returned"),
    ("state", "confirmed", "受領確認済み", "confirmed"),
    ("state", "returned", "返却済み", "returned"),
    ("state", "erasing", "消去中", "being erased"),
    ("state", "erased", "消去済み", "erased"),
    ("state", "open", "未履行", "to be done"),
    ("state", "reported", "立会い待ち", "waits for a witness"),
    ("state", "done", "履行済み", "done"),
    ("state", "withdrawn", "取下げ", "withdrawn"),
    ("source", "system", "システムによる証跡", "found by the program"),
    ("source", "witnessed", "立会いのある証跡", "witnessed"),
    ("source", "declared", "本人の申告", "declared"),
    ("grade", "major", "重大な不適合", "major"),
    ("grade", "minor", "軽微な不適合", "minor"),
    ("grade", "observation", "観察事項", "observation"),
    ("effect", "effective", "有効", "effective"),
    ("effect", "ineffective", "有効でない", "ineffective"),
    ("operation", "give_ruling", "解釈裁定", "ruling"),
    ("operation", "confirm_ruling", "解釈裁定の確認", "ruling confirmed"),
    ("operation", "grant_exception", "例外の承認", "exception"),
    ("operation", "end_exception", "例外の終了", "exception ended"),
    ("operation", "raise_finding", "指摘", "finding"),
    ("operation", "answer_finding", "指摘への回答", "finding answered"),
    ("operation", "assign_finding", "指摘の担当替え", "finding given to another"),
    ("operation", "complete_action", "是正処置の完了", "corrective action done"),
    ("operation", "check_effectiveness", "有効性の確認", "effectiveness checked"),
    ("relation", "copy", "複製", "copy"),
    ("relation", "summary", "要約", "summary"),
    ("relation", "other", "その他", "other"),
    ("manner", "download", "持出し", "taken out"),
    ("manner", "transmission", "伝達", "transmitted"),
];

fn titles(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Receipt => ("預り証", "Receipt"),
        Kind::CounterReceipt => ("受領確認書", "Counter-receipt"),
        Kind::Certificate => ("消去証明書", "Certificate of erasure"),
        Kind::Report => ("預り資料報告書", "Report on material in custody"),
        Kind::Evidence => ("条項の証跡", "Evidence for a clause"),
    }
}

/// Text that cannot become markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Marks that turn the reading direction would let one name pass for another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn label(key: &str) -> String {
    match LABELS.iter().find(|(name, ..)| *name == key) {
        Some((_, ja, en)) => format!("{ja}<small>{en}</small>"),
        None => escaped(key),
    }
}

/// Tables within tables at most; what is deeper is shown as it is written.
const DEEPEST: usize = 6;

fn value(found: &Value, deep: usize) -> String {
    match found {
        Value::Null => "—".to_owned(),
        Value::Bool(true) => "はい<small> / yes</small>".to_owned(),
        Value::Bool(false) => "いいえ<small> / no</small>".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "—".to_owned(),
        Value::String(text) => escaped(text),
        other if deep == 0 => escaped(&other.to_string()),
        Value::Array(list) if list.is_empty() => "なし<small> / none</small>".to_owned(),
        Value::Array(list) => match list.iter().map(Value::as_object).collect::<Option<Vec<_>>>() {
            Some(rows) => table(&rows, deep - 1),
            None => list.iter().map(|one| value(one, deep - 1)).collect::<Vec<_>>().join("<br>"),
        },
        Value::Object(map) => fields(map, deep - 1),
    }
}

/// What stands under a name.
fn named(key: &str, found: &Value, deep: usize) -> String {
    let word = found.as_str().and_then(|text| WORDS.iter().find(|word| (word.0, word.1) == (key, text)));
    match word {
        Some((_, _, ja, en)) => format!("{ja}<small> / {en}</small>"),
        None => value(found, deep),
    }
}

fn fields(map: &Map<String, Value>, deep: usize) -> String {
    let rows: String = map
        .iter()
        .map(|(key, found)| {
            format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", label(key), named(key, found, deep))
        })
        .collect();
    format!("<table class=\"fields\"><tbody>{rows}</tbody></table>")
}

fn table(rows: &[&Map<String, Value>], deep: usize) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for key in rows.iter().flat_map(|row| row.keys()) {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    // Too many columns for a page: one table of fields for each.
    if keys.len() > 6 {
        return rows.iter().map(|row| fields(row, deep)).collect::<Vec<_>>().join("<br>");
    }
    let head: String = keys.iter().map(|key| format!("<th scope=\"col\">{}</th>", label(key))).collect();
    let body: String = rows
        .iter()
        .map(|row| {
            let cells: String = keys
                .iter()
                .map(|key| format!("<td>{}</td>", named(key, row.get(*key).unwrap_or(&Value::Null), deep)))
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    format!("<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
}

/// The page of a statement that was verified. `text` is the statement's own text.
pub fn page(found: &Verified, text: &str) -> String {
    let statement = &found.statement;
    let (ja, en) = titles(statement.kind);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{ja} / {en} {id}</title><style>{STYLE}</style></head><body><main>\
         <h1>{ja}<small lang=\"en\">{en}</small></h1><p>{id}<br>{at}</p>",
        id = escaped(&statement.id),
        at = escaped(&statement.at),
    );
    match &statement.body {
        // The entries of evidence are for the program that verifies them; what they say stands above them.
        Value::Object(map) if statement.kind == Kind::Evidence => {
            let mut map = map.clone();
            map.retain(|key, _| !["entries", "checkpoint"].contains(&key.as_str()));
            page.push_str(&fields(&map, DEEPEST));
        }
        Value::Object(map) => page.push_str(&fields(map, DEEPEST)),
        other => page.push_str(&value(other, DEEPEST)),
    }
    if !statement.histories.is_empty() {
        page.push_str("<h2>経過<small> / History</small></h2>");
        for history in &statement.histories {
            let _ = write!(
                page,
                "<table><thead><tr><th colspan=\"4\">{}</th></tr><tr><th scope=\"col\">台帳番号<small>Entry</small>\
                 </th><th scope=\"col\">日時<small>When</small></th><th scope=\"col\">操作<small>Operation</small>\
                 </th><th scope=\"col\">結果<small>Outcome</small></th></tr></thead><tbody>",
                escaped(&history.item)
            );
            for record in &history.records {
                let Ok(leaf) = crate::leaf::Leaf::parse(record.leaf.as_bytes()) else { continue };
                let outcome = match leaf.outcome {
                    crate::leaf::Outcome::Done => "実施<small> / done</small>",
                    crate::leaf::Outcome::Refused => "拒否<small> / refused</small>",
                };
                let _ = write!(
                    page,
                    "<tr><td>{}</td><td>{}</td><td>{}</td><td>{outcome}</td></tr>",
                    record.index,
                    escaped(&leaf.at),
                    escaped(&leaf.operation)
                );
            }
            page.push_str("</tbody></table><br>");
        }
    }
    let command = match statement.kind {
        Kind::Receipt | Kind::CounterReceipt => "receipt",
        other => other.name(),
    };
    let _ = writeln!(
        page,
        "<footer><p>台帳 <code>{origin}</code> の {index} 番に記録（{size} 件中）。SHA-256 <code>{hash}</code><br>\
         <span lang=\"en\">Recorded as entry {index} of {size} in the ledger {origin}.</span></p>\
         <p>検証<span lang=\"en\"> / To verify</span>: <code>kura-verify {command} --log-key KEY FILE</code></p></footer>\
         </main></body></html>",
        origin = escaped(&found.checkpoint.origin),
        index = found.index,
        size = found.checkpoint.size,
        hash = digest(text),
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::statement::Statement;

    fn found(body: Value) -> Verified {
        Verified {
            statement: Statement {
                kind: Kind::Receipt,
                id: "s1".into(),
                origin: "example.com/ledger".into(),
                at: "2026-11-23T00:00:00Z".into(),
                items: vec![],
                body,
                histories: vec![],
            },
            index: 3,
            leaf_hash: String::new(),
            checkpoint: Checkpoint { origin: "example.com/ledger".into(), size: 9, root: [0; 32] },
            new_key: None,
        }
    }

    #[test]
    fn nothing_in_a_statement_becomes_markup() {
        let body = serde_json::json!({
            "firm": "<script>alert(1)</script>", "\"><b>": "x' onload='y", "items": [{ "name": "a&b" }],
            "place": "txt.\u{202e}exe",
        });
        let page = page(&found(body), "text");
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("onload='"));
        assert!(page.contains("&lt;script&gt;") && page.contains("a&amp;b") && !page.contains('\u{202e}'));
        assert!(page.contains("預り証") && page.contains("お預かりした会社"));
    }

    #[test]
    fn a_deep_statement_is_shown_and_does_not_overflow() {
        let mut deep = serde_json::json!("x");
        for _ in 0..100 {
            deep = serde_json::json!({ "item": deep });
        }
        let page = page(&found(deep), "text");
        assert!(page.matches("<table").count() <= DEEPEST + 1);
    }
}
