//! `kura evidence`: gathers the evidence for a clause, and keeps it as a file.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Map, Value};

use super::client::Client;
use super::session::Session;
use super::{Failure, operate};
use crate::catalogue::Method;

/// Asks the server for it, and writes the statement.
pub(super) fn run(
    clause: String,
    first_day: Option<String>,
    last_day: Option<String>,
    out: &Path,
) -> Result<(), Failure> {
    let refuse = |error| Failure::Failed(format!("{}: {error}", out.display()));
    // Before anything is recorded: a file that is there already, or cannot be, is told first.
    let mut file = File::create_new(out).map_err(refuse)?;
    let gathered = gather(clause, first_day, last_day).and_then(|(gathered, text)| {
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(refuse)?;
        Ok(gathered)
    });
    let gathered = gathered.inspect_err(|_| {
        // What is not whole is not kept.
        let _ = std::fs::remove_file(out);
    })?;
    let number = |name: &str| gathered[name].as_i64().unwrap_or_default();
    println!(
        "{}: {} entries of the ledger, {} refusals by the clause's rules, {} times of its duties, {} steps of \
         rulings, exceptions and findings",
        out.display(),
        number("entries"),
        number("refused"),
        number("occurrences"),
        number("acts")
    );
    Ok(())
}

fn gather(
    clause: String,
    first_day: Option<String>,
    last_day: Option<String>,
) -> Result<(Value, String), Failure> {
    let client = Client::new(Session::load()?)?;
    let mut fields = Map::from_iter([("clause".to_owned(), Value::from(clause))]);
    for (name, day) in [("first_day", first_day), ("last_day", last_day)] {
        fields.extend(day.map(|day| (name.to_owned(), day.into())));
    }
    let gathered = operate::write(&client, "/policy/clauses/{clause}/evidence", fields)?;
    let statement = Map::from_iter([("statement".to_owned(), gathered["evidence"].clone())]);
    let shown = client.ask(Method::Get, "/statements/{statement}", statement, &[])?;
    let text = shown.value["file"].as_str().ok_or_else(|| Failure::failed("the server sent no file"))?;
    Ok((gathered, text.to_owned()))
}
