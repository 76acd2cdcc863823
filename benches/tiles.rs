//! Tiles and pages of features from 10,000 polygons, without a socket: `cargo bench --bench tiles`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::{LineString, MultiPolygon, Polygon};
use mahwar::{
    language::Trilingual,
    layers::{Bounds, Feature, GeometryKind, Layer},
    tiles::{LayerTiles, Scratch, TileId, TileMatrixSet, TileOptions},
};
use serde_json::json;
use std::{hint::black_box, sync::Arc};

const SET: TileMatrixSet = TileMatrixSet::WebMercatorQuad;

/// A hundred by a hundred polygons of 24 points each over Iraq, every one with a hole.
fn layer() -> Layer {
    let features = (0..10_000u32).map(|nth| {
        let (column, row) = (f64::from(nth % 100), f64::from(nth / 100));
        let center = (39.0 + column * 0.095, 29.3 + row * 0.08);
        let ring = |size: f64| -> LineString<f64> {
            let points = (0..=24).map(|step| {
                let angle = f64::from(step % 24) / 24.0 * std::f64::consts::TAU;
                let wave = 1.0 + 0.2 * (angle * 5.0 + f64::from(nth)).sin();
                (center.0 + size * wave * angle.cos(), center.1 + size * wave * angle.sin())
            });
            points.collect()
        };
        let polygon = Polygon::new(ring(0.04), vec![ring(0.01)]);
        let serde_json::Value::Object(properties) = json!({
            "pcode": format!("P{nth}"), "name": format!("Polygon {nth}"), "level": "district", "area_km2": f64::from(nth) * 1.5,
            "disputed": nth % 3 == 0,
        }) else {
            unreachable!("an object")
        };
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

fn tiles(criterion: &mut Criterion) {
    let layer = Arc::new(layer());
    let tiles = LayerTiles::new(Arc::clone(&layer));
    let mut scratch = Scratch::default();
    let mut out = Vec::new();
    let mut group = criterion.benchmark_group("tile");
    for zoom in [6u8, 8, 9, 12] {
        let TileId { x, y, .. } = SET.tile_at(zoom, 44.0, 33.5);
        let tile = TileId { z: zoom, x, y };
        out.clear();
        tiles.encode(SET, tile, TileOptions::default(), &mut scratch, &mut out);
        let found = layer.within(SET.bounds(tile, 1.0 / 64.0)).len();
        group.throughput(Throughput::Bytes(out.len() as u64));
        group.bench_function(
            format!("zoom {zoom}: {found} polygons, {} bytes", out.len()),
            |bencher| {
                bencher.iter(|| {
                    out.clear();
                    tiles.encode(SET, black_box(tile), TileOptions::default(), &mut scratch, &mut out);
                    out.len()
                });
            },
        );
    }
    group.finish();
    criterion.bench_function("r-tree window of 200 polygons", |bencher| {
        let mut found = Vec::new();
        let around = Bounds([44.0, 33.0, 45.3, 34.1]);
        bencher.iter(|| {
            layer.drawn_within_into(black_box(around), 14, &mut found);
            found.len()
        });
    });
}

criterion_group!(benches, tiles);
criterion_main!(benches);
