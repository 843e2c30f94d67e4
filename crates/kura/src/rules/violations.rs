//! 違反と事故: which body decides on whom, what may follow, and by when a leak is told to whom.
//!
//! All of it is data of the pack, with its source beside it: what the law asks for changes, and differs by firm.

use serde::Deserialize;

use super::bodies;
use super::courses::EMPLOYMENTS;
use super::documents::line;
use super::pack::{Files, PackError};

/// The list of tracks and clocks.
pub(super) const LIST: &str = "violations.toml";
/// Kinds of personal data that a clock may run with.
const PERSONAL: [&str; 4] = ["none", "minor", "reportable", "improper"];

/// What may follow on a violation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sanction {
    /// Its id.
    pub id: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// How it goes with people of some kinds of employment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Kinds of employment.
    pub employment: Vec<String>,
    /// The body that decides.
    pub body: String,
    /// Days that the person concerned has to answer, at least.
    pub hearing_days: i64,
    /// Days within which a decision can be appealed.
    pub appeal_days: i64,
    /// What may be decided.
    pub sanction: Vec<Sanction>,
}

/// By when something is told to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its id.
    pub id: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// Days after the one on which the firm came to know.
    pub days: i64,
    /// The kinds of personal data with which it runs; none named: always.
    #[serde(default, rename = "for")]
    pub with: Vec<String>,
    /// Whether it runs only where the material is a consignor's.
    #[serde(default)]
    pub entrusted: bool,
    /// The clock whose step does away with this one.
    #[serde(default)]
    pub exempted_by: Option<String>,
    /// Where it comes from.
    pub source: String,
}

impl Clock {
    /// Whether it runs, with this kind of personal data and material that is a consignor's or not.
    pub fn runs(&self, personal: &str, entrusted: bool) -> bool {
        (self.with.is_empty() || self.with.iter().any(|with| with == personal))
            && (entrusted || !self.entrusted)
    }
}

/// Tracks and clocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// The tracks.
    pub tracks: Vec<Track>,
    /// The clocks.
    pub clocks: Vec<Clock>,
}

impl Violations {
    /// How it goes with somebody of this employment.
    pub fn track(&self, employment: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.employment.iter().any(|kind| kind == employment))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    track: Vec<toml::Spanned<Track>>,
    #[serde(default)]
    clock: Vec<toml::Spanned<Clock>>,
}

fn check_track(track: &Track, before: &[Track]) -> Result<(), String> {
    if let Some(kind) = track.employment.iter().find(|kind| !EMPLOYMENTS.contains(&kind.as_str())) {
        return Err(format!("{kind:?} is no employment; the kinds are {}", EMPLOYMENTS.join(", ")));
    }
    if track.employment.is_empty() {
        return Err("it is for nobody: name kinds of employment".to_owned());
    }
    let mut taken = before.iter().flat_map(|other| &other.employment);
    if let Some(kind) = taken.find(|kind| track.employment.contains(kind)) {
        return Err(format!("{kind} stands in two tracks"));
    }
    if !bodies::OFFICES.contains(&track.body.as_str()) {
        return Err(format!("{:?} is no body; the bodies are {}", track.body, bodies::OFFICES.join(", ")));
    }
    if !(1..=90).contains(&track.hearing_days) || !(1..=90).contains(&track.appeal_days) {
        return Err("hearing_days and appeal_days are 1 to 90".to_owned());
    }
    if track.sanction.is_empty() {
        return Err("nothing could be decided: name a sanction, and one for none".to_owned());
    }
    let twice = |(at, one): (usize, &Sanction)| track.sanction[..at].iter().any(|other| other.id == one.id);
    if track.sanction.iter().enumerate().any(twice) {
        return Err("a sanction stands twice".to_owned());
    }
    Ok(())
}

