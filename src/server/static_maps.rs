//! Maps to order: a picture of any place, with title, legend, scale bar, convention and sources, as PNG, WebP, SVG or PDF.

use super::{
    archive, deletion,
    maps::{Selections, box_of, counted, media_of, passes, selections, tilejson},
    operations as o, own,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, is_ruled, view_of},
    respond::{self, Answer},
    state::{App, Snapshot, StoredDocument},
    style_compiler,
    styles::theme,
    work::{self, WorkKind},
};
use crate::{
    events::Event,
    language::Language,
    layers::{Bounds, FeatureRef, LayerKind, ValueRef},
    render::{FileKind, Lettering, Order, Parts, Place, refused},
    tiles::LayerTiles,
};
use axum::{
    extract::State,
    http::{HeaderValue, Method, header},
    response::Response,
};
use std::sync::Arc;

mod event_map;

pub use event_map::of_event;

/// `/maps/{style}.png`, `.webp`, `.svg`, `.pdf`; `.json` is the TileJSON of the style's raster tiles
pub async fn map(
    State(app): Shared,
    Segments(file): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let (style, ending) = file.rsplit_once('.').unwrap_or((&file, ""));
    if ending == "json" {
        let style = style.to_owned();
        let describe = move |app: &App| tilejson(app, &ask, &style);
        return archive::blocking(&app, WorkKind::Map.costing(500), describe).await;
    }
    let kind = FileKind::of_extension(ending)
        .ok_or_else(|| Problem::not_found("a map's address ends in .png, .webp, .svg, .pdf or .json"))?;
    let query = ask.query(o::MAP)?.into_owned();
    let snapshot = Arc::clone(&app.snapshot());
    let (size, ratio) = size_of(&query)?;
    let request = MapRequest {
        place: place_of(&query, &app)?,
        style: style.to_owned(),
        document: None,
        event: None,
        cost: cost(size, ratio, kind),
        ask,
        query,
        snapshot,
        kind,
    };
    answer(&app, request).await
}

