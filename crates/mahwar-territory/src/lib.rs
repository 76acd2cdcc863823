//! Geodesy on WGS 84, boundaries with shared arcs, disputed areas, worldviews and derived lines.

use mahwar_geoparse::{gazetteer, language};

/// The security-gap corridor: definitions, the line derived from them, linear referencing.
pub mod corridor;
/// Lengths, areas and distances on the WGS 84 ellipsoid, and map projections.
pub mod geodesy;
/// Boundaries with shared arcs, disputed areas, control by period, worldviews.
pub mod territory;
