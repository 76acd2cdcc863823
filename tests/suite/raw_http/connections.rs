//! Connections: slow clients, many clients, the end of the process.

use super::{HOSTS, Raw, get, start};
use crate::common::{BINARY, Server, eventually};
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// Resident memory of a process in bytes.
fn resident(pid: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<usize>().ok()? * 1024)
}

#[test]
fn an_idle_connection_ends_and_half_a_head_is_answered_408() {
    let server = start(&["--head-timeout", "1"]);
    assert!(Raw::connect(&server).has_ended(), "no byte");
    let mut used = Raw::connect(&server);
    assert_eq!(used.ask(get("/healthz", "")).status, 200);
    assert!(used.has_ended(), "idle after an answer");
    let mut half = Raw::connect(&server);
    assert_eq!(half.ask(get("/healthz", "")).status, 200);
    let answer = half.ask("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow");
    answer.assert_problem(408, "half a head");
    assert!(answer.closes() && half.has_ended());
}

/// From the report on clients that do not read their downloads.
#[test]
fn clients_that_do_not_read_cost_little_and_are_cut_off() {
    const CLIENTS: usize = 200;
    let server = start(&["--write-timeout", "2"]);
    let path = "/downloads/places.geojson";
    let whole = server.get(path).body.len();
    assert!(whole > 4 << 20, "{whole}");
    let Some(before) = resident(server.pid()) else { return };
    let mut clients: Vec<Raw> = (0..CLIENTS).map(|_| Raw::connect(&server)).collect();
    for client in &mut clients {
        client.send(get(path, ""));
    }
    let mut peak = 0;
    let served = || {
        let metrics = server.get("/metrics").text();
        let line = metrics
            .lines()
            .find(|line| line.starts_with("mahwar_requests_total{status=\"2xx\"}"))
            .unwrap();
        line.rsplit(' ').next().unwrap().parse::<usize>().unwrap()
    };
    let start = served();
    eventually("all are being answered", || {
        peak = peak.max(resident(server.pid()).unwrap_or_default());
        served() >= start.min(CLIENTS) + CLIENTS
    });
    peak = peak.max(resident(server.pid()).unwrap_or_default());
    let each = peak.saturating_sub(before) / CLIENTS;
    assert!(each < 200 << 10, "{each} bytes for each client");
    // They are cut off: they get no more than the kernel had buffered.
    let mut first = clients.swap_remove(0);
    std::thread::sleep(Duration::from_secs(4));
    let mut got = 0;
    while first.more() {
        got += std::mem::take(&mut first.unread).len();
    }
    assert!(got < whole, "{got} of {whole}");
    assert_eq!(server.get("/healthz").status, 200);
}

/// From the reports on connections that send nothing more and use up the descriptors.
#[test]
fn more_unfinished_requests_than_descriptors_leave_the_server_reachable() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 200; exec \"$0\" serve --bind 127.0.0.1:0", BINARY]);
    command.env("MAHWAR_ALLOWED_HOSTS", HOSTS);
    let server = Server::start_command(command);
    let heads = [
        "POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow",
        "",
    ];
    let attackers: Vec<Raw> = (0..600)
        .map(|nth| {
            let mut raw = Raw::connect(&server);
            raw.send(heads[nth % heads.len()]);
            raw
        })
        .collect();
    let mut answers = Vec::new();
    eventually("a health check is answered", || {
        let mut raw = Raw::connect(&server);
        let status = raw.send(get("/healthz", "")).answer().map(|answer| answer.status);
        answers.push(status);
        status == Some(200)
    });
    assert!(
        answers.iter().all(|status| matches!(status, None | Some(200 | 503))),
        "{answers:?}"
    );
    drop(attackers);
}

/// From the report on a server that did not end while it was parsing.
#[cfg(unix)]
#[test]
fn sigterm_ends_the_process_and_requests_under_way_are_told() {
    let mut server = start(&["--drain-timeout", "1"]);
    let mut unfinished = Raw::connect(&server);
    unfinished.send("POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
    let mut idle = Raw::connect(&server);
    assert_eq!(idle.ask(get("/healthz", "")).status, 200);
    // A long text: its reading goes on when the drain time is over.
    let text = "وقعت اشتباكات في قضاء خانقين شمال شرق ديالى. ".repeat(10_000);
    let mut busy = Raw::connect(&server);
    busy.send(format!(
        "POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    ));
    let begun = Instant::now();
    Command::new("kill")
        .args(["-TERM", &server.pid().to_string()])
        .status()
        .unwrap();
    let answer = unfinished.answer().expect("an answer");
    answer.assert_problem(503, "cut off");
    assert!(answer.closes());
    assert!(idle.has_ended(), "an idle connection ends");
    let ended = server.wait();
    assert!(ended.success(), "{ended}");
    // Promised are three seconds.
    println!("the process ended after {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(30));
}

/// From the report on memory that stayed after four closed connections.
#[test]
fn memory_goes_back_after_a_burst() {
    let server = start(&[]);
    let text = "In the villages of Jasim Muhammad, As Sadah, Kirkuk. ".repeat(18_000);
    assert_eq!(server.get("/healthz").status, 200);
    std::thread::sleep(Duration::from_secs(3));
    let Some(before) = resident(server.pid()) else { return };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(server.post("/geoparse", "text/plain", text.as_bytes()).status, 200));
        }
    });
    let after = resident(server.pid()).unwrap_or_default();
    let bound = before + before / 2 + (32 << 20);
    eventually("the memory goes back", || {
        resident(server.pid()).unwrap_or_default() < bound
    });
    println!(
        "{} MB before, {} MB after, then below {} MB",
        before >> 20,
        after >> 20,
        bound >> 20
    );
}
