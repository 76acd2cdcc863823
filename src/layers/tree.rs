//! An R-tree over the bounds of a layer's features.
//!
//! It holds boxes in half the digits, outwards: it finds all that meet a box and a few beside them, which their own
//! bounds tell apart.

use super::{Bounds, row::Row};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

/// A box that the bounds of a row lie in, in half the digits, and the row's position.
type Entry = GeomWithData<Rectangle<[f32; 2]>, u32>;

/// Positions of rows by where they are.
#[derive(Debug)]
pub(super) struct Tree(RTree<Entry>);

impl Tree {
    /// Over the bounds of rows; one without bounds is not in it.
    pub fn new(rows: &[Row]) -> Self {
        let entries = rows
            .iter()
            .zip(0u32..)
            .filter_map(|(row, index)| Some(Entry::new(Rectangle::from_aabb(around(row.bounds()?)), index)));
        Self(RTree::bulk_load(entries.collect()))
    }

    /// Positions of rows that may meet a box: all that do are among them.
    pub fn near(&self, bounds: Bounds) -> impl Iterator<Item = u32> {
        let entries = self.0.locate_in_envelope_intersecting(around(bounds));
        entries.map(|entry| entry.data)
    }
}

/// The box in half the digits, outwards.
fn around(Bounds([west, south, east, north]): Bounds) -> AABB<[f32; 2]> {
    let below = |degrees: f64| (degrees as f32).next_down();
    let above = |degrees: f64| (degrees as f32).next_up();
    AABB::from_corners([below(west), below(south)], [above(east), above(north)])
}
