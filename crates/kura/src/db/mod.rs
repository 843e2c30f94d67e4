//! The database: SQLite encrypted with SQLCipher in the data folder, or PostgreSQL by URL.
//!
//! One SQL text serves both engines: lower case, `$1` parameters, the types text, bigint and blob only.
//! Statements stand in each capability's `store.rs`, in `rules/scope.rs` and here, nowhere else.
//! Statements are never logged: their values are confidential, and one of them is the key.

pub mod compose;
mod migrations;
pub mod search;
pub mod transaction;

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::future::BoxFuture;
use kura_vault::keys::Key;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::disk;
use crate::error::{Error, Result};

/// Which database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite with SQLCipher, in the data folder.
    Sqlite,
    /// PostgreSQL. Its columns are plain: the server's disk must be encrypted.
    Postgres,
}

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file in the data folder, encrypted with this key.
    File(PathBuf, Key),
    /// A PostgreSQL URL. It may hold a password and is never shown.
    Postgres(String),
}

/// Connections kept for reading: each is a thread, and more of them than cores only take turns.
const READERS: u32 = 4;

/// An open database.
#[derive(Clone)]
pub struct Database {
    engine: Engine,
    options: AnyConnectOptions,
    pragmas: Vec<String>,
    readers: AnyPool,
}

/// What to say of a database error: its class, never the statement or its values.
pub fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => match database.code() {
            Some(code) => match code.as_ref() {
                "13" | "53100" => "the disk is full: make room, then retry".to_owned(),
                "8" | "25006" => "the database is read-only: check the folder's permissions".to_owned(),
                "11" | "26" => "the database is damaged or the key is wrong: see `kura doctor`".to_owned(),
                "5" | "6" => "the database is locked by another program".to_owned(),
                other => format!("error {other}: {}", first_words(database.message())),
            },
            None => first_words(database.message()),
        },
        sqlx::Error::PoolTimedOut => "no connection became free in time".to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::ColumnDecode { index, source } => format!("column {index}: {source}"),
        other => first_words(&other.to_string()),
    }
}

/// Messages may quote values after the first line or colon; the beginning names the fault.
fn first_words(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().take(120).collect()
}

fn file_url(path: &Path) -> Result<String> {
    let text = path.to_str().ok_or_else(|| Error::internal("the data folder's path must be UTF-8"))?;
    // The driver takes the path from a URL: these three characters would end or change it.
    let text = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("sqlite://{text}?mode=rwc"))
}

impl Database {
    /// Opens the database, or makes it, and brings its tables to this program's version.
    ///
    /// # Errors
    /// A wrong key or a damaged file; a database newer than the program; a server that is away.
    pub async fn open(location: &Location) -> Result<Self> {
        let database = Self::at(location)?;
        database.migrate().await?;
        Ok(database)
    }

    /// The database as it stands: nothing is made and nothing is changed.
    pub fn at(location: &Location) -> Result<Self> {
        install_default_drivers();
        let (engine, url, pragmas) = match location {
            Location::File(path, key) => {
                let key = hex::encode(key.expose());
                let pragmas = vec![
                    format!("pragma key = \"x'{key}'\""),
                    "pragma temp_store = memory".to_owned(),
                    "pragma secure_delete = on".to_owned(),
                    "pragma journal_mode = wal".to_owned(),
                    "pragma synchronous = full".to_owned(),
                    // Each page that is not kept has to be deciphered again: 16 MiB a connection.
                    "pragma cache_size = -16384".to_owned(),
                ];
                (Engine::Sqlite, file_url(path)?, pragmas)
            }
            Location::Postgres(url) => (Engine::Postgres, url.clone(), vec![]),
        };
        let options: AnyConnectOptions = url
            .parse::<AnyConnectOptions>()
            .map_err(|_| Error::invalid("database", "not a database URL"))?
            .disable_statement_logging();
        let each = pragmas.clone();
        let readers = AnyPoolOptions::new()
            .max_connections(READERS)
            // A file does not go away; a server may have.
            .test_before_acquire(engine == Engine::Postgres)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(move |connection, _| {
                let each = each.clone();
                Box::pin(async move { prepare(connection, &each).await })
            })
            .connect_lazy_with(options.clone());
        Ok(Self { engine, options, pragmas, readers })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A connection of one's own, for the writer.
    pub async fn connect(&self) -> Result<AnyConnection> {
        let mut connection = AnyConnection::connect_with(&self.options).await?;
        prepare(&mut connection, &self.pragmas).await?;
        Ok(connection)
    }

    /// A connection for reading, from the pool.
    pub async fn reader(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Any>> {
        Ok(self.readers.acquire().await?)
    }

    /// Closes the readers' connections.
    pub async fn close(&self) {
        self.readers.close().await;
    }

    async fn migrate(&self) -> Result<()> {
        let mut connection = self.connect().await?;
        if self.engine == Engine::Postgres {
            // PostgreSQL calls a blob bytea; the name is taught to it once.
            let taught = "do $$ begin create domain blob as bytea; \
                          exception when duplicate_object then null; end $$";
            connection.execute(taught).await?;
        }
        let migrated = migrations::migrator().run(&mut connection).await;
        migrated.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => Error::conflict(format!(
                "the database is newer than this program (migration {version}): \
                 use the version of Kura that wrote it, or a later one"
            )),
            sqlx::migrate::MigrateError::Execute(error)
            | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Error::internal(other),
        })?;
        search::prepare(&mut connection, self.engine).await?;
        connection.close().await?;
        Ok(())
    }
}

