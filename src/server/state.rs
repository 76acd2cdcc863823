//! State that the server answers from: one immutable snapshot at a time, replaced as a whole after a change.

use super::{
    conditions,
    limits::ClientLimits,
    request_body::BodyMemory,
    services::{DocumentService, LocalNameService, Services},
    tile_cache::TileCache,
    viewer::Viewer,
    work::{Limits, Work},
};
use crate::{
    ingest::Pages,
    language::Trilingual,
    layers::{Bounds, Layer},
    sources::Shelf,
    tiles::LayerTiles,
};
use arc_swap::{ArcSwap, Guard};
use rustc_hash::FxHashMap;
use std::sync::{
    Arc, Mutex, OnceLock, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Worldview of a set of layers.
#[derive(Clone, Debug, Default)]
pub struct Worldview {
    /// `neutral`, `federal`, `region`, or an id of the land's data.
    pub id: String,
    /// Title.
    pub title: Trilingual,
    /// The convention in force, one sentence.
    pub convention: Trilingual,
    /// Source of the convention.
    pub source: String,
    /// Shown when none is asked for. The first worldview counts as the default when none says so.
    pub default: bool,
}

/// A document and its parse.
pub use crate::layers::ReadDocument as StoredDocument;

/// The layers as one worldview shows them.
#[derive(Debug)]
pub struct View {
    /// Which.
    pub worldview: Worldview,
    layers: Vec<Arc<LayerTiles>>,
    by_id: FxHashMap<String, usize>,
}

impl View {
    /// The layers, in order.
    pub fn layers(&self) -> &[Arc<LayerTiles>] {
        &self.layers
    }

    /// The layer with this id.
    pub fn layer(&self, id: &str) -> Option<&Arc<LayerTiles>> {
        self.by_id.get(id).map(|&at| &self.layers[at])
    }

    /// Bounds of all layers.
    pub fn bounds(&self) -> Option<Bounds> {
        let all = self.layers.iter().filter_map(|tiles| tiles.layer().bounds());
        all.reduce(Bounds::union)
    }
}

/// Worldviews with their layers, in order.
pub type Views = Vec<(Worldview, Vec<Arc<Layer>>)>;

/// Everything that answers are made of, at one moment.
#[derive(Debug)]
pub struct Snapshot {
    views: Vec<View>,
    /// The same without rulings; empty where no ruling changes anything.
    machine: Vec<View>,
    default_view: usize,
    documents: Vec<Arc<StoredDocument>>,
    document_by_id: FxHashMap<String, usize>,
}

impl Snapshot {
    /// Combines worldviews with their layers and the documents. Layers that `before` has too, the same `Arc`, keep
    /// their prepared tile data; one layer in several worldviews is prepared once.
    ///
    /// # Panics
    /// When there is no worldview: a land without one cannot be shown.
    pub fn new(views: Views, documents: Vec<Arc<StoredDocument>>, before: Option<&Self>) -> Self {
        Self::with_machine(views, Vec::new(), documents, before)
    }

    /// [`Self::new`] with the worldviews as they are without rulings, or none where rulings change nothing.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn with_machine(
        views: Views,
        machine: Views,
        documents: Vec<Arc<StoredDocument>>,
        before: Option<&Self>,
    ) -> Self {
        assert!(!views.is_empty(), "a land has at least one worldview");
        let mut prepared: FxHashMap<*const Layer, Arc<LayerTiles>> = FxHashMap::default();
        for tiles in before
            .iter()
            .flat_map(|before| before.views.iter().chain(&before.machine))
            .flat_map(|view| &view.layers)
        {
            prepared.insert(Arc::as_ptr(tiles.layer()), Arc::clone(tiles));
        }
        let default_view = views.iter().position(|(view, _)| view.default).unwrap_or(0);
        let mut view_of = |(worldview, layers): (Worldview, Vec<Arc<Layer>>)| {
            let layers: Vec<_> = layers
                .into_iter()
                .map(|layer| {
                    let tiles = prepared
                        .entry(Arc::as_ptr(&layer))
                        .or_insert_with(|| Arc::new(LayerTiles::new(layer)));
                    Arc::clone(tiles)
                })
                .collect();
            let by_id = layers
                .iter()
                .enumerate()
                .map(|(at, tiles)| (tiles.layer().id.clone(), at));
            View {
                worldview,
                by_id: by_id.collect(),
                layers,
            }
        };
        let views = views.into_iter().map(&mut view_of).collect();
        let machine = machine.into_iter().map(&mut view_of).collect();
        let ids = documents.iter().enumerate();
        Self {
            views,
            machine,
            default_view,
            document_by_id: ids.map(|(at, stored)| (stored.document.id.clone(), at)).collect(),
            documents,
        }
    }

    /// The same with other layers of the operator, after those of the land and of documents.
    pub fn with_own(&self, own: &[Arc<Layer>]) -> Self {
        let with_own = |view: &View| {
            let kept = view.layers.iter().map(|tiles| tiles.layer()).filter(|layer| !layer.own);
            (view.worldview.clone(), kept.chain(own).cloned().collect())
        };
        let views = self.views.iter().map(with_own).collect();
        let machine = self.machine.iter().map(with_own).collect();
        Self::with_machine(views, machine, self.documents.clone(), Some(self))
    }

    /// All worldviews.
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// The worldview with this id; the default one for `None`.
    pub fn view(&self, id: Option<&str>) -> Option<&View> {
        match id {
            None => Some(&self.views[self.default_view]),
            Some(id) => self.views.iter().find(|view| view.worldview.id == id),
        }
    }

    /// A worldview as the machine shows it, without rulings.
    pub fn unruled<'s>(&'s self, view: &'s View) -> &'s View {
        let same = |other: &&View| other.worldview.id == view.worldview.id;
        self.machine.iter().find(same).unwrap_or(view)
    }

    /// The default worldview.
    pub fn default_view(&self) -> &View {
        &self.views[self.default_view]
    }

    /// The documents in memory, in order of arrival, as they are ruled: all of them, or the newest.
    pub fn documents(&self) -> &[Arc<StoredDocument>] {
        &self.documents
    }

    /// The document with this id, if it is in memory.
    pub fn document(&self, id: &str) -> Option<&Arc<StoredDocument>> {
        self.document_by_id.get(id).map(|&at| &self.documents[at])
    }
}

