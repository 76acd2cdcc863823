//! POST `/table`: a table in, the same table with places out. Nothing is stored.

use super::{
    archive, body, operations as o,
    parameter::Query,
    parameters as p,
    problem::Problem,
    request_context::Shared,
    respond::Answer,
    work::{self, WorkKind},
};
use crate::{
    budget::TEXTS,
    table::{ColumnChoice, Layout, Output, Sink, Summary, TableError, open_bytes},
};
use axum::{
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use std::{io, sync::Arc, time::Duration};

/// Time that a table waits for texts that are being read.
const TEXTS_WAIT: Duration = Duration::from_secs(10);
/// Rejected rows that an answer lists; the others are counted.
const MAX_REJECTS: usize = 1_000;
/// Bytes that an answer may have: a table of empty cells grows by a multiple.
const MAX_ANSWER: usize = 256 << 20;

const CSV: &str = "text/csv; charset=utf-8; header=present";
const PARQUET: &str = "application/vnd.apache.parquet";

/// A table as it was sent.
struct UploadedTable {
    bytes: Bytes,
    name: Option<String>,
    media_type: Option<String>,
}

/// POST `/table`
pub async fn read(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (layout, wanted) = {
        let query = Query::read(request.uri().query(), o::TABLE)?;
        let columns = |parameter| query.list(parameter).map(|list| list.map(str::to_owned).collect());
        let layout = query
            .text(&p::F_TABLE)
            .or_else(|| accepted(&headers))
            .unwrap_or("csv")
            .to_owned();
        let wanted = ColumnChoice {
            text: columns(&p::TEXT_COLUMNS).unwrap_or_default(),
            places: columns(&p::PLACE_COLUMNS).unwrap_or_default(),
            date: query.text(&p::DATE_COLUMN).map(str::to_owned),
        };
        (layout, wanted)
    };
    let limit = body::text_limit(&app, &headers);
    let given = given(request, limit).await?;
    // About a microsecond for each byte of text; a name that is looked up costs as much as twenty bytes or more.
    let task = WorkKind::Geoparse.costing(1_000 + 4 * given.bytes.len() as u64);
    archive::blocking(&Arc::clone(&app), task, move |app| {
        let permit = TEXTS.acquire(given.bytes.len(), TEXTS_WAIT).ok_or_else(|| Problem {
            retry_after: Some(2),
            ..Problem::unavailable("too many texts are being read at this moment; try again in a few seconds")
        })?;
        let table = open_bytes(given.name.as_deref(), given.media_type.as_deref(), given.bytes);
        let table = table.map_err(|refusal| match refusal.is_too_large() {
            true => Problem::payload_too_large(refusal.to_string()),
            false => Problem::bad_request(refusal.to_string()),
        })?;
        let mut answer = Writer::new(&layout);
        let done = (app.services.tabulate)(table, &wanted, &mut answer);
        drop(permit);
        let summary = done.map_err(|error| match (error, answer.problem.take()) {
            (_, Some(problem)) => problem,
            (TableError::Write(error), None) => Problem::internal(error),
            (error, None) => Problem::bad_request(error.to_string()),
        })?;
        answer.send(summary, app, &headers)
    })
    .await
}

/// The format that `Accept` names first among those that there are.
fn accepted(headers: &HeaderMap) -> Option<&'static str> {
    let accept = headers.get(header::ACCEPT)?.to_str().ok()?.to_ascii_lowercase();
    let mut ranges = accept
        .split(',')
        .map(|range| range.split(';').next().unwrap_or_default().trim());
    ranges.find_map(|range| match range {
        "text/csv" => Some("csv"),
        PARQUET => Some("parquet"),
        "application/json" => Some("json"),
        _ => None,
    })
}

