//! Faults of a store under a running server: files that are deleted, replaced, copied over, locked or damaged. The subjects
//! come from a report of faults.

use crate::{
    common::{Answer, Server},
    deletion::delete,
    writes::{Shelf, TOKEN, post, stored},
};
use rusqlite::Connection;
use std::{fs, path::PathBuf, process::Output};

fn text(number: usize) -> String {
    format!("Report {number}: an attack took place in Kalar and in Daquq.")
}

fn put(server: &Server, number: usize) -> Answer {
    post(server, "text/plain", text(number).as_bytes())
}

fn kept(server: &Server, number: usize) -> String {
    stored(server, &text(number))
}

fn total(server: &Server) -> u64 {
    server.get("/documents").json()["total"].as_u64().unwrap()
}

fn store_file(shelf: &Shelf) -> PathBuf {
    shelf.path("store.db")
}

fn log_file(shelf: &Shelf) -> PathBuf {
    shelf.path("store.db-wal")
}

/// Both streams of a command that ended.
fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn check(shelf: &Shelf) -> Output {
    shelf.run(&["check", "--store", &shelf.address()])
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_clean_stop_leaves_everything_in_one_file() {
    let shelf = Shelf::new();
    let server = shelf.server();
    (0..20).for_each(|number| drop(kept(&server, number)));
    assert!(server.stop());
    assert!(!log_file(&shelf).exists() && !shelf.path("store.db-shm").exists());
    // The usual copy of one file.
    let copy = Shelf::new();
    fs::copy(store_file(&shelf), store_file(&copy)).unwrap();
    let checked = check(&copy);
    assert!(
        checked.status.success() && said(&checked).contains("21 documents"),
        "{}",
        said(&checked)
    );
}

#[test]
fn ingest_leaves_everything_in_one_file() {
    let shelf = Shelf::new();
    let path = shelf.path("report.txt");
    fs::write(&path, text(1)).unwrap();
    let done = shelf.run(&["ingest", &path.display().to_string(), "--store", &shelf.address()]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(!log_file(&shelf).exists());
}

#[cfg(unix)]
#[test]
fn files_of_a_store_are_for_their_owner_alone() {
    let shelf = Shelf::new();
    #[cfg(unix)]
    {
        let linked = Shelf::new();
        std::os::unix::fs::symlink("real.db", store_file(&linked)).unwrap();
        let server = linked.server();
        kept(&server, 1);
        assert_eq!(mode(&linked.path("real.db")), 0o600);
    }
    let server = shelf.server();
    kept(&server, 1);
    let backup = shelf.path("backup.db");
    let done = shelf.run(&["store", "backup", &shelf.address(), &backup.display().to_string()]);
    assert!(done.status.success(), "{}", said(&done));
    for path in [store_file(&shelf), log_file(&shelf), backup] {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_server_that_was_killed_has_its_documents_at_the_next_start() {
    let shelf = Shelf::new();
    for round in 0..3 {
        let server = shelf.server();
        (0..5).for_each(|number| drop(kept(&server, round * 5 + number)));
        // SIGKILL
        drop(server);
        assert!(log_file(&shelf).exists());
    }
    let server = shelf.server();
    assert_eq!(total(&server), 16);
    drop(server);
    let checked = check(&shelf);
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn a_backup_copied_over_the_file_of_a_killed_server_is_not_mixed_with_its_log() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    let backup = shelf.path("backup.db");
    let done = shelf.run(&["store", "backup", &shelf.address(), &backup.display().to_string()]);
    assert!(done.status.success(), "{}", said(&done));
    (2..40).for_each(|number| drop(kept(&server, number)));
    drop(server);
    fs::copy(&backup, store_file(&shelf)).unwrap();
    let before = fs::read(store_file(&shelf)).unwrap();

    let server = shelf.server();
    let ready = server.get("/readyz");
    assert_eq!(ready.status, 503);
    assert!(
        ready.json()["reason"]
            .as_str()
            .unwrap()
            .contains("belongs to another file"),
        "{}",
        ready.text()
    );
    assert_eq!(server.get("/documents").status, 503);
    assert_eq!(put(&server, 99).status, 503);
    assert_eq!(server.get("/collections/districts/items?limit=1").status, 200);
    drop(server);
    assert_eq!(fs::read(store_file(&shelf)).unwrap(), before, "nothing was changed");
    let refused = check(&shelf);
    assert!(
        !refused.status.success() && said(&refused).contains("mahwar store discard-log"),
        "{}",
        said(&refused)
    );

    let done = shelf.run(&["store", "discard-log", &shelf.address()]);
    assert!(done.status.success(), "{}", said(&done));
    let server = shelf.server();
    assert_eq!(total(&server), 2, "those of the backup");
    drop(server);
    assert!(check(&shelf).status.success());
}

#[test]
fn an_older_copy_of_the_same_file_is_not_mixed_with_a_later_log() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    assert!(server.stop());
    let old = shelf.path("old.db");
    fs::copy(store_file(&shelf), &old).unwrap();
    let server = shelf.server();
    (2..9).for_each(|number| drop(kept(&server, number)));
    drop(server);
    fs::copy(&old, store_file(&shelf)).unwrap();
    let refused = check(&shelf);
    assert!(said(&refused).contains("does not belong"), "{}", said(&refused));
}

#[test]
fn a_log_without_its_file_is_not_thrown_away() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    drop(server);
    fs::rename(store_file(&shelf), shelf.path("elsewhere.db")).unwrap();
    let log = fs::read(log_file(&shelf)).unwrap();
    let server = shelf.server();
    assert_eq!(server.get("/readyz").status, 503);
    drop(server);
    assert_eq!(fs::read(log_file(&shelf)).unwrap(), log);
    fs::rename(shelf.path("elsewhere.db"), store_file(&shelf)).unwrap();
    assert_eq!(total(&shelf.server()), 2);
}

#[test]
fn a_file_that_is_deleted_under_the_server_takes_no_document() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let id = kept(&server, 1);
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        let _ = fs::remove_file(shelf.path(name));
    }
    let refused = put(&server, 2);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());
    let ready = server.wait_for("/readyz", |ready| ready.status == 503);
    assert_eq!(ready.status, 503);
    let ready = ready.json();
    assert!(ready["reason"].as_str().unwrap().contains("deleted"), "{ready}");
    assert!(ready["store_answered"].is_string(), "{ready}");
    assert_eq!(server.get("/healthz").status, 200);
    assert!(server.get("/metrics").text().contains("mahwar_store_up 0"));
    // Documents read before are still readable.
    assert_eq!(server.get(&format!("/documents/{id}")).status, 200);
}