/// The land, as far as answers name it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Title of the map.
    pub title: Trilingual,
    /// Description of the map.
    pub description: Trilingual,
    /// Disclaimer about boundaries and names.
    pub disclaimer: Trilingual,
    /// Sources, one line.
    pub attribution: String,
    /// The same sources one by one.
    pub sources: Vec<crate::land::Source>,
    /// Departures of worldviews from the formal boundaries, each with its source.
    pub departures: Vec<crate::territory::Departure>,
    /// Themes and classes of the map's style.
    pub palettes: Arc<crate::style::Palettes>,
    /// The operator's texts for the server's pages.
    pub operator: super::operator::Operator,
    /// Versions of the program and of the land; empty where nobody gave them.
    pub versions: String,
    /// The dataset that units and their codes come from, with its date.
    pub edition: Option<String>,
    /// Codes in exports for people who code events.
    pub codes: Arc<crate::export::Codes>,
}

/// Settings of the server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address that links are made with, without a slash at the end; from each request's `Host` when absent.
    pub public_url: Option<String>,
    /// True if `Forwarded` and `X-Forwarded-*` are trusted. Only with a proxy that sets them.
    pub trust_proxy: bool,
    /// Bytes of ready tiles that are cached.
    pub tile_cache_bytes: u64,
    /// True if documents are fetched also from addresses that are not public.
    pub fetch_private: bool,
    /// Limits of expensive work that replace those of the machine.
    pub work: Limits,
    /// Limits on clients.
    pub limits: ClientLimits,
    /// The base map.
    pub base: Option<crate::style::BaseMap>,
    /// Permissions.
    pub access: super::access::Access,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            trust_proxy: false,
            tile_cache_bytes: 16 * 1024 * 1024,
            fetch_private: false,
            work: Limits::default(),
            limits: ClientLimits::default(),
            base: None,
            access: super::access::Access::default(),
        }
    }
}

/// Parts of the corridor that are cached: some for each definition and worldview.
const PARTS: usize = 24;
/// Files that are cached for clients that read by ranges.
const FILES: usize = 16;
/// Bytes that they may have together.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Whole downloads by their tag.
pub(super) type FileCache = quick_cache::sync::Cache<u64, bytes::Bytes, ByLength>;

/// Weighs a file by its bytes.
#[derive(Clone, Debug)]
pub(super) struct ByLength;

impl quick_cache::Weighter<u64, bytes::Bytes> for ByLength {
    fn weight(&self, _: &u64, body: &bytes::Bytes) -> u64 {
        body.len() as u64
    }
}

