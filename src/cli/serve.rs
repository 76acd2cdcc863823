//! `mahwar serve`: the map server.

use super::{
    DataFolder, Failure,
    access_flags::AccessFlags,
    allocator::{self, GivesBack},
    basemap,
    limits::LimitFlags,
    own_layers::OwnLayers,
    reload,
};
use crate::{
    formats,
    ingest::{self, AcceptedText, SeedError},
    layers::ReadDocument,
    log,
    publish::{FEED_EVERY, FEED_SHORTEST, Library, ListedFeed, LocalNames, Publisher, follow_feeds, own},
    server::{self, App, Logo, Operator, Settings, work::Limits},
    text::printable::escape_lines,
};
use clap::Args;
use std::{
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;

/// Time that an idle thread for blocking work waits for more of it.
const IDLE_THREAD: Duration = Duration::from_secs(3);
/// Time limit of work that still runs after the last answer.
const LAST_WORK: Duration = Duration::from_millis(500);
/// Time after the drain time at which the process ends in any case.
const END_AFTER_DRAIN: Duration = Duration::from_millis(1_800);

/// Folder of seeds when none is named.
const SEEDS: &str = "seeds";

/// Serve the map: features, tiles, downloads, geocoding and the web map
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar serve\n  mahwar serve --bind 0.0.0.0:8080 --seeds reports/ --public-url https://maps.example.org\n  \
MAHWAR_TOKEN=… mahwar serve --store sqlite:mahwar.db\n  \
mahwar serve --layer camps=camps.geojson --layer wells=postgres://gis@localhost/water?table=wells"
)]
pub(super) struct Serve {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "MAHWAR_BIND", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// Folder of texts to read at start (.txt, with an optional .toml beside each);
    /// without it `seeds` in the working folder, or else the seeds inside the binary
    #[arg(long, value_name = "DIR", env = "MAHWAR_SEEDS")]
    seeds: Option<PathBuf>,
    /// Where documents stay: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE; in memory only when not given
    #[arg(long, value_name = "ADDRESS", env = "MAHWAR_STORE", hide_env_values = true)]
    store: Option<String>,
    /// The address that links are made with, when it is another than the one asked for
    #[arg(long, value_name = "URL", env = "MAHWAR_PUBLIC_URL", value_parser = server::public_url)]
    public_url: Option<String>,
    /// Fetch documents also from addresses that are not public: loopback, private, link-local
    #[arg(long, env = "MAHWAR_FETCH_PRIVATE")]
    fetch_private: bool,
    /// Feed that the server fetches by itself, with `every=SECONDS` and `full_articles` after its address where wanted;
    /// in mahwar.toml a table [[feeds]] with url, every and full_articles. Needs --store
    #[arg(long, value_name = "URL", value_parser = listed_feed)]
    feeds: Vec<ListedFeed>,
    /// Recognize the letters of scanned PDFs with these models of tesseract, such as ara or ara+eng
    #[arg(long, value_name = "MODELS", env = "MAHWAR_OCR")]
    ocr: Option<String>,
    /// Memory for ready tiles, in MiB
    #[arg(long, value_name = "MIB", env = "MAHWAR_TILE_CACHE", default_value_t = 16)]
    tile_cache: u64,
    /// Title of the map, on its pages, pictures and links; the land's when not given
    #[arg(long, value_name = "TEXT", env = "MAHWAR_TITLE")]
    title: Option<String>,
    /// Picture beside the title: a file of SVG, PNG, WebP, JPEG or GIF of at most 128 KiB
    #[arg(long, value_name = "FILE", env = "MAHWAR_LOGO")]
    logo: Option<PathBuf>,
    /// Who is responsible for this map, shown below it; addresses become links
    #[arg(long, value_name = "TEXT", env = "MAHWAR_IMPRINT")]
    imprint: Option<String>,
    /// Layers that are shown or hidden at first, as in the address of a view: rivers:off,claims:100
    #[arg(long, value_name = "LIST", env = "MAHWAR_FIRST_LAYERS")]
    first_layers: Option<String>,
    #[command(flatten)]
    own: OwnLayers,
    #[command(flatten)]
    limits: LimitFlags,
    #[command(flatten)]
    access: AccessFlags,
    #[command(flatten)]
    data: DataFolder,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        allocator::set(GivesBack::AtOnce);
        let audit_log = self.access.audit_log.as_deref();
        log::start(audit_log).map_err(|error| {
            let path = audit_log.map_or_else(Default::default, |path| path.display().to_string());
            Failure::failed(format!("cannot start the log {path}: {error}"))
        })?;
        if let Some(models) = &self.ocr {
            formats::recognize_scans(models).map_err(|refusal| Failure::Input(format!("--ocr: {refusal}")))?;
        }
        let logo = self.logo.as_deref().map(Logo::read).transpose();
        let operator = Operator {
            title: self.title,
            logo: logo.map_err(Failure::Input)?,
            local_names: self.data.has_local_names(),
            imprint: self.imprint,
            layers: self.first_layers,
        };
        let operator = operator.check().map_err(Failure::Input)?;
        // Everything is read before the port is opened, so that clients never see a server that cannot start.
        let publisher = Arc::new(Publisher::new(self.data.land()?));
        let shelf = self.own.open(&publisher)?;
        let seeds = seeds(self.seeds.as_deref(), &|error| {
            tracing::error!(%error, "a seed is left out");
        })?;
        let access = self.access.access(self.bind, self.public_url.as_deref())?;
        let tokens = Arc::clone(&access.tokens);
        let base = self.own.pictures()?;
        if let Some(map) = &base {
            basemap::try_pictures(map);
        }
        let settings = Settings {
            public_url: self.public_url,
            trust_proxy: self.access.trust_proxy,
            tile_cache_bytes: self.tile_cache << 20,
            fetch_private: self.fetch_private,
            limits: self.limits.limits(),
            base,
            access,
            work: Limits {
                when_idle: Some(allocator::release),
                ..Limits::default()
            },
        };
        let documents = match self.store {
            // They come out of the store.
            Some(_) => Vec::new(),
            None => read(&seeds, &publisher),
        };
        let snapshot = publisher.snapshot(documents, None);
        let mut about = publisher.about();
        operator.apply(&mut about);
        let app = App::new(about, settings, publisher.services(), snapshot);
        app.count_with(Arc::clone(&publisher) as Arc<dyn server::CountService>);
        let local_names = LocalNames::of(&publisher);
        if let Some(names) = &local_names {
            app.name_with(Arc::clone(names) as Arc<dyn server::LocalNameService>);
        }
        if let Some(shelf) = &shelf {
            app.serve_own(Arc::clone(shelf));
            own::follow(&app, shelf);
        }
        allocator::set(GivesBack::Soon);
        let library = match &self.store {
            None => None,
            Some(address) => Some(Library::attach(&app, publisher, address, seeds).map_err(Failure::input)?),
        };
        if let (Some(names), Some(library)) = (&local_names, &library) {
            names.follow(library);
        }
        match &library {
            Some(library) => follow_feeds(library, self.feeds, self.fetch_private)
                .map_err(|error| Failure::failed(format!("cannot ask the feeds: {error}")))?,
            None if self.feeds.is_empty() => {}
            None => return Err(Failure::Input("feeds need a store; give --store".to_owned())),
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            // Memory that a thread freed and keeps goes back when it has nothing to do, or has ended.
            .on_thread_park(allocator::idle)
            .thread_keep_alive(IDLE_THREAD)
            .build()
            .map_err(|error| Failure::failed(format!("cannot start: {error}")))?;
        reload::follow(&tokens);
        #[cfg(unix)]
        if self.access.reloads() {
            runtime.spawn(reload::on_hangup(tokens));
        }
        let ended = runtime.block_on(listen(self.bind, app));
        // Work that does not end by itself must not hold up the end of the process.
        runtime.shutdown_timeout(LAST_WORK);
        if let Some(library) = library {
            library.close();
        }
        log::finish();
        ended
    }
}