#[test]
fn a_log_that_is_deleted_under_the_server_costs_no_document_that_was_kept() {
    let shelf = Shelf::new();
    let server = shelf.server();
    (0..5).for_each(|number| drop(kept(&server, number)));
    fs::remove_file(log_file(&shelf)).unwrap();
    let refused = put(&server, 6);
    assert_eq!(refused.status, 503, "{}", refused.text());
    let ready = server.wait_for("/readyz", |ready| ready.status == 503);
    let reason = ready.json()["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason.contains("deleted"), "{reason}");
    assert_eq!(server.get("/documents").status, 200, "reads go on");
    drop(server);
    let server = shelf.server();
    // The seed, and those that were answered 201.
    assert_eq!(total(&server), 6);
    assert_eq!(put(&server, 6).status, 201);
    drop(server);
    assert!(check(&shelf).status.success());
}

#[test]
fn a_log_that_is_cut_off_under_the_server_takes_no_more_documents() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    server.wait_for("/readyz", |ready| ready.status == 200);
    kept(&server, 2);
    fs::OpenOptions::new()
        .write(true)
        .open(log_file(&shelf))
        .unwrap()
        .set_len(0)
        .unwrap();
    let refused = put(&server, 3);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(server.wait_for("/readyz", |ready| ready.status == 503).status, 503);
}

#[test]
fn a_deleted_document_leaves_no_bytes_in_the_file() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let body = r#"{"title": "zqtitle in Daquq", "text": "An attack in Daquq, zqforensic wrote, killed 4. zqforensic again.", "extra": "zqforensic fact"}"#;
    let put = post(&server, "application/json", body.as_bytes());
    let id = put.json()["id"].as_str().unwrap().to_owned();
    (0..3).for_each(|number| drop(kept(&server, number)));
    let deleted = delete(&server, &format!("/documents/{id}?reason=legal"), TOKEN);
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    assert!(server.stop());
    let bytes = fs::read(store_file(&shelf)).unwrap();
    for word in ["zqforensic", "zqtitle"] {
        let found = bytes.windows(word.len()).filter(|window| *window == word.as_bytes());
        assert_eq!(found.count(), 0, "{word}");
    }
    assert!(check(&shelf).status.success());
}

#[test]
fn a_file_that_is_replaced_under_the_server_takes_no_document_until_it_is_there_again() {
    let shelf = Shelf::new();
    let other = Shelf::new();
    drop(other.server());
    let server = shelf.server();
    kept(&server, 1);
    fs::rename(store_file(&shelf), shelf.path("moved.db")).unwrap();
    fs::copy(store_file(&other), store_file(&shelf)).unwrap();
    assert_eq!(put(&server, 2).status, 503);
    assert_eq!(server.wait_for("/readyz", |ready| ready.status == 503).status, 503);
    fs::rename(shelf.path("moved.db"), store_file(&shelf)).unwrap();
    assert_eq!(server.wait_for("/readyz", |ready| ready.status == 200).status, 200);
    assert_eq!(put(&server, 2).status, 201);
    assert!(server.stop());
    assert!(check(&shelf).status.success());
}

