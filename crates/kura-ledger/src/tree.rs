//! The Merkle tree of RFC 6962, seen through tiles of 256 hashes.
//!
//! The mathematics is that of `tlog_tiles`; this module gives it our shape: an [`Edge`] that grows by
//! one leaf and hands out each tile as it fills, and proofs computed from whatever holds the tiles.
//! It never reads or writes anything itself.

use std::cell::RefCell;
use std::collections::BTreeSet;

use tlog_tiles::tlog;

/// A SHA-256 hash: of a leaf, a node or a tree.
pub type Hash = [u8; 32];

/// Hashes in a full tile (C2SP `tlog-tiles`: tile height 8).
pub const TILE_WIDTH: usize = 256;

/// Hash of one entry: SHA-256 of a zero byte and the entry (RFC 6962, section 2.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    tlog::record_hash(entry).0
}

/// Hash of an inner node: SHA-256 of a one byte, left and right (RFC 6962, section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    tlog::node_hash(tlog::Hash(*left), tlog::Hash(*right)).0
}

/// Root of the empty tree.
pub const EMPTY_ROOT: Hash = tlog::EMPTY_HASH.0;

/// Which tile: `level` 0 holds leaf hashes, `level` n the roots of full tiles of level n-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Level of the tile, 0 at the leaves.
    pub level: u8,
    /// Position of the tile in its level.
    pub index: u64,
}

/// Root of the perfect subtree over `hashes`, whose number is a power of two.
pub fn subtree_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node_hash(&subtree_root(left), &subtree_root(right))
        }
    }
}

/// Something that holds tiles, full ones and the partial ones at the edge.
pub trait Tiles {
    /// The hashes of a tile as far as they are known, or nothing when the tile is not at hand.
    fn tile(&self, id: TileId) -> Option<&[Hash]>;
}

impl Tiles for std::collections::BTreeMap<TileId, Vec<Hash>> {
    fn tile(&self, id: TileId) -> Option<&[Hash]> {
        self.get(&id).map(Vec::as_slice)
    }
}

/// Why a proof or a root could not be made or did not hold.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TreeError {
    /// These tiles must be at hand first; load them and ask again.
    #[error("tiles are missing: {0:?}")]
    Missing(Vec<TileId>),
    /// The question makes no sense, for example a leaf beyond the tree.
    #[error("no such place in the tree: {0}")]
    OutOfRange(String),
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the root")]
    Mismatch,
}

/// Lets `tlog_tiles` read single tree nodes out of tiles, and notes which tiles it lacked.
struct Reader<'a, T: ?Sized> {
    tiles: &'a T,
    missing: RefCell<BTreeSet<TileId>>,
}

impl<T: Tiles + ?Sized> tlog::HashReader for Reader<'_, T> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let mut out = Vec::with_capacity(indexes.len());
        for &stored in indexes {
            let (level, n) = tlog::split_stored_hash_index(stored);
            let (tile_level, inside) = (level / 8, level % 8);
            let first = n << inside;
            let id = TileId { level: tile_level, index: first / TILE_WIDTH as u64 };
            let start = (first % TILE_WIDTH as u64) as usize;
            let range = start..start + (1usize << inside);
            match self.tiles.tile(id).and_then(|tile| tile.get(range)) {
                Some(hashes) => out.push(tlog::Hash(subtree_root(hashes))),
                None => {
                    self.missing.borrow_mut().insert(id);
                }
            }
        }
        if self.missing.borrow().is_empty() { Ok(out) } else { Err(tlog::Error::IndexesNotInTree) }
    }
}