/// The database's size in bytes.
pub(crate) async fn bytes(connection: &mut AnyConnection, engine: Engine) -> Result<i64> {
    let sql = match engine {
        Engine::Sqlite => {
            "select p.page_count * s.page_size from pragma_page_count() p, pragma_page_size() s"
        }
        Engine::Postgres => "select pg_database_size(current_database())",
    };
    let row: (i64,) = sqlx::query_as(sql).fetch_one(connection).await?;
    Ok(row.0)
}

/// Checks every page of an encrypted SQLite database; says which are damaged.
pub async fn integrity(connection: &mut AnyConnection) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sqlx::query_as("pragma cipher_integrity_check").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(fault,)| fault).collect())
}

/// Copies an encrypted SQLite database, as of one moment, into a new file under another key; also gives what
/// is read of the original in the same moment.
pub async fn copy_encrypted<T>(
    from: (&Path, &Key),
    to: (&Path, &Key),
    read: impl for<'c> FnOnce(&'c mut AnyConnection) -> BoxFuture<'c, Result<T>>,
) -> Result<T> {
    install_default_drivers();
    if to.0.exists() {
        return Err(Error::conflict(format!("{} exists already", to.0.display())));
    }
    if !from.0.is_file() {
        return Err(Error::invalid("path", format!("{} is not there", from.0.display())));
    }
    let options: AnyConnectOptions =
        file_url(from.0)?.parse::<AnyConnectOptions>().map_err(Error::internal)?.disable_statement_logging();
    let mut connection = AnyConnection::connect_with(&options).await?;
    let key = hex::encode(from.1.expose());
    prepare(&mut connection, &[format!("pragma key = \"x'{key}'\"")]).await?;
    let path = to.0.to_str().ok_or_else(|| Error::invalid("path", "it must be UTF-8"))?;
    sqlx::query("attach database $1 as copy key $2")
        .bind(path)
        .bind(format!("x'{}'", hex::encode(to.1.expose())))
        .execute(&mut connection)
        .await?;
    // One read transaction: what other connections write meanwhile is not in the copy.
    connection.execute("begin").await?;
    connection.execute("select sqlcipher_export('copy')").await?;
    let found = read(&mut connection).await?;
    connection.execute("commit").await?;
    connection.execute("detach database copy").await?;
    connection.close().await?;
    let sync = std::fs::File::open(to.0).and_then(|file| file.sync_all());
    sync.and_then(|()| disk::sync_folder(to.0.parent().unwrap_or(Path::new("."))))
        .map_err(|error| Error::internal(format!("{}: {error}", to.0.display())))?;
    Ok(found)
}

/// `($1, $2), ($3, $4), …` for rows of so many columns.
pub(crate) fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let names: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", names.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

async fn prepare(connection: &mut AnyConnection, pragmas: &[String]) -> sqlx::Result<()> {
    for pragma in pragmas {
        connection.execute(AssertSqlSafe(pragma.clone())).await?;
    }
    Ok(())
}
