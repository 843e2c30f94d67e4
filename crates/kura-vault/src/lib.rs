//! The vault: how content is sealed, how the keys hang together, and how a key is destroyed.
//!
//! Content is sealed under a key of its own and in a context of its own, so that no sealed part opens in
//! another's place. The keys are a tree; destroying an item's key makes everything sealed under it
//! unreadable for good. This crate knows no database and no network, and it decides nothing: who may
//! open what is decided elsewhere.
//!
//! In reading order:
//! - [`sealed`]: the sealed format (C2SP `chunked-encryption`, Cobblestone-256), whole and by ranges;
//! - [`keys`]: secret keys, and what is derived from and wrapped under them;
//! - [`slots`]: the ways to the root key: passphrase, key file, offline recovery recipient;
//! - [`keyring`]: the store of keys, apart from database and content, and shredding;
//! - [`parts`]: content made of several sealed parts, for uploads that resume.

pub mod keyring;
pub mod keys;
pub mod parts;
pub mod sealed;
pub mod slots;
