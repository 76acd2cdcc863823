//! Downloads of layers in every format of `export`, with the filters of `items` and HTTP ranges.

use super::{
    ask::{Ask, Segments, Shared, layer_of, view_of},
    crs::Crs,
    features::{append_members, convention_of},
    geojson::Writer,
    operations as o,
    parameter::{Parameter, Query},
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, hash},
    selection::{Matched, Selection, chosen_fields},
    state::{App, View},
};
use crate::{
    export::{self, ExportError, Format},
    language::Language,
    layers::Layer,
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;

/// The name that stands for all layers, in the one format that holds several.
const ALL: &str = "all";

/// `/downloads/{layer}.{extension}`
pub async fn download(State(app): Shared, Segments(file): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    // Writing a large layer takes a while: not on the threads that serve tiles.
    let made = tokio::task::spawn_blocking(move || answer(&app, &file, &ask)).await;
    made.map_err(Problem::internal)?
}

fn answer(app: &App, file: &str, ask: &Ask) -> Result<Response, Problem> {
    let (id, extension) = file.split_once('.').unwrap_or((file, ""));
    let format = Format::ALL.into_iter().find(|format| format.extension() == extension);
    let format = format.ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.extension()).collect();
        Problem::not_found(format!(
            "there is no download {:?}; formats are {}",
            echo(file),
            known.join(", ")
        ))
    })?;
    let snapshot = app.snapshot();
    let several = id == ALL && format == Format::GeoPackage;
    let any = match several {
        true => None,
        false => Some(Arc::clone(layer_of(snapshot.default_view(), id)?.layer())),
    };
    let table = table_of(format);
    let query = Query::read_with_fields(ask.uri.query(), table, |name| any.as_ref()?.field(name))?;
    let view = view_of(&snapshot, &query)?;
    let layers: Vec<&Arc<Layer>> = match several {
        true => view.layers().iter().map(|tiles| tiles.layer()).collect(),
        false => vec![layer_of(view, id)?.layer()],
    };
    let language = ask.language(&query);
    let wanted = Wanted {
        app,
        view,
        query: &query,
        language,
        limit: query
            .integer(&p::DOWNLOAD_LIMIT)
            .map_or(usize::MAX, |limit| limit as usize),
    };
    let revisions = layers
        .iter()
        .fold(0u64, |sum, layer| sum.rotate_left(9) ^ layer.revision);
    let tag = hash(ask.uri.to_string().as_bytes()) ^ revisions ^ language as u64;
    // A client that reads a file by ranges asks often for the same file.
    let by_range = ask.headers.contains_key(header::RANGE);
    let body = match app.files.get(&tag).filter(|_| by_range) {
        Some(body) => body,
        None => {
            let body = Bytes::from(wanted.write(format, &layers)?);
            if by_range {
                app.files.insert(tag, body.clone());
            }
            body
        }
    };
    // A file name says whose view and which language it is.
    let name = format!("{id}-{}-{language}.{extension}", view.worldview.id);
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).map_err(Problem::internal)?;
    Ok(send(body, format.media_type(), tag, disposition, &ask.headers))
}

/// GeoJSON can be had in other systems and with fewer properties; the other formats have their own idea of both.
fn table_of(format: Format) -> &'static [&'static Parameter] {
    match format {
        Format::GeoJson | Format::GeoJsonLines => o::DOWNLOAD,
        _ => o::DOWNLOAD_PLAIN,
    }
}

/// What is to be written.
struct Wanted<'w, 'q> {
    app: &'w App,
    view: &'w View,
    query: &'w Query<'q>,
    language: Language,
    limit: usize,
}

impl Wanted<'_, '_> {
    fn write(&self, format: Format, layers: &[&Arc<Layer>]) -> Result<Vec<u8>, Problem> {
        match (format, layers) {
            (Format::GeoJson | Format::GeoJsonLines, [layer]) => self.geojson(layer, format == Format::GeoJsonLines),
            _ => self.exported(format, layers),
        }
    }

    fn matched(&self, layer: &Layer) -> Result<Matched, Problem> {
        let offered = Crs::offered(layer.bounds());
        Ok(Selection::read(self.query, layer, &offered, self.language)?.select(layer))
    }

    fn geojson(&self, layer: &Layer, lines: bool) -> Result<Vec<u8>, Problem> {
        let crs = Crs::asked(self.query, &p::CRS, &Crs::offered(layer.bounds()))?;
        let fields = chosen_fields(self.query, layer)?;
        let matched = self.matched(layer)?;
        let writer = Writer::new(layer, self.language, crs, fields.as_deref());
        let features = matched.page(0, self.limit).map(|index| layer.at(index));
        let mut body = Vec::new();
        if lines {
            for feature in features {
                writer.feature(&mut body, feature, "");
                body.push(b'\n');
            }
            return Ok(body);
        }
        body.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
        for (nth, feature) in features.enumerate() {
            body.extend_from_slice(if nth > 0 { b",\n" } else { b"\n" });
            writer.feature(&mut body, feature, "");
        }
        body.extend_from_slice(b"\n]");
        let mut members: Value = convention_of(self.view, self.app, layer, self.language);
        if crs != Crs::Crs84 {
            // What GDAL and QGIS read, since RFC 7946 knows CRS84 only.
            members["crs"] = json!({"type": "name", "properties": {"name": crs.uri()}});
        }
        append_members(&mut body, &members);
        Ok(body)
    }

