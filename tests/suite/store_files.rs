//! The files beside a store under a running server: its shared memory, its log, links in place of it, full disks. The
//! subjects come from a report of faults.

use crate::{
    common::{Answer, BINARY, Server},
    deletion::delete,
    writes::{Shelf, TOKEN, post, stored},
};
use rusqlite::Connection;
use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

fn text(number: usize) -> String {
    format!("Report {number}: shots were heard in Kifri and in Jalawla.")
}

fn put(server: &Server, number: usize) -> Answer {
    post(server, "text/plain", text(number).as_bytes())
}

fn kept(server: &Server, number: usize) -> String {
    stored(server, &text(number))
}

fn ingest(shelf: &Shelf, number: usize) {
    let file = shelf.path(&format!("file{number}.txt"));
    fs::write(&file, format!("File {number}: a road near Tuz Khurmatu was closed.")).unwrap();
    shelf.run(&["ingest", &file.display().to_string(), "--store", &shelf.address()]);
}

fn reason(server: &Server) -> String {
    let ready = server.wait_for("/readyz", |ready| ready.status == 503);
    assert_eq!(ready.status, 503, "{}", ready.text());
    ready.json()["reason"].as_str().unwrap_or_default().to_owned()
}

/// All acknowledged documents are found after a kill and a new start, and the store is whole.
fn assert_kept(shelf: &Shelf, server: Server, ids: &[String]) {
    drop(server);
    let server = shelf.server();
    for id in ids {
        assert_eq!(server.get(&format!("/documents/{id}")).status, 200, "{id}");
    }
    // The second time it is known.
    assert!(matches!(put(&server, 900).status, 200 | 201));
    assert!(server.stop());
    let checked = shelf.run(&["check", "--store", &shelf.address()]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[cfg(unix)]
#[test]
fn shared_memory_that_is_deleted_under_the_server_costs_no_document_that_was_kept() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let mut ids: Vec<String> = (0..3).map(|number| kept(&server, number)).collect();
    fs::remove_file(shelf.path("store.db-shm")).unwrap();
    for number in 10..13 {
        // It makes shared memory of its own, and does not see that of the server.
        ingest(&shelf, number);
        let answer = put(&server, number);
        if answer.status == 201 {
            ids.push(answer.json()["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert!(!answer.header("retry-after").is_empty());
    }
    assert!(reason(&server).contains("deleted"));
    assert_eq!(
        server.get("/documents").status,
        503,
        "pages of the log may be others now"
    );
    assert_kept(&shelf, server, &ids);
}

#[cfg(unix)]
#[test]
fn shared_memory_that_is_cut_off_ends_no_server() {
    let shelf = Shelf::new();
    let mut refused = 0;
    // Work that runs at the moment of the cut cannot be saved; an idle server notices it first.
    for round in 0..3 {
        let server = shelf.server();
        let ids = [kept(&server, round)];
        let memory = fs::OpenOptions::new()
            .write(true)
            .open(shelf.path("store.db-shm"))
            .unwrap();
        memory.set_len(0).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(700));
        assert_eq!(server.get("/healthz").status, 200);
        refused += u32::from(put(&server, 100 + round).status == 503);
        assert!(reason(&server).contains("deleted"));
        assert_kept(&shelf, server, &ids);
    }
    assert_eq!(refused, 3);
}

#[test]
fn a_log_whose_beginning_is_overwritten_takes_no_more_documents() {
    let shelf = Shelf::new();
    let server = shelf.server();
    (0..3).for_each(|number| drop(kept(&server, number)));
    let mut log = fs::OpenOptions::new()
        .write(true)
        .open(shelf.path("store.db-wal"))
        .unwrap();
    log.write_all(&[0; 64]).unwrap();
    drop(log);
    let refused = put(&server, 10);
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(reason(&server).contains("overwritten"));
    assert_eq!(server.get("/documents").status, 503);
    drop(server);
    // The next start does not take the log for an empty one.
    let server = shelf.server();
    assert_eq!(server.get("/readyz").status, 503);
    drop(server);
    let checked = shelf.run(&["check", "--store", &shelf.address()]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(!checked.status.success() && said.contains("discard-log"), "{said}");
    assert!(shelf.run(&["store", "discard-log", &shelf.address()]).status.success());
    assert_eq!(shelf.server().get("/readyz").status, 200);
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_file_loses_no_document() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let ids: Vec<String> = (0..3).map(|number| kept(&server, number)).collect();
    let (file, real) = (shelf.path("store.db"), shelf.path("store.db.real"));
    fs::rename(&file, &real).unwrap();
    std::os::unix::fs::symlink("store.db.real", &file).unwrap();
    let refused = put(&server, 10);
    assert_eq!(refused.status, 503, "{}", refused.text());
    reason(&server);
    assert_kept_beside_link(&shelf, server, &ids);
}

/// As [`assert_kept`], where the log beside the link may have to be put aside first.
#[cfg(unix)]
fn assert_kept_beside_link(shelf: &Shelf, server: Server, ids: &[String]) {
    drop(server);
    let log = shelf.path("store.db-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let server = shelf.server();
        assert_eq!(server.get("/readyz").status, 503);
        drop(server);
        fs::rename(&log, shelf.path("store.db.real-wal")).unwrap();
    }
    assert_kept(shelf, shelf.server(), ids);
}

#[cfg(unix)]
#[test]
fn a_log_beside_a_link_is_not_passed_over() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let ids: Vec<String> = (0..3).map(|number| kept(&server, number)).collect();
    // Killed, then replaced by a link: the log is beside the link.
    drop(server);
    fs::rename(shelf.path("store.db"), shelf.path("real.db")).unwrap();
    std::os::unix::fs::symlink("real.db", shelf.path("store.db")).unwrap();
    let server = shelf.server();
    assert_eq!(server.get("/readyz").status, 503);
    assert_eq!(put(&server, 10).status, 503);
    drop(server);
    let checked = shelf.run(&["check", "--store", &shelf.address()]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(!checked.status.success() && said.contains("symbolic link"), "{said}");
    fs::rename(shelf.path("store.db-wal"), shelf.path("real.db-wal")).unwrap();
    assert_kept(&shelf, shelf.server(), &ids);
}

/// Standard error and the code of a server that does not start.
#[cfg(unix)]
fn refused_start(path: &str) -> (Option<i32>, String) {
    let mut child = Command::new(BINARY)
        .args(["serve", "--bind", "127.0.0.1:0", "--store", &format!("sqlite:{path}")])
        .current_dir(crate::common::root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = std::time::Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed().as_secs() > 60 {
            let _ = child.kill();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[cfg(unix)]
#[test]
fn a_store_that_is_no_file_is_refused_at_once_by_its_kind() {
    let shelf = Shelf::new();
    let at = |name: &str| shelf.path(name).display().to_string();
    fs::create_dir(shelf.path("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    std::os::unix::fs::symlink("loop", shelf.path("loop")).unwrap();
    std::os::unix::fs::symlink("pipe", shelf.path("link")).unwrap();
    for (path, kind) in [
        (at("folder"), "a folder"),
        (at("pipe"), "a named pipe"),
        (at("link"), "a named pipe"),
        (at("loop"), "leads to itself"),
        ("/dev/null".to_owned(), "a device"),
    ] {
        let (code, said) = refused_start(&path);
        assert!(code == Some(2) && said.contains(kind), "{path}: {code:?} {said}");
    }
}

#[test]
fn a_table_that_another_program_dropped_makes_the_server_unready() {
    let shelf = Shelf::new();
    let server = shelf.server();
    kept(&server, 1);
    let other = Connection::open(shelf.path("store.db")).unwrap();
    other.execute_batch("DROP TABLE originals").unwrap();
    drop(other);
    assert_eq!(reason(&server), "it is broken");
    assert_eq!(server.get("/collections/districts/items?limit=1").status, 200);
}

/// A server that may write no file beyond a size, as on a full disk.
#[cfg(target_os = "linux")]
fn limited(shelf: &Shelf, bytes: u64) -> Server {
    let mut command = Command::new("prlimit");
    command.arg(format!("--fsize={bytes}"));
    command.args([BINARY, "serve", "--bind", "127.0.0.1:0"]);
    command.args(["--store", &shelf.address(), "--token", TOKEN]);
    Server::start_command(command)
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_size_of_files_is_a_full_store_and_no_end_of_the_process() {
    let shelf = Shelf::new();
    drop(shelf.server());
    let server = limited(&shelf, 1_500_000);
    let long = |number: usize| format!("{} {}", text(number), "Nobody was hurt. ".repeat(20_000));
    let mut ids = Vec::new();
    let refused = (0..40).find_map(|number| {
        let answer = post(&server, "text/plain", long(number).as_bytes());
        if answer.status == 201 {
            ids.push(answer.json()["id"].as_str().unwrap().to_owned());
            return None;
        }
        Some(answer)
    });
    let refused = refused.expect("the limit is met");
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.text().contains("full"), "{}", refused.text());
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(reason(&server), "it is full");
    // The limit is lifted, as when files were deleted from a full disk.
    let lifted = Command::new("prlimit")
        .args(["--pid", &server.pid().to_string(), "--fsize=unlimited"])
        .status();
    if lifted.is_ok_and(|status| status.success()) {
        let ready = server.wait_for("/readyz", |ready| ready.status == 200);
        assert_eq!(ready.status, 200, "{}", ready.text());
        ids.push(kept(&server, 800));
        let first = ids.remove(0);
        assert_eq!(
            delete(&server, &format!("/documents/{first}?reason=x"), TOKEN).status,
            200
        );
    }
    assert_kept(&shelf, server, &ids);
}

#[test]
fn a_store_of_the_version_before_keeps_its_tombstones() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let id = kept(&server, 1);
    assert_eq!(
        delete(&server, &format!("/documents/{id}?reason=draft"), TOKEN).status,
        200
    );
    assert!(server.stop());
    let older = Connection::open(shelf.path("store.db")).unwrap();
    older
        .execute_batch(concat!(
            "DROP TABLE claim_units; DROP INDEX claim_places_place; ALTER TABLE store DROP COLUMN unplaced; ",
            "DROP INDEX claims_said; DROP INDEX mentions_confidence; DROP INDEX documents_language; DROP INDEX counts_kinds; DROP INDEX counts_speakers; ",
            "DROP INDEX deletions_words; ALTER TABLE deletions DROP COLUMN words; PRAGMA user_version = 7;"
        ))
        .unwrap();
    drop(older);
    let server = shelf.server();
    assert_eq!(put(&server, 1).status, 409, "known by its bytes");
    let other = kept(&server, 2);
    assert_eq!(
        delete(&server, &format!("/documents/{other}?reason=draft"), TOKEN).status,
        200
    );
    let again = format!(" {}\r\n", text(2));
    assert_eq!(post(&server, "text/plain", again.as_bytes()).status, 409);
    assert!(server.stop());
    let checked = shelf.run(&["check", "--store", &shelf.address()]);
    assert!(checked.status.success());
}
