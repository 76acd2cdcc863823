//! The answers of version 0.1.0 to each request of `tests/golden/requests.txt`, as they were before the workspace was cut,
//! beside the answers of today. Members that came since are no difference; each other difference is a row of
//! `tests/golden/differences.tsv` with its reason.
//!
//! `MAHWAR_GOLDEN_RECORD=repository-of-another-version cargo test golden` writes the answers of the binary that was built
//! there to `target/golden-answers.jsonl`, and lists the differences instead of failing.

use crate::common::{Answer, BINARY, Server, root};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
    process::Command,
};

/// Members deeper than this belong to GeoJSON geometries and schemas, which other tests hold.
const DEPTH: usize = 7;

/// Values kept of one member, in order.
const VALUES: usize = 3;

/// One answer: its status or exit code, the type of its body, and each member with its first values.
#[derive(Debug, PartialEq)]
struct Golden {
    request: String,
    status: i64,
    media: String,
    members: BTreeMap<String, Vec<Value>>,
}

/// Text in which nothing depends on the run.
struct Stable {
    url: String,
    temp: String,
}

impl Stable {
    fn text(&self, text: &str) -> String {
        let text = text
            .replace(&self.url, "{url}")
            .replace(self.url.trim_start_matches("http://"), "{host}")
            .replace(&self.temp, "{temp}");
        text.chars().take(120).collect()
    }

    fn members(&self, value: &Value, path: &str, depth: usize, members: &mut BTreeMap<String, Vec<Value>>) {
        let scalar = match value {
            Value::Object(map) if depth < DEPTH => {
                for (name, value) in map.iter().filter(|(name, _)| *name != "timeStamp") {
                    let inner = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    self.members(value, &inner, depth + 1, members);
                }
                return;
            }
            Value::Array(values) if depth < DEPTH && !path.ends_with("coordinates") => {
                // Parameters and layers are told by their names, since new ones may stand between.
                let is_named = ["parameters", "layers", "collections"]
                    .iter()
                    .any(|name| path.ends_with(name));
                for value in values {
                    let name = ["id", "name"]
                        .iter()
                        .find_map(|key| value[*key].as_str())
                        .filter(|_| is_named);
                    let inner = format!("{path}[{}]", name.unwrap_or_default());
                    self.members(value, &inner, depth, members);
                }
                return;
            }
            Value::Object(_) => json!({}),
            Value::Array(_) => json!([]),
            Value::String(text) => json!(self.text(text)),
            other => other.clone(),
        };
        let kept = members.entry(path.to_owned()).or_default();
        if kept.len() < VALUES {
            kept.push(scalar);
        }
    }

    /// What a reader of this body relies on: members of JSON, columns of CSV, names of metrics; of others the type alone.
    fn golden(&self, request: &str, status: i64, media: &str, body: &[u8]) -> Golden {
        let mut members = BTreeMap::new();
        let text = String::from_utf8_lossy(body);
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            self.members(&value, "", 0, &mut members);
        } else if media.starts_with("application/geo+json") || request.ends_with(".geojsonl") {
            for line in text.lines().take(VALUES) {
                let value = serde_json::from_str(line.trim_start_matches('\u{1e}')).unwrap_or(Value::Null);
                self.members(&value, "", 0, &mut members);
            }
        } else if media.starts_with("text/csv") {
            for name in text.lines().next().unwrap_or_default().split(',') {
                members.insert(name.trim_start_matches('\u{feff}').to_owned(), Vec::new());
            }
        } else if request == "GET /metrics" {
            for name in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
                members.insert(name.to_owned(), Vec::new());
            }
        } else if request.starts_with("RUN") {
            for line in text.lines().take(40) {
                let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
                members.insert(self.text(&words), Vec::new());
            }
        }
        Golden {
            request: request.to_owned(),
            status,
            media: media.split(';').next().unwrap_or_default().to_owned(),
            members,
        }
    }
}

/// What names the document, its first mention and the server in a request.
struct Names {
    document: String,
    mention: String,
}

fn names(server: &Server) -> Names {
    let first = |answer: &Answer, pointers: &[&str]| {
        let answer = answer.json();
        let id = pointers.iter().find_map(|pointer| answer.pointer(pointer)?.as_str());
        id.unwrap_or_else(|| panic!("an id in {answer}")).to_owned()
    };
    let document = first(
        &server.get("/collections/documents/items?limit=1"),
        &["/features/0/id", "/features/0/properties/id"],
    );
    let mention = first(
        &server.get("/collections/mentions/items?limit=1"),
        &["/features/0/properties/id", "/features/0/id"],
    );
    Names { document, mention }
}

fn http(server: &Server, stable: &Stable, request: &str, names: &Names) -> Golden {
    let (method, rest) = request.split_once(' ').expect("a method");
    let rest = rest
        .replace("{document}", &names.document)
        .replace("{mention}", &names.mention)
        .replace("{url}", &server.url);
    let answer = if method == "POST" {
        let mut parts = rest.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_default();
        let (path, media) = (part(), part());
        server.post(path, media, part().as_bytes())
    } else if let Some((path, media)) = rest.split_once(" Accept: ") {
        server.get_with(path, &[("accept", media)])
    } else {
        server.get(&rest)
    };
    stable.golden(
        request,
        i64::from(answer.status),
        answer.header("content-type"),
        &answer.body,
    )
}

