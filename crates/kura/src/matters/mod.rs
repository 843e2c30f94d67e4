//! Matters (案件) and parties (取引先): under whose engagement, and on what terms, material is held.

pub mod add_party;
pub mod change_members;
pub mod close_matter;
pub mod hand_over_matter;
pub mod list_matters;
pub mod list_parties;
pub mod open_matter;
pub(crate) mod page;
pub mod show_matter;
pub mod store;
pub mod subject;
