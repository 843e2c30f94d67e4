//! Where tiles and entries lie in an export, by the letter of C2SP `tlog-tiles`.
//!
//! A tile is a file `tile/<level>/<index>`, its entries `tile/entries/<index>`; one that is not full
//! ends in `.p/<width>`. An index is written in groups of three digits, all but the last led by `x`.

use crate::tree::{Hash, TILE_WIDTH, TileId};

/// Entries longer than this do not fit an entry bundle (16-bit length).
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// `1234067` is written `x001/x234/067`.
fn grouped(mut index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    while index >= 1000 {
        index /= 1000;
        path = format!("x{:03}/{path}", index % 1000);
    }
    path
}

fn with_width(path: String, width: usize) -> String {
    if width == TILE_WIDTH { path } else { format!("{path}.p/{width}") }
}

/// Path of a tile that holds `width` hashes (1 to 256).
pub fn tile_path(id: TileId, width: usize) -> String {
    with_width(format!("tile/{}/{}", id.level, grouped(id.index)), width)
}

/// Path of the bundle with the entries under the level-0 tile `index`, of `width` entries (1 to 256).
pub fn entries_path(index: u64, width: usize) -> String {
    with_width(format!("tile/entries/{}", grouped(index)), width)
}

/// A tile's bytes: its hashes one after the other.
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.concat()
}

/// Reads a tile's bytes, or nothing when their number is no multiple of 32.
pub fn decode_tile(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}

/// Adds one entry to a bundle: a big-endian 16-bit length, then the entry.
///
/// # Panics
/// When the entry is longer than [`MAX_ENTRY`]; whoever makes entries keeps them shorter.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).expect("an entry is at most 65,535 bytes");
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

/// Splits a bundle into its entries, or nothing when it ends in the middle of one.
pub fn split_entries(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::with_capacity(TILE_WIDTH);
    while !bundle.is_empty() {
        let (length, rest) = bundle.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bundle = rest;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let id = |level, index| TileId { level, index };
        assert_eq!(tile_path(id(0, 0), 256), "tile/0/000");
        assert_eq!(tile_path(id(1, 1_234_067), 256), "tile/1/x001/x234/067");
        assert_eq!(tile_path(id(0, 5), 17), "tile/0/005.p/17");
        assert_eq!(entries_path(1000, 256), "tile/entries/x001/000");
        assert_eq!(entries_path(273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn entries_survive_the_round_trip_and_a_cut_bundle_is_refused() {
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", &[7; 300]] {
            push_entry(&mut bundle, entry);
        }
        assert_eq!(split_entries(&bundle).unwrap(), [&b"one"[..], b"", &[7; 300]]);
        bundle.pop();
        assert_eq!(split_entries(&bundle), None);
        assert_eq!(decode_tile(&[0; 33]), None);
    }
}