    fn exported(&self, format: Format, layers: &[&Arc<Layer>]) -> Result<Vec<u8>, Problem> {
        let convention = self.view.worldview.convention.best(self.language);
        let notes = format!("{convention} {}", self.app.about.disclaimer.best(self.language));
        let mut selections = Vec::new();
        let mut refusal = None;
        for layer in layers {
            match self.matched(layer) {
                Ok(matched) => selections.push(export::Selection {
                    features: matched.page(0, self.limit).map(|index| layer.at(index)).collect(),
                    layer,
                    language: self.language,
                    notes: notes.clone(),
                }),
                // As in tiles: of several layers, one that a filter does not fit is left out.
                Err(problem) if problem.parameter.as_deref() == Some(p::FILTER.name) => refusal = Some(problem),
                Err(problem) => return Err(problem),
            }
        }
        if let Some(problem) = refusal.filter(|_| selections.is_empty()) {
            return Err(problem);
        }
        let mut body = Vec::new();
        match export::write(format, &selections, &mut body) {
            Ok(()) => Ok(body),
            Err(error @ ExportError::NoGeometry(..)) => Err(Problem::not_found(error.to_string())),
            Err(error) => Err(Problem::internal(error)),
        }
    }
}

/// The whole body, compressed as asked, or the range of it that is asked.
fn send(body: Bytes, media: &'static str, tag: u64, disposition: HeaderValue, request: &HeaderMap) -> Response {
    let etag = format!("\"{tag:016x}\"");
    let range = request.get(header::RANGE).and_then(|range| range.to_str().ok());
    let current = request
        .get(header::IF_RANGE)
        .is_none_or(|condition| condition.as_bytes() == etag.as_bytes());
    let length = body.len();
    let mut response = match range.filter(|_| current).map(|range| range_of(range, length)) {
        None | Some(Asked::Everything) => {
            let mut response = Answer::new(media, body.into()).tagged(tag).send(request);
            if !response.headers().contains_key(header::CONTENT_ENCODING)
                && let Ok(etag) = HeaderValue::try_from(etag)
            {
                response.headers_mut().insert(header::ETAG, etag);
            }
            response
        }
        Some(Asked::Part(first, last)) => {
            let mut response = Response::new(Body::from(body.slice(first..=last)));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            if let (Ok(range), Ok(etag)) = (
                HeaderValue::try_from(format!("bytes {first}-{last}/{length}")),
                HeaderValue::try_from(etag),
            ) {
                headers.insert(header::CONTENT_RANGE, range);
                headers.insert(header::ETAG, etag);
            }
            response
        }
        Some(Asked::Nothing) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            if let Ok(range) = HeaderValue::try_from(format!("bytes */{length}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, range);
            }
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if response.status() != StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

#[derive(Debug, PartialEq)]
enum Asked {
    Everything,
    Part(usize, usize),
    Nothing,
}

/// One range of bytes; several, or what cannot be read, count as all (RFC 9110, 14.2).
fn range_of(range: &str, length: usize) -> Asked {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Everything;
    };
    let (first, last) = (first.trim(), last.trim());
    match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), _) if last.is_empty() && first < length => Asked::Part(first, length - 1),
        (Ok(first), Ok(last)) if first <= last && first < length => Asked::Part(first, last.min(length - 1)),
        (Ok(first), Ok(last)) if first <= last => Asked::Nothing,
        (Ok(_), _) if last.is_empty() => Asked::Nothing,
        (_, Ok(last)) if first.is_empty() && last > 0 && length > 0 => {
            Asked::Part(length.saturating_sub(last), length - 1)
        }
        (_, Ok(_)) if first.is_empty() => Asked::Nothing,
        _ => Asked::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_refused_or_ignored() {
        assert_eq!(range_of("bytes=0-9", 100), Asked::Part(0, 9));
        assert_eq!(range_of("bytes=90-", 100), Asked::Part(90, 99));
        assert_eq!(range_of("bytes=-10", 100), Asked::Part(90, 99));
        assert_eq!(range_of("bytes=50-500", 100), Asked::Part(50, 99));
        assert_eq!(range_of("bytes=100-", 100), Asked::Nothing);
        assert_eq!(range_of("bytes=100-200", 100), Asked::Nothing);
        assert_eq!(range_of("bytes=0-1,5-6", 100), Asked::Everything);
        assert_eq!(range_of("bytes=9-0", 100), Asked::Everything);
        assert_eq!(range_of("lines=1-2", 100), Asked::Everything);
        assert_eq!(range_of("bytes=-5", 0), Asked::Nothing);
    }
}
