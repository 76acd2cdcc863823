//! Geodesy on WGS 84, boundaries with shared arcs, disputed areas, worldviews, derived lines and described positions.

use mahwar_geoparse::{gazetteer, geoparse, language};

/// The security-gap corridor: definitions, the line derived from them, linear referencing.
pub mod corridor;
/// Lengths, areas and distances on the WGS 84 ellipsoid, and map projections.
pub mod geodesy;
pub mod position_geometry;
/// Boundaries with shared arcs, disputed areas, control by period, worldviews.
pub mod territory;
