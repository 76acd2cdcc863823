//! Compiling boundaries: a small land is compiled completely, and errors are reported with file, feature and unit.

use mahwar::{
    compile::boundaries::{SourceFile, compile},
    territory::{Boundaries, Topology},
};
use serde_json::{Value, json};

/// A country of two squares side by side, each a governorate, a district and a sub-district.
struct Source {
    west: Value,
    east: Value,
    whole: Value,
    /// Parent of the eastern sub-district.
    east_parent: &'static str,
    /// P-code of the eastern sub-district.
    east_code: &'static str,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            west: json!([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]),
            east: json!([[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.0, 0.0]]),
            whole: json!([
                [0.0, 0.0],
                [1.0, 0.0],
                [2.0, 0.0],
                [2.0, 1.0],
                [1.0, 1.0],
                [0.0, 1.0],
                [0.0, 0.0]
            ]),
            east_parent: "XXG2Q1",
            east_code: "XXG2Q1N1",
        }
    }
}

impl Source {
    fn files(&self) -> [SourceFile; 4] {
        let feature = |codes: &[&str], ring: &Value| {
            let properties = codes
                .iter()
                .enumerate()
                .map(|(level, code)| (format!("ADM{level}_PCODE"), json!(code)));
            json!({
                "type": "Feature",
                "properties": properties.collect::<serde_json::Map<_, _>>(),
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            })
        };
        let levels = [
            vec![feature(&["XX"], &self.whole)],
            vec![
                feature(&["XX", "XXG1"], &self.west),
                feature(&["XX", "XXG2"], &self.east),
            ],
            vec![
                feature(&["XX", "XXG1", "XXG1Q1"], &self.west),
                feature(&["XX", "XXG2", "XXG2Q1"], &self.east),
            ],
            vec![
                feature(&["XX", "XXG1", "XXG1Q1", "XXG1Q1N1"], &self.west),
                feature(&["XX", "XXG2", self.east_parent, self.east_code], &self.east),
            ],
        ];
        let mut level = 0;
        levels.map(|features| {
            level += 1;
            SourceFile {
                name: format!("adm{}.geojson", level - 1),
                text: json!({"type": "FeatureCollection", "features": features}).to_string(),
            }
        })
    }

    fn error(&self) -> String {
        compile(&self.files(), None).unwrap_err().to_string()
    }
}

#[test]
fn a_small_land_shares_the_edge_between_its_halves_at_every_level() {
    let compiled = compile(&Source::default().files(), None).unwrap();
    assert_eq!(compiled.topology.units.len(), 7);
    assert_eq!(
        compiled.topology.arcs.len(),
        3,
        "one arc between the halves and one around each"
    );
    let land = Boundaries::new(compiled.topology).unwrap();
    for (west, east) in [("XXG1", "XXG2"), ("XXG1Q1", "XXG2Q1"), ("XXG1Q1N1", "XXG2Q1N1")] {
        let (west, east) = (land.set([west]).unwrap(), land.set([east]).unwrap());
        assert_eq!(land.shared_edges(&west, &east).len(), 1);
    }
}

#[test]
fn what_is_written_is_read_again_to_the_last_digit() {
    let topology = compile(&Source::default().files(), None).unwrap().topology;
    let text = topology.write();
    assert_eq!(Topology::parse(text.as_bytes()).unwrap(), topology);
    assert_eq!(Topology::parse(text.as_bytes()).unwrap().write(), text);
}

#[test]
fn a_ring_that_crosses_itself_is_named() {
    let source = Source {
        east: json!([[1.0, 0.0], [3.0, 0.0], [3.0, 1.0], [2.0, -0.5], [1.0, 1.0], [1.0, 0.0]]),
        ..Source::default()
    };
    let error = source.error();
    assert!(
        error.starts_with("adm3.geojson: feature 2 (XXG2Q1N1): intersects itself where "),
        "{error}"
    );
}

#[test]
fn a_p_code_that_stands_twice_is_named() {
    let source = Source {
        east_code: "XXG1Q1N1",
        ..Source::default()
    };
    assert_eq!(
        source.error(),
        "adm3.geojson: feature 2 (XXG1Q1N1): the p-code stands twice"
    );
}

#[test]
fn a_missing_parent_is_named() {
    let source = Source {
        east_parent: "XXG2Q9",
        ..Source::default()
    };
    assert_eq!(
        source.error(),
        "adm3.geojson: feature 2 (XXG2Q1N1): the parent \"XXG2Q9\" is not in adm2.geojson"
    );
}

#[test]
fn a_gap_between_units_is_named() {
    let source = Source {
        east: json!([[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.1, 1.0], [1.1, 0.1], [1.0, 0.0]]),
        ..Source::default()
    };
    let error = source.error();
    assert!(error.contains("adm3.geojson: feature "), "{error}");
    assert!(
        error.contains("is shared with no other unit and is not on the border"),
        "{error}"
    );
}

#[test]
fn units_that_overlap_are_named() {
    let source = Source {
        east: json!([[0.5, 0.2], [2.0, 0.2], [2.0, 0.8], [0.5, 0.8], [0.5, 0.2]]),
        ..Source::default()
    };
    let error = source.error();
    assert!(error.contains("without sharing it where "), "{error}");
}

#[test]
fn a_file_that_is_no_geojson_and_a_unit_without_a_code_are_named() {
    let mut files = Source::default().files();
    files[2].text = "nothing".to_owned();
    let error = compile(&files, None).unwrap_err().to_string();
    assert!(
        error.starts_with("adm2.geojson: not a GeoJSON feature collection: "),
        "{error}"
    );

    let mut files = Source::default().files();
    files[1].text = files[1]
        .text
        .replacen("\"ADM1_PCODE\":\"XXG1\"", "\"ADM1_PCODE\":\"\"", 1);
    let error = compile(&files, None).unwrap_err().to_string();
    assert!(
        error.starts_with("adm1.geojson: feature 1 (no p-code): the property ADM1_PCODE is missing or empty"),
        "{error}"
    );
}

#[test]
fn a_broken_topology_is_refused_with_the_arc_or_unit() {
    let text = compile(&Source::default().files(), None).unwrap().topology.write();
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} is not in {text}");
        Topology::parse(text.replacen(from, to, 1).as_bytes())
            .unwrap_err()
            .to_string()
    };
    assert!(
        refused("\"scale\":[0.000001,0.000001]", "\"scale\":[0.01,0.01]").contains("accepted: [0.000001,0.000001]")
    );
    assert!(
        refused("\"parent\":\"XXG2\"", "\"parent\":\"XXG7\"").contains("\"XXG7\", which is no unit of a higher level")
    );
    assert!(refused("\"id\":\"XXG2Q1N1\"", "\"id\":\"XXG1Q1N1\"").contains("unit \"XXG1Q1N1\" stands twice"));
    assert!(refused("\"adm2\"", "\"admin2\"").contains("object \"adm2\" is missing"));
    assert!(
        Topology::parse(b"{")
            .unwrap_err()
            .to_string()
            .starts_with("boundaries.topojson is not TopoJSON: ")
    );
}
