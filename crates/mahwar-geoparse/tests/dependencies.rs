//! The library stays small for those who take it: at most twenty crates come with it by default.

use std::{collections::BTreeSet, process::Command};

#[test]
fn at_most_twenty_crates_come_with_the_reader() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--package", "mahwar-geoparse"])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let crates: BTreeSet<_> = lines
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(
        crates.contains("mahwar-geoparse") && crates.contains("serde"),
        "{crates:?}"
    );
    assert!(crates.len() - 1 <= 20, "{}: {crates:?}", crates.len() - 1);
}
