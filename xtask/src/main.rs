//! The project's chores. `cargo xtask test` is the one test command: it installs what the tests need where
//! it may, starts a throw-away PostgreSQL of its own, and runs everything.

mod postgres;
mod tools;

use std::process::{Command, ExitCode, Stdio};

/// Why a chore failed.
type Failed = String;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let chore = args.next();
    let rest: Vec<String> = args.collect();
    let ran = match chore.as_deref() {
        Some("test") => test(&rest),
        Some("e2e") => tools::install().and_then(|()| e2e(&rest)),
        Some("pictures") => tools::install().and_then(|()| pictures()),
        Some("lint") => lint(),
        Some("bench") => bench(),
        _ => {
            eprintln!(
                "cargo xtask test [FILTER]   runs every check (with a filter: only the tests that match)"
            );
            eprintln!("cargo xtask e2e [FILE]      the pages in a real browser; pictures go to e2e/pictures");
            eprintln!("cargo xtask pictures        makes the pictures of the README and the guide anew");
            eprintln!("cargo xtask bench           measures, and writes docs/benchmarks.md");
            eprintln!("cargo xtask lint            format, clippy, documentation, licences");
            return ExitCode::from(2);
        }
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("xtask: {failed}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command and says its name when it fails.
fn run(command: &mut Command) -> Result<(), Failed> {
    let line = format!("{command:?}").replace('"', "");
    eprintln!("— {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line}: {status}")),
        Err(error) => Err(format!("{line}: {error}")),
    }
}

fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

fn lint() -> Result<(), Failed> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    let doc = ["doc", "--workspace", "--no-deps", "--locked", "--document-private-items"];
    run(cargo(&doc).env("RUSTDOCFLAGS", "-D warnings"))?;
    if tools::there("cargo-deny") {
        // The advisories need a database from outside; licences, bans and sources do not.
        run(&mut cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"]))?;
    } else {
        eprintln!("cargo-deny is not installed: licences were not checked this time");
    }
    Ok(())
}

/// Measures in a release build and writes the report down.
fn bench() -> Result<(), Failed> {
    let mut command = cargo(&["bench", "--locked", "--package", "kura", "--bench", "house"]);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the bench failed: {}", output.status));
    }
    // What people wrote below the table stays.
    let path = "docs/benchmarks.md";
    let before = std::fs::read_to_string(path).unwrap_or_default();
    let tail = before.find("\n## ").map_or("", |at| &before[at..]);
    let table = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    std::fs::write(path, format!("{table}{tail}")).map_err(|error| format!("{path}: {error}"))
}

fn test(filter: &[String]) -> Result<(), Failed> {
    tools::install()?;
    let server = postgres::Server::start()?;
    if filter.is_empty() {
        lint()?;
    }
    let mut tests = if tools::there("cargo-nextest") {
        cargo(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])
    } else {
        cargo(&["test", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"])
    };
    let python = tools::python()?;
    run(tests.args(filter).env("KURA_TEST_POSTGRES", server.url()).env("KURA_TEST_PYTHON", python))?;
    if filter.is_empty() {
        run(&mut cargo(&["test", "--workspace", "--locked", "--doc"]))?;
        // The tests have built the program that the browser is shown.
        browse(&[])?;
    }
    Ok(())
}

/// Pictures of the guide and the README, by their names among those that the tests of the looks make.
const PICTURES: [&str; 13] = [
    "today",
    "register",
    "item",
    "item-refused",
    "matter",
    "take-in",
    "import",
    "people",
    "form-erase",
    "today-director",
    "policy-director",
    "duties-mine",
    "training",
];

/// Makes the pictures of the README and the guide anew, as the tests of the looks see the pages.
fn pictures() -> Result<(), Failed> {
    e2e(&["tests/looks.test.mjs".to_owned()])?;
    for name in PICTURES {
        for language in ["ja", "en"] {
            let from = format!("e2e/pictures/{name}-{language}-1280-light.png");
            let to = format!("docs/guide/pictures/{name}-{language}.png");
            std::fs::copy(&from, &to).map_err(|error| format!("{from}: {error}"))?;
        }
    }
    Ok(())
}

/// The pages in a real browser, against the program itself; all of them, or the test files that are named.
fn e2e(files: &[String]) -> Result<(), Failed> {
    // As the tests build it: another choice of features would build every library once more.
    run(&mut cargo(&["test", "--no-run", "--locked", "--workspace"]))?;
    browse(files)
}

/// The tests in the browser, of the program as it was built.
fn browse(files: &[String]) -> Result<(), Failed> {
    let changed = |file| std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    if changed("e2e/node_modules/.package-lock.json") < changed("e2e/package-lock.json") {
        run(Command::new("npm").args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            "e2e",
        ]))?;
    }
    let mut node = Command::new("node");
    node.current_dir("e2e").args(["--test", "--test-reporter=spec"]);
    if files.is_empty() {
        // By their names: older versions of Node.js take no folder.
        let found = std::fs::read_dir("e2e/tests").map_err(|error| format!("e2e/tests: {error}"))?;
        let mut all: Vec<_> = found.flatten().map(|file| file.path()).collect();
        all.retain(|file| file.extension().is_some_and(|extension| extension == "mjs"));
        all.sort();
        node.args(all.iter().filter_map(|file| file.strip_prefix("e2e").ok()));
    } else {
        node.args(files);
    }
    run(&mut node)
}
