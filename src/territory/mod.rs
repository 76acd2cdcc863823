//! Boundaries with shared arcs, disputed areas, control by period, worldviews.

mod boundaries;
pub mod dissolve;
mod set;
mod simplify;
pub mod topology;

pub use boundaries::{Boundaries, FULL_ZOOM, UnitIndex, UnknownUnit};
pub use set::UnitSet;
pub use simplify::Simplification;
pub use topology::{ArcRef, Micro, Neighbour, Topology, TopologyError, Unit};