fn read<T, R>(tiles: &T, ask: impl FnOnce(&Reader<'_, T>) -> Result<R, tlog::Error>) -> Result<R, TreeError>
where
    T: Tiles + ?Sized,
{
    let reader = Reader { tiles, missing: RefCell::default() };
    ask(&reader).map_err(|error| {
        let missing: Vec<_> = reader.missing.take().into_iter().collect();
        if missing.is_empty() {
            TreeError::OutOfRange(error.to_string())
        } else {
            TreeError::Missing(missing)
        }
    })
}

fn plain(hashes: Vec<tlog::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| hash.0).collect()
}

fn wrapped(hashes: &[Hash]) -> Vec<tlog::Hash> {
    hashes.iter().map(|hash| tlog::Hash(*hash)).collect()
}

/// Root of the tree over the first `size` leaves.
pub fn root<T: Tiles + ?Sized>(size: u64, tiles: &T) -> Result<Hash, TreeError> {
    read(tiles, |reader| tlog::tree_hash(size, reader)).map(|hash| hash.0)
}

/// Proof that the tree of `size` leaves holds leaf `index` (RFC 6962, section 2.1.1).
pub fn prove_inclusion<T: Tiles + ?Sized>(size: u64, index: u64, tiles: &T) -> Result<Vec<Hash>, TreeError> {
    read(tiles, |reader| tlog::prove_record(size, index, reader)).map(plain)
}

/// Proof that the tree of `new` leaves only adds to the tree of `old` leaves (RFC 6962, section 2.1.2).
/// The empty tree and a tree itself need no proof: the result is empty.
pub fn prove_consistency<T: Tiles + ?Sized>(old: u64, new: u64, tiles: &T) -> Result<Vec<Hash>, TreeError> {
    if old > new {
        return Err(TreeError::OutOfRange(format!("{old} > {new}")));
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    read(tiles, |reader| tlog::prove_tree(new, old, reader)).map(plain)
}

/// Checks a proof of [`prove_inclusion`].
pub fn verify_inclusion(
    proof: &[Hash],
    size: u64,
    root: &Hash,
    index: u64,
    leaf: &Hash,
) -> Result<(), TreeError> {
    // An audit path is never longer than the tree is high; longer ones are not worth recursing into.
    if index >= size || proof.len() > 64 {
        return Err(TreeError::OutOfRange(format!("leaf {index} of {size}")));
    }
    tlog::check_record(&wrapped(proof), size, tlog::Hash(*root), index, tlog::Hash(*leaf))
        .map_err(|_| TreeError::Mismatch)
}

/// Checks a proof of [`prove_consistency`].
pub fn verify_consistency(
    proof: &[Hash],
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
) -> Result<(), TreeError> {
    if old > new || proof.len() > 128 {
        return Err(TreeError::OutOfRange(format!("{old} > {new}")));
    }
    let holds = match (old, old == new) {
        (0, _) => proof.is_empty() && *old_root == EMPTY_ROOT,
        (_, true) => proof.is_empty() && old_root == new_root,
        _ => {
            tlog::check_tree(&wrapped(proof), new, tlog::Hash(*new_root), old, tlog::Hash(*old_root)).is_ok()
        }
    };
    if holds { Ok(()) } else { Err(TreeError::Mismatch) }
}

/// A tile that has just become full and will never change again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTile {
    /// Which tile it is.
    pub id: TileId,
    /// Its 256 hashes.
    pub hashes: Vec<Hash>,
    /// Root of the subtree over its hashes: its entry in the level above.
    pub root: Hash,
}

/// The growing right side of the tree: per level, the hashes that are not yet in a full tile.
///
/// It is all that appending and signing need; it holds at most 255 hashes a level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge of a tree of `size` leaves from its partial tiles, lowest level first. Trailing empty
    /// levels may be left out. Fails when the numbers do not fit the size.
    pub fn from_partial_tiles(size: u64, mut levels: Vec<Vec<Hash>>) -> Result<Self, TreeError> {
        let widths = partial_widths(size);
        levels.resize(levels.len().max(widths.len()), Vec::new());
        for (level, hashes) in levels.iter().enumerate() {
            let expected = widths.get(level).copied().unwrap_or(0);
            if hashes.len() != expected {
                return Err(TreeError::OutOfRange(format!(
                    "level {level} of a tree of {size} leaves has {expected} open hashes, not {}",
                    hashes.len()
                )));
            }
        }
        levels.truncate(widths.len());
        Ok(Self { size, levels })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; returns the tiles that it filled, lowest level first.
    pub fn append(&mut self, leaf: Hash) -> Vec<FullTile> {
        let mut filled = Vec::new();
        let mut carried = leaf;
        self.size += 1;
        // How many tiles of this level are full once this leaf is in.
        let mut full = self.size;
        for level in 0u8.. {
            full /= TILE_WIDTH as u64;
            let depth = usize::from(level);
            if self.levels.len() <= depth {
                self.levels.push(Vec::new());
            }
            self.levels[depth].push(carried);
            if self.levels[depth].len() < TILE_WIDTH {
                break;
            }
            let hashes = std::mem::take(&mut self.levels[depth]);
            carried = subtree_root(&hashes);
            filled.push(FullTile { id: TileId { level, index: full - 1 }, hashes, root: carried });
        }
        filled
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        root(self.size, self).expect("the edge holds every hash that its own root needs")
    }

    /// The partial tile of a level, possibly empty.
    pub fn partial_tile(&self, level: u8) -> &[Hash] {
        self.levels.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// Which tile the partial tile of a level is.
    pub fn partial_id(&self, level: u8) -> TileId {
        let shift = 8 * (u32::from(level) + 1);
        TileId { level, index: self.size.checked_shr(shift).unwrap_or(0) }
    }
}

impl Tiles for Edge {
    fn tile(&self, id: TileId) -> Option<&[Hash]> {
        (self.partial_id(id.level) == id).then(|| self.partial_tile(id.level))
    }
}

/// How many hashes stand in the partial tile of each level of a tree of `size` leaves, lowest first.
pub fn partial_widths(size: u64) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut rest = size;
    while rest > 0 {
        widths.push((rest % TILE_WIDTH as u64) as usize);
        rest /= TILE_WIDTH as u64;
    }
    widths
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2_oracle::Sha256;

    use super::*;

    /// Our tree, its tiles, and the other implementation's tree of the same leaves.
    type Both = (Edge, BTreeMap<TileId, Vec<Hash>>, MemoryBackedTree<Sha256, Vec<u8>>);

    fn grown(size: u64) -> Both {
        let (mut edge, mut tiles, mut oracle) = (Edge::default(), BTreeMap::new(), MemoryBackedTree::new());
        for n in 0..size {
            let entry = n.to_be_bytes().to_vec();
            for tile in edge.append(leaf_hash(&entry)) {
                assert_eq!(tile.hashes.len(), TILE_WIDTH);
                tiles.insert(tile.id, tile.hashes);
            }
            oracle.push(entry);
        }
        for level in 0..8 {
            if !edge.partial_tile(level).is_empty() {
                tiles.insert(edge.partial_id(level), edge.partial_tile(level).to_vec());
            }
        }
        (edge, tiles, oracle)
    }

    #[test]
    fn root_is_that_of_another_implementation_at_every_size_to_600_and_past_two_levels() {
        let mut edge = Edge::default();
        let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        assert_eq!(edge.root(), EMPTY_ROOT);
        for n in 0..66_000u64 {
            let entry = n.to_be_bytes().to_vec();
            edge.append(leaf_hash(&entry));
            oracle.push(entry);
            if !(600..=65_500).contains(&n) {
                assert_eq!(edge.root()[..], oracle.root().as_bytes()[..], "size {}", n + 1);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn proofs_agree_with_another_implementation(size in 1u64..1500, a in any::<u64>(), b in any::<u64>()) {
            let (edge, tiles, oracle) = grown(size);
            let (index, old) = (a % size, 1 + b % size);
            prop_assert_eq!(root(size, &tiles).unwrap(), edge.root());

            let ours = prove_inclusion(size, index, &tiles).unwrap();
            let theirs = oracle.prove_inclusion(index as usize);
            prop_assert_eq!(ours.concat(), theirs.as_bytes().to_vec());
            let leaf = leaf_hash(&index.to_be_bytes());
            verify_inclusion(&ours, size, &edge.root(), index, &leaf).unwrap();
            prop_assert!(verify_inclusion(&ours, size, &edge.root(), index, &[7; 32]).is_err());

            let before = grown(old).0.root();
            let growth = prove_consistency(old, size, &tiles).unwrap();
            verify_consistency(&growth, old, &before, size, &edge.root()).unwrap();
            prop_assert!(verify_consistency(&growth, old, &[7; 32], size, &edge.root()).is_err());
            if old < size {
                let theirs = oracle.prove_consistency((size - old) as usize);
                prop_assert_eq!(growth.concat(), theirs.as_bytes().to_vec());
            }
        }

        #[test]
        fn an_edge_is_rebuilt_from_its_partial_tiles(size in 0u64..70_000) {
            let mut edge = Edge::default();
            for n in 0..size { edge.append(leaf_hash(&n.to_be_bytes())); }
            let levels = (0..8).map(|level| edge.partial_tile(level).to_vec()).collect();
            let again = Edge::from_partial_tiles(size, levels).unwrap();
            prop_assert_eq!(again.root(), edge.root());
            prop_assert!(Edge::from_partial_tiles(size + 1, vec![]).is_err() || size == u64::MAX);
        }
    }

    #[test]
    fn missing_tiles_are_named_all_at_once() {
        let (_, mut tiles, _) = grown(1000);
        tiles.remove(&TileId { level: 0, index: 1 });
        tiles.remove(&TileId { level: 1, index: 0 });
        let error = prove_inclusion(1000, 300, &tiles).unwrap_err();
        assert_eq!(
            error,
            TreeError::Missing(vec![TileId { level: 0, index: 1 }, TileId { level: 1, index: 0 }])
        );
    }
}
