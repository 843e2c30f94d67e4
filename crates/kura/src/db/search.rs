//! Search by text: over an item's name, place and source, as somebody types, in Japanese and English.
//!
//! What is sought is kept beside each item in one form (Unicode NFKC, lower case), so that half-width and full-width,
//! capitals and small letters are the same. An index of runs of two and of three letters narrows a million items to the few
//! that can hold a text; the text itself is then compared, so that an answer is exact. Pairs are for words of two letters,
//! of which Japanese has many; threes tell longer words apart. In SQLite the index is an FTS5 table without
//! content, in PostgreSQL an inverted index over the runs: the one place where the engines are told apart.
//!
//! What is erased leaves the index with its item: SQLite's is told to overwrite what it deletes.

use sqlx::{AnyConnection, Executor as _, Row as _};
use unicode_normalization::UnicodeNormalization as _;

use super::Engine;
use super::compose::{Composed, Value, holding};
use crate::error::{Error, Result};

/// Texts that no more items than this may hold are sought by the index; what more hold is soon found by looking through.
const RARE: i64 = 3_000;
/// The most words and letters that are looked for at once.
const MOST_WORDS: usize = 20;
const MOST_LETTERS: usize = 200;
/// Items that are indexed at once where an earlier version left them.
const AT_ONCE: i64 = 2_000;

/// A text in the one form in which it is sought.
pub(crate) fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// What is sought of an item.
pub(crate) fn sought(name: &str, place: &str, source: &str) -> String {
    plain(&[name, place, source].join("\n"))
}

/// The runs of so many letters of a text, each once, as the index knows them.
fn runs(text: &str, lengths: &[usize]) -> Vec<String> {
    let mut runs = Vec::new();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for run in lengths.iter().flat_map(|length| letters.windows(*length)) {
            // In hexadecimal no engine's own idea of words and letters comes in between.
            runs.push(hex::encode(run.iter().collect::<String>()));
        }
    }
    runs.sort();
    runs.dedup();
    runs
}

/// The runs of what is sought of an item.
fn indexed(sought: &str) -> String {
    runs(sought, &[2, 3]).join(" ")
}

/// The runs that an item with a text must have: of words of three letters and more, threes say all that pairs would.
fn needed(text: &str) -> Vec<String> {
    let mut needed: Vec<String> = text
        .split_whitespace()
        .flat_map(|word| runs(word, if word.chars().count() > 2 { &[3] } else { &[2] }))
        .collect();
    needed.sort();
    needed.dedup();
    needed
}

/// Makes the index, and takes in what an earlier version left out of it.
pub async fn prepare(connection: &mut AnyConnection, engine: Engine) -> Result<()> {
    let statements: &[&'static str] = match engine {
        Engine::Sqlite => &[
            "create virtual table if not exists item_text using fts5(runs, content='', detail=none)",
            // Said at each start: a first start that was cut off between the two leaves no index that keeps what is erased.
            "insert into item_text (item_text, rank) values ('secure-delete', 1)",
        ],
        Engine::Postgres => &[
            "create table if not exists item_text (number bigint primary key, runs text not null)",
            "create index if not exists item_text_runs on item_text using gin (string_to_array(runs, ' '))",
        ],
    };
    for statement in statements {
        connection.execute(*statement).await?;
    }
    loop {
        let rows = sqlx::query("select id, name, place, source from item where number = 0 limit $1")
            .bind(AT_ONCE)
            .fetch_all(&mut *connection)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        connection.execute("begin").await?;
        for row in rows {
            let text = |column: usize| row.try_get::<String, _>(column);
            add(connection, engine, &text(0)?, &sought(&text(1)?, &text(2)?, &text(3)?)).await?;
        }
        connection.execute("commit").await?;
    }
}

/// Takes an item into the index.
pub(crate) async fn add(
    connection: &mut AnyConnection,
    engine: Engine,
    item: &str,
    sought: &str,
) -> Result<()> {
    let row = sqlx::query(
        "update item set sought = $2, number = (select coalesce(max(number), 0) + 1 from item) \
         where id = $1 returning number",
    )
    .bind(item)
    .bind(sought)
    .fetch_one(&mut *connection)
    .await?;
    let number: i64 = row.try_get(0)?;
    let insert = match engine {
        Engine::Sqlite => "insert into item_text (rowid, runs) values ($1, $2)",
        Engine::Postgres => "insert into item_text (number, runs) values ($1, $2)",
    };
    sqlx::query(insert).bind(number).bind(indexed(sought)).execute(connection).await?;
    Ok(())
}

