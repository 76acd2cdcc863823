//! Downloads of layers in every format of `export`, with the filters of `items`, as files with ranges or as streams.

use super::{
    access,
    archive::{self, Archive},
    conditions::{self, Condition},
    counting,
    crs::Crs,
    features::check_cost,
    geojson::Writer,
    negotiate::Encoding,
    operations as o,
    parameter::{Parameter, Query},
    parameters as p,
    problem::{Problem, echo},
    ranges,
    request_context::{RequestContext, Segments, Shared, is_ruled, layer_of, view_of},
    respond::UnknownLength,
    selection::{Matched, Selection, chosen_fields},
    state::{App, View},
    stream::{self, Compressor, Paced, Source, Stream},
    words,
    work::{self, Reservation, Task, WorkKind},
};
use crate::{
    export::{self, ExportError, Format, Halt, Pieces, Rows, Statement, Zooms},
    language::Language,
    layers::Layer,
    tiles::{LayerTiles, TileFormat},
};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, header},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Names of downloads with all layers, each in the one format that supports it.
const ALL: [(&str, Format); 2] = [("all", Format::GeoPackage), ("map", Format::PmTiles)];
/// From how many features a text file is sent while it is made.
const STREAMED: usize = 500;

/// `/downloads/{layer}.{extension}`
pub async fn download(
    State(app): Shared,
    Segments(file): Segments<String>,
    paced: Option<Extension<Paced>>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let task = task_of(&app, &file, &ask)?;
    let state = Arc::clone(&app);
    let made = app
        .work
        .run(task, move |_| answer(&state, &file, &ask, paced.is_some()));
    made.await
}

/// The thread pool that makes a file, and a cost estimate that needs no look at the features.
fn task_of(app: &App, file: &str, ask: &RequestContext) -> Result<Task, Problem> {
    /// Cost of a feature of a file, in microseconds.
    const FEATURE: u64 = 20;
    /// Cost of the tiles of a PMTiles file.
    const TILES: u64 = 5_000_000;
    let (id, format) = named(file)?;
    let snapshot = app.snapshot();
    let view = snapshot.default_view();
    let rows = |layer: &Layer| layer.len() as u64;
    if ALL.contains(&(id, format)) {
        let all: u64 = view.layers().iter().map(|tiles| rows(tiles.layer())).sum();
        let tiles = if format == Format::PmTiles { TILES } else { 0 };
        return Ok(WorkKind::Download.costing(all * FEATURE + tiles));
    }
    let layer = layer_of(view, id)?.layer();
    if archive::behind(app, layer).is_some() {
        let cost = if ask.method == Method::HEAD { 1_000 } else { 1_000_000 };
        return Ok(WorkKind::StoredDownload.costing(cost));
    }
    let cost = match format {
        Format::PmTiles => TILES + rows(layer) * FEATURE,
        // Sent while it is made: only the selection is work here.
        _ if format.is_text() => 500 + rows(layer) / 10,
        _ => 500 + rows(layer) * FEATURE,
    };
    Ok(WorkKind::Download.costing(cost))
}

