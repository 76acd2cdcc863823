//! Reading a corpus with the filter under other engines, as docs/scale-out.md shows.

use crate::common::{BINARY, mahwar, root};
use std::process::Command;

/// GNU parallel; another program has the same name.
fn has_gnu_parallel() -> bool {
    let version = Command::new("parallel").arg("--version").output();
    let found = version.is_ok_and(|version| String::from_utf8_lossy(&version.stdout).contains("GNU"));
    let required = std::env::var_os("MAHWAR_REQUIRE_TOOLS").is_some();
    assert!(found || !required, "GNU parallel is missing");
    if !found {
        eprintln!("skipped: GNU parallel is missing");
    }
    found
}

#[test]
fn gnu_parallel_gives_the_answers_of_one_process_in_the_same_order() {
    if !has_gnu_parallel() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus.ndjson");
    let made = Command::new("python3")
        .args(["scripts/corpus.py", "60"])
        .current_dir(root())
        .output()
        .expect("Python runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::write(&corpus, &made.stdout).unwrap();
    let alone = mahwar(&["geoparse", "--ndjson", corpus.to_str().unwrap()]);
    assert!(alone.status.success());
    let shared = Command::new("parallel")
        .args([
            "--pipe",
            "--keep-order",
            "--block",
            "50k",
            BINARY,
            "geoparse",
            "--ndjson",
            "--jobs",
            "1",
        ])
        .stdin(std::fs::File::open(&corpus).unwrap())
        .output()
        .expect("parallel runs");
    assert!(shared.status.success(), "{}", String::from_utf8_lossy(&shared.stderr));
    assert_eq!(alone.stdout.iter().filter(|byte| **byte == b'\n').count(), 60);
    assert!(alone.stdout == shared.stdout, "the answers differ");
}
