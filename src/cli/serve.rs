//! `mahwar serve`: the map server.

use super::{
    DataFolder, Failure,
    allocator::{self, GivesBack},
};
use crate::{
    document::Document,
    ingest::{self, Taken},
    layers::ReadDocument,
    publish::{Library, Publisher},
    server::{self, App, Settings},
};
use clap::Args;
use std::{
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Where seeds are looked for when no folder is named.
const SEEDS: &str = "seeds";

/// What is logged when nothing else is asked for: what goes wrong, and every write.
const LOG: &str = "warn,mahwar::audit=info";

/// Serve the map: features, tiles, downloads, geocoding and the web map
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mahwar serve\n  mahwar serve --bind 0.0.0.0:8080 --seeds reports/ --public-url https://maps.example.org\n  \
MAHWAR_TOKEN=… mahwar serve --store sqlite:mahwar.db"
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
    /// What clients must show to write (Authorization: Bearer …); writes are off when not given
    #[arg(long, value_name = "TOKEN", env = "MAHWAR_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The address that links are made with, when it is another than the one asked for
    #[arg(long, value_name = "URL", env = "MAHWAR_PUBLIC_URL")]
    public_url: Option<String>,
    /// Believe Forwarded and X-Forwarded-* headers: only behind a proxy that sets them
    #[arg(long, env = "MAHWAR_TRUST_PROXY")]
    trust_proxy: bool,
    /// Memory for ready tiles, in MiB
    #[arg(long, value_name = "MIB", env = "MAHWAR_TILE_CACHE", default_value_t = 16)]
    tile_cache: u64,
    #[command(flatten)]
    data: DataFolder,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        allocator::set(GivesBack::AtOnce);
        let filter = EnvFilter::try_from_env("MAHWAR_LOG").unwrap_or_else(|_| EnvFilter::new(LOG));
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .init();
        // Everything is read before the port is taken: a server that cannot start was never there.
        let publisher = Arc::new(Publisher::new(self.data.land()?));
        let seeds = seeds(self.seeds.as_deref())?;
        let settings = Settings {
            public_url: self
                .public_url
                .as_deref()
                .map(|url| url.trim_end_matches('/').to_owned()),
            trust_proxy: self.trust_proxy,
            tile_cache_bytes: self.tile_cache << 20,
            token: self.token.filter(|token| !token.is_empty()),
        };
        let documents = match self.store {
            // They come out of the store.
            Some(_) => Vec::new(),
            None => read(&seeds, &publisher),
        };
        let snapshot = publisher.snapshot(documents, None);
        let app = App::new(publisher.about(), settings, publisher.services(), snapshot);
        allocator::set(GivesBack::Soon);
        let _library = match &self.store {
            None => None,
            Some(address) => {
                let seeds = seeds.into_iter().map(|document| Taken {
                    document,
                    language_given: false,
                    original: None,
                });
                Some(Library::attach(&app, publisher, address, seeds.collect()).map_err(Failure::input)?)
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::failed(format!("cannot start: {error}")))?;
        runtime.block_on(listen(self.bind, app))
    }
}

/// The texts to start with, read: those of the folder, of `seeds` in the working folder, or of the binary.
pub(super) fn documents(folder: Option<&Path>, publisher: &Publisher) -> Result<Vec<Arc<ReadDocument>>, Failure> {
    Ok(read(&seeds(folder)?, publisher))
}

fn read(seeds: &[Document], publisher: &Publisher) -> Vec<Arc<ReadDocument>> {
    seeds
        .iter()
        .map(|seed| Arc::new(publisher.read(seed.clone())))
        .collect()
}

fn seeds(folder: Option<&Path>) -> Result<Vec<Document>, Failure> {
    let folder = folder.or_else(|| Some(Path::new(SEEDS)).filter(|folder| folder.is_dir()));
    let mut seeds: Vec<Document> = match folder {
        Some(folder) => ingest::read_seeds(folder).map_err(Failure::input)?,
        None => embedded().map_err(Failure::input)?,
    };
    // The same text under two names is one document.
    let mut ids = Vec::new();
    seeds.retain(|seed| {
        let new = !ids.contains(&seed.id);
        ids.push(seed.id.clone());
        new
    });
    Ok(seeds)
}

fn embedded() -> Result<Vec<Document>, ingest::SeedError> {
    let texts = crate::land::embedded_seeds().filter(|(path, _)| path.extension().is_some_and(|end| end == "txt"));
    texts
        .map(|(path, bytes)| {
            let wrong = |error| ingest::SeedError::Document {
                path: path.display().to_string(),
                error,
            };
            Document::from_bytes(bytes.to_vec()).map_err(wrong)
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
    server::serve(listener, app, stopped())
        .await
        .map_err(|error| Failure::failed(format!("the server stopped: {error}")))
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
