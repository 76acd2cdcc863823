//! Programs that people use, tried on the built server: each counts the same features.
//!
//! `scripts/setup.sh test` installs them; one that is missing is skipped with a line, unless `MAHWAR_REQUIRE_TOOLS` is set.

use super::common::{Server, root};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Debian's interpreter, which has GDAL and QGIS.
fn debian() -> PathBuf {
    PathBuf::from("/usr/bin/python3")
}

/// The interpreter with the clients from PyPI.
fn pypi() -> PathBuf {
    root().join("target/clients/bin/python")
}

fn has(python: &PathBuf, module: &str) -> bool {
    let found = Command::new(python)
        .args(["-c", &format!("import {module}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    assert!(
        found || std::env::var_os("MAHWAR_REQUIRE_TOOLS").is_none(),
        "{module} is missing for {}: run scripts/setup.sh test",
        python.display()
    );
    found
}

/// Runs a client's script to its end; its output is shown when it fails.
fn run(python: PathBuf, module: &str, script: &str) {
    if !has(&python, module) {
        eprintln!("{module} is not installed: {script} was skipped");
        return;
    }
    let server = Server::start();
    let output = Command::new(python)
        .arg(root().join("tests/clients").join(script))
        .arg(&server.url)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // A home of its own: without the settings of the user who runs this.
        .env("HOME", root().join("target/clients-home"))
        .output()
        .expect("the client starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {}\n{said}{wrong}", output.status);
    println!("{said}");
}

#[test]
fn gdal_counts_the_features_of_every_layer_in_every_download() {
    run(debian(), "osgeo.ogr", "gdal_debian.py");
}

#[test]
fn pyogrio_counts_the_features_of_every_layer_in_every_download() {
    run(pypi(), "pyogrio", "pyogrio_formats.py");
}

#[test]
fn pyarrow_reads_geoparquet_with_its_boxes() {
    run(pypi(), "pyarrow", "geoparquet.py");
}

#[test]
fn owslib_walks_every_collection_page_by_page() {
    run(pypi(), "owslib", "owslib_features.py");
}

#[test]
fn owslib_draws_the_wmts_and_answers_keep_their_schemas() {
    run(pypi(), "mapproxy", "owslib_wmts.py");
}

#[test]
fn archives_of_tiles_hold_every_feature_and_are_read_by_ranges() {
    run(pypi(), "pmtiles", "tile_archives.py");
}

#[test]
fn qgis_opens_features_tiles_layer_files_and_packages() {
    run(debian(), "qgis.core", "qgis_desktop.py");
}
