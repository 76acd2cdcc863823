//! All tests of the public face, in one binary: what stands in `src/` is linked once.

mod bad_input;
mod checked_data;
mod claims;
mod common;
mod compiled_data;
mod downloads;
mod eval;
mod gazetteer_search;
mod geoparse_seed;
mod geoparse_text;
mod main_job;
mod server_clipping;
mod server_endpoints;
mod server_features;
mod server_fixture;
mod server_tiles;
mod store_contract;
mod store_fixture;
mod styles;
mod territory_boundaries;
mod territory_compile;
mod territory_corridor;
mod territory_geodesy;
mod territory_report;
mod territory_worldviews;
