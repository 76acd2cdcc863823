//! The three worldviews over all layers and tiles: they differ only as `worldviews.toml` says.

use geo::CoordsIter;
use mahwar::{
    gazetteer::Level,
    land::{Files, Land},
    language::Language,
    layers::{FeatureRef, Layer},
    publish::Publisher,
    server::Snapshot,
    territory::{Boundaries, Departure, Worldview, Worldviews},
    tiles::{LayerTiles, Scratch, TileId, TileMatrixSet, TileOptions},
};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

struct Views {
    boundaries: Boundaries,
    worldviews: Worldviews,
    snapshot: Snapshot,
}

static VIEWS: LazyLock<Views> = LazyLock::new(|| {
    let text = |name: &str| std::fs::read_to_string(format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let boundaries = Boundaries::parse(text("boundaries.topojson").as_bytes()).unwrap();
    let worldviews = Worldviews::parse(&text("worldviews.toml"), &boundaries).unwrap();
    let publisher = Publisher::new(Land::open(&Files::Embedded).unwrap());
    let snapshot = publisher.snapshot(Vec::new(), None);
    Views {
        boundaries,
        worldviews,
        snapshot,
    }
});

fn layers(view: Worldview) -> &'static [Arc<LayerTiles>] {
    VIEWS.snapshot.view(Some(view.word())).unwrap().layers()
}

#[test]
fn a_zoom_draws_units_by_the_points_that_their_boundaries_have_there() {
    let boundaries = &VIEWS.boundaries;
    let mut compared = 0;
    for tiles in layers(Worldview::Neutral) {
        let layer = tiles.layer();
        if !["districts", "subdistricts"].contains(&layer.id.as_str()) {
            continue;
        }
        for feature in layer.features() {
            // A district that a worldview makes of others is not in the file.
            let Some(whole) = boundaries.geometry(feature.id()) else {
                continue;
            };
            for zoom in 0..=14 {
                let expected = boundaries.geometry_at(feature.id(), zoom).unwrap();
                let drawn = feature.geometry_at(zoom).unwrap();
                assert_eq!(corners(&*drawn), corners(&expected), "{} at {zoom}", feature.id());
                assert!(zoom < 14 || expected == whole);
            }
            compared += 1;
        }
    }
    assert!(compared > 390, "{compared}");
}

/// The points of rings, wherever these begin.
fn corners(geometry: &impl CoordsIter<Scalar = f64>) -> BTreeSet<[u64; 2]> {
    let coords = geometry.coords_iter();
    coords.map(|coord| [coord.x.to_bits(), coord.y.to_bits()]).collect()
}

/// Departures in the file for a view or for the neutral one.
fn departures(view: Worldview) -> Vec<Departure> {
    let mut all = VIEWS.worldviews.departures();
    all.retain(|row| row.worldview == view || row.worldview == Worldview::Neutral);
    all
}

fn subjects(departures: &[Departure], kind: &str) -> BTreeSet<String> {
    let rows = departures.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.subject.clone()).collect()
}

/// Every difference between a layer of two views: the feature, and the field or `geometry`.
fn differences(a: &Layer, b: &Layer) -> Vec<(String, String)> {
    let ids = |layer: &Layer| -> Vec<String> { layer.features().map(|feature| feature.id().to_owned()).collect() };
    assert_eq!(ids(a), ids(b), "{} has other features in another view", a.id);
    let mut found = Vec::new();
    for (one, other) in a.features().zip(b.features()) {
        let mut differs = |field: &str| found.push((one.id().to_owned(), field.to_owned()));
        let [before, after] = [one, other].map(|feature| feature.properties(Language::English));
        for (field, value) in &before {
            if after.get(field) != Some(value) {
                differs(field);
            }
        }
        let shape = |feature: FeatureRef<'_>, zoom: Option<u8>| match zoom {
            Some(zoom) => feature.geometry_at(zoom).map(Cow::into_owned),
            None => feature.geometry().map(Cow::into_owned),
        };
        let zooms = [None, Some(0), Some(4), Some(7), Some(10), Some(13)];
        if zooms.into_iter().any(|zoom| shape(one, zoom) != shape(other, zoom)) {
            differs("geometry");
        }
    }
    found
}

/// Units that the file puts under another parent, with everything below them.
fn is_moved(unit: &str, moved: &BTreeSet<String>) -> bool {
    let mut unit = Some(unit);
    while let Some(code) = unit {
        if moved.contains(code) {
            return true;
        }
        unit = VIEWS.boundaries.parent(code);
    }
    false
}

/// Governorates that lose or gain a unit.
fn reshaped(departures: &[Departure]) -> BTreeSet<String> {
    let moves = departures.iter().filter(|row| row.kind == "parent");
    let both = moves.flat_map(|row| {
        let formal = VIEWS.boundaries.ancestor(&row.subject, Level::Governorate);
        [Some(row.value.clone()), formal.map(|unit| unit.pcode.clone())]
    });
    both.flatten().collect()
}

