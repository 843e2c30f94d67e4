//! The operations of the catalogue as commands.

use clap::{Arg, ArgAction, ArgMatches, Command};
use kura_vault::keys::random_bytes;
use serde_json::{Map, Value};

use super::client::{Answer, Client};
use super::session::Session;
use super::{Failure, print, transfer};
use crate::catalogue::{self, Edge, Method, Offered, Route};
use crate::columns::{self, Column, Mapping};
use crate::table;

/// What is asked often enough to have a short name as well.
const SHORT: [(&str, &str); 1] = [("list-duties", "duties")];

/// An operation as a command.
pub(super) struct Operate {
    pub(super) command: Command,
    pub(super) name: String,
    route: Route,
    writes: bool,
    /// The input's fields, and whether each is a plain yes or no.
    fields: Vec<(String, bool)>,
    sends_file: bool,
    gives_content: bool,
    /// Whether a new password has to be given, where one can be.
    password: Option<bool>,
    /// Whether the present password is asked for.
    has_current: bool,
}

#[derive(Default)]
struct All(Vec<Operate>);

impl Edge for All {
    fn add<O: Offered>(&mut self, route: Route) {
        let name = O::ACTION.0.replace('_', "-");
        let input = O::augment_args(Command::new("input"));
        let has = |field: &str| input.get_arguments().any(|arg| arg.get_id() == field);
        let (sends_file, has_current) = (has("upload"), has("current"));
        let password = input.get_arguments().find(|arg| arg.get_id() == "password");
        let password = password.map(clap::Arg::is_required_set);
        let gives_content = ["open", "download", "transmit", "package"].contains(&O::ACTION.0);
        let mut fields = Vec::new();
        let mut command = Command::new(name.clone()).about(format!("{} ({})", route.en, route.ja));
        if let Some((_, short)) = SHORT.iter().find(|(long, _)| *long == name) {
            command = command.visible_alias(*short);
        }
        for arg in input.get_arguments() {
            // A password on the command line would be seen in the list of processes.
            if arg.get_id() == "password" || arg.get_id() == "current" {
                continue;
            }
            fields.push((arg.get_id().to_string(), matches!(arg.get_action(), ArgAction::SetTrue)));
            let arg = if sends_file && arg.get_id() == "upload" {
                arg.clone().required(false)
            } else {
                arg.clone()
            };
            command = command.arg(arg);
        }
        let option = |name: &'static str, value: &'static str, help: &'static str| {
            Arg::new(name).long(name).value_name(value).help(help)
        };
        if sends_file {
            command = command.arg(option(
                "file",
                "PATH",
                "The file to send: uploads it first, and goes on with an upload that was cut",
            ));
        }
        if gives_content {
            command = command.arg(
                option(
                    "out",
                    "PATH",
                    "Where to write the content; a folder for a package, - for standard output",
                )
                .required(true),
            );
        }
        if O::WRITES {
            command = command
                .arg(option("idempotency-key", "TEXT", "Makes a repeated command the same write"))
                .arg(option("if-revision", "NUMBER", "Only if the revision is still this one"))
                .arg(option("approved", "REQUEST", "The approved request that this carries out"));
        }
        self.0.push(Operate {
            command,
            name,
            route,
            writes: O::WRITES,
            fields,
            sends_file,
            gives_content,
            password,
            has_current,
        });
    }
}

/// Every operation as a command.
pub(super) fn all() -> Vec<Operate> {
    let mut all = All::default();
    catalogue::visit(&mut all);
    all.0
}

/// The input's fields as given.
fn input(fields: &[(String, bool)], matches: &ArgMatches) -> Result<Map<String, Value>, Failure> {
    let mut given = Map::new();
    for (field, flag) in fields {
        if *flag {
            if matches.get_flag(field) {
                given.insert(field.clone(), true.into());
            }
        } else if let Some(values) = matches.get_raw(field) {
            let text = |value: &std::ffi::OsStr| value.to_str().map(ToOwned::to_owned);
            let texts: Option<Vec<String>> = values.map(text).collect();
            let mut texts = texts.ok_or_else(|| Failure::Usage(format!("{field}: it is not UTF-8")))?;
            // What is given several times is a list.
            let value = if texts.len() == 1 { texts.remove(0).into() } else { texts.into() };
            given.insert(field.clone(), value);
        }
    }
    Ok(given)
}

/// Tells which head of a table each column was found under.
pub(super) fn tell_columns(known: &[Column], mapping: &Mapping, heads: &[String]) {
    for (column, at) in known.iter().zip(mapping) {
        if let Some(at) = at {
            eprintln!("{}: {}", column.name, heads[*at]);
        }
    }
}

/// The table in a file, its columns named as an import names them.
fn table_of(path: &str, known: &[Column]) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::Usage(format!("{path}: {error}")))?;
    let table = table::read(&bytes).map_err(|error| Failure::Usage(format!("{path}: {error}")))?;
    let mapping = columns::guess(&table.head, known);
    tell_columns(known, &mapping, &table.head);
    columns::put(&table, known, &mapping, |_, _| None).map_err(Failure::failed)
}

