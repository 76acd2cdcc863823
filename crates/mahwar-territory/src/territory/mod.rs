//! Boundaries with shared arcs, disputed areas, control by period, worldviews.

mod boundaries;
mod control;
mod disputed;
pub mod dissolve;
mod set;
mod simplify;
pub(crate) mod table;
pub mod topology;
mod worldview;

pub use boundaries::{Boundaries, FULL_ZOOM, UnitIndex, UnknownUnit};
pub use control::{Control, ControlByPeriod};
pub use disputed::{DisputedArea, DisputedAreas};
pub use set::UnitSet;
pub use simplify::Simplification;
pub use table::TableError;
pub use topology::{ArcRef, Micro, Neighbour, Topology, TopologyError, Unit};
pub use worldview::{
    Counted, Departure, DerivedGovernorate, Governorate, UnknownWorldview, View, Worldview, WorldviewError, Worldviews,
};
