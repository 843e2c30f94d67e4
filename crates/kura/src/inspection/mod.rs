//! 自己点検: everyone looks at how they handle confidential information, once a quarter, in five minutes.
//!
//! The pack has the questions. Answers are kept under the answerer's name and do not change; the offices that look at the
//! whole see how many said that something is not so, of which clause, and what was told about it.

pub mod answer_self_inspection;
pub mod list_self_inspections;
pub(crate) mod page;
pub mod show_self_inspection;
pub(crate) mod store;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Answer {
    /// It is so, as it should be.
    Yes,
    /// It is not.
    No,
    /// It does not concern me.
    NotApplicable,
}

/// The quarter of a day: 2026-Q4.
pub(crate) fn quarter(day: Date) -> String {
    format!("{:04}-Q{}", day.year(), (day.month() - 1) / 3 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_told_by_its_year_and_number() {
        let told = |month, day| quarter(Date::new(2028, month, day).unwrap());
        assert_eq!(
            [told(1, 1), told(2, 29), told(3, 31), told(4, 1), told(12, 31)],
            ["2028-Q1", "2028-Q1", "2028-Q1", "2028-Q2", "2028-Q4"]
        );
    }
}
