//! Makes the typed words of the pages from `locales/`: a word that is missing in a language, or that takes other
//! values there, fails the build.

use std::process::ExitCode;

use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, build_from_locales_folder};

fn main() -> ExitCode {
    let Ok(out) = std::env::var("OUT_DIR") else {
        return ExitCode::FAILURE;
    };
    let options = BuildOptions::default()
        .with_locales_folder("locales")
        .with_default_language("ja")
        .with_output_file_path(&format!("{out}/words.rs"))
        .with_ftl_output(FtlOutputOptions::single_file(&format!("{out}/words.ftl")))
        .with_lint_level(LintLevel::Strict)
        .with_prefix("")
        .without_format()
        .without_bidi_isolation();
    let built = build_from_locales_folder(options);
    // What is generated says why it cannot fail, as all our code does.
    let words = format!("{out}/words.rs");
    let held = std::fs::read_to_string(&words).and_then(|text| {
        let text = text.replace(".unwrap()", ".expect(\"every message is there: the build looked\")");
        std::fs::write(&words, text)
    });
    if held.is_err() { ExitCode::FAILURE } else { built }
}