/// `/documents/{documentId}/map.png`: the places of a document, and the corridor where it makes a claim about one
pub async fn of_document(
    State(app): Shared,
    Segments((id, file)): Segments<(String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let kind = file.strip_prefix("map.").and_then(FileKind::of_extension);
    let kind = kind.ok_or_else(|| Problem::not_found("a document's map is map.png, map.webp, map.svg or map.pdf"))?;
    let query = ask.query(o::DOCUMENT_MAP)?.into_owned();
    let snapshot = Arc::clone(&app.snapshot());
    let Some(document) = snapshot.document(&id).cloned() else {
        let unknown = Problem::not_found(format!("there is no document {:?}", echo(&id)));
        return Err(deletion::gone_or(&app, id, unknown).await);
    };
    let style = query
        .text(&p::STYLE_ID)
        .unwrap_or(&app.about.palettes.themes[0].id)
        .to_owned();
    let (size, ratio) = size_of(&query)?;
    let request = MapRequest {
        place: place_of_document(&snapshot, &document),
        document: Some(document),
        event: None,
        cost: cost(size, ratio, kind),
        ask,
        query,
        snapshot,
        style,
        kind,
    };
    answer(&app, request).await
}

/// A map that was asked for.
struct MapOptions {
    style: String,
    worldview: String,
    language: Language,
    place: Place,
    size: [u32; 2],
    ratio: f64,
    shown: Option<Vec<String>>,
    selections: Selections,
    title: String,
    notes: Vec<String>,
    parts: Parts,
    lettering: Lettering,
    /// Only the evidence of this document is drawn.
    document: Option<Arc<StoredDocument>>,
    /// Only this event is drawn of the evidence.
    event: Option<String>,
}

impl MapOptions {
    fn read(
        app: &App,
        snapshot: &Snapshot,
        query: &Query<'_>,
        ask: &RequestContext,
        style: &str,
        place: Place,
    ) -> Result<Self, Problem> {
        let view = view_of(snapshot, query)?;
        let theme = theme(app, style)?;
        let language = ask.language(query);
        let (size, ratio) = size_of(query)?;
        let shown: Option<Vec<String>> = query.list(&p::LAYERS).map(|list| list.map(str::to_owned).collect());
        for id in shown.iter().flatten() {
            if view.layer(id).is_none() {
                let known: Vec<&str> = view.layers().iter().map(|tiles| tiles.layer().id.as_str()).collect();
                return Err(Problem::parameter(
                    p::LAYERS.name,
                    format!("there is no layer {:?}; there are {}", echo(id), known.join(", ")),
                ));
            }
        }
        let flag = |parameter, default: bool| query.text(parameter).map_or(default, |word| word == "1");
        let title = query
            .text(&p::MAP_TITLE)
            .unwrap_or(app.about.title.best(language))
            .to_owned();
        let words = &app.about.palettes.words;
        Ok(Self {
            style: theme.id.clone(),
            worldview: view.worldview.id.clone(),
            language,
            place,
            size,
            ratio,
            shown,
            selections: selections(query, view, language, None)?,
            title: if flag(&p::FRAME, true) { title } else { String::new() },
            notes: vec![
                view.worldview.convention.best(language).to_owned(),
                app.about.disclaimer.best(language).to_owned(),
                format!("{}: {}", words.sources.best(language), app.about.attribution),
            ],
            parts: Parts {
                legend: flag(&p::LEGEND, flag(&p::FRAME, true)),
                scale_bar: flag(&p::SCALE_BAR, flag(&p::FRAME, true)),
                north: flag(&p::NORTH, false),
                graticule: flag(&p::GRATICULE, false),
            },
            lettering: match query.text(&p::LETTERS) {
                Some("outlines") => Lettering::Outlines,
                _ => Lettering::Text,
            },
            document: None,
            event: None,
        })
    }

    fn keeps(&self, tiles: &LayerTiles, feature: FeatureRef<'_>) -> bool {
        if let Some(event) = &self.event {
            return match tiles.layer().kind {
                LayerKind::Events => feature.id() == event,
                LayerKind::MentionPlaces | LayerKind::Mentions | LayerKind::Claims | LayerKind::CoordinationAxes => {
                    false
                }
                _ => true,
            };
        }
        passes(&self.selections, tiles, feature)
            && self
                .document
                .as_ref()
                .is_none_or(|document| says(document, tiles, feature))
    }
}

/// True if a feature is of the land, or from this document.
fn says(document: &StoredDocument, tiles: &LayerTiles, feature: FeatureRef<'_>) -> bool {
    match tiles.layer().kind {
        LayerKind::MentionPlaces => document
            .parse
            .mentions
            .iter()
            .filter(|mention| mention.is_drawn())
            .any(|mention| mention.place.as_ref().is_some_and(|place| place.id == feature.id())),
        LayerKind::Mentions | LayerKind::Positions | LayerKind::Claims | LayerKind::CoordinationAxes => {
            feature.value("document") == ValueRef::Text(&document.document.id)
        }
        LayerKind::SecurityGap | LayerKind::SecurityGapPosts | LayerKind::SecurityGapArea => claims_corridor(document),
        _ => true,
    }
}

/// True if a document has a claim about the corridor.
fn claims_corridor(document: &StoredDocument) -> bool {
    use crate::geoparse::ClaimType;
    document
        .parse
        .claims
        .iter()
        .any(|claim| claim.kind == ClaimType::SecurityVacuum)
}

/// The box of a document's places, and of the corridor where it speaks of it.
fn place_of_document(snapshot: &Snapshot, document: &StoredDocument) -> Place {
    let drawn = document.parse.mentions.iter().filter(|mention| mention.is_drawn());
    let points = drawn
        .filter_map(|mention| mention.place.as_ref())
        .map(|place| place.point);
    // A point gets some land around it.
    let mut boxes: Vec<Bounds> = points
        .map(|[lon, lat]| Bounds([lon - 0.35, lat - 0.3, lon + 0.35, lat + 0.3]))
        .collect();
    let layer = |kind: LayerKind| snapshot.default_view().layer(kind.id())?.layer().bounds();
    if claims_corridor(document) {
        boxes.extend(layer(LayerKind::SecurityGap));
    }
    let all = boxes.into_iter().reduce(Bounds::union);
    Place::Box(all.or_else(|| land_of(snapshot)).unwrap_or(WORLD))
}

/// Policy of SVG maps: only their own styles, and pictures inside the file.
const SVG_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox";
/// The zoom around a centre that comes without one.
const ZOOM: f64 = 7.0;
const WORLD: Bounds = Bounds([-180.0, -60.0, 180.0, 75.0]);

/// The default box: the disputed areas, or the land.
fn land_of(snapshot: &Snapshot) -> Option<Bounds> {
    let layer = |kind: LayerKind| snapshot.default_view().layer(kind.id())?.layer().bounds();
    layer(LayerKind::DisputedAreas).or_else(|| layer(LayerKind::Governorates))
}

fn place_of(query: &Query<'_>, app: &App) -> Result<Place, Problem> {
    let centre = query.text(&p::CENTER).map(centre_of).transpose()?;
    match (query.text(&p::BBOX), centre) {
        (Some(_), Some(_)) => Err(Problem::parameter(
            p::CENTER.name,
            "either bbox or center with zoom, not both",
        )),
        (Some(text), None) => Ok(Place::Box(Bounds(box_of(text)?))),
        (None, Some(centre)) => Ok(Place::Around(centre, query.number(&p::MAP_ZOOM).unwrap_or(ZOOM))),
        (None, None) if query.text(&p::MAP_ZOOM).is_some() => {
            let Bounds([west, south, east, north]) = land_of(&app.snapshot()).unwrap_or(WORLD);
            let centre = [(west + east) / 2.0, (south + north) / 2.0];
            Ok(Place::Around(centre, query.number(&p::MAP_ZOOM).unwrap_or(ZOOM)))
        }
        (None, None) => Ok(Place::Box(land_of(&app.snapshot()).unwrap_or(WORLD))),
    }
}

fn centre_of(text: &str) -> Result<[f64; 2], Problem> {
    let wrong = || {
        Problem::parameter(
            p::CENTER.name,
            format!(
                "center does not take {:?}; it takes longitude,latitude in degrees",
                echo(text)
            ),
        )
    };
    let (lon, lat) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str, most: f64| {
        let text = text.trim();
        let plain = super::parameter::is_plain_number(text);
        plain
            .then(|| text.parse::<f64>().ok())
            .flatten()
            .filter(|number| number.abs() <= most)
    };
    Ok([
        number(lon, 180.0).ok_or_else(wrong)?,
        number(lat, 85.0).ok_or_else(wrong)?,
    ])
}

/// Cost estimate of a map, in microseconds: labels and lines, and for pixels their number.
fn cost(size: [u32; 2], ratio: f64, kind: FileKind) -> u64 {
    let side = |side: u32| f64::from(side) * ratio;
    let pixels = (side(size[0]) * side(size[1])) as u64;
    match kind {
        FileKind::Png | FileKind::Webp => 20_000 + pixels / 20,
        FileKind::Svg | FileKind::Pdf => 100_000,
    }
}

async fn answer(app: &Arc<App>, map: MapRequest) -> Result<Response, Problem> {
    let task = WorkKind::Map.costing(map.cost);
    archive::blocking(app, task, move |app| map.answer(app)).await
}

/// A checked request for a map.
struct MapRequest {
    ask: RequestContext,
    query: Query<'static>,
    snapshot: Arc<Snapshot>,
    style: String,
    place: Place,
    document: Option<Arc<StoredDocument>>,
    event: Option<Event>,
    kind: FileKind,
    cost: u64,
}

impl MapRequest {
    fn answer(&self, app: &App) -> Result<Response, Problem> {
        let budget = work::budget();
        let mut wanted = MapOptions::read(app, &self.snapshot, &self.query, &self.ask, &self.style, self.place)?;
        if let Some(document) = &self.document {
            if self.query.text(&p::MAP_TITLE).is_none() && !wanted.title.is_empty() {
                wanted.title.clone_from(&document.document.title);
            }
            wanted.document = Some(Arc::clone(document));
        }
        if let Some(event) = &self.event {
            event_map::show(&mut wanted, event, self.query.text(&p::MAP_TITLE).is_none());
        }
        if self.ask.method == Method::HEAD {
            return Ok(respond::head(media_of(self.kind)));
        }
        let view = self
            .snapshot
            .view(Some(&wanted.worldview))
            .unwrap_or(self.snapshot.default_view());
        let layers = own::filled(app, view.layers(), own::around_map(wanted.place, wanted.size), |id| {
            wanted
                .shown
                .as_ref()
                .is_none_or(|shown| shown.iter().any(|one| one == id))
        })?;
        let layers = counted(
            app,
            &self.snapshot,
            view,
            layers,
            &wanted.selections,
            is_ruled(&self.query),
        )?;
        let order = Order {
            palettes: &app.about.palettes,
            theme: theme(app, &wanted.style)?,
            layers: &layers,
            language: wanted.language,
            place: wanted.place,
            size: wanted.size,
            ratio: wanted.ratio,
            shown: wanted.shown.as_deref(),
            keep: &|tiles, feature| !budget.is_spent() && wanted.keeps(tiles, feature),
            title: &wanted.title,
            notes: wanted.notes.clone(),
            parts: wanted.parts,
            lettering: wanted.lettering,
            dated: self.query.text(&p::DATETIME).is_some(),
            deadline: style_compiler::deadline(&budget),
        };
        let body = order.file(self.kind).map_err(style_compiler::problem)?;
        budget.check()?;
        let mut response = Answer::new(media_of(self.kind), body).send_from(app, &self.ask.headers);
        if self.kind == FileKind::Svg {
            // It repeats a title of the request; nothing in it may run or load anything.
            let policy = HeaderValue::from_static(SVG_POLICY);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        Ok(response)
    }
}

/// Reads the size of a map and refuses one that is too large to be drawn.
fn size_of(query: &Query<'_>) -> Result<([u32; 2], f64), Problem> {
    let side = |parameter| query.integer(parameter).unwrap_or_default() as u32;
    let size = [side(&p::WIDTH), side(&p::HEIGHT)];
    let ratio = query.number(&p::SCALE).unwrap_or(1.0);
    match refused(size.map(f64::from), ratio) {
        Some(reason) => Err(Problem::parameter(p::WIDTH.name, reason)),
        None => Ok((size, ratio)),
    }
}
