//! 違反と事故: what somebody reports, what is found out, who is heard, what is decided, and what is learnt.
//!
//! Who reported is sealed, and known only to those who handle reports; of a sealed report not even its record in the ledger
//! says who made it. No record says whom a case is about: it holds who did what to which case, and a commitment to what was
//! written. The person concerned does not handle their own case, is told what is held against them, is heard before the
//! body that decides on people of their kind does, and can appeal. Whatever was lost or sent to the wrong person starts here
//! too, with the clocks of those who must be told.

pub mod answer_charge;
pub mod appeal_decision;
pub(crate) mod clocks;
pub mod close_violation;
pub mod decide_violation;
pub mod give_hearing;
pub mod hold_evidence;
pub mod list_violations;
pub mod note_investigation;
pub(crate) mod page;
pub mod record_notice;
pub mod report_violation;
pub mod show_charge;
pub mod show_violation;
mod step;
pub(crate) mod store;
pub mod subject;
pub mod triage_violation;

use serde::{Deserialize, Serialize};

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Happened {
    /// 違反: somebody did not do as the policy says.
    Breach,
    /// 誤送信: something went to the wrong person.
    WronglySent,
    /// 紛失・盗難: something is not where it should be.
    Lost,
    /// 不正なアクセス: somebody came by what is not theirs.
    Accessed,
}

impl Happened {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::WronglySent => "wrongly_sent",
            Self::Lost => "lost",
            Self::Accessed => "accessed",
        }
    }
}

/// The personal data that it touches, by what the law asks for (個人情報の保護に関する法律施行規則 7条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Personal {
    /// None.
    None,
    /// Some, of which nobody has to be told.
    Minor,
    /// Sensitive data, data by whose misuse somebody may lose money, or of more than 1,000 persons.
    Reportable,
    /// Any, and an improper purpose may be behind it.
    Improper,
}

impl Personal {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Reportable => "reportable",
            Self::Improper => "improper",
        }
    }
}

/// It was reported, and nobody has looked at it yet.
pub(crate) const REPORTED: &str = "reported";
/// It was looked at and is no violation.
pub(crate) const DISMISSED: &str = "dismissed";
/// It is being investigated.
pub(crate) const INVESTIGATED: &str = "investigated";
/// The person concerned is heard.
pub(crate) const HEARD: &str = "heard";
/// It was decided on, and can be appealed.
pub(crate) const DECIDED: &str = "decided";
/// The decision was appealed.
pub(crate) const APPEALED: &str = "appealed";
/// It is over.
pub(crate) const CLOSED: &str = "closed";
