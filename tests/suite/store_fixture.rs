//! Shared by the tests of the store: databases of both kinds that are deleted after the test, and documents to put.

use crate::common::{geoparser, seed};
use mahwar::{
    document::Document,
    geoparse::{MentionPlace, Parse},
    store::{MentionRef, NewDocument, NewRuling, Store, StoredDocument, Verdict, open},
};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Runs each named test of the calling module against both databases.
macro_rules! contract {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[test] fn $name() {
                if let Some(place) = crate::store_fixture::SqlitePlace::new() { super::$name(&place); }
            })*
        }
        mod postgres {
            $(#[test] fn $name() {
                if let Some(place) = crate::store_fixture::PostgresPlace::new() { super::$name(&place); }
            })*
        }
    };
}
pub(crate) use contract;

/// A database that a store can be opened on, more than once.
pub trait Place {
    /// The address of an empty store.
    fn address(&self) -> String;

    /// Runs SQL beside the store.
    fn run(&self, sql: &str);

    /// Another place of the same kind.
    fn another(&self) -> Box<dyn Place>;

    /// Some bytes that are no parse, in SQL.
    fn bytes(&self) -> &'static str;
}

/// A folder with a file.
pub struct SqlitePlace(pub tempfile::TempDir);

impl SqlitePlace {
    pub fn new() -> Option<Self> {
        Some(Self(tempfile::tempdir().expect("a folder")))
    }
}

impl Place for SqlitePlace {
    fn address(&self) -> String {
        format!("sqlite:{}", self.0.path().join("store.db").display())
    }

    fn run(&self, sql: &str) {
        let beside = rusqlite::Connection::open(self.0.path().join("store.db")).expect("the file opens");
        beside
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}"))
            .expect("the SQL runs");
    }

    fn another(&self) -> Box<dyn Place> {
        Box::new(Self::new().expect("a folder"))
    }

    fn bytes(&self) -> &'static str {
        "x'00'"
    }
}

/// A PostgreSQL server of its own. It stops when this is dropped, and also when the test process ends in any other way.
pub struct PostgresServer {
    script: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    folder: String,
}

impl PostgresServer {
    /// Starts a server; `None`, said aloud, where PostgreSQL or PostGIS is missing and need not be there.
    pub fn start() -> Option<Self> {
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres.sh"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script runs");
        let input = script.stdin.take();
        let mut output = BufReader::new(script.stdout.take().expect("standard output is piped"));
        let mut folder = String::new();
        output.read_line(&mut folder).expect("the script answers");
        if folder.is_empty() {
            let required = std::env::var_os("MAHWAR_REQUIRE_TOOLS").is_some();
            assert!(!required, "PostgreSQL with PostGIS is missing");
            eprintln!("skipped: PostgreSQL with PostGIS is missing");
            let _ = script.wait();
            return None;
        }
        Some(Self {
            script,
            input,
            output,
            folder: folder.trim().to_owned(),
        })
    }

    /// Has the server stopped at once (`stop`) or started again (`start`).
    pub fn tell(&mut self, word: &str) {
        let input = self.input.as_mut().expect("standard input is piped");
        writeln!(input, "{word}").expect("the script listens");
        let mut done = String::new();
        self.output.read_line(&mut done).expect("the script answers");
        assert_eq!(done, "done\n");
    }

    /// The folder of the server's socket.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The address of a database of the server.
    pub fn address(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=mahwar", self.folder)
    }

    /// Makes a new database; returns its address.
    pub fn database(&self) -> String {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test{}", LAST.fetch_add(1, Ordering::Relaxed));
        self.run("postgres", &format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    /// Runs SQL beside the store.
    pub fn run(&self, database: &str, sql: &str) {
        client(&self.address(database))
            .batch_execute(sql)
            .expect("the SQL runs");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // The script stops the server when there is nothing more to read.
        drop(self.input.take());
        let _ = self.script.wait();
    }
}

/// A connection beside the store.
pub fn client(address: &str) -> postgres::Client {
    postgres::Client::connect(address, postgres::NoTls).expect("the server answers")
}

/// A database on the server that all tests share.
pub struct PostgresPlace(String);

impl PostgresPlace {
    pub fn new() -> Option<Self> {
        static SERVER: LazyLock<Option<PostgresServer>> = LazyLock::new(PostgresServer::start);
        SERVER.as_ref().map(|server| Self(server.database()))
    }
}

impl Place for PostgresPlace {
    fn address(&self) -> String {
        self.0.clone()
    }

    fn run(&self, sql: &str) {
        client(&self.0).batch_execute(sql).expect("the SQL runs");
    }

    fn another(&self) -> Box<dyn Place> {
        Box::new(Self::new().expect("the server runs"))
    }

    fn bytes(&self) -> &'static str {
        "'\\x00'::bytea"
    }
}

/// Opens the store of a place.
pub fn store(place: &dyn Place) -> Arc<dyn Store> {
    open(&place.address()).expect("the store opens")
}

/// Opens a store.
pub fn store_at(address: &str) -> Arc<dyn Store> {
    open(address).expect("the store opens")
}

/// A document with its parse.
pub fn read(text: &str, published: Option<&str>) -> NewDocument {
    let mut document = Document::from_text(text.to_owned()).expect("a text");
    document.published = published.map(str::to_owned);
    document.source_url = Some("https://example.org/report?id=1&b=é".to_owned());
    let parse = geoparser().geoparse(text);
    document.language = parse.language;
    NewDocument {
        document,
        parse,
        original: None,
    }
}

/// The seed document.
pub fn seed_document() -> NewDocument {
    read(&seed(), Some("2021-12-04"))
}

/// A short text with two drawn mentions, made different by its number.
pub fn report(number: usize) -> NewDocument {
    let text = format!("وقعت {number} هجمات في قضاء مخمور وفي قضاء خانقين 🗺 شمال شرق ديالى.");
    read(
        &text,
        Some(["2021-12-03", "2021-12-04", "2022-01-01T10:00:00Z"][number % 3]),
    )
}

/// A stored document, as it was read.
pub fn stored(store: &dyn Store, id: &str) -> StoredDocument {
    store
        .get(id)
        .expect("the store answers")
        .expect("the document is there")
}

/// The first drawn mention of a parse.
pub fn drawn(parse: &Parse) -> &mahwar::geoparse::Mention {
    parse
        .mentions
        .iter()
        .find(|mention| mention.is_drawn())
        .expect("a drawn mention")
}

/// A ruling on a mention.
pub fn ruling(document: &str, span: [usize; 2], verdict: Verdict) -> NewRuling {
    NewRuling {
        mention: MentionRef {
            document: document.to_owned(),
            span,
        },
        verdict,
        author: "analyst".to_owned(),
        reason: Some("read it again".to_owned()),
        seen: None,
    }
}

/// A place of the gazetteer.
pub fn gazetteer_place(id: &str) -> MentionPlace {
    let gazetteer = geoparser().gazetteer();
    MentionPlace::of(gazetteer.get(id).expect("the place is in the gazetteer"), gazetteer)
}

/// Nothing is broken.
pub fn sound(store: &dyn Store) {
    assert_eq!(store.check(&mut |_, _| {}).expect("the check runs"), []);
}