/// The server's state, shared by all requests.
#[derive(Debug)]
pub struct App {
    /// The land.
    pub about: About,
    /// Settings.
    pub settings: Settings,
    /// The services that endpoints call.
    pub services: Services,
    /// Ready tiles.
    pub(super) cache: TileCache,
    /// Files that are being read by ranges.
    pub(super) files: FileCache,
    /// Parts of the corridor that are asked for without a number.
    pub(super) parts: quick_cache::sync::Cache<String, Arc<serde_json::Value>>,
    /// The web map.
    pub(super) viewer: Viewer,
    /// Fetches documents by their address.
    pub(super) pages: Pages,
    /// Memory for the bodies of requests.
    pub(super) bodies: Arc<BodyMemory>,
    /// Compiled styles.
    pub(super) painter: super::style_compiler::StyleCompiler,
    pub(super) descriptions: super::description_cache::DescriptionCache,
    /// Thread pools for expensive work.
    pub(super) work: Work,
    /// Counters for `/metrics`.
    pub(super) metrics: super::metrics::Metrics,
    /// Layers of sums.
    pub(super) counting: super::counting::Counting,
    /// Streams of changes.
    pub(super) streams: super::changes::Streams,
    library: OnceLock<Arc<dyn DocumentService>>,
    own: OnceLock<Arc<Shelf>>,
    local_names: OnceLock<Arc<dyn LocalNameService>>,
    /// One change of the snapshot at a time; readers never take this.
    changing: Mutex<()>,
    snapshot: ArcSwap<Snapshot>,
    epoch: AtomicU64,
}

impl App {
    /// The state at start.
    pub fn new(about: About, settings: Settings, services: Services, snapshot: Snapshot) -> Arc<Self> {
        conditions::note_change();
        Arc::new(Self {
            bodies: Arc::new(BodyMemory::new(settings.limits.body_bytes)),
            pages: Pages::of_others(settings.fetch_private),
            cache: TileCache::new(settings.tile_cache_bytes),
            files: FileCache::with_weighter(FILES, FILE_BYTES, ByLength),
            parts: quick_cache::sync::Cache::new(PARTS),
            viewer: Viewer::embedded(),
            painter: super::style_compiler::StyleCompiler::default(),
            descriptions: super::description_cache::DescriptionCache::default(),
            work: Work::new(&settings.work),
            metrics: super::metrics::Metrics::default(),
            about,
            settings,
            services,
            counting: super::counting::Counting::default(),
            streams: super::changes::Streams::default(),
            library: OnceLock::new(),
            own: OnceLock::new(),
            local_names: OnceLock::new(),
            changing: Mutex::new(()),
            snapshot: ArcSwap::from_pointee(snapshot),
            epoch: AtomicU64::new(0),
        })
    }

    /// Documents are put into this from now, and looked for in it; the first call counts.
    pub fn keep(&self, library: Arc<dyn DocumentService>) {
        // A server has one store; a second call would be a mistake that changes nothing.
        let _ = self.library.set(library);
    }

    /// Layers of sums are made by this from now; the first call counts.
    pub fn count_with(&self, service: Arc<dyn super::counting::CountService>) {
        self.counting.set(service);
    }

    /// The store of documents, if there is one.
    pub fn library(&self) -> Option<&Arc<dyn DocumentService>> {
        self.library.get()
    }

    /// Own layers of the operator; the first call counts.
    pub fn serve_own(&self, shelf: Arc<Shelf>) {
        // A server has one shelf; a second call would be a mistake that changes nothing.
        let _ = self.own.set(shelf);
    }

    /// Own layers of the operator, if there are any.
    pub fn own(&self) -> Option<&Arc<Shelf>> {
        self.own.get()
    }

    /// Names that analysts add are kept in this; the first call counts.
    pub fn name_with(&self, service: Arc<dyn LocalNameService>) {
        // A server has one file; a second call would be a mistake that changes nothing.
        let _ = self.local_names.set(service);
    }

    /// The local names, if the operator named a file for them.
    pub fn local_names(&self) -> Option<&Arc<dyn LocalNameService>> {
        self.local_names.get()
    }

    /// What to answer from now.
    pub fn snapshot(&self) -> Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    /// Swaps the snapshot for one that is made of it, while no other change is made.
    pub fn update(&self, change: impl FnOnce(&Snapshot) -> Snapshot) {
        let _alone = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = Arc::clone(&self.snapshot());
        self.replace(change(&before));
    }

    /// Swaps the snapshot. Ready tiles whose layers did not change stay.
    pub fn replace(&self, snapshot: Snapshot) {
        self.snapshot.store(Arc::new(snapshot));
        conditions::note_change();
        self.epoch.fetch_add(1, Ordering::Release);
        self.streams.note_change();
    }

    /// Number of times that the snapshot was replaced.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }
}