#[test]
fn over_all_layers_the_views_differ_only_where_the_file_says_so() {
    for view in [Worldview::Federal, Worldview::Region] {
        let rows = departures(view);
        let (moved, renamed) = (subjects(&rows, "parent"), subjects(&rows, "name"));
        let (classed, reshaped) = (subjects(&rows, "class"), reshaped(&rows));
        for (neutral, other) in layers(Worldview::Neutral).iter().zip(layers(view)) {
            let layer = neutral.layer();
            for (id, field) in differences(layer, other.layer()) {
                // A feature of `control` is a unit in a period.
                let id = match (layer.id.as_str(), id.split_once('-')) {
                    ("control", Some((unit, _))) => unit.to_owned(),
                    _ => id,
                };
                let parent = VIEWS.worldviews.parent_of(view, &VIEWS.boundaries, &id);
                let said = match field.as_str() {
                    "class" => classed.contains(&layer.id),
                    "parent" | "governorate" => is_moved(&id, &moved),
                    "parent_name" => is_moved(&id, &moved) || parent.is_some_and(|unit| renamed.contains(unit)),
                    "name" | "name:ar" | "name:ckb" | "name:en" => renamed.contains(&id),
                    "geometry" | "area_km2" => {
                        matches!(layer.id.as_str(), "governorates" | "unit_counts") && reshaped.contains(&id)
                    }
                    _ => false,
                };
                assert!(
                    said,
                    "{}: {field} of {id} differs in {view}, and no row says so",
                    layer.id
                );
            }
        }
    }
}

#[test]
fn each_row_of_the_file_shows_in_a_layer() {
    let found = |view: Worldview, layer: &str| {
        let of = |view: Worldview| layers(view).iter().find(|tiles| tiles.layer().id == layer).unwrap();
        differences(of(Worldview::Neutral).layer(), of(view).layer())
    };
    let says = |view: Worldview, id: &str, name: &str| {
        let districts = layers(view)
            .iter()
            .find(|tiles| tiles.layer().id == "districts")
            .unwrap();
        let unit = districts.layer().get(id).unwrap();
        Language::ALL
            .into_iter()
            .any(|language| unit.name(language) == Some(name))
    };
    for row in VIEWS.worldviews.departures() {
        let has = |layer: &str, id: &str, field: &str| {
            found(row.worldview, layer).contains(&(id.to_owned(), field.to_owned()))
        };
        let shown = match (row.worldview, row.kind) {
            (Worldview::Neutral, _) | (_, "governorate") => true,
            (_, "parent") => has("districts", &row.subject, "parent") && has("governorates", &row.value, "geometry"),
            (view, "name") => row.value.split(", ").all(|name| says(view, &row.subject, name)),
            (view, "class") => {
                found(view, &row.subject).iter().all(|(_, field)| field != "geometry")
                    && found(view, &row.subject).iter().any(|(_, field)| field == "class")
            }
            (_, other) => panic!("unknown kind {other}"),
        };
        assert!(shown, "{row:?}");
    }
}

/// Tiles of the land at some zooms, in web mercator.
fn tiles_of_the_land() -> impl Iterator<Item = TileId> {
    let set = TileMatrixSet::WebMercatorQuad;
    (1..=8).flat_map(move |z| {
        let [west, north] = set.project(38.8, 37.4).map(|at| at >> set.tile_bits(z));
        let [east, south] = set.project(48.6, 29.0).map(|at| at >> set.tile_bits(z));
        (west..=east).flat_map(move |x| (north..=south).map(move |y| TileId { z, x, y }))
    })
}

#[test]
fn a_tile_differs_only_in_layers_of_which_the_file_says_so() {
    let mut scratch = Scratch::default();
    let mut tile = |tiles: &LayerTiles, id: TileId| {
        let mut bytes = Vec::new();
        let options = TileOptions::default();
        tiles.encode(TileMatrixSet::WebMercatorQuad, id, options, &mut scratch, &mut bytes);
        bytes
    };
    for view in [Worldview::Federal, Worldview::Region] {
        let rows = departures(view);
        let mut may_differ: BTreeSet<String> = subjects(&rows, "class");
        may_differ.extend(
            [
                "governorates",
                "districts",
                "subdistricts",
                "disputed_areas",
                "control",
                "security_gap_area",
                "unit_counts",
            ]
            .map(str::to_owned),
        );
        let mut differing = BTreeSet::new();
        for (neutral, other) in layers(Worldview::Neutral).iter().zip(layers(view)) {
            for id in tiles_of_the_land() {
                if tile(neutral, id) != tile(other, id) {
                    differing.insert(neutral.layer().id.clone());
                }
            }
        }
        assert!(differing.is_subset(&may_differ), "{view}: {differing:?}");
        assert!(
            differing.contains("governorates") && differing.contains("disputed_areas"),
            "{view}: {differing:?}"
        );
    }
}
