//! Statements that are composed: text whose `{}` become `$1`, `$2` … in the order of the values. Text is made of
//! constants of this program only; whatever comes from outside is a value, and every value is bound.

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::error::Result;

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Long(i64),
}

/// A statement in the making.
#[derive(Default)]
pub(crate) struct Composed {
    sql: String,
    values: Vec<Value>,
}

impl Composed {
    /// Begins with this text, which has no parameters.
    pub(crate) fn new(text: &str) -> Self {
        Self { sql: text.to_owned(), values: Vec::new() }
    }

    /// Adds text with the values of its parameters.
    pub(crate) fn push(&mut self, text: &str, values: &[Value]) {
        let mut values = values.iter();
        let mut pieces = text.split("{}");
        self.sql.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            self.values.extend(values.next().cloned());
            self.sql.push_str(&format!("${}{piece}", self.values.len()));
        }
    }

    /// Adds that a row has this id, or a label that holds the text.
    pub(crate) fn called(&mut self, id: &str, label: &str, text: &str) {
        self.push(
            &format!(" and ({id} = {{}} or lower({label}) like lower({{}}) escape '\\')"),
            &[Value::Text(text.to_owned()), Value::Text(holding(text))],
        );
    }

    /// Adds the order, and how many rows at most; all when nothing is said.
    pub(crate) fn ordered(&mut self, by: &str, limit: Option<i64>) {
        self.push(&format!(" order by {by} limit {{}}"), &[Value::Long(limit.unwrap_or(i64::MAX))]);
    }

    /// The rows.
    pub(crate) async fn fetch(self, connection: &mut AnyConnection) -> Result<Vec<AnyRow>> {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(self.sql));
        for value in self.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Long(number) => query.bind(number),
            };
        }
        Ok(query.fetch_all(connection).await?)
    }
}

/// The pattern of `like … escape '\'` for what holds this text.
pub(crate) fn holding(text: &str) -> String {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}
