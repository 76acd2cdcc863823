//! An R-tree over the bounds of a layer's features.
//!
//! Its leaves are groups of neighbours, packed by sorting (Leutenegger, Lopez and Edgington 1997, "STR: a simple and
//! efficient algorithm for R-tree packing"), each with a box in half the digits, outwards. It finds all features that
//! meet a box and a few others, which their own bounds exclude. It takes a tenth of the memory of a tree with a leaf
//! for each feature.

use super::{Bounds, row::Row};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};

/// Features of a group.
const GROUP: usize = 16;

/// The box of a group, and where the group begins.
type Group = GeomWithData<Rectangle<[f32; 2]>, u32>;

/// Positions of rows by their location.
#[derive(Debug)]
pub(super) struct Tree {
    groups: RTree<Group>,
    /// Grouped: rows of one group follow one another.
    rows: Vec<u32>,
}

impl Tree {
    /// A tree over the bounds of rows, without those that have none.
    pub fn new(rows: &[Row]) -> Self {
        let mut found: Vec<(Bounds, u32)> = rows
            .iter()
            .zip(0..)
            .filter_map(|(row, index)| Some((row.bounds()?, index)))
            .collect();
        sort(&mut found);
        let groups = found
            .chunks(GROUP)
            .zip((0u32..).step_by(GROUP))
            .filter_map(|(group, first)| {
                let bounds = group.iter().map(|(bounds, _)| *bounds).reduce(Bounds::union)?;
                Some(Group::new(Rectangle::from_aabb(around(bounds)), first))
            });
        Self {
            groups: RTree::bulk_load(groups.collect()),
            rows: found.iter().map(|(_, index)| *index).collect(),
        }
    }

    /// Positions of rows that may meet a box: a superset of those that do.
    pub fn near(&self, bounds: Bounds) -> impl Iterator<Item = u32> {
        let groups = self.groups.locate_in_envelope_intersecting(around(bounds));
        groups.flat_map(|group| self.rows[group.data as usize..].iter().take(GROUP).copied())
    }
}

/// Brings neighbours together: into slabs from west to east, and in each from south to north.
fn sort(rows: &mut [(Bounds, u32)]) {
    let middle = |axis: usize| move |(bounds, _): &(Bounds, u32)| bounds.0[axis] + bounds.0[axis + 2];
    let (lon, lat) = (middle(0), middle(1));
    rows.sort_unstable_by(|a, b| lon(a).total_cmp(&lon(b)));
    let slabs = rows.len().div_ceil(GROUP).isqrt().max(1);
    let slab = rows.len().div_ceil(slabs).next_multiple_of(GROUP).max(GROUP);
    for slab in rows.chunks_mut(slab) {
        slab.sort_unstable_by(|a, b| lat(a).total_cmp(&lat(b)));
    }
}

/// The box in half the digits, outwards.
fn around(Bounds([west, south, east, north]): Bounds) -> AABB<[f32; 2]> {
    let below = |degrees: f64| (degrees as f32).next_down();
    let above = |degrees: f64| (degrees as f32).next_up();
    AABB::from_corners([below(west), below(south)], [above(east), above(north)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Feature, Properties};
    use geo::{Geometry, line_string};
    use proptest::prelude::*;

    fn line([west, south, width, height]: [f64; 4]) -> Geometry<f64> {
        line_string![(x: west, y: south), (x: west + width, y: south + height)].into()
    }

    proptest! {
        #[test]
        fn everything_that_meets_a_box_is_found(
            boxes in proptest::collection::vec((-180.0..179.0, -90.0..89.0, 0.0..1.0, 0.0..1.0), 0..200),
            none in proptest::collection::vec(any::<bool>(), 200),
            sought in (-180.0..170.0, -90.0..80.0, 0.0..90.0, 0.0..60.0),
        ) {
            let features = boxes.iter().zip(none).map(|(&(west, south, width, height), none)| {
                let geometry = (!none).then(|| line([west, south, width, height]));
                Feature::new("", geometry, Properties::new())
            });
            let rows: Vec<Row> = features.map(Row::new).collect();
            let (west, south, width, height) = sought;
            let sought = Bounds([west, south, west + width, south + height]);
            let mut near: Vec<u32> = Tree::new(&rows).near(sought).collect();
            near.sort_unstable();
            prop_assert!(near.windows(2).all(|pair| pair[0] < pair[1]), "a row is found twice");
            for (row, index) in rows.iter().zip(0..) {
                let meets = row.bounds().is_some_and(|bounds| bounds.meets(sought));
                prop_assert!(!meets || near.contains(&index), "{index}");
            }
        }
    }
}
