//! How fast the territory is read, drawn and asked: `cargo bench --bench territory`.
//!
//! `locate` answers random points of the country and of the corridor's surroundings. The second benchmark answers the
//! same points by measuring every edge: the difference is the gain of the R-tree and the closed form.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mahwar::{
    corridor::{Corridor, Definitions},
    gazetteer::{Gazetteer, Level, Search, SearchWords, read_places},
    geodesy::LonLat,
    geoparse::{Geoparser, Lexicon},
    land::{Files, Land},
    layers::Context,
    territory::{Boundaries, DisputedAreas, Simplification},
};
use std::{hint::black_box, sync::Arc};

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))).expect("the data are there")
}

fn corridor(land: &Boundaries) -> Corridor {
    let disputed = DisputedAreas::parse(&text("disputed_areas.csv"), land).expect("disputed areas are right");
    let definitions = Definitions::parse(&text("corridor.toml")).expect("definitions are right");
    let default = definitions.get(None).expect("there is a default definition");
    definitions
        .derive(default, land, &disputed, &|_| None)
        .expect("the line can be derived")
}

/// Uniform points of a box, the same each time (splitmix64).
fn points(count: usize, [west, south, east, north]: [f64; 4]) -> Vec<LonLat> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count)
        .map(|_| [west + (east - west) * next(), south + (north - south) * next()])
        .collect()
}

/// The country, and the surroundings of the corridor.
const COUNTRY: [f64; 4] = [38.8, 29.0, 48.6, 37.4];
const AROUND: [f64; 4] = [43.0, 33.2, 46.2, 36.7];

fn opening(bench: &mut Criterion) {
    let folder = Files::Folder(format!("{}/data", env!("CARGO_MANIFEST_DIR")).into());
    let mut group = bench.benchmark_group("open");
    group.sample_size(20);
    group.bench_function("all data", |run| run.iter(|| Land::open(black_box(&folder)).is_ok()));
    // As the program has it: a text that lasts.
    let places: &str = text("places.tsv").leak();
    group.bench_function("places.tsv", |run| {
        run.iter(|| read_places(black_box(places)).map(Gazetteer::new));
    });
    let gazetteer = Arc::new(Gazetteer::new(read_places(places).expect("places are right")).expect("ids are right"));
    let (nouns, articles) = (text("lexicon/type_nouns.csv"), text("lexicon/articles.csv"));
    group.bench_function("search index", |run| {
        run.iter(|| SearchWords::read(&nouns, &articles).map(|words| Search::new(black_box(&gazetteer), words)));
    });
    group.bench_function("geoparser", |run| {
        run.iter(|| {
            let mut read = |name: &str| {
                folder
                    .read(name)
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            };
            Lexicon::read(&mut read).map(|lexicon| Geoparser::new(Arc::clone(&gazetteer), lexicon).is_ok())
        });
    });
    let context = text("context.geojson");
    group.bench_function("context.geojson", |run| {
        run.iter(|| Context::read(black_box(&context)).is_ok())
    });
    group.finish();
}

fn reading(bench: &mut Criterion) {
    let bytes = text("boundaries.topojson").into_bytes();
    bench.bench_function("read boundaries.topojson", |run| {
        run.iter(|| Boundaries::parse(black_box(&bytes)))
    });
    let land = Boundaries::parse(&bytes).expect("boundaries are right");
    bench.bench_function("simplify for every zoom", |run| {
        run.iter(|| Simplification::of(black_box(land.arcs())))
    });
    land.simplification();
    bench.bench_function("draw all units at zoom 6", |run| {
        run.iter(|| {
            land.units()
                .iter()
                .filter_map(|unit| land.geometry_at(&unit.pcode, 6))
                .count()
        });
    });
    bench.bench_function("derive the default corridor", |run| {
        run.iter(|| corridor(black_box(&land)))
    });
}

fn asking(bench: &mut Criterion) {
    let land = Boundaries::parse(text("boundaries.topojson").as_bytes()).expect("boundaries are right");
    let line = corridor(&land);
    let mut group = bench.benchmark_group("locate");
    for (name, bounds) in [("anywhere in the country", COUNTRY), ("around the corridor", AROUND)] {
        let points = points(10_000, bounds);
        group.throughput(Throughput::Elements(points.len() as u64));
        group.bench_function(name, |run| {
            run.iter(|| {
                points
                    .iter()
                    .map(|&[lon, lat]| line.locate(lon, lat))
                    .filter(Result::is_ok)
                    .count()
            });
        });
    }
    let few = points(20, COUNTRY);
    group.throughput(Throughput::Elements(few.len() as u64)).sample_size(10);
    group.bench_function("every edge measured", |run| {
        run.iter(|| {
            few.iter()
                .map(|&[lon, lat]| line.locate_exhaustively(lon, lat))
                .filter(Result::is_ok)
                .count()
        });
    });
    group.finish();

    let mut group = bench.benchmark_group("unit at");
    let points = points(10_000, COUNTRY);
    group.throughput(Throughput::Elements(points.len() as u64));
    group.bench_function("subdistrict", |run| {
        run.iter(|| {
            points
                .iter()
                .filter(|&&point| land.unit_at(Level::Subdistrict, point).is_some())
                .count()
        });
    });
    group.finish();
}

criterion_group!(territory, opening, reading, asking);
criterion_main!(territory);