fn answer(app: &Arc<App>, file: &str, ask: &RequestContext, paced: bool) -> Result<Response, Problem> {
    let method = &ask.method;
    let (id, format) = named(file)?;
    let snapshot = app.snapshot();
    let several = ALL.contains(&(id, format));
    let any = match several {
        true => None,
        false => Some(Arc::clone(layer_of(snapshot.default_view(), id)?.layer())),
    };
    let table = table_of(format, several);
    let query = Query::read_with_fields(ask.uri.query(), table, |name| {
        super::selection::field_or_id(any.as_ref()?, name)
    })?;
    let view = view_of(&snapshot, &query)?;
    let mut wanted = DownloadRequest {
        app,
        format,
        query: &query,
        language: ask.language(&query),
        shows_texts: access::is_shown_texts(app, ask.visitor.as_deref()),
        statement: Arc::new(statement(app, view, ask.language(&query))),
        layers: match several {
            true => view.layers().to_vec(),
            false => vec![Arc::clone(layer_of(view, id)?)],
        },
        reservations: Vec::new(),
    };
    let head = wanted.headers(id, view)?;
    let tag = wanted.tag(ask);
    let etag = HeaderValue::try_from(format!("\"{tag:016x}\"")).map_err(Problem::internal)?;
    let encoding = Encoding::accepted(&ask.headers);
    // The cached file is not compressed: a client that likes a compressed one gets a stream of its own, without ranges.
    let compresses =
        format.is_text() && encoding != Encoding::Identity && !ranges::wants_part(&Method::GET, &ask.headers, &etag);
    let shown = match compresses {
        // Weak where the bytes are those of a compressor.
        true => HeaderValue::try_from(format!("W/\"{tag:016x}\"")).map_err(Problem::internal)?,
        false => etag.clone(),
    };
    // A file that the client has, or that is not the version it expects, need not be made.
    match conditions::check(&ask.headers, etag.as_bytes()) {
        Condition::Holds => {}
        Condition::NotModified => {
            let mut head = head;
            head.insert(header::ETAG, shown);
            // A wrong request is an error even if the client has the file.
            wanted.check()?;
            return Ok(ranges::unchanged(head));
        }
        Condition::Failed => return Err(Problem::precondition_failed()),
    }
    let cached = app.files.get(&tag);
    let stored = !several && archive::behind(app, wanted.layers[0].layer()).is_some();
    if method == Method::HEAD && (compresses || (cached.is_none() && stored)) {
        // The length is known after the work of GET only, and may be left out (RFC 9110, 9.3.2). A file of the land is
        // small and kept: clients that read by ranges, such as GDAL, ask for its length first, and for no compression.
        wanted.check()?;
        let mut response = Response::new(Body::new(UnknownLength));
        *response.headers_mut() = head;
        response.headers_mut().insert(header::ETAG, shown);
        if let Some(value) = encoding.header().filter(|_| compresses) {
            response.headers_mut().insert(header::CONTENT_ENCODING, value);
        }
        return Ok(response);
    }
    let streams = method != Method::HEAD && !ranges::wants_part(method, &ask.headers, &etag);
    if !several && (cached.is_none() || compresses) {
        wanted.complete()?;
    }
    if format.is_text() && streams && (cached.is_none() || compresses) {
        let source = wanted.text()?;
        if encoding != Encoding::Identity || source.len() >= STREAMED {
            return streamed(app, source, encoding, tag, head, paced);
        }
        let body = app.work.memory.hold(stream::whole(&source)?)?;
        return Ok(ranges::send(body, &etag, head, method, &ask.headers));
    }
    // A client that reads a file by ranges, after HEAD for its length, asks often for the same file.
    let body = app.files.get_or_insert_with(&tag, || wanted.whole())?;
    Ok(ranges::send(body, &etag, head, method, &ask.headers))
}

/// The layer and the format of a file name.
fn named(file: &str) -> Result<(&str, Format), Problem> {
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
    Ok((id, format))
}

/// GeoJSON can be had in other systems; tiles have zooms and all properties; several layers have few parameters in common.
fn table_of(format: Format, several: bool) -> &'static [&'static Parameter] {
    match format {
        Format::PmTiles => o::DOWNLOAD_TILES,
        _ if several => o::DOWNLOAD_ALL,
        Format::GeoJson | Format::GeoJsonLines => o::DOWNLOAD,
        _ => o::DOWNLOAD_PLAIN,
    }
}

/// Statement about the view, the same in every file.
pub fn statement(app: &App, view: &View, language: Language) -> Statement {
    Statement {
        map: app.about.title.best(language).to_owned(),
        worldview: view.worldview.id.clone(),
        convention: view.worldview.convention.best(language).to_owned(),
        disclaimer: app.about.disclaimer.best(language).to_owned(),
        date: export::today(),
    }
}

