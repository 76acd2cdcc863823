//! What the fuzz targets share: the geoparser with the project's own data, built once.

use mahwar::{
    gazetteer::{Gazetteer, read_places},
    geoparse::{Geoparser, Lexicon},
};
use std::sync::{Arc, LazyLock};

/// The geoparser.
pub static GEOPARSER: LazyLock<Geoparser> = LazyLock::new(|| {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/");
    let read = |name: &str| std::fs::read_to_string(format!("{data}{name}"));
    let places = read_places(&read("places.tsv").expect("places.tsv")).expect("places");
    let gazetteer = Arc::new(Gazetteer::new(places).expect("a gazetteer"));
    let lexicon = Lexicon::read(&mut |name: &str| read(name)).expect("a lexicon");
    Geoparser::new(gazetteer, lexicon).expect("a geoparser")
});
