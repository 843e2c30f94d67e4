//! Which columns of a firm's own ledger (情報資産管理台帳) say what: guessed from what they are called, and put into the
//! table that [`super::import_items`] reads.

use super::import_rows::COLUMNS;
use crate::error::{Error, Result};
use crate::table::Table;

/// For each column of an import the column of the table that says it.
pub(crate) type Mapping = [Option<usize>; COLUMNS.len()];

/// What ledgers call each column, the likeliest first.
const HEADS: [&[&str]; COLUMNS.len()] = [
    &[
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
    &["class", "機密区分", "機密レベル", "機密性", "重要度", "classification", "区分"],
    &["matter", "案件コード", "案件番号", "案件", "プロジェクト", "契約番号", "project"],
    &["custodian", "管理責任者", "保管責任者", "責任者", "管理者", "担当者", "owner"],
    &["kind", "種別", "種類", "分類"],
    &["form", "媒体", "保存形態", "保管形態", "形態", "形式", "medium"],
    &["place", "保管場所", "保存場所", "保存先", "格納場所", "所在", "location"],
    &["source", "入手元", "取得元", "受領元", "委託元", "入手経路", "根拠", "備考"],
    &["taken", "受領日", "取得日", "入手日", "預り日", "預かり日", "登録日", "received"],
    &["due", "返却期限", "保存期限", "保管期限", "廃棄予定日", "返却予定日", "期限", "return_by"],
];

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

/// The mapping that a table's heads suggest. No column of the table says two things.
pub(crate) fn guess(head: &[String]) -> Mapping {
    let heads: Vec<String> = head.iter().map(|head| plain(head)).collect();
    let mut taken = vec![false; heads.len()];
    let mut mapping = Mapping::default();
    // What is called exactly so goes before what only holds the word.
    let fits: [fn(&str, &str) -> bool; 2] = [|head, word| head == word, |head, word| head.contains(word)];
    for fits in fits {
        for (column, words) in HEADS.iter().enumerate() {
            if mapping[column].is_some() {
                continue;
            }
            let found = words.iter().find_map(|word| {
                heads.iter().enumerate().position(|(at, head)| !taken[at] && fits(head, word))
            });
            if let Some(at) = found {
                taken[at] = true;
                mapping[column] = Some(at);
            }
        }
    }
    mapping
}

/// The table of an import, each row where it stands in the file, so that what is told of a row fits the file. Words for
/// classes are read as the classes that they mean.
pub(crate) fn put(
    table: &Table,
    mapping: &Mapping,
    class: impl Fn(&str) -> Option<String>,
) -> Result<String> {
    let mut text = "\n".repeat(table.head_row - 1);
    let used: Vec<(usize, usize)> =
        mapping.iter().enumerate().filter_map(|(column, at)| at.map(|at| (column, at))).collect();
    let line = |cells: Vec<String>| -> Result<String> {
        // Quoted throughout: what stands in a cell is never taken for what parts cells.
        let mut writer =
            csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(&cells).map_err(Error::internal)?;
        let bytes = writer.into_inner().map_err(Error::internal)?;
        String::from_utf8(bytes).map_err(Error::internal)
    };
    // Two columns at least make a table: an empty one besides changes nothing.
    let spare = (used.len() < 2).then(|| COLUMNS.iter().position(|column| *column == "due")).flatten();
    let heads = used.iter().map(|(column, _)| *column).chain(spare);
    text.push_str(&line(heads.map(|column| COLUMNS[column].to_owned()).collect())?);
    let mut number = table.head_row;
    for row in &table.rows {
        let cell = |(column, at): &(usize, usize)| {
            let said = row.cells.get(*at).cloned().unwrap_or_default();
            if COLUMNS[*column] == "class" { class(&said).unwrap_or(said) } else { said }
        };
        let cells = used.iter().map(cell).chain(spare.map(|_| String::new())).collect();
        text.push_str(&"\n".repeat(row.number - number - 1));
        text.push_str(&line(cells)?);
        number = row.number;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;

    #[test]
    fn a_ledger_in_japanese_is_understood() {
        let head = [
            "No.",
            "情報資産名称",
            "機密区分",
            "管理 責任者",
            "媒体",
            "保管場所",
            "案件番号",
            "返却期限（予定）",
        ];
        let mapping = guess(&head.map(ToOwned::to_owned));
        let named: Vec<_> =
            COLUMNS.iter().zip(mapping).filter_map(|(name, at)| at.map(|at| (*name, at))).collect();
        assert_eq!(
            named,
            [
                ("name", 1),
                ("class", 2),
                ("matter", 6),
                ("custodian", 3),
                ("form", 4),
                ("place", 5),
                ("due", 7)
            ]
        );
    }

    #[test]
    fn rows_keep_their_numbers() {
        let file = "台帳\n\n番号,名称,区分\n1,\"a,\nb\",秘\n\n2,c,部外秘\n";
        let read = table::read(file.as_bytes()).unwrap();
        let class = |word: &str| (word == "部外秘").then(|| "limited".to_owned());
        let text = put(&read, &guess(&read.head), class).unwrap();
        let again = table::read(text.as_bytes()).unwrap();
        assert_eq!((again.head_row, &again.head), (3, &vec!["name".to_owned(), "class".to_owned()]));
        let numbers: Vec<usize> = again.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, read.rows.iter().map(|row| row.number).collect::<Vec<_>>());
        assert_eq!(again.rows[0].cells, ["a,\nb", "秘"]);
        assert_eq!(again.rows[1].cells, ["c", "limited"]);
    }

    #[test]
    fn what_parts_cells_elsewhere_parts_none_here() {
        let read = table::read("名称\t保管場所\t区分\na\t棚1;2段;左;奥\t秘\n".as_bytes()).unwrap();
        let again = table::read(put(&read, &guess(&read.head), |_| None).unwrap().as_bytes()).unwrap();
        assert_eq!(again.rows[0].cells, ["a", "秘", "棚1;2段;左;奥"]);
    }

    #[test]
    fn one_column_is_a_table_too() {
        let read = table::read("番号,名称\n1,a\n2,b\n".as_bytes()).unwrap();
        let text = put(&read, &guess(&read.head), |_| None).unwrap();
        assert_eq!(table::read(text.as_bytes()).unwrap().rows.len(), 2);
    }
}