/// A text file in the encoding that the client likes.
fn streamed(
    app: &Arc<App>,
    source: Text,
    encoding: Encoding,
    tag: u64,
    mut head: HeaderMap,
    paced: bool,
) -> Result<Response, Problem> {
    let compressor = Compressor::open(encoding);
    let encoding = compressor.encoding();
    // Weak where the bytes are those of a compressor.
    let etag = match encoding {
        Encoding::Identity => format!("\"{tag:016x}\""),
        _ => format!("W/\"{tag:016x}\""),
    };
    head.insert(header::ETAG, HeaderValue::try_from(etag).map_err(Problem::internal)?);
    if let Some(value) = encoding.header() {
        head.insert(header::CONTENT_ENCODING, value);
    }
    let body = Stream::new(Arc::clone(app), source, compressor, paced).map_err(Problem::internal)?;
    let mut response = Response::new(Body::new(body));
    *response.headers_mut() = head;
    Ok(response)
}

/// A file that is asked for.
struct DownloadRequest<'w, 'q> {
    app: &'w App,
    format: Format,
    query: &'w Query<'q>,
    language: Language,
    /// True if words are looked for in whole texts.
    shows_texts: bool,
    statement: Arc<Statement>,
    layers: Vec<Arc<LayerTiles>>,
    /// Memory of features that were read from the store.
    reservations: Vec<Reservation>,
}

impl DownloadRequest<'_, '_> {
    /// Puts in place of a layer that holds only its newest features everything that is asked of it, out of the store.
    fn complete(&mut self) -> Result<(), Problem> {
        let limit = self.limit();
        let snapshot = self.app.snapshot();
        let ruled = is_ruled(self.query);
        for tiles in &mut self.layers {
            // A filter that does not fit the layer leaves it out later.
            let offered = Crs::offered(tiles.layer().bounds());
            if let Ok(selection) = Selection::read(self.query, tiles.layer(), &offered, self.language) {
                let worldview = &self.statement.worldview;
                *tiles = counting::layer_for(self.app, &snapshot, worldview, tiles, &selection, ruled)?;
            }
            let layer = tiles.layer();
            let Some(library) = archive::behind(self.app, layer) else {
                continue;
            };
            let mut selection = Selection::read(self.query, layer, &Crs::offered(layer.bounds()), self.language)?;
            let archive = Archive {
                library,
                layer,
                ruled: is_ruled(self.query),
                memory: &self.app.work.memory,
                together: archive::TOGETHER,
            };
            let whole = match words::narrow(
                self.app,
                Some(&archive),
                layer,
                self.query,
                self.shows_texts,
                &mut selection,
            )? {
                Some(worded) => worded,
                None => {
                    let (whole, reservations) = archive.whole(&selection, limit)?;
                    self.reservations.extend(reservations);
                    whole
                }
            };
            *tiles = Arc::new(LayerTiles::new(Arc::new(whole)));
        }
        Ok(())
    }

    /// A number that changes when the bytes of the file change.
    fn tag(&self, ask: &RequestContext) -> u64 {
        let mut digest = Sha256::new();
        digest.update(ask.uri.to_string());
        let mut statement = (*self.statement).clone();
        if self.format != Format::GeoPackage {
            // The one format that says when it was made.
            statement.date.clear();
        }
        digest.update(format!("\n{:?}\n{statement:?}", self.language));
        digest.update([u8::from(self.shows_texts)]);
        for tiles in &self.layers {
            digest.update(archive::revision(self.app, tiles.layer()).to_le_bytes());
            digest.update(format!("{:?}", tiles.layer().paint));
        }
        let digest = digest.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(first)
    }

