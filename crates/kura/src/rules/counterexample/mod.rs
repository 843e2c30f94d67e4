//! 反例: a concrete request on which the rules do what they should not, in plain facts and plain words.
//!
//! What the solver finds is true but strange: ranks without a class, a moment before 1970. A
//! counterexample is made plain, fact by fact, as long as it stays one, and can be decided again with any
//! pack.

use cedar_policy_symcc::Env;
use serde::Serialize;

use super::decide::Question;
use super::pack::Pack;

mod plain;
mod read;
mod tell;

/// A request that is permitted, or refused, where it should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counterexample {
    /// The request in English.
    pub text_en: String,
    /// The request in Japanese.
    pub text_ja: String,
    /// The request, to be decided again.
    pub question: Question,
}

/// Why a request of the solver's is no counterexample: the door never asks it.
pub(super) const UNTOLD: &str = "the solver's request cannot be told in the door's facts";

impl Counterexample {
    /// Makes the solver's request plain. `still` says whether a request is a counterexample; nothing is
    /// returned when the solver's cannot be told in the facts that the door has.
    pub(super) fn from_solver(found: &Env, pack: &Pack, still: impl Fn(&Question) -> bool) -> Option<Self> {
        let mut question = read::read(found).filter(&still)?;
        plain::make_plain(&mut question, pack, &still);
        Some(Self {
            text_en: tell::english(&question, pack),
            text_ja: tell::japanese(&question, pack),
            question,
        })
    }
}