/// Takes an item out of the index: nothing of what it held is left there.
pub(crate) async fn remove(connection: &mut AnyConnection, engine: Engine, item: &str) -> Result<()> {
    let row = sqlx::query("select number, sought from item where id = $1")
        .bind(item)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else {
        return Ok(());
    };
    let (number, sought): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
    match engine {
        Engine::Sqlite => {
            // A table without content is told what it held.
            sqlx::query("insert into item_text (item_text, rowid, runs) values ('delete', $1, $2)")
                .bind(number)
                .bind(indexed(&sought))
                .execute(&mut *connection)
                .await?;
        }
        Engine::Postgres => {
            sqlx::query("delete from item_text where number = $1")
                .bind(number)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query("update item set sought = '' where id = $1").bind(item).execute(connection).await?;
    Ok(())
}

/// A text that is sought: all of its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// Where it is sought.
    column: &'static str,
    words: Vec<String>,
    runs: Vec<String>,
}

/// Where the items are that may hold a text.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// Anywhere: many hold it.
    Anywhere,
    /// Among those of the index.
    Index(Index),
}

/// The items of the index that may hold a text.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    /// What stands in a statement's `from`, in place of `item i`.
    pub(crate) from: &'static str,
    /// The runs that are sought: its parameter.
    pub(crate) runs: Value,
    /// How what comes after it is joined.
    pub(crate) joint: &'static str,
}

impl Text {
    /// A text as somebody typed it.
    ///
    /// # Errors
    /// It has more words or letters than anybody looks for.
    pub(crate) fn of(text: &str) -> Result<Self> {
        let plain = plain(text);
        let mut words: Vec<String> = plain.split_whitespace().map(ToOwned::to_owned).collect();
        words.sort();
        words.dedup();
        if words.len() > MOST_WORDS || plain.chars().count() > MOST_LETTERS {
            let told = format!("look for at most {MOST_WORDS} words and {MOST_LETTERS} letters");
            return Err(Error::invalid("name", told));
        }
        Ok(Self { column: "i.sought", runs: needed(&plain), words })
    }

    /// The same in the name alone: of the rest of what is sought not everybody is told.
    pub(crate) fn in_name(self) -> Self {
        Self { column: "lower(i.name)", runs: vec![], ..self }
    }

    /// The condition on `item i` that it holds every word.
    pub(crate) fn condition(&self) -> (String, Vec<Value>) {
        let holds = format!("{} like {{}} escape '\\'", self.column);
        let sql = vec![holds.as_str(); self.words.len()].join(" and ");
        let values = self.words.iter().map(|word| Value::Text(holding(word))).collect();
        (if sql.is_empty() { "1=1".to_owned() } else { sql }, values)
    }

    /// Where to look for it.
    pub(crate) async fn place(&self, connection: &mut AnyConnection, engine: Engine) -> Result<Place> {
        if self.runs.is_empty() {
            return Ok(Place::Anywhere);
        }
        let runs = Value::Text(self.runs.join(" "));
        let (count, from, joint) = match engine {
            Engine::Sqlite => (
                "select count(*) from (select rowid from item_text where item_text match {} limit {}) found",
                // The order of a cross join is SQLite's too: from the few in the index to their rows.
                "(select rowid as number from item_text where item_text match {}) hit \
                 cross join item i on i.number = hit.number",
                "cross join",
            ),
            Engine::Postgres => (
                "select count(*) from (select number from item_text \
                 where string_to_array(runs, ' ') @> string_to_array({}, ' ') limit {}) found",
                "(select number from item_text where string_to_array(runs, ' ') @> string_to_array({}, ' ')) hit \
                 join item i on i.number = hit.number",
                "join",
            ),
        };
        let mut composed = Composed::default();
        composed.push(count, &[runs.clone(), Value::Long(RARE + 1)]);
        let rows = composed.fetch(connection).await?;
        let found: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
        Ok(if found > RARE { Place::Anywhere } else { Place::Index(Index { from, runs, joint }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_are_one() {
        assert_eq!(plain("ＫＵＲＡ ｶﾌﾞｼｷ ㈱"), "kura カブシキ (株)");
        assert_eq!(Text::of(" 見積　Ken ").unwrap(), Text::of("見積 ken").unwrap());
        assert_eq!(Text::of("見積 設計図面").unwrap().runs, needed("設計図面 見積"));
        assert_eq!(Text::of("見積 設計図面").unwrap().runs.len(), 3);
        assert!(Text::of("a b").unwrap().runs.is_empty());
        let all = runs("設計図面 見積", &[2, 3]);
        assert!(all.len() == 6 && needed("設計図面 見積").iter().all(|run| all.contains(run)));
    }

    #[test]
    fn the_condition_has_a_value_for_each_word() {
        let (sql, values) = Text::of("50% 見積").unwrap().condition();
        assert_eq!(sql, "i.sought like {} escape '\\' and i.sought like {} escape '\\'");
        assert_eq!(values, [Value::Text("%50\\%%".to_owned()), Value::Text("%見積%".to_owned())]);
        assert_eq!(Text::of(" ").unwrap().condition(), ("1=1".to_owned(), vec![]));
        let name = Text::of("見積 見積").unwrap().in_name();
        assert_eq!(name.condition().0, "lower(i.name) like {} escape '\\'");
        assert!(name.runs.is_empty());
        assert!(Text::of(&"a b ".repeat(100)).is_err() && Text::of(&"長".repeat(201)).is_err());
        assert!(Text::of(&"a ".repeat(99)).is_ok());
    }
}
