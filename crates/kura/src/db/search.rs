//! Search by text: over an item's name, place and source, as somebody types, in Japanese and English.
//!
//! What is sought is kept beside each item in one form (Unicode NFKC, lower case), so that half-width and full-width,
//! capitals and small letters are the same. An index of letter pairs (bigrams) narrows a million items to the few that can
//! hold a text; the text itself is then compared, so that an answer is exact. In SQLite the index is an FTS5 table without
//! content, in PostgreSQL an inverted index over the pairs: the one place where the engines are told apart.
//!
//! What is erased leaves the index with its item: SQLite's is told to overwrite what it deletes.

use sqlx::{AnyConnection, Executor as _, Row as _};
use unicode_normalization::UnicodeNormalization as _;

use super::Engine;
use super::compose::{Composed, Value, holding};
use crate::error::Result;

/// Texts that no more items than this may hold are sought by the index; what more hold is soon found by looking through.
const RARE: i64 = 3_000;
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

/// The letter pairs of a text, each once, as the index knows them.
fn pairs(text: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for pair in letters.windows(2) {
            // In hexadecimal no engine's own idea of words and letters comes in between.
            pairs.push(hex::encode(pair.iter().collect::<String>()));
        }
    }
    pairs.sort();
    pairs.dedup();
    pairs
}

/// Makes the index, and takes in what an earlier version left out of it.
pub async fn prepare(connection: &mut AnyConnection, engine: Engine) -> Result<()> {
    let there = match engine {
        Engine::Sqlite => "select count(*) from sqlite_master where name = 'item_text'",
        Engine::Postgres => "select count(*) from information_schema.tables where table_name = 'item_text'",
    };
    let (there,): (i64,) = sqlx::query_as(there).fetch_one(&mut *connection).await?;
    let statements: &[&'static str] = match engine {
        _ if there > 0 => &[],
        Engine::Sqlite => &[
            "create virtual table item_text using fts5(pairs, content='', detail=none)",
            "insert into item_text (item_text, rank) values ('secure-delete', 1)",
        ],
        Engine::Postgres => &[
            "create table item_text (number bigint primary key, pairs text not null)",
            "create index item_text_pairs on item_text using gin (string_to_array(pairs, ' '))",
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
        Engine::Sqlite => "insert into item_text (rowid, pairs) values ($1, $2)",
        Engine::Postgres => "insert into item_text (number, pairs) values ($1, $2)",
    };
    sqlx::query(insert).bind(number).bind(pairs(sought).join(" ")).execute(connection).await?;
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
            sqlx::query("insert into item_text (item_text, rowid, pairs) values ('delete', $1, $2)")
                .bind(number)
                .bind(pairs(&sought).join(" "))
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
    words: Vec<String>,
    pairs: Vec<String>,
}

/// Where the items are that may hold a text.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// Anywhere: many hold it.
    Anywhere,
    /// Among those of the index: add this to the statement's `from`, in place of `item i`.
    Index(&'static str, Value),
}

impl Text {
    /// A text as somebody typed it.
    pub(crate) fn of(text: &str) -> Self {
        let plain = plain(text);
        Self { pairs: pairs(&plain), words: plain.split_whitespace().map(ToOwned::to_owned).collect() }
    }

    /// The condition on `item i` that it holds every word.
    pub(crate) fn condition(&self) -> (String, Vec<Value>) {
        let sql = vec!["i.sought like {} escape '\\'"; self.words.len()].join(" and ");
        let values = self.words.iter().map(|word| Value::Text(holding(word))).collect();
        (if sql.is_empty() { "1=1".to_owned() } else { sql }, values)
    }

    /// Where to look for it.
    pub(crate) async fn place(&self, connection: &mut AnyConnection, engine: Engine) -> Result<Place> {
        if self.pairs.is_empty() {
            return Ok(Place::Anywhere);
        }
        let pairs = Value::Text(self.pairs.join(" "));
        let (count, from) = match engine {
            Engine::Sqlite => (
                "select count(*) from (select rowid from item_text where item_text match {} limit {}) found",
                // The order of a cross join is SQLite's too: from the few in the index to their rows.
                "(select rowid as number from item_text where item_text match {}) hit \
                 cross join item i on i.number = hit.number",
            ),
            Engine::Postgres => (
                "select count(*) from (select number from item_text \
                 where string_to_array(pairs, ' ') @> string_to_array({}, ' ') limit {}) found",
                "(select number from item_text where string_to_array(pairs, ' ') @> string_to_array({}, ' ')) hit \
                 join item i on i.number = hit.number",
            ),
        };
        let mut composed = Composed::default();
        composed.push(count, &[pairs.clone(), Value::Long(RARE + 1)]);
        let rows = composed.fetch(connection).await?;
        let found: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
        Ok(if found > RARE { Place::Anywhere } else { Place::Index(from, pairs) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_and_case_are_one() {
        assert_eq!(plain("ＫＵＲＡ ｶﾌﾞｼｷ ㈱"), "kura カブシキ (株)");
        assert_eq!(Text::of(" 見積　Ken "), Text::of("見積 ken"));
        assert_eq!(Text::of("見積書").pairs, pairs("積書 見積"));
        assert_eq!(Text::of("見積書").pairs.len(), 2);
        assert!(Text::of("a b").pairs.is_empty());
    }

    #[test]
    fn the_condition_has_a_value_for_each_word() {
        let (sql, values) = Text::of("50% 見積").condition();
        assert_eq!(sql, "i.sought like {} escape '\\' and i.sought like {} escape '\\'");
        assert_eq!(values, [Value::Text("%50\\%%".to_owned()), Value::Text("%見積%".to_owned())]);
        assert_eq!(Text::of(" ").condition(), ("1=1".to_owned(), vec![]));
    }
}
