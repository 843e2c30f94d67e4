//! Kura (蔵) runs a company's confidential-information protection policy as software.
//!
//! In reading order:
//! - [`id`], [`text`], [`clock`], [`error`]: the small types that everything speaks in;
//! - [`db`], [`ledger`], [`rules`], [`stores`]: what the door stands on;
//! - [`door`]: the one door that every operation passes;
//! - [`people`], [`matters`], [`custody`]: the register, one file an operation.

pub mod clock;
pub mod custody;
pub mod db;
pub mod door;
pub mod error;
pub mod id;
pub mod ledger;
pub mod matters;
pub mod people;
pub mod rules;
pub mod stores;
pub mod text;

pub use error::{Error, Result};