    fn headers(&self, id: &str, view: &View) -> Result<HeaderMap, Problem> {
        let part = self.is_part();
        let name = format!(
            "{id}{}-{}-{}-{}.{}",
            if part { "-part" } else { "" },
            view.worldview.id,
            self.language,
            self.statement.date,
            self.format.extension()
        );
        let mut head = HeaderMap::new();
        head.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.format.media_type()));
        head.insert(header::CONTENT_DISPOSITION, attachment(&name)?);
        head.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        head.insert(
            header::VARY,
            HeaderValue::from_static("accept-encoding, accept-language"),
        );
        Ok(head)
    }

    /// True if the file has not all features or fields.
    fn is_part(&self) -> bool {
        let part = [&p::BBOX, &p::DATETIME, &p::FILTER, &p::DOWNLOAD_LIMIT, &p::PROPERTIES];
        !self.query.fields.is_empty() || part.iter().any(|one| self.query.text(one).is_some())
    }

    /// Checks the parameters without selecting anything.
    fn check(&self) -> Result<(), Problem> {
        self.each_selection(|_, _| Ok(())).map(drop)
    }

    /// Reads the selection of each layer. Of several layers, as in tiles, one that a filter does not fit is left out.
    fn each_selection<R>(
        &self,
        mut each: impl FnMut(&Arc<LayerTiles>, Selection) -> Result<R, Problem>,
    ) -> Result<Vec<R>, Problem> {
        let mut all = Vec::with_capacity(self.layers.len());
        let mut refusal = None;
        for tiles in &self.layers {
            let layer = tiles.layer();
            let offered = Crs::offered(layer.bounds());
            match Selection::read(self.query, layer, &offered, self.language) {
                Ok(mut selection) => {
                    words::narrow(self.app, None, layer, self.query, self.shows_texts, &mut selection)?;
                    all.push(each(tiles, selection)?);
                }
                Err(problem) if problem.parameter.as_deref() == Some(p::FILTER.name) => refusal = Some(problem),
                Err(problem) => return Err(problem.into()),
            }
            chosen_fields(self.query, layer)?;
        }
        match refusal {
            Some(problem) if all.is_empty() => Err(problem.into()),
            _ => Ok(all),
        }
    }

    fn limit(&self) -> usize {
        let limit = self.query.integer(&p::DOWNLOAD_LIMIT);
        limit.map_or(usize::MAX, |limit| limit as usize)
    }

    /// The selection of each layer.
    fn selections(&self) -> Result<Vec<export::Selection>, Problem> {
        let budget = work::budget();
        self.each_selection(|tiles, selected| {
            let layer = tiles.layer();
            check_cost(self.app, &selected, layer, self.query)?;
            let matched = selected.select(layer)?;
            let mut selection = export::Selection::whole(Arc::clone(tiles), self.language, Arc::clone(&self.statement));
            selection.features = match matched.first(self.limit()) {
                Matched::All(count) => Rows::All(count),
                Matched::These(list) => Rows::These(list),
            };
            if let Some(fields) = chosen_fields(self.query, layer)? {
                selection.fields = fields;
            }
            selection.halt = Halt::after(budget.time(), Arc::clone(budget.cancelled()));
            Ok(selection)
        })
    }

    /// A text file, not yet made.
    fn text(&mut self) -> Result<Text, Problem> {
        let mut selections = self.selections()?;
        let selection = selections.pop();
        let selection = selection.ok_or_else(|| Problem::internal("a text file of no layer"))?;
        let layer = selection.layer();
        if !self.format.holds(layer.geometry) {
            return Err(self.refused(layer));
        }
        let crs = match self.format {
            Format::GeoJson | Format::GeoJsonLines => Crs::asked(self.query, &p::CRS, &Crs::of_layer(layer))?,
            _ => Crs::Crs84,
        };
        Ok(Text {
            format: self.format,
            selection,
            crs,
            _reservations: std::mem::take(&mut self.reservations),
        })
    }

    fn refused(&self, layer: &Layer) -> Problem {
        let extension = self.format.extension();
        Problem::not_found(format!(
            "layer {} has no geometry and .{extension} cannot hold it; it is there as .csv, .geojson, .gpkg and .parquet",
            layer.id
        ))
    }

    fn whole(&mut self) -> Result<Bytes, Problem> {
        let memory = self.app.work.memory.clone();
        if self.format.is_text() {
            return memory.hold(stream::whole(&self.text()?)?);
        }
        let zooms = Zooms {
            min: self.query.integer(&p::MINZOOM).unwrap_or(0) as u8,
            max: self
                .query
                .integer(&p::MAXZOOM)
                .unwrap_or(export::DEFAULT_MAX_ZOOM.into()) as u8,
            format: self
                .query
                .text(&p::TILE_ENCODING)
                .and_then(TileFormat::named)
                .unwrap_or_default(),
        };
        if zooms.min > zooms.max {
            return Err(Problem::parameter(
                p::MINZOOM.name,
                format!("minzoom {} is greater than maxzoom {}", zooms.min, zooms.max),
            ));
        }
        let mut body = Vec::new();
        match export::write(self.format, &self.selections()?, zooms, &mut body) {
            Ok(()) => memory.hold(body),
            Err(ExportError::NoGeometry(..)) => Err(self.refused(self.layers[0].layer())),
            Err(ExportError::Halted) => Err(work::budget().over().into()),
            Err(error) => Err(Problem::internal(error)),
        }
    }
}

