//! Kura (蔵) runs a company's confidential-information protection policy as software.
//!
//! In reading order:
//! - [`id`], [`text`], [`clock`], [`error`]: the small types that everything speaks in;
//! - `disk`: files that are on disk when a call returns;
//! - [`db`], [`ledger`], [`rules`], [`stores`]: what the door stands on;
//! - [`door`]: the one door that every operation passes;
//! - [`people`], [`matters`], [`custody`]: the register, one file an operation;
//! - [`policy`]: documents and rules in versions, and why something is refused; [`bodies`]: who resolves;
//!   [`duties`]: what recurs, and its evidence; [`training`]: courses and who has taken them;
//! - [`backup`]: backups, and restores in which what was erased stays erased;
//! - [`catalogue`]: every operation, listed once, for every edge;
//! - [`config`], [`install`], [`sign_in`], `passkeys`, `openid`: an installation, its settings, and who stands before its door;
//! - [`table`], [`columns`], `workbook`: tables that other programs wrote;
//! - [`doctor`], [`health`]: look an installation over;
//! - `outgoing`: what asks other servers;
//! - `input`: reads what people and programs give to an operation;
//! - [`app`]: what the edges that speak HTTP share; [`web`]: the kit of the pages, which stand beside what they show;
//! - [`api`], [`cli`]: the other edges; [`serve`]: connections, plain or TLS;
//! - [`demo`]: the life of material, played before the reader's eyes.

pub mod api;
pub mod app;
pub mod backup;
pub mod bodies;
pub mod catalogue;
pub mod changes;
pub mod cli;
pub mod clock;
pub mod columns;
pub mod config;
pub mod custody;
pub mod db;
pub mod demo;
mod disk;
pub mod doctor;
pub mod door;
pub mod duties;
pub mod error;
pub mod evaluation;
pub mod health;
pub mod id;
mod input;
pub mod inspection;
pub mod install;
pub mod ledger;
pub mod mail;
pub mod matters;
mod openid;
mod outgoing;
mod passkeys;
pub mod people;
pub mod policy;
pub mod rules;
pub mod serve;
pub mod sign_in;
pub mod stores;
pub mod table;
pub mod text;
pub mod training;
pub mod violations;
pub mod web;
mod workbook;

pub use error::{Error, Result};
