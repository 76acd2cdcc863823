//! The server under load, over loopback, beside a bare axum server that sends the same bytes:
//! `cargo bench --bench http`. Client and server share the machine, so the ratio says more than the rates.

#[path = "../tests/suite/server_fixture/mod.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod server_fixture;

use axum::{Router, http::header, routing::get};
use geo::{LineString, MultiPolygon, Polygon};
use mahwar::{
    language::Trilingual,
    layers::{Feature, GeometryKind, Layer},
    server::{Settings, Snapshot, TileFastPath, serve},
    tiles::TileMatrixSet,
};
use serde_json::json;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

/// The product's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

fn polygons() -> Layer {
    let features = (0..10_000u32).map(|nth| {
        let (column, row) = (f64::from(nth % 100), f64::from(nth / 100));
        let center = (39.0 + column * 0.095, 29.3 + row * 0.08);
        let points = (0..=24).map(|step| {
            let angle = f64::from(step % 24) / 24.0 * std::f64::consts::TAU;
            let wave = 1.0 + 0.2 * (angle * 5.0 + f64::from(nth)).sin();
            (
                center.0 + 0.04 * wave * angle.cos(),
                center.1 + 0.04 * wave * angle.sin(),
            )
        });
        let ring: LineString<f64> = points.collect();
        let serde_json::Value::Object(properties) = json!({
            "pcode": format!("P{nth}"), "title": format!("Polygon {nth}"), "level": "district",
            "area_km2": f64::from(nth) * 1.5, "disputed": nth % 3 == 0,
        }) else {
            unreachable!("an object")
        };
        let polygon = Polygon::new(ring, vec![]);
        Feature::new(format!("P{nth}"), Some(MultiPolygon(vec![polygon]).into()), properties)
    });
    Layer::new(
        "polygons",
        Trilingual::default(),
        Trilingual::default(),
        "",
        GeometryKind::MultiPolygon,
        vec![],
        [0, 14],
        features,
    )
}

