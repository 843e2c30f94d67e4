//! Custody: the life of material, from the moment it is taken in until it is given back or erased.
//!
//! One file an operation, named by the policy's verb. `upload` is not an operation: it carries the bytes
//! of one that [`begin`] authorised and that [`take`], [`collect`], [`store_version`] or [`mod@derive`]
//! completes.

pub mod approve;
pub mod ask;
pub mod attest;
pub mod begin;
pub mod collect;
pub mod confirm_return;
pub(crate) mod custody_store;
pub mod derive;
pub mod download;
pub mod erase;
pub mod export_list;
pub mod give_back;
pub mod grant;
pub mod hand_over;
pub mod hand_over_all;
pub mod hold;
pub mod import_items;
pub(crate) mod import_page;
pub(crate) mod import_rows;
pub mod intake;
pub(crate) mod label_page;
pub(crate) mod lineage;
pub mod list;
pub mod list_requests;
pub(crate) mod list_store;
pub mod open;
pub mod package;
pub(crate) mod page;
pub mod reclassify;
pub mod record;
pub(crate) mod register_page;
pub mod release;
pub mod report;
pub mod revoke;
pub mod saved_view;
pub mod show;
pub mod statement;
pub mod store;
pub mod store_version;
pub mod subject;
pub mod take;
pub mod timeline;
pub mod today;
pub(crate) mod today_page;
pub mod transmit;
pub mod upload;
pub(crate) mod upload_store;
pub(crate) mod view_store;
pub(crate) mod waiting_store;

use serde::{Deserialize, Serialize};

/// What an item is to the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Kind {
    /// 貸与資料: lent or entrusted by the consignor.
    Lent,
    /// 二次的資料: a copy, a summary, anything made from another item.
    Derivative,
    /// 通信: mail, fax, post, a board's thread, with its history.
    Communication,
    /// 作業資料: made in the work.
    Work,
    /// 成果物: handed to the consignor.
    Deliverable,
}

/// Whether an item is made of bytes or of matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Form {
    /// Electronic content in a store.
    Electronic,
    /// Paper, a medium, a device: it has a place.
    Tangible,
}

/// How a derivative relates to its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Relation {
    /// 複製.
    Copy,
    /// 要約.
    Summary,
    /// Anything else made from it.
    Other,
}

/// The name of a unit variant, as the database, the rules and JSON know it.
pub(crate) fn name_of(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a unit variant is a string in JSON, not {other:?}"),
    }
}
