//! A small land to compile: two governorates, three subdistricts, a few records, a neighbour.

use mahwar::{
    compile::{Build, Changes, CompileError, build},
    gazetteer::{Gazetteer, Place},
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A land of two governorates, A (longitude 44 to 45) and B (45 to 46), with one district each and two
/// subdistricts in A's.
pub struct Land {
    folder: TempDir,
}

impl Land {
    pub fn new() -> Self {
        let land = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let unit = |level: usize, code: &str, en: &str, ar: &str, west: f64, south: f64, east: f64, north: f64| {
            let mut properties = serde_json::Map::new();
            properties.insert(format!("ADM{level}_EN"), json!(en));
            properties.insert(format!("ADM{level}_AR"), json!(ar));
            // P-codes hold those of the units above: X, XG1, XG1Q1, XG1Q1N1.
            for (above, length) in [1, 3, 5, 7].into_iter().enumerate().take(level + 1) {
                properties.insert(format!("ADM{above}_PCODE"), json!(code[..length]));
            }
            let ring = ring(west, south, east, north);
            json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
        };
        let write = |level: usize, units: Vec<Value>| land.write_adm(level, units);
        write(0, vec![unit(0, "X", "Xland", "اكسلاند", 44.0, 35.0, 46.0, 36.0)]);
        write(
            1,
            vec![
                unit(1, "XG1", "Alpha", " الفا", 44.0, 35.0, 45.0, 36.0),
                unit(1, "XG2", "Beta", "بيتا", 45.0, 35.0, 46.0, 36.0),
            ],
        );
        write(
            2,
            vec![
                unit(2, "XG1Q1", "Alpha District", "الفا", 44.0, 35.0, 45.0, 36.0),
                unit(2, "XG2Q1", "Beta District", "بيتا", 45.0, 35.0, 46.0, 36.0),
            ],
        );
        write(
            3,
            vec![
                unit(3, "XG1Q1N1", "South", "جنوب", 44.0, 35.0, 45.0, 35.5),
                unit(3, "XG1Q1N2", "North", "شمال", 44.0, 35.5, 45.0, 36.0),
                unit(3, "XG2Q1N1", "East", "شرق", 45.0, 35.0, 46.0, 36.0),
            ],
        );
        land.write("from/wof_places.ndjson", &[
            r#"{"id":1,"name":"Big Town","placetype":"locality","lon":44.5,"lat":35.2,"population":400000,"gn_fcode":"PPLA","names":{"ara":{"preferred":["مدينة كبرى"],"variant":["Kubrá","كبرى"]},"kur":{"preferred":["Kubra"],"variant":["كوبرا","گەورەشار"]}}}"#,
            r#"{"id":2,"name":"Big Town","placetype":"locality","lon":44.505,"lat":35.2,"names":{"ara":{"preferred":["كُبرى"]},"und":{"variant":["Kabīrah"]}}}"#,
            r#"{"id":3,"name":"Qaryat Safa","placetype":"locality","lon":44.5,"lat":35.7,"gn_id":33,"names":{"ara":{"preferred":["قرية صفا"]},"und":{"variant":["Qaryat Şafā"]}}}"#,
            r#"{"id":4,"name":"Gone","placetype":"locality","lon":44.5,"lat":35.8,"ceased":"2020","names":{"ara":{"preferred":["زائل"]}}}"#,
            r#"{"id":5,"name":"Border","placetype":"locality","lon":46.01,"lat":35.5,"names":{"fas":{"preferred":["مرزی"]}}}"#,
            r#"{"id":6,"name":"Quarter","placetype":"neighbourhood","lon":44.51,"lat":35.21,"names":{"ara":{"preferred":["حي النور"]}}}"#,
        ].join("\n"));
        let town = |name: &str, country: &str, lon: f64| {
            json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 35.5]}, "properties": {
                "NAME": name, "ISO_A2": country, "LONGITUDE": lon, "LATITUDE": 35.5, "POP_MAX": 5000, "FEATURECLA": "Populated place"
            }})
        };
        let towns =
            json!({"type": "FeatureCollection", "features": [town("Inside", "X", 44.6), town("Outside", "Y", 47.0)]});
        land.write("from/ne_10m_populated_places.geojson", &towns.to_string());
        land.write("tables/name_prefixes.csv", "lang,side,word,drop,note\nar,prefix,قرية,always,\nar,prefix,مدينة,attested,\nar,prefix,حي,attested,\nen,prefix,Qaryat,always,\n");
        land.write(
            "tables/context_names.csv",
            "layer,source_name,id,ar,ckb,en\nrivers,Great Zab,river-great-zab,الزاب الكبير,زێی گەورە,Great Zab\n",
        );
        land.write(
            "tables/foreign.csv",
            "id,level,kind,lon,lat,parents,ar,ckb,en,source\nY,country,,47.5,35.5,,واي,,Yland,test\n",
        );
        land
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    pub fn write_adm(&self, level: usize, units: Vec<Value>) {
        let collection = json!({"type": "FeatureCollection", "features": units});
        self.write(&format!("from/x_adm{level}_20200101.geojson"), &collection.to_string());
    }

    /// Changes the text of a source file.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    pub fn build(&self) -> Result<(Vec<Place>, Changes), CompileError> {
        self.compile(false)
    }

    pub fn build_with_rivers(&self) -> Result<(Vec<Place>, Changes), CompileError> {
        self.compile(true)
    }

    fn compile(&self, with_wdbii: bool) -> Result<(Vec<Place>, Changes), CompileError> {
        build(&Build {
            from: &self.path("from"),
            tables: &self.path("tables"),
            out: &self.path("out"),
            with_wdbii,
        })
    }

    pub fn gazetteer(&self) -> Gazetteer {
        Gazetteer::new(self.build().unwrap().0).unwrap()
    }

    /// The message with which the land is refused.
    pub fn refusal(&self) -> String {
        let error = self.build().unwrap_err().to_string();
        assert!(
            !self.path("out").exists() || files(&self.path("out")).is_empty(),
            "something was written: {error}"
        );
        error
    }
}

/// A box with a corner every half degree, so that neighbours share corners.
fn ring(west: f64, south: f64, east: f64, north: f64) -> Vec<[f64; 2]> {
    let (columns, rows) = (((east - west) * 2.0) as i32, ((north - south) * 2.0) as i32);
    let step = |from: f64, count: i32| from + f64::from(count) / 2.0;
    let bottom = (0..columns).map(|at| [step(west, at), south]);
    let right = (0..rows).map(|at| [east, step(south, at)]);
    let top = (0..columns).map(|at| [step(east, -at), north]);
    let left = (0..=rows).map(|at| [west, step(north, -at)]);
    bottom.chain(right).chain(top).chain(left).collect()
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}
