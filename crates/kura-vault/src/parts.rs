//! Content made of several sealed parts, for uploads that resume.
//!
//! Each part is a sealed text of its own under a fresh salt, in a context that names the installation,
//! the item, the version and the part's number: no part opens in another's place. A part that was
//! acknowledged is never sealed again with other bytes; a resumed upload shows that it brings the same.

use std::ops::Range;

use crate::keys::Key;

/// Names the format of content in the register: Cobblestone-256 parts, keys by [`content_key`].
pub const FORMAT: &str = "cobblestone-256/1";

/// Smallest and largest part of an upload but for the last, in bytes: 8 to 64 MiB.
pub const PART_SIZES: std::ops::RangeInclusive<u64> = 8 << 20..=64 << 20;

/// The key of one version's content.
pub fn content_key(item_key: &Key, version: &[u8; 16]) -> Key {
    item_key.derive("kura/content/v1", version)
}

/// The context in which a part is sealed.
pub fn context(installation: &[u8; 16], item: &[u8; 16], version: &[u8; 16], part: u32) -> Vec<u8> {
    let number = part.to_be_bytes();
    [&installation[..], item, version, &number].concat()
}

/// A stretch of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Number of the part, from 0.
    pub part: u32,
    /// Bytes within the part's plaintext.
    pub range: Range<u64>,
}

/// The stretches that make up a range of content whose parts have these lengths. A range that reaches
/// beyond the content gives nothing.
pub fn stretches(lengths: &[u64], range: &Range<u64>) -> Option<Vec<Stretch>> {
    let mut found = Vec::new();
    let mut start = 0u64;
    for (part, length) in (0u32..).zip(lengths) {
        let end = start + length;
        let (from, to) = (range.start.max(start), range.end.min(end));
        if from < to {
            found.push(Stretch { part, range: from - start..to - start });
        }
        start = end;
    }
    (range.start <= range.end && range.end <= start).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealed;

    #[test]
    fn a_range_is_found_across_parts() {
        let stretch = |part, range| Stretch { part, range };
        assert_eq!(stretches(&[10, 10, 5], &(0..25)).unwrap().len(), 3);
        assert_eq!(
            stretches(&[10, 10, 5], &(9..21)).unwrap(),
            [stretch(0, 9..10), stretch(1, 0..10), stretch(2, 0..1)]
        );
        assert_eq!(stretches(&[10], &(4..4)).unwrap(), []);
        assert_eq!(stretches(&[10, 10], &(0..21)), None);
        assert_eq!(stretches(&[], &(0..0)).unwrap(), []);
    }

    #[test]
    fn basic_1c_a_part_does_not_open_in_the_place_of_another() {
        let item_key = Key::random();
        let (here, item, version) = ([1; 16], [2; 16], [3; 16]);
        let key = content_key(&item_key, &version);
        let sealed = sealed::seal(&key, &context(&here, &item, &version, 0), b"text");
        let other = |context: Vec<u8>| sealed::open(&key, &context, &sealed);
        assert!(other(context(&here, &item, &version, 0)).is_ok());
        assert!(other(context(&here, &item, &version, 1)).is_err());
        assert!(other(context(&here, &item, &[4; 16], 0)).is_err());
        assert!(other(context(&here, &[4; 16], &version, 0)).is_err());
        assert!(other(context(&[4; 16], &item, &version, 0)).is_err());
    }
}
