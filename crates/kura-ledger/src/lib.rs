//! The ledger (台帳): what happened, in an order that nobody can change unseen.
//!
//! It is a Merkle tree log in the formats published by C2SP, so that a person who does not trust the
//! server can verify it with tools that we did not write. This crate holds the mathematics, the
//! formats and the checks. It knows no database, no network and no application; `kura-verify`, its
//! program, links nothing else.
//!
//! In reading order:
//! - [`tree`]: hashes, tiles, the growing edge, inclusion and consistency proofs (RFC 6962);
//! - [`tile`]: where tiles and entries lie in an export (C2SP `tlog-tiles`);
//! - [`checkpoint`]: the signed head of the log (C2SP `tlog-checkpoint`, `signed-note`);
//! - [`cosignature`]: what a witness adds to it (C2SP `tlog-cosignature`);
//! - [`proof`]: one entry's proof as a file (C2SP `tlog-proof`);
//! - [`leaf`]: what an entry says, and which of it only the holder of an opening can read;
//! - [`succession`]: how the log's key was changed;
//! - [`statement`]: receipts and certificates that a client keeps;
//! - [`evidence`]: what shows that a clause was upheld, as the body of a statement;
//! - [`page`]: a statement as a page that prints;
//! - [`export`]: the whole ledger as static files, written and checked;
//! - [`witness`]: the state of someone who cosigns only consistent growth;
//! - [`cli`]: the program `kura-verify`.

pub mod checkpoint;
pub mod cli;
pub mod consent;
pub mod cosignature;
pub mod evidence;
pub mod export;
pub mod leaf;
pub mod page;
pub mod passkey;
pub mod proof;
pub mod statement;
pub mod succession;
pub mod tile;
pub mod tree;
pub mod witness;
