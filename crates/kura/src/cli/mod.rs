//! The command line: a client of the API for every operation of the catalogue, and the commands that keep
//! an installation.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 success, 1 failure,
//! 2 usage, 3 refused, 4 tampering found.

mod client;
mod evidence;
mod import_folder;
mod keep;
mod operate;
mod policy;
mod print;
mod session;
mod transfer;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Arg, ArgAction, Command, FromArgMatches as _, Subcommand as _};

use crate::error::Error;

/// How a command ended that did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request or the machine failed.
    Failed(String),
    /// The server answered that it does not do this, as things are.
    Rejected(String),
    /// The input makes no sense.
    Usage(String),
    /// The rules or the sign-in refuse.
    Refused(String),
    /// What was checked was tampered with.
    Tampered(String),
}

impl Failure {
    fn told(&self) -> (&str, u8) {
        match self {
            Self::Failed(what) | Self::Rejected(what) => (what, 1),
            Self::Usage(what) => (what, 2),
            Self::Refused(what) => (what, 3),
            Self::Tampered(what) => (what, 4),
        }
    }

    /// A failure with its cause.
    pub(crate) fn failed(what: impl std::fmt::Display) -> Self {
        Self::Failed(what.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid { .. } => Self::Usage(error.to_string()),
            Error::Denied(_) | Error::Unauthenticated(_) => Self::Refused(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// The whole command line.
pub fn command() -> Command {
    let top = Command::new("kura")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("json")
                .long("json")
                .global(true)
                .action(ArgAction::SetTrue)
                .help("Prints results as JSON"),
        );
    let top = keep::Keep::augment_subcommands(top);
    let mut backup = Command::new("backup")
        .about("Backups (バックアップ)")
        .subcommand_required(true)
        .arg_required_else_help(true);
    let mut whole = top;
    for operation in operate::all() {
        match operation.name.strip_suffix("-backup") {
            Some(name) => backup = backup.subcommand(operation.command.name(name.to_owned())),
            None => whole = whole.subcommand(operation.command),
        }
    }
    // Said last: the commands' own type would speak for the whole otherwise.
    whole.subcommand(backup).about(
        "Kura (蔵) keeps confidential material that clients lend a firm, and proves what happened to it.",
    )
}

/// Runs the command line.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut command = command();
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    let json = matches.get_flag("json");
    let ran = match keep::Keep::from_arg_matches(&matches) {
        Ok(keep) => keep::run(keep, json),
        Err(_) => {
            let Some((name, matches)) = matches.subcommand() else {
                return ExitCode::from(2);
            };
            match matches.subcommand().filter(|_| name == "backup") {
                Some((name, matches)) => operate::run(&format!("{name}-backup"), matches, json),
                None => operate::run(name, matches, json),
            }
        }
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let (what, status) = failure.told();
            eprintln!("kura: {what}");
            ExitCode::from(status)
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
