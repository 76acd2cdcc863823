//! What tests of the geoparser share.

#![allow(dead_code)]

use mahwar::{
    gazetteer::{Gazetteer, read_places},
    geoparse::{Geoparser, Lexicon},
    land::Files,
};
use std::sync::{Arc, LazyLock};

/// The geoparser with the project's own data.
pub fn geoparser() -> &'static Geoparser {
    static GEOPARSER: LazyLock<Geoparser> = LazyLock::new(|| {
        // Another data folder may be tried: MAHWAR_TEST_DATA=/some/data make eval.
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
        let folder = Files::Folder(std::env::var_os("MAHWAR_TEST_DATA").map_or_else(|| own.into(), Into::into));
        let mut read = |name: &str| -> Result<String, std::io::Error> {
            folder
                .read(name)
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        };
        let places = read_places(&read("places.tsv").expect("places.tsv")).expect("places");
        let gazetteer = Arc::new(Gazetteer::new(places).expect("gazetteer"));
        let lexicon = Lexicon::read(&mut read).expect("lexicon");
        Geoparser::new(gazetteer, lexicon).expect("geoparser")
    });
    &GEOPARSER
}