/// A feed as `URL`, with `every=SECONDS` and `full_articles` after it.
fn listed_feed(text: &str) -> Result<ListedFeed, String> {
    let mut words = text.split_whitespace();
    let url = words.next().unwrap_or_default().to_owned();
    let parsed = url::Url::parse(&url).map_err(|error| format!("{url:?} is no address: {error}"))?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(format!("{url:?} is neither http nor https"));
    }
    let mut feed = ListedFeed {
        url,
        every: FEED_EVERY,
        full_articles: false,
    };
    for word in words {
        match word.split_once('=') {
            Some(("every", seconds)) => {
                let seconds = seconds.parse().ok().filter(|seconds| *seconds >= FEED_SHORTEST);
                feed.every = seconds.ok_or_else(|| format!("every takes seconds, at least {FEED_SHORTEST}"))?;
            }
            None if word == "full_articles" => feed.full_articles = true,
            _ => return Err(format!("{word:?} is not known; known: every=SECONDS, full_articles")),
        }
    }
    Ok(feed)
}

/// The texts to start with, read: those of the folder, of `seeds` in the working folder, or of the binary.
pub(super) fn documents(folder: Option<&Path>, publisher: &Publisher) -> Result<Vec<Arc<ReadDocument>>, Failure> {
    let left_out = |error: &SeedError| eprintln!("mahwar: left out: {}", escape_lines(&error.to_string()));
    Ok(read(&seeds(folder, &left_out)?, publisher))
}