/// The table in the body of a request: the body itself, or the file of a form.
async fn given(request: Request, limit: usize) -> Result<UploadedTable, Problem> {
    let (media_type, _) = body::media_type(request.headers());
    if media_type != "multipart/form-data" {
        let (parts, body) = request.into_parts();
        let bytes = body::whole(&parts.headers, body, limit).await?;
        // The default of curl, and the type of unknown bytes: both say nothing about the format.
        let says_nothing = ["application/x-www-form-urlencoded", "application/octet-stream"];
        return Ok(UploadedTable {
            bytes,
            name: None,
            media_type: (!says_nothing.contains(&&*media_type)).then_some(media_type),
        });
    }
    body::check_length(request.headers(), limit + (64 << 10))?;
    let wrong = |error: &dyn std::fmt::Display| Problem::bad_request(format!("the form cannot be read: {error}"));
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| wrong(&error))?;
    while let Some(mut field) = form.next_field().await.map_err(|error| wrong(&error))? {
        if field.file_name().is_none() {
            continue;
        }
        let (name, media_type) = (
            field.file_name().map(str::to_owned),
            field.content_type().map(str::to_owned),
        );
        let mut bytes = bytes::BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| wrong(&error))? {
            if bytes.len() + chunk.len() > limit {
                return Err(Problem::too_large(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        return Ok(UploadedTable {
            bytes: bytes.freeze(),
            name,
            media_type,
        });
    }
    Err(Problem::bad_request(
        "the form has no file; send the table as a file, or as the body itself",
    ))
}

/// The answer while rows are added to it.
struct Writer {
    rows: Rows,
    bytes: usize,
    rejects: Vec<Value>,
    /// Error that ended the work early.
    problem: Option<Problem>,
}

enum Rows {
    Table(Layout, Option<Box<Output<Vec<u8>>>>),
    Json { header: Vec<String>, rows: Vec<Value> },
}

impl Writer {
    fn new(layout: &str) -> Self {
        let table = |layout| Rows::Table(layout, Some(Box::new(Output::new(layout, Vec::new()))));
        let rows = match layout {
            "json" => Rows::Json {
                header: Vec::new(),
                rows: Vec::new(),
            },
            "parquet" => table(Layout::Parquet),
            _ => table(Layout::Csv),
        };
        Self {
            rows,
            bytes: 0,
            rejects: Vec::new(),
            problem: None,
        }
    }

    fn fails(&mut self, problem: Problem) -> io::Error {
        self.problem = Some(problem);
        io::Error::other("the request has ended")
    }

    fn send(self, summary: Summary, app: &super::state::App, headers: &HeaderMap) -> Result<Response, Problem> {
        let Summary {
            rows,
            placed,
            rejected,
            date_remark,
            sheet_remark,
        } = summary;
        let mut response = match self.rows {
            Rows::Json { header, rows: list } => Answer::json(&json!({
                "columns": header, "rows": list, "rejects": self.rejects,
                "summary": {"rows": rows, "placed": placed, "rejected": rejected, "dates": date_remark, "sheet": sheet_remark},
            }))
            .send_from(app, headers),
            Rows::Table(layout, output) => {
                let output = output.ok_or_else(|| Problem::internal("the table was not written"))?;
                let bytes = output.finish().map_err(Problem::internal)?;
                let media = match layout {
                    Layout::Csv => CSV,
                    Layout::Parquet => PARQUET,
                };
                Answer::new(media, bytes).send_from(app, headers)
            }
        };
        let counts = [
            ("mahwar-rows", rows),
            ("mahwar-placed", placed),
            ("mahwar-rejected", rejected),
        ];
        for (name, count) in counts {
            response.headers_mut().insert(name, HeaderValue::from(count));
        }
        for (name, remark) in [("mahwar-dates", date_remark), ("mahwar-sheet", sheet_remark)] {
            let Some(remark) = remark else { continue };
            // Headers have ASCII only: other letters of the column's name are escaped.
            let remark: String = remark
                .chars()
                .flat_map(|letter| match letter {
                    ' '..='~' => letter.to_string().chars().collect::<Vec<_>>(),
                    other => other.escape_unicode().collect(),
                })
                .collect();
            if let Ok(remark) = HeaderValue::from_str(&remark) {
                response.headers_mut().insert(name, remark);
            }
        }
        Ok(response)
    }
}

impl Sink for Writer {
    fn header(&mut self, names: &[String]) -> io::Result<()> {
        match &mut self.rows {
            Rows::Table(_, Some(output)) => output.header(names),
            Rows::Table(_, None) => Err(io::Error::other("the table has ended")),
            Rows::Json { header, .. } => {
                *header = names.to_vec();
                Ok(())
            }
        }
    }

    fn check(&mut self) -> io::Result<()> {
        work::check().map_err(|error| self.fails(error.into()))
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        work::check().map_err(|error| self.fails(error.into()))?;
        self.bytes += cells.iter().map(|cell| cell.len() + 3).sum::<usize>();
        if self.bytes > MAX_ANSWER {
            let detail = format!("the answer is longer than {MAX_ANSWER} bytes; send fewer rows at a time");
            return Err(self.fails(Problem::payload_too_large(detail)));
        }
        match &mut self.rows {
            Rows::Table(_, Some(output)) => output.row(cells),
            Rows::Table(_, None) => Err(io::Error::other("the table has ended")),
            Rows::Json { header, rows } => {
                let pairs = header.iter().cloned().zip(cells.iter().map(|cell| json!(cell)));
                rows.push(Value::Object(pairs.collect::<Map<_, _>>()));
                Ok(())
            }
        }
    }

    fn reject(&mut self, number: u64, reason: &str, cells: &[String]) -> io::Result<()> {
        if self.rejects.len() < MAX_REJECTS {
            self.rejects
                .push(json!({"row": number, "reason": reason, "cells": cells}));
        }
        Ok(())
    }
}
