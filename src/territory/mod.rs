//! Boundaries with shared arcs, disputed areas, control by period, worldviews.
