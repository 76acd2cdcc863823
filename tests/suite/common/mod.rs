//! Shared by the tests: the geoparser with the project's own data, and a real server for end-to-end tests, the built
//! binary on a free port, stopped when dropped.

use mahwar::{
    gazetteer::{Gazetteer, read_places},
    geoparse::{Geoparser, Lexicon},
    land::Files,
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

/// The built binary.
pub const BINARY: &str = env!("CARGO_BIN_EXE_mahwar");

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The seed document of the repository.
pub fn seed() -> String {
    std::fs::read_to_string(root().join("seeds/000_a92614c7eb69c543.txt")).expect("the seed is there")
}

/// Runs the binary to its end.
pub fn mahwar(args: &[&str]) -> Output {
    Command::new(BINARY)
        .args(args)
        .current_dir(root())
        .output()
        .expect("the binary runs")
}

/// A running server.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

/// An answer: status, headers that tests ask for, body.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header in ASCII"))
    }
}

impl Server {
    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts `mahwar serve` on a free port with the repository's seeds.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(args: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command.args(["serve", "--bind", "127.0.0.1:0"]).args(args);
        Self::start_command(command)
    }

    /// Starts a server by a command that runs it.
    pub fn start_command(mut command: Command) -> Self {
        if command.get_current_dir().is_none() {
            command.current_dir(root());
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("standard output is piped")).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_whitespace()
                    .find(|word| word.starts_with("http://"))
                    .map(str::to_owned)
            })
            .expect("the server prints its URL");
        // Nothing else is read: the pipe must stay open for as long as the server runs.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    /// Asks the server to stop (SIGTERM) and waits until it has; true if it ended as it should.
    pub fn stop(mut self) -> bool {
        self.signal("TERM");
        self.wait().success()
    }

    /// Sends a signal to the server's process.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.pid().to_string()])
            .status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name}");
    }

    /// Asks again and again until an answer passes; the last one.
    pub fn wait_for(&self, path: &str, passes: impl Fn(&Answer) -> bool) -> Answer {
        let begun = std::time::Instant::now();
        loop {
            let answer = self.get(path);
            if passes(&answer) || begun.elapsed().as_secs() > 60 {
                return answer;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end of the process.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().expect("the server ends")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        // Filters are written as people write them.
        let path = path
            .replace(' ', "%20")
            .replace('"', "%22")
            .replace('<', "%3C")
            .replace('>', "%3E");
        let mut request = agent().get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.call())
    }

    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        answer(
            agent()
                .post(format!("{}{path}", self.url))
                .header("content-type", content_type)
                .send(body),
        )
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

pub fn answer(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = answer.expect("the server answers");
    let body = response
        .body_mut()
        .with_config()
        .limit(1 << 30)
        .read_to_vec()
        .expect("the body is whole");
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body,
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so, far longer than any promise of the product: the machine may be slow or busy.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "not so after two minutes: {what}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Processor time of this thread for some work. Other work on the machine does not count.
pub fn processor_time(work: impl FnOnce()) -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    };
    let begun = now();
    work();
    now() - begun
}

/// True if an external tool is installed; when `MAHWAR_REQUIRE_TOOLS` is set (as `make test` does) it must be.
pub fn has_tool(tool: &str) -> bool {
    let found = Command::new(tool)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    assert!(
        found || std::env::var_os("MAHWAR_REQUIRE_TOOLS").is_none(),
        "{tool} is missing"
    );
    found
}

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
        let places = read_places(read("places.tsv").expect("places.tsv")).expect("places");
        let gazetteer = Arc::new(Gazetteer::new(places).expect("gazetteer"));
        let lexicon = Lexicon::read(&mut read).expect("lexicon");
        let clock = mahwar::geoparse::Clock {
            zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(3)),
            week_begins: jiff::civil::Weekday::Saturday,
            month_first: false,
        };
        // As in worldviews.toml.
        let others = [("IQG15Q01", "IQG09"), ("IQG15Q06", "IQG09"), ("IQG10Q06", "IQG06")];
        Geoparser::new(gazetteer, lexicon)
            .expect("geoparser")
            .with_clock(clock)
            .with_other_parents(others)
    });
    &GEOPARSER
}
