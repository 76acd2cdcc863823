//! Lengths, areas and distances on the WGS 84 ellipsoid (Karney 2013), and map projections.