/// The present password: from the environment, or asked for.
pub(super) fn present_password() -> Result<String, Failure> {
    match std::env::var("KURA_PASSWORD") {
        Ok(password) => Ok(password),
        Err(_) => rpassword::prompt_password("Password: ").map_err(|_| {
            Failure::Usage("no terminal to ask for the password: give it in KURA_PASSWORD".to_owned())
        }),
    }
}

/// The code of an authenticator app: from the environment, or asked for.
pub(super) fn code() -> Result<String, Failure> {
    match std::env::var("KURA_CODE") {
        Ok(code) => Ok(code),
        Err(_) => rpassword::prompt_password("Code of your app, or a recovery code: ")
            .map_err(|_| Failure::Usage("no terminal to ask for the code: give it in KURA_CODE".to_owned())),
    }
}

fn env_password() -> Option<String> {
    std::env::var("KURA_NEW_PASSWORD").ok()
}

/// A new password: from the environment, or asked for twice.
pub(super) fn new_password() -> Result<String, Failure> {
    if let Some(password) = env_password() {
        return Ok(password);
    }
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt).map_err(|_| {
            Failure::Usage("no terminal to ask for the password: give it in KURA_NEW_PASSWORD".to_owned())
        })
    };
    let first = ask("New password (12 characters or more): ")?;
    if ask("Once more: ")? != first {
        return Err(Failure::Usage("the two are not the same".to_owned()));
    }
    Ok(first)
}

/// Runs an operation's command.
pub(super) fn run(name: &str, matches: &ArgMatches, json: bool) -> Result<(), Failure> {
    let operation = all().into_iter().find(|operation| operation.name == name);
    let operation = operation.ok_or_else(|| Failure::Usage(format!("there is no command {name}")))?;
    let client = Client::new(Session::load()?)?;
    let mut fields = input(&operation.fields, matches)?;
    if operation.has_current {
        fields.insert("current".to_owned(), present_password()?.into());
    }
    if operation.password == Some(true) || (operation.password.is_some() && env_password().is_some()) {
        fields.insert("password".to_owned(), new_password()?.into());
    }
    if let Some(path) = fields.get("table").and_then(Value::as_str).map(ToOwned::to_owned) {
        let known: &[Column] = match name {
            "add-people" => &crate::people::people_rows::COLUMNS,
            _ => &crate::custody::import_rows::COLUMNS,
        };
        fields.insert("table".to_owned(), table_of(&path, known)?.into());
    }
    if operation.sends_file
        && let Some(file) = matches.get_one::<String>("file")
    {
        transfer::send_file(&client, &operation.name, file.as_ref(), &mut fields)?;
    }
    let answer = ask(&client, &operation, fields, matches)?;
    if let Some(index) = answer.index {
        eprintln!("recorded at index {index}");
    }
    let mut value = answer.value;
    if operation.gives_content {
        let out = matches.get_one::<String>("out").map(String::as_str).unwrap_or("-");
        transfer::fetch(&client, &mut value, out)?;
        if out == "-" {
            return Ok(());
        }
    }
    // A file goes out as it is, so that it can be kept, checked and handed on.
    if ["show-statement", "export-oscal"].contains(&operation.name.as_str())
        && !json
        && let Some(file) = value["file"].as_str()
    {
        print!("{file}");
        return Ok(());
    }
    show(&value, json);
    Ok(())
}

/// Sends what a command of its own has made ready for an operation, and prints the result.
pub(super) fn send(path: &'static str, fields: Map<String, Value>, json: bool) -> Result<(), Failure> {
    let client = Client::new(Session::load()?)?;
    show(&write(&client, path, fields)?, json);
    Ok(())
}

/// Sends what a command of its own has made ready for an operation; gives the result.
pub(super) fn write(client: &Client, path: &str, fields: Map<String, Value>) -> Result<Value, Failure> {
    let key = hex::encode(random_bytes::<16>());
    let answer = client.ask(Method::Post, path, fields, &[("idempotency-key", &key)])?;
    if let Some(index) = answer.index {
        eprintln!("recorded at index {index}");
    }
    Ok(answer.value)
}

/// Prints a result.
pub(super) fn show(value: &Value, json: bool) {
    if json {
        println!("{value:#}");
    } else {
        print!("{}", print::text(value));
    }
}

fn ask(
    client: &Client,
    operation: &Operate,
    fields: Map<String, Value>,
    matches: &ArgMatches,
) -> Result<Answer, Failure> {
    let mut headers: Vec<(&str, String)> = Vec::new();
    if operation.writes && operation.route.method == Method::Post {
        let given = |name: &str| matches.get_one::<String>(name).cloned();
        // A command that is sent again because the connection failed is the same write.
        let key = given("idempotency-key").unwrap_or_else(|| hex::encode(random_bytes::<16>()));
        headers.push(("idempotency-key", key));
        if let Some(revision) = given("if-revision") {
            headers.push(("if-match", format!("\"{revision}\"")));
        }
        if let Some(request) = given("approved") {
            headers.push(("kura-request", request));
        }
    }
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.ask(operation.route.method, operation.route.path, fields, &headers)
}
