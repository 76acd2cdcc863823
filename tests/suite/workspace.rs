//! Invariants of the workspace: which crate may use which, and that the core does no I/O.

use std::{fs, path::Path};

/// Crates of the project from the lowest to the highest, each with those that it may use.
const CRATES: [(&str, &[&str]); 11] = [
    ("mahwar-geoparse", &[]),
    ("mahwar-territory", &["mahwar-geoparse"]),
    ("mahwar-layers", &["mahwar-geoparse", "mahwar-territory"]),
    ("mahwar-query", &["mahwar-geoparse", "mahwar-layers"]),
    ("mahwar-export", &["mahwar-geoparse", "mahwar-layers"]),
    ("mahwar-map", &["mahwar-geoparse", "mahwar-territory", "mahwar-layers"]),
    ("mahwar-files", &[]),
    ("mahwar-documents", &["mahwar-geoparse"]),
    (
        "mahwar-store",
        &["mahwar-geoparse", "mahwar-layers", "mahwar-files", "mahwar-documents"],
    ),
    (
        "mahwar-sources",
        &[
            "mahwar-geoparse",
            "mahwar-territory",
            "mahwar-layers",
            "mahwar-files",
            "mahwar-store",
        ],
    ),
    ("mahwar-compile", &["mahwar-geoparse", "mahwar-territory"]),
];

/// Crates for files, networks, processes and HTTP that the core may not depend on.
const OUTSIDE: [&str; 8] = [
    "tokio", "axum", "hyper", "http", "ureq", "rusqlite", "postgres", "tracing",
];

/// Crates without I/O.
const CORE: [&str; 4] = ["mahwar-geoparse", "mahwar-territory", "mahwar-layers", "mahwar-query"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn dependencies(name: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn a_crate_uses_only_the_crates_below_it() {
    for (name, allowed) in CRATES {
        for dependency in dependencies(name) {
            let ours = dependency.starts_with("mahwar");
            assert!(
                !ours || allowed.contains(&dependency.as_str()),
                "{name} uses {dependency}"
            );
        }
    }
}

#[test]
fn the_core_uses_no_file_network_or_process() {
    for name in CORE {
        let dependencies = dependencies(name);
        for outside in OUTSIDE {
            assert!(
                !dependencies.iter().any(|dependency| dependency == outside),
                "{name} uses {outside}"
            );
        }
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        assert!(files.len() > 5, "the sources of {name} are found");
        for (path, text) in files {
            for module in [
                "std::fs",
                "std::net",
                "std::process",
                "std::env",
                "fs::{",
                "tokio::",
                "axum::",
            ] {
                // Unit tests may read the project's data.
                let program = text.split("#[cfg(test)]").next().unwrap_or(&text);
                assert!(!program.contains(module), "{path} uses {module}");
            }
        }
    }
}

/// The style has a rule for each layer by its id, for MapLibre names layers so.
const BY_ID: &str = "mahwar-map/src/style/";

#[test]
fn layers_are_told_apart_by_their_kind() {
    use mahwar::layers::LayerKind;
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    sources(&root().join("crates"), &mut files);
    let mut wrong = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| !path.contains(BY_ID)) {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let is_told_apart = LayerKind::ALL
                .iter()
                .map(|kind| format!("\"{}\"", kind.id()))
                .any(|id| {
                    let is_arm = line.starts_with(&id) && line.contains("=>");
                    is_arm || line.contains(&format!("layer.id == {id}")) || line.contains(&format!("layer == {id}"))
                });
            if is_told_apart {
                wrong.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "match the layer's kind instead: {wrong:#?}");
}

#[test]
fn every_target_of_make_that_a_page_names_exists() {
    let read = |path: &Path| fs::read_to_string(path).expect("a page");
    let makefile = read(&root().join("Makefile"));
    let docs = fs::read_dir(root().join("docs")).expect("docs");
    let docs = docs.map(|entry| entry.expect("an entry").path());
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "RELEASING.md"].map(|page| root().join(page));
    for page in docs
        .chain(pages)
        .filter(|page| page.extension().is_some_and(|end| end == "md"))
    {
        for rest in read(&page).split("`make ").skip(1) {
            let name = |letter: char| !letter.is_ascii_lowercase() && letter != '-';
            let target = rest.split(name).next().unwrap_or_default();
            let is_there = makefile.lines().any(|line| line.starts_with(&format!("{target}:")));
            assert!(is_there, "make {target}, in {}", page.display());
        }
    }
}