fn run(binary: &Path, folder: &Path, stable: &Stable, request: &str) -> Golden {
    let arguments = request
        .replace("{temp}", &stable.temp)
        .split_whitespace()
        .skip(1)
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let output = Command::new(binary)
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the binary runs");
    stable.golden(
        request,
        i64::from(output.status.code().unwrap_or(-1)),
        "",
        &output.stdout,
    )
}

/// The answers of a binary in the folder of its repository.
fn answers(binary: &Path, folder: &Path) -> Vec<Golden> {
    let temp = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(binary);
    command
        .args(["serve", "--bind", "127.0.0.1:0"])
        .current_dir(folder)
        .env_remove("MAHWAR_SEEDS");
    let server = Server::start_command(command);
    let stable = Stable {
        url: server.url.clone(),
        temp: temp.path().display().to_string(),
    };
    let names = names(&server);
    std::fs::read_to_string(root().join("tests/golden/requests.txt"))
        .expect("the requests")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|request| {
            if request.starts_with("RUN") {
                run(binary, folder, &stable, request)
            } else {
                http(&server, &stable, request, &names)
            }
        })
        .collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The differences that a client of the old answer notices, in words.
fn differences(old: &Golden, new: &Golden) -> Vec<String> {
    let mut found = Vec::new();
    if old.status != new.status {
        found.push(format!("status {} {}", old.status, new.status));
        return found;
    }
    if old.media != new.media {
        found.push(format!("media {} {}", old.media, new.media));
    }
    for (path, values) in &old.members {
        match new.members.get(path) {
            None => found.push(format!("gone {path}")),
            Some(now) if now == values => {}
            Some(now) => match values.iter().zip(now).find(|(old, new)| kind(old) != kind(new)) {
                Some((old, new)) => found.push(format!("kind {path} {} {}", kind(old), kind(new))),
                None => found.push(format!("value {path}")),
            },
        }
    }
    found
}

/// Does a pattern, in which a star stands for any text, fit the whole text?
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let head = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

fn line(golden: &Golden) -> String {
    let Golden {
        request,
        status,
        media,
        members,
    } = golden;
    json!({ "request": request, "status": status, "media": media, "members": members }).to_string()
}

fn parsed(line: &str) -> Golden {
    let value: Value = serde_json::from_str(line).expect("a line of JSON");
    Golden {
        request: value["request"].as_str().expect("a request").to_owned(),
        status: value["status"].as_i64().expect("a status"),
        media: value["media"].as_str().expect("a type").to_owned(),
        members: serde_json::from_value(value["members"].clone()).expect("members"),
    }
}

#[test]
fn answers_are_those_of_0_1_0_but_for_the_listed_differences() {
    let recorded = std::env::var_os("MAHWAR_GOLDEN_RECORD").map(PathBuf::from);
    let old = match &recorded {
        Some(folder) => {
            let old = answers(&folder.join("target/release/mahwar"), folder);
            let lines = old.iter().map(line).collect::<Vec<_>>().join("\n") + "\n";
            std::fs::write(root().join("target/golden-answers.jsonl"), lines).expect("the answers are written");
            old
        }
        None => {
            let packed = std::fs::File::open(root().join("tests/golden/answers-0.1.0.jsonl.gz")).expect("the answers");
            let lines = std::io::read_to_string(flate2::read::GzDecoder::new(packed)).expect("text");
            lines.lines().map(parsed).collect()
        }
    };
    let listed = std::fs::read_to_string(root().join("tests/golden/differences.tsv")).unwrap_or_default();
    let mut rows = listed
        .lines()
        .filter(|row| !row.starts_with('#') && !row.is_empty())
        .map(|row| {
            let fields = row.split('\t').collect::<Vec<_>>();
            let [request, difference, reason] = fields[..] else {
                panic!("three columns in {row}")
            };
            assert!(!reason.is_empty(), "a reason in {row}");
            (request, difference, false)
        })
        .collect::<Vec<_>>();
    let new = answers(Path::new(BINARY), root());
    assert_eq!(old.len(), new.len(), "each request has an answer of both versions");
    let mut unlisted = String::new();
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old.request, new.request, "the same requests");
        for difference in differences(old, new) {
            let mut is_listed = false;
            for (request, pattern, used) in &mut rows {
                if fits(request, &old.request) && fits(pattern, &difference) {
                    (*used, is_listed) = (true, true);
                }
            }
            if !is_listed {
                writeln!(unlisted, "{}\t{difference}", old.request).expect("text");
            }
        }
    }
    let idle = rows
        .iter()
        .filter(|row| !row.2)
        .map(|row| format!("{}\t{}\n", row.0, row.1));
    let idle = idle.collect::<String>();
    assert!(unlisted.is_empty(), "differences without a reason:\n{unlisted}");
    assert!(idle.is_empty(), "rows of differences that are none:\n{idle}");
}

#[test]
fn a_star_stands_for_any_text() {
    assert!(fits("GET *", "GET /x") && fits("*", "") && fits("a*c*e", "abcde") && fits("abc", "abc"));
    assert!(!fits("abc", "abcd") && !fits("a*c", "abcd") && !fits("GET *", "POST /x"));
}