#[test]
fn a_backup_copied_over_the_file_of_a_running_server_is_noticed_and_stays_whole() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    let backup = shelf.path("backup.db");
    let done = shelf.run(&["store", "backup", &shelf.address(), &backup.display().to_string()]);
    assert!(done.status.success(), "{}", said(&done));
    (2..60).for_each(|number| drop(kept(&server, number)));
    // In place: the file keeps its inode.
    fs::write(store_file(&shelf), fs::read(&backup).unwrap()).unwrap();
    let refused = put(&server, 99);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(server.wait_for("/readyz", |ready| ready.status == 503).status, 503);
    assert_eq!(server.get("/documents").status, 503);
    server.stop();
    assert_eq!(
        fs::read(store_file(&shelf)).unwrap(),
        fs::read(&backup).unwrap(),
        "the log was not written into it"
    );
    let done = shelf.run(&["store", "restore", &backup.display().to_string(), &shelf.address()]);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(total(&shelf.server()), 2);
    assert!(check(&shelf).status.success());
}

#[test]
fn a_restore_checks_the_backup_and_keeps_the_store_that_was_there() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    let backup = shelf.path("backup.db").display().to_string();
    assert!(
        shelf
            .run(&["store", "backup", &shelf.address(), &backup])
            .status
            .success()
    );
    kept(&server, 2);

    let held = shelf.run(&["store", "restore", &backup, &shelf.address()]);
    assert!(
        !held.status.success() && said(&held).contains("stop it first"),
        "{}",
        said(&held)
    );
    assert_eq!(total(&server), 3);
    // Killed: its last write is in the log.
    drop(server);

    let damaged = shelf.path("damaged.db");
    fs::copy(&backup, &damaged).unwrap();
    Connection::open(&damaged)
        .unwrap()
        .execute_batch("UPDATE documents SET text = text || '.' WHERE number = 2")
        .unwrap();
    let damaged = damaged.display().to_string();
    let refused = shelf.run(&["store", "restore", &damaged, &shelf.address()]);
    assert!(
        !refused.status.success() && said(&refused).contains("SHA-256"),
        "{}",
        said(&refused)
    );
    let letter = shelf.path("letter.txt");
    fs::write(&letter, "no store").unwrap();
    let refused = shelf.run(&["store", "restore", &letter.display().to_string(), &shelf.address()]);
    assert!(!refused.status.success(), "{}", said(&refused));
    let server = shelf.server();
    assert_eq!(total(&server), 3, "nothing was changed");
    drop(server);

    let done = shelf.run(&["store", "restore", &backup, &shelf.address()]);
    assert!(done.status.success(), "{}", said(&done));
    let server = shelf.server();
    assert_eq!(total(&server), 2);
    assert!(server.stop());
    let before: Vec<PathBuf> = fs::read_dir(shelf.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("before-restore") && !path.to_string_lossy().ends_with("-wal"))
        .collect();
    assert_eq!(before.len(), 1, "{before:?}");
    let checked = shelf.run(&["check", "--store", &format!("sqlite:{}", before[0].display())]);
    assert!(
        said(&checked).contains("3 documents"),
        "with its log: {}",
        said(&checked)
    );

    let forced = shelf.run(&["store", "restore", &damaged, &shelf.address(), "--even-if-damaged"]);
    assert!(
        forced.status.success() && said(&forced).contains("SHA-256"),
        "{}",
        said(&forced)
    );
}

#[test]
fn readyz_is_503_while_the_store_does_not_open_and_layers_of_documents_too() {
    // Report: /readyz is always ready, and the map is empty without a word.
    let shelf = Shelf::new();
    fs::write(store_file(&shelf), "a letter of more than sixteen bytes".repeat(40)).unwrap();
    let server = shelf.server();
    let ready = server.get("/readyz");
    assert_eq!(ready.status, 503);
    assert!(!ready.header("retry-after").is_empty());
    assert_eq!(ready.json()["store"], false);
    assert!(!ready.text().contains("store.db"), "no path: {}", ready.text());
    for path in [
        "/collections/mention_places/items",
        "/collections/mentions/items/x-m1",
        "/collections/claims/tiles/WebMercatorQuad/6/25/39",
        "/xyz/mention_places/6/39/25.mvt",
        "/xyz/districts,mentions/6/39/25.mvt",
        "/downloads/mentions.csv",
        "/downloads/all.gpkg",
        "/documents",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 503, "{path}");
        assert!(!answer.header("retry-after").is_empty(), "{path}");
    }
    for path in [
        "/healthz",
        "/metrics",
        "/collections",
        "/collections/mentions",
        "/collections/districts/items?limit=1",
        "/xyz/districts/6/39/25.mvt",
        "/downloads/districts.geojson",
        "/search?q=Kirkuk",
    ] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    // It opens as soon as it can.
    fs::remove_file(store_file(&shelf)).unwrap();
    assert_eq!(server.wait_for("/readyz", |ready| ready.status == 200).status, 200);
    assert_eq!(server.get("/collections/mention_places/items").status, 200);
}

