//! Whether the server is well, and its counters in Prometheus' text format.

use super::{
    histogram::Histogram,
    operations as o,
    problem::Problem,
    request_context::{RequestContext, Shared},
    respond::{Answer, media},
    state::App,
};
use crate::log;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::json;
use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Damaged documents that `/readyz` names; `/metrics` counts all of them.
const MAX_NAMED: usize = 10;

/// Counters since the start.
#[derive(Debug)]
pub struct Metrics {
    started: Instant,
    /// Requests answered from ready tiles.
    ready_tiles: AtomicU64,
    /// Tiles encoded.
    made_tiles: AtomicU64,
    /// Other requests by the hundreds of their status.
    by_status: [AtomicU64; 6],
    durations: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            ready_tiles: AtomicU64::default(),
            made_tiles: AtomicU64::default(),
            by_status: Default::default(),
            durations: Histogram::default(),
        }
    }
}

impl Metrics {
    pub(super) fn tile_ready(&self) {
        self.ready_tiles.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn tile_made(&self) {
        self.made_tiles.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn answered(&self, status: u16) {
        let class = usize::from(status / 100).min(5);
        self.by_status[class].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts the time from the first byte of a request's head to the head of its answer.
    pub(super) fn took(&self, time: Duration) {
        self.durations.add(time);
    }
}

/// `/healthz`
pub async fn healthz(ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    Ok(Answer::json(&json!({"status": "ok"})).send(&ask.headers))
}

/// `/readyz`: 503 while there is a store that is not open, does not answer, or is another one than was opened.
pub async fn readyz(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let snapshot = app.snapshot();
    let health = app.library().map(|library| library.health());
    let trouble = health.as_ref().and_then(|health| health.trouble.as_deref());
    let mut value = json!({
        "status": if trouble.is_some() { "unavailable" } else { "ready" },
        "layers": snapshot.default_view().layers().len(),
        "documents": documents(&app),
        "store": app.library().map(|library| library.is_open()),
    });
    let own = super::own::troubled(&app);
    if !own.is_empty() {
        // They leave the other layers whole, so the server is ready all the same.
        value["own_layers"] = json!(own);
    }
    if log::audit_failures().1 {
        // The records are in the log instead, so the server is ready all the same.
        value["audit_log"] = "the file of audit records cannot be written; records go to the log".into();
    }
    if let Some(trouble) = trouble {
        value["reason"] = trouble.into();
    }
    if let Some(health) = &health {
        value["store_answered"] = health.answered.map(|time| format!("{time:.3}")).into();
        let some: Vec<&String> = health.damaged_documents.iter().take(MAX_NAMED).collect();
        value["damaged_documents"] = json!(some);
        value["damaged_places"] = health.damaged_places.into();
        value["outdated_documents"] = health.outdated.into();
    }
    let mut response = Answer::json(&value).send(&ask.headers);
    if trouble.is_some() {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(2));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Number of documents, in the store or else in memory.
fn documents(app: &App) -> u64 {
    let in_memory = || app.snapshot().documents().len() as u64;
    app.library().map_or_else(in_memory, |library| library.count())
}

/// Metrics of each kind of expensive work, in the order of `Work::counts`.
const WORK_METRICS: [(&str, &str, &str); 5] = [
    (
        "mahwar_work_waiting",
        "gauge",
        "Requests that wait for a worker, by kind.",
    ),
    ("mahwar_work_running", "gauge", "Workers that are busy, by kind."),
    (
        "mahwar_work_started_total",
        "counter",
        "Pieces of work that were started, by kind.",
    ),
    (
        "mahwar_work_refused_total",
        "counter",
        "Requests that found the queue of their kind full.",
    ),
    (
        "mahwar_work_withdrawn_total",
        "counter",
        "Pieces of work that were taken back before they were started.",
    ),
];

/// `/metrics`
pub async fn metrics(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    let metrics = &app.metrics;
    let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let mut text = String::new();
    let mut line = |name: &str, kind: &str, help: &str, values: &[(String, u64)]| {
        // Writing to memory does not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in values {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    let one = |value: u64| vec![(String::new(), value)];
    line(
        "mahwar_tiles_ready_total",
        "counter",
        "Requests answered from ready tiles.",
        &one(load(&metrics.ready_tiles)),
    );
    line(
        "mahwar_tiles_made_total",
        "counter",
        "Tiles encoded.",
        &one(load(&metrics.made_tiles)),
    );
    let by_status = metrics.by_status.iter().enumerate().skip(1);
    let by_status: Vec<_> = by_status
        .map(|(class, counter)| (format!("{{status=\"{class}xx\"}}"), load(counter)))
        .collect();
    line(
        "mahwar_requests_total",
        "counter",
        "Other requests by status.",
        &by_status,
    );
    line(
        "mahwar_tile_cache_bytes",
        "gauge",
        "Bytes of ready tiles.",
        &one(app.cache.weight()),
    );
    line(
        "mahwar_tile_cache_tiles",
        "gauge",
        "Ready tiles.",
        &one(app.cache.len() as u64),
    );
    line(
        "mahwar_body_bytes",
        "gauge",
        "Bytes of request bodies in memory.",
        &one(app.bodies.used() as u64),
    );
    line(
        "mahwar_audit_failures_total",
        "counter",
        "Audit records that the file of --audit-log did not take and that went to the log.",
        &one(log::audit_failures().0),
    );
    line("mahwar_documents", "gauge", "Documents.", &one(documents(&app)));
    if let Some(library) = app.library() {
        let health = library.health();
        line(
            "mahwar_store_up",
            "gauge",
            "1 while the store is open, answers, and is the one that was opened.",
            &one(u64::from(health.trouble.is_none())),
        );
        let answered = health.answered.map_or(0, |time| time.as_second());
        line(
            "mahwar_store_answered_timestamp_seconds",
            "gauge",
            "When the store last answered, in seconds since 1970; 0 for never.",
            &one(u64::try_from(answered).unwrap_or_default()),
        );
        line(
            "mahwar_store_damaged_documents",
            "gauge",
            "Documents that could not be read and are passed over; mahwar check names all.",
            &one(health.damaged_documents.len() as u64),
        );
        line(
            "mahwar_store_damaged_places",
            "gauge",
            "Places that could not be read; their mentions are passed over.",
            &one(health.damaged_places as u64),
        );
        line(
            "mahwar_store_outdated_documents",
            "gauge",
            "Documents that another version of the program or of the land read.",
            &one(health.outdated),
        );
    }
    line(
        "mahwar_epoch",
        "gauge",
        "Changes of the state since the start.",
        &one(app.epoch()),
    );
    line(
        "mahwar_uptime_seconds",
        "gauge",
        "Seconds since the start.",
        &one(metrics.started.elapsed().as_secs()),
    );
    for (nth, (name, kind, help)) in WORK_METRICS.into_iter().enumerate() {
        let values = app
            .work
            .counts()
            .map(|(word, counts)| (format!("{{kind=\"{word}\"}}"), counts[nth]));
        line(name, kind, help, &values.collect::<Vec<_>>());
    }
    line(
        "mahwar_answer_bytes",
        "gauge",
        "Bytes of large answers that wait for their clients.",
        &one(app.work.memory.used() as u64),
    );
    metrics.durations.write(
        "mahwar_request_duration_seconds",
        "Seconds from a request to the head of its answer; ready tiles are not in it.",
        &mut text,
    );
    Ok(Answer::new(media::TEXT, text.into_bytes()).send(&ask.headers))
}
