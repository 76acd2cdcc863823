//! Raster tiles of the whole map, on one core: `cargo bench --bench render`.

use criterion::{Criterion, criterion_group, criterion_main};
use mahwar::{
    ingest::read_seeds,
    land::{Files, Land},
    language::Language,
    layers::FeatureRef,
    publish::Publisher,
    render::{Deadline, Drawing, Picture, View, drawing, encode_png, paint, pixels},
    style::{CATALOGUE, figures},
    tiles::{LayerTiles, TileMatrixSet},
};
use std::{hint::black_box, path::Path, sync::Arc, time::Duration};

const SET: TileMatrixSet = TileMatrixSet::WebMercatorQuad;

fn tiles(criterion: &mut Criterion) {
    let publisher = Publisher::new(Land::open(&Files::Embedded).expect("the data inside the program are read"));
    let seeds = read_seeds(Path::new("seeds")).expect("the seeds are read");
    let documents = seeds
        .into_iter()
        .map(|seed| Arc::new(publisher.read(seed.expect("a seed").document)));
    let snapshot = publisher.snapshot(documents.collect(), None);
    let layers = snapshot.default_view().layers();
    let about = publisher.about();
    let theme = &about.palettes.themes[0];
    let mut all: Drawing = drawing(&about.palettes, theme, Language::Arabic, layers).expect("our own style is drawn");
    all.show_only(|layer| CATALOGUE.iter().any(|known| known.id == layer));
    let keep = |_: &LayerTiles, _: FeatureRef<'_>| true;
    let deadline = Deadline::after(Duration::from_secs(600));
    let mut group = criterion.benchmark_group("raster tile of 512 pixels, all layers");
    for (zoom, lon, lat) in [
        (6, 44.4, 35.5),
        (8, 44.4, 35.5),
        (8, 43.6, 35.8),
        (10, 44.4, 35.47),
        (13, 44.4, 35.47),
    ] {
        let view = View::of_tile(SET, SET.tile_at(zoom, lon, lat));
        let draw = || {
            let picture = Picture {
                drawing: &all,
                figures: figures(&about.palettes, theme),
                layers,
                language: Language::Arabic,
                keep: &keep,
                deadline: deadline.clone(),
            };
            let scene = paint(picture, black_box(&view), None).expect("a tile is drawn");
            pixels(&scene, 2.0, &deadline).expect("a tile is drawn")
        };
        let name = format!("zoom {zoom} at {lon}, {lat}");
        group.bench_function(format!("{name}: as PNG"), |bencher| {
            bencher.iter(|| encode_png(&draw(), false).expect("a tile is written").len());
        });
        group.bench_function(format!("{name}: as pixels"), |bencher| bencher.iter(draw));
    }
    group.finish();
}

criterion_group!(benches, tiles);
criterion_main!(benches);