#[test]
fn a_damaged_document_costs_itself_only() {
    // Report: UPDATE parses SET parse = x'28b52ffd' closes the whole store.
    let shelf = Shelf::new();
    let server = shelf.server();
    let ids: Vec<String> = (0..6).map(|number| kept(&server, number)).collect();
    assert!(server.stop());
    Connection::open(store_file(&shelf))
        .unwrap()
        .execute_batch("UPDATE parses SET parse = x'28b52ffd' WHERE document = 4")
        .unwrap();
    let damaged = &ids[2];
    let server = shelf.server();
    let one = server.get(&format!("/documents/{damaged}"));
    assert_eq!(one.status, 500);
    assert!(
        one.text().contains(damaged) && one.text().contains("mahwar reparse"),
        "{}",
        one.text()
    );
    assert_eq!(server.get(&format!("/documents/{}", ids[3])).status, 200);
    let page = server.get("/documents?limit=3").json();
    assert_eq!(page["documents"].as_array().unwrap().len(), 3, "{page}");
    let next = page["next"].as_str().unwrap();
    let next = server.get(next.strip_prefix(&server.url).unwrap()).json();
    assert_eq!(
        (next["documents"].as_array().unwrap().len(), &next["damaged"][0]),
        (2, &damaged.as_str().into())
    );
    let mentions = server.get("/collections/mentions/items?limit=100").json();
    assert_eq!(
        mentions["features"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|feature| feature["properties"]["document"] == damaged.as_str())
            .count(),
        0
    );
    assert!(mentions["features"].as_array().unwrap().len() >= 10, "{mentions}");
    assert_eq!(server.get("/downloads/mentions.csv").status, 200);
    let ready = server.get("/readyz");
    assert_eq!(
        (ready.status, &ready.json()["damaged_documents"][0]),
        (200, &damaged.as_str().into())
    );
    assert!(
        server
            .get("/metrics")
            .text()
            .contains("mahwar_store_damaged_documents 1")
    );
    assert_eq!(put(&server, 50).status, 201);

    let checked = check(&shelf);
    assert!(
        !checked.status.success() && said(&checked).contains(damaged),
        "{}",
        said(&checked)
    );
    let repaired = shelf.run(&["reparse", "--store", &shelf.address()]);
    assert!(
        repaired.status.success() && said(&repaired).contains("1 repaired"),
        "{}",
        said(&repaired)
    );
    let checked = check(&shelf);
    assert!(checked.status.success(), "{}", said(&checked));
    // The server follows.
    let one = server.wait_for(&format!("/documents/{damaged}"), |one| one.status == 200);
    assert_eq!(one.status, 200);
    let ready = server.wait_for("/readyz", |ready| ready.json()["damaged_documents"][0].is_null());
    assert!(
        ready.json()["damaged_documents"].as_array().unwrap().is_empty(),
        "{}",
        ready.text()
    );
}

#[test]
fn a_damaged_block_of_the_disk_costs_its_documents_only() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let long = " The reporter wrote about the region.".repeat(600);
    let ids: Vec<String> = (0..8)
        .map(|number| {
            let body = format!("{}{long}", text(number));
            let answer = post(&server, "text/plain", body.as_bytes());
            answer.json()["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(server.stop());
    // A page of the middle of a long text.
    let mut bytes = fs::read(store_file(&shelf)).unwrap();
    let at = bytes
        .windows(text(3).len())
        .position(|window| window == text(3).as_bytes())
        .unwrap();
    let page = at / 8192 * 8192;
    bytes[page..page + 8192].fill(0xa5);
    fs::write(store_file(&shelf), bytes).unwrap();
    let server = shelf.server();
    assert_eq!(server.get("/readyz").status, 200);
    let page = server.get("/documents?limit=100").json();
    let read: Vec<&str> = page["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(read.len() >= 4 && read.len() < 9, "{page}");
    assert!(
        !read.contains(&ids[3].as_str()) && read.contains(&ids[7].as_str()),
        "{page}"
    );
    assert_eq!(page["damaged"].as_array().unwrap().len() + read.len(), 9, "{page}");
    assert_eq!(put(&server, 50).status, 201);
    let checked = check(&shelf);
    assert!(
        !checked.status.success() && said(&checked).contains("cannot be read"),
        "{}",
        said(&checked)
    );
}