fn read(seeds: &[AcceptedText], publisher: &Publisher) -> Vec<Arc<ReadDocument>> {
    let read = |seed: &AcceptedText| {
        let mut read = publisher.read(seed.document.clone());
        if seed.language_given {
            read.document.language = seed.document.language;
        }
        Arc::new(read)
    };
    seeds.iter().map(read).collect()
}

/// The seeds. One that is wrong is handed to `left_out` and costs nothing else.
fn seeds(folder: Option<&Path>, left_out: &dyn Fn(&SeedError)) -> Result<Vec<AcceptedText>, Failure> {
    let folder = folder.or_else(|| Some(Path::new(SEEDS)).filter(|folder| folder.is_dir()));
    let read = match folder {
        Some(folder) => ingest::read_seeds(folder).map_err(Failure::input)?,
        None => embedded(),
    };
    let mut seeds: Vec<AcceptedText> = Vec::new();
    for seed in read {
        match seed {
            // The same text under two names is one document.
            Ok(seed) if seeds.iter().any(|other| other.document.id == seed.document.id) => {}
            Ok(seed) => seeds.push(seed),
            Err(error) => left_out(&error),
        }
    }
    Ok(seeds)
}

fn embedded() -> Vec<Result<AcceptedText, SeedError>> {
    let texts = crate::land::embedded_seeds().filter(|(path, _)| path.extension().is_some_and(|end| end == "txt"));
    texts
        .map(|(path, bytes)| {
            let beside = path.with_extension("toml");
            let mut others = crate::land::embedded_seeds();
            let description = others
                .find(|(other, _)| *other == beside)
                .map(|(_, bytes)| bytes.to_vec());
            ingest::read_seed(path, bytes.to_vec(), description)
        })
        .collect()
}

async fn listen(address: SocketAddr, app: Arc<App>) -> Result<(), Failure> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::failed(format!("cannot listen on {address}: {error}")))?;
    let address = listener.local_addr().map_err(Failure::failed)?;
    // One line for people and for scripts; then nothing more on standard output.
    let mut out = std::io::stdout();
    writeln!(out, "Mahwar is at http://{address}/")
        .and_then(|()| out.flush())
        .map_err(Failure::output)?;
    let drain = app.settings.limits.drain_timeout;
    let stop = async move {
        stopped().await;
        end_within(drain + END_AFTER_DRAIN);
    };
    server::serve(listener, app, stop)
        .await
        .map_err(|error| Failure::failed(format!("the server stopped: {error}")))
}

/// Ends the process after a time, should something keep it from ending by itself: a library that hangs, or a thread.
fn end_within(time: Duration) {
    let spawned = std::thread::Builder::new().name("end".to_owned()).spawn(move || {
        std::thread::sleep(time);
        tracing::warn!("some work was cut off: it did not end within {time:?}");
        std::process::exit(0);
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "the end of the process is not watched");
    }
}

/// Resolves when the process is asked to stop.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