fn check_clock(clock: &Clock, before: &[Clock]) -> Result<(), String> {
    if clock.id.is_empty() || before.iter().any(|other| other.id == clock.id) {
        return Err("its id is empty or stands twice".to_owned());
    }
    if !(0..=365).contains(&clock.days) {
        return Err("days is 0 to 365".to_owned());
    }
    if let Some(kind) = clock.with.iter().find(|kind| !PERSONAL.contains(&kind.as_str())) {
        return Err(format!("{kind:?} is no kind of personal data; they are {}", PERSONAL.join(", ")));
    }
    if clock.exempted_by.as_ref().is_some_and(|by| !before.iter().any(|other| other.id == *by)) {
        return Err("exempted_by names no clock that stands before it".to_owned());
    }
    Ok(())
}

/// Reads and checks the tracks and clocks of a pack; none when it has no list of them.
pub(super) fn load(files: &Files) -> Result<Violations, PackError> {
    let Some(source) = files.get(LIST) else {
        return Ok(Violations::default());
    };
    let fault = |what: String| PackError { file: LIST.to_owned(), what };
    let list: List = toml::from_str(source).map_err(|error| fault(error.to_string()))?;
    let mut read = Violations::default();
    for entry in list.track {
        let at = line(source, entry.span().start);
        let track = entry.into_inner();
        check_track(&track, &read.tracks).map_err(|what| fault(format!("line {at}: track: {what}")))?;
        read.tracks.push(track);
    }
    if let Some(kind) = EMPLOYMENTS.into_iter().find(|kind| read.track(kind).is_none()) {
        return Err(fault(format!("no track is for {kind}: nobody would decide on them")));
    }
    for entry in list.clock {
        let at = line(source, entry.span().start);
        let clock = entry.into_inner();
        let named = format!("line {at}: clock {}", clock.id);
        check_clock(&clock, &read.clocks).map_err(|what| fault(format!("{named}: {what}")))?;
        read.clocks.push(clock);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::{Pack, model};

    #[test]
    fn tracks_and_clocks_that_cannot_be_followed_are_refused() {
        for (from, to, what) in [
            ("employment = [\"intern\"]", "employment = [\"pupil\"]", "\"pupil\" is no employment"),
            ("employment = [\"intern\"]", "employment = [\"director\"]", "director stands in two tracks"),
            ("employment = [\"intern\"]", "employment = []", "it is for nobody"),
            ("\"regular\", \"contract\"", "\"regular\"", "no track is for contract"),
            ("body = \"csr_committee\"", "body = \"auditor\"", "\"auditor\" is no body"),
            ("hearing_days = 7", "hearing_days = 0", "hearing_days and appeal_days"),
            ("id = \"guidance\"", "id = \"none\"", "a sanction stands twice"),
            ("days = 30", "days = 400", "days is 0 to 365"),
            ("for = [\"improper\"]", "for = [\"some\"]", "\"some\" is no kind of personal data"),
            ("exempted_by = \"consignor\"", "exempted_by = \"final\"", "names no clock that stands before"),
            ("id = \"final\"", "id = \"preliminary\"", "stands twice"),
        ] {
            let mut files = model();
            let text = files.get_mut(LIST).unwrap();
            assert!(text.contains(from), "{from}");
            *text = text.replacen(from, to, 1);
            let refused = Pack::load(&files).unwrap_err().to_string();
            assert!(refused.contains(what) && refused.contains("violations.toml"), "{refused}");
        }
    }

    #[test]
    fn a_clock_runs_with_what_it_is_for() {
        let pack = Pack::load(&model()).unwrap();
        let running = |personal: &str, entrusted: bool| {
            let clocks = pack.violations.clocks.iter().filter(|clock| clock.runs(personal, entrusted));
            clocks.map(|clock| clock.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(running("none", false), Vec::<&str>::new());
        assert_eq!(running("none", true), ["consignor"]);
        assert_eq!(running("reportable", false), ["preliminary", "final", "persons"]);
        assert_eq!(running("improper", true), ["consignor", "preliminary", "final-improper", "persons"]);
    }
}