/// `attachment` with a name: plain ASCII for old clients and, where that is not all of it, UTF-8 (RFC 6266).
pub fn attachment(name: &str) -> Result<HeaderValue, Problem> {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let plain: String = name
        .chars()
        .map(|letter| if safe(letter) { letter } else { '_' })
        .collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        value.push_str(&format!("; filename*=UTF-8''{encoded}"));
    }
    HeaderValue::try_from(value).map_err(Problem::internal)
}

/// A text file to be made.
struct Text {
    format: Format,
    selection: export::Selection,
    crs: Crs,
    /// Held until the client has the file.
    _reservations: Vec<Reservation>,
}

impl Source for Text {
    fn len(&self) -> usize {
        self.selection.features.len()
    }

    fn pieces(&self) -> Box<dyn Pieces + '_> {
        let selection = &self.selection;
        match export::pieces(self.format, selection) {
            Some(pieces) if !matches!(self.format, Format::GeoJson | Format::GeoJsonLines) => pieces,
            _ => Box::new(GeoJson {
                text: self,
                writer: Writer::new(selection.layer(), selection.language, self.crs, Some(&selection.fields)),
                lines: self.format == Format::GeoJsonLines,
            }),
        }
    }
}

/// GeoJSON in any system, as `items` writes it.
struct GeoJson<'t> {
    text: &'t Text,
    writer: Writer<'t>,
    lines: bool,
}

impl Pieces for GeoJson<'_> {
    fn head(&self, out: &mut Vec<u8>) {
        if self.lines {
            return;
        }
        let mut members = Value::Object(self.text.selection.members());
        if self.text.crs != Crs::Crs84 {
            // This member is read by GDAL and QGIS, since RFC 7946 allows CRS84 only.
            members["crs"] = json!({"type": "name", "properties": {"name": self.text.crs.uri()}});
        }
        out.extend_from_slice(br#"{"type":"FeatureCollection","#);
        out.extend_from_slice(&members.to_string().as_bytes()[1..]);
        // The features follow as the last member of the object.
        out.pop();
        out.extend_from_slice(br#","features":["#);
    }

    fn feature(&self, nth: usize, out: &mut Vec<u8>) {
        if !self.lines {
            out.extend_from_slice(if nth > 0 { b",\n" } else { b"\n" });
        }
        let selection = &self.text.selection;
        self.writer
            .feature(out, selection.layer().at(selection.features.at(nth)), "");
        if self.lines {
            out.push(b'\n');
        }
    }

    fn tail(&self, out: &mut Vec<u8>) {
        if !self.lines {
            out.extend_from_slice(b"\n]}\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_beyond_ascii_is_given_twice() {
        let plain = attachment("places-neutral-ar.csv").unwrap();
        assert_eq!(plain, "attachment; filename=\"places-neutral-ar.csv\"");
        let both = attachment("أ\"\r\n.csv").unwrap();
        assert_eq!(
            both,
            "attachment; filename=\"____.csv\"; filename*=UTF-8''%D8%A3%22%0D%0A%2Ecsv"
        );
    }
}
