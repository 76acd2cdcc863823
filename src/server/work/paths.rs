//! Kind of work of each resource. A test compares this table with `ARCHITECTURE.md`, and every resource with it.

use super::WorkKind;

/// The kind of work that the resources with a path do.
#[derive(Clone, Copy, Debug)]
pub struct WorkPath {
    /// Start of the path.
    pub prefix: &'static str,
    /// End of the path.
    pub suffix: &'static str,
    /// The kind; `None` for work that costs the same for every request, and runs on the threads that answer.
    pub kind: Option<WorkKind>,
}

const fn path(prefix: &'static str, suffix: &'static str, kind: WorkKind) -> WorkPath {
    WorkPath {
        prefix,
        suffix,
        kind: Some(kind),
    }
}

const fn cheap(prefix: &'static str) -> WorkPath {
    WorkPath {
        prefix,
        suffix: "",
        kind: None,
    }
}

/// Every resource by its path, the first that fits; paths as in [`crate::server::OPERATIONS`].
pub const PATHS: &[WorkPath] = &[
    cheap("/healthz"),
    cheap("/readyz"),
    cheap("/metrics"),
    cheap("/status"),
    cheap("/pages.css"),
    path("/maps/{style}/{z}/{x}/{y}", "", WorkKind::Picture),
    path("/maps/{style}", "", WorkKind::Map),
    path("/map/tiles", "{tileCol}", WorkKind::Picture),
    path(
        "/collections/",
        "/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        WorkKind::Picture,
    ),
    path("/xyz/{layers}/{z}/{x}/{y}", "", WorkKind::Tile),
    path("/tiles/", "{tileCol}", WorkKind::Tile),
    path(
        "/collections/",
        "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        WorkKind::Tile,
    ),
    path("/documents/{documentId}/map", "", WorkKind::Map),
    path("/events/{eventId}/map", "", WorkKind::Map),
    path("/events", "", WorkKind::Document),
    path("/documents", "", WorkKind::Document),
    path("/mentions", "", WorkKind::Document),
    path("/claims", "", WorkKind::Document),
    path("/changes", "", WorkKind::Document),
    path("/feeds", "", WorkKind::Document),
    path("/histogram", "", WorkKind::Document),
    path("/facets", "", WorkKind::Document),
    path("/geoparse", "", WorkKind::Geoparse),
    path("/table", "", WorkKind::Geoparse),
    path("/downloads", "", WorkKind::Download),
    path("/search", "", WorkKind::Search),
    path("/reverse", "", WorkKind::Search),
    path("/lookup", "", WorkKind::Search),
    path("/reconcile/", "", WorkKind::Search),
    path("/", "", WorkKind::Query),
];

/// The kind of work of the resource with a path.
pub fn kind_of(resource: &str) -> Option<WorkKind> {
    let fits = |path: &&WorkPath| resource.starts_with(path.prefix) && resource.ends_with(path.suffix);
    PATHS.iter().find(fits)?.kind
}