fn listen(runtime: &Runtime) -> (TcpListener, SocketAddr) {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Sends requests on every connection for a while; returns requests per second and bytes per answer.
fn load(address: SocketAddr, request: impl Fn(u64) -> String + Send + Sync + 'static) -> (f64, f64) {
    let client = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let request = Arc::new(request);
    let (count, bytes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    client.block_on(async {
        let mut tasks = Vec::new();
        for connection in 0..CONNECTIONS as u64 {
            let (request, count, bytes) = (Arc::clone(&request), Arc::clone(&count), Arc::clone(&bytes));
            tasks.push(tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut buffer = vec![0; 1 << 20];
                let mut nth = connection * 1_000_003;
                while started.elapsed() < ROUND {
                    stream.write_all(request(nth).as_bytes()).await.unwrap();
                    let length = answer(&mut stream, &mut buffer).await;
                    count.fetch_add(1, Ordering::Relaxed);
                    bytes.fetch_add(length as u64, Ordering::Relaxed);
                    nth += 1;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    let count = count.load(Ordering::Relaxed) as f64;
    (
        count / started.elapsed().as_secs_f64(),
        bytes.load(Ordering::Relaxed) as f64 / count,
    )
}

/// Reads one answer; returns the length of its body.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(read > 0, "the server hung up");
        filled += read;
        let Some(end) = memchr::memmem::find(&buffer[..filled], b"\r\n\r\n") else {
            continue;
        };
        let head = std::str::from_utf8(&buffer[..end]).unwrap();
        assert!(
            head.starts_with("HTTP/1.1 2") || head.starts_with("HTTP/1.1 304"),
            "{head}"
        );
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        });
        let length = length.unwrap_or(0);
        while filled < end + 4 + length {
            let read = stream.read(&mut buffer[filled..]).await.unwrap();
            assert!(read > 0, "the server hung up");
            filled += read;
        }
        return length;
    }
}

fn get_request(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n{more}\r\n")
}

/// A page of features in a box, another box each time.
fn items_path(nth: u64) -> String {
    let (west, south) = (39.5 + (nth % 70) as f64 * 0.1, 29.5 + (nth / 70 % 60) as f64 * 0.1);
    let (east, north) = (west + 1.2, south + 1.0);
    format!("/collections/polygons/items?bbox={west:.2},{south:.2},{east:.2},{north:.2}&limit=100")
}

fn main() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut layers = server_fixture::shared_layers();
    layers.push(Arc::new(polygons()));
    let snapshot = Snapshot::new(
        vec![(server_fixture::worldview("neutral", true), layers.clone())],
        vec![],
        None,
    );
    let app = server_fixture::app_with(Settings::default(), snapshot);
    let cold_settings = Settings {
        tile_cache_bytes: 0,
        ..Settings::default()
    };
    let snapshot = Snapshot::new(vec![(server_fixture::worldview("neutral", true), layers)], vec![], None);
    let cold = server_fixture::app_with(cold_settings, snapshot);
    let set = TileMatrixSet::WebMercatorQuad;
    let tile = set.tile_at(8, 44.0, 33.5);
    let path = format!("/xyz/polygons/8/{}/{}.mvt", tile.x, tile.y);
    let gzip = [("accept-encoding", "gzip")];
    let front = TileFastPath::new(app.clone());
    let sample = runtime.block_on(server_fixture::get_with(&front, &path, &gzip));
    let etag = sample.header("etag").to_owned();
    println!("tile of {} bytes gzip", sample.body.len());
    let page = runtime.block_on(server_fixture::get_with(&front, &items_path(2_000), &[]));

    let (listener, ours) = listen(&runtime);
    runtime.spawn(serve(listener, app, std::future::pending()));
    let (listener, fresh) = listen(&runtime);
    runtime.spawn(serve(listener, cold, std::future::pending()));
    let (listener, bare) = listen(&runtime);
    let body = sample.body.clone();
    let known = etag.clone();
    let bare_router = Router::new()
        .route(
            "/tile",
            get(move || {
                let body = body.clone();
                async move {
                    (
                        [
                            (header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile"),
                            (header::CONTENT_ENCODING, "gzip"),
                        ],
                        body,
                    )
                }
            }),
        )
        .route(
            "/items",
            get(move || {
                let body = page.body.clone();
                async move { ([(header::CONTENT_TYPE, "application/geo+json")], body) }
            }),
        )
        .route(
            "/same",
            get(move || {
                let known = known.clone();
                async move { (axum::http::StatusCode::NOT_MODIFIED, [(header::ETAG, known)]) }
            }),
        );
    let bare_listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    runtime.spawn(async move { axum::serve(bare_listener, bare_router).await });

    let gzip = "accept-encoding: gzip\r\n";
    let same = format!("{gzip}if-none-match: {etag}\r\n");
    let mut table: Vec<(&str, Vec<f64>, f64)> = [
        "bare tile",
        "cached tile",
        "bare 304",
        "304",
        "fresh tile",
        "bare page of items",
        "items bbox limit=100",
    ]
    .map(|name| (name, Vec::new(), 0.0))
    .into();
    for _ in 0..ROUNDS {
        let (tile_path, same_path, same) = (path.clone(), path.clone(), same.clone());
        let results = [
            load(bare, move |_| get_request("/tile", gzip)),
            load(ours, move |_| get_request(&tile_path, gzip)),
            load(bare, move |_| get_request("/same", gzip)),
            load(ours, move |_| get_request(&same_path, &same)),
            // Zoom 9 over the whole layer: a few dozen polygons a tile; the cache holds nothing.
            load(fresh, move |nth| {
                let (x, y) = (312 + nth % 12, 199 + nth / 12 % 12);
                get_request(&format!("/xyz/polygons/9/{x}/{y}.mvt"), gzip)
            }),
            load(bare, |_| get_request("/items", "")),
            load(ours, |nth| get_request(&items_path(nth), "")),
        ];
        for (row, (rate, bytes)) in table.iter_mut().zip(results) {
            row.1.push(rate);
            row.2 = bytes;
        }
    }
    for (name, rates, bytes) in &mut table {
        rates.sort_by(f64::total_cmp);
        println!(
            "{name:24} {:>9.0} requests/s  {bytes:>9.0} bytes",
            rates[rates.len() / 2]
        );
    }
    println!("resident: {}", resident());
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default()
        .to_owned()
}
