//! Whether the server is well, and its counters in Prometheus' text format.

use super::{
    ask::{Ask, Shared},
    histogram::Histogram,
    operations as o,
    problem::Problem,
    respond::{Answer, media},
    state::App,
};
use axum::{extract::State, response::Response};
use serde_json::json;
use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

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
pub async fn healthz(ask: Ask) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    Ok(Answer::json(&json!({"status": "ok"})).send(&ask.headers))
}

/// `/readyz`: the state is complete before the server listens, so what answers is ready.
pub async fn readyz(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    let snapshot = app.snapshot();
    let value = json!({
        "status": "ready",
        "layers": snapshot.default_view().layers().len(),
        "documents": documents(&app),
        "store": app.library().map(|library| library.is_open()),
    });
    Ok(Answer::json(&value).send(&ask.headers))
}

/// How many documents there are, in the store or else in memory.
fn documents(app: &App) -> u64 {
    let in_memory = || app.snapshot().documents().len() as u64;
    app.library().map_or_else(in_memory, |library| library.count())
}

/// `/metrics`
pub async fn metrics(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
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
    line("mahwar_documents", "gauge", "Documents.", &one(documents(&app)));
    line(
        "mahwar_epoch",
        "counter",
        "Changes of the state since the start.",
        &one(app.epoch()),
    );
    line(
        "mahwar_uptime_seconds",
        "gauge",
        "Seconds since the start.",
        &one(metrics.started.elapsed().as_secs()),
    );
    metrics.durations.write(
        "mahwar_request_duration_seconds",
        "Seconds from a request to the head of its answer; ready tiles are not in it.",
        &mut text,
    );
    Ok(Answer::new(media::TEXT, text.into_bytes()).send(&ask.headers))
}
