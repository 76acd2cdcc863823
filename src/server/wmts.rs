//! WMTS 1.0.0 over the raster tiles, by key and value and by address.
//!
//! A layer of the service is the map as one worldview sees it; its styles are the themes.

use super::{
    maps::{self, MAX_TILE_ZOOM, RasterTileRequest},
    operations as o,
    parameter::{Query, decode},
    problem::Problem,
    request_context::{RequestContext, Segments, Shared},
    state::{App, View},
    tiles::tile_id,
    work::{Budget, WorkKind},
};
use crate::{language::Language, layers::Bounds, render::FileKind, text::escape_xml, tiles::TileMatrixSet};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{f64::consts::PI, fmt::Write, sync::Arc};

const SET: TileMatrixSet = TileMatrixSet::WebMercatorQuad;
/// Half the equator of EPSG:3857, in metres.
const HALF: f64 = 6_378_137.0 * PI;
/// The scale denominator of a single tile of 256 pixels, at 0.28 mm a pixel.
const WHOLE: f64 = 559_082_264.028_717_8;
/// The most bytes of a query by key and value.
const MAX_KVP: usize = 4096;

/// Parameters of a request by key and value; names in any case.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn read(raw: &str) -> Result<Self, Refusal> {
        if raw.len() > MAX_KVP {
            return Err(Refusal::invalid("query", "the query is too long"));
        }
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = decode(name).zip(decode(value));
            let (name, value) =
                decoded.ok_or_else(|| Refusal::invalid("query", "the query is not percent-encoded UTF-8"))?;
            Ok((name.to_ascii_lowercase(), value.into_owned()))
        });
        Ok(Self(pairs.collect::<Result<_, Refusal>>()?))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal {
            retry_after: None,
            code: "MissingParameterValue",
            locator: name.to_owned(),
            text: format!("{name} is missing"),
        })
    }
}

/// A refusal in the words of OWS.
struct Refusal {
    /// Seconds after which the same request may succeed, for 503.
    retry_after: Option<u32>,
    code: &'static str,
    locator: String,
    text: String,
}

impl Refusal {
    fn invalid(locator: &str, text: impl Into<String>) -> Self {
        Self {
            retry_after: None,
            code: "InvalidParameterValue",
            locator: locator.to_owned(),
            text: text.into(),
        }
    }

    /// The server has no time for it now.
    fn busy(problem: Problem) -> Self {
        Self {
            retry_after: problem.retry_after.or(Some(2)),
            code: "NoApplicableCode",
            locator: String::new(),
            text: problem.detail,
        }
    }

    fn response(&self) -> Response {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ExceptionReport xmlns=\"http://www.opengis.net/ows/1.1\" version=\"1.1.0\" xml:lang=\"en\">\
             <Exception exceptionCode=\"{}\"{}><ExceptionText>{}</ExceptionText></Exception></ExceptionReport>\n",
            self.code,
            match self.locator.as_str() {
                "" => String::new(),
                locator => format!(" locator=\"{}\"", escape_xml(locator)),
            },
            escape_xml(&self.text)
        );
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = match (self.code, self.retry_after) {
            ("OperationNotSupported", _) => StatusCode::NOT_IMPLEMENTED,
            (_, Some(_)) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// `/wmts?SERVICE=WMTS&REQUEST=…`
pub async fn kvp(State(app): Shared, ask: RequestContext) -> Response {
    match by_pairs(&app, &ask).await {
        Ok(response) => response,
        Err(refusal) => refusal.response(),
    }
}

async fn by_pairs(app: &Arc<App>, ask: &RequestContext) -> Result<Response, Refusal> {
    let pairs = Pairs::read(ask.uri.query().unwrap_or_default())?;
    // Without a query the address is the one that people paste: it describes itself.
    let request = if pairs.0.is_empty() {
        "GetCapabilities"
    } else {
        pairs.required("request")?
    };
    if pairs
        .get("service")
        .is_some_and(|service| !service.eq_ignore_ascii_case("wmts"))
    {
        return Err(Refusal::invalid("service", "the service is WMTS"));
    }
    match request.to_ascii_lowercase().as_str() {
        "getcapabilities" => {
            let accepted = pairs.get("acceptversions");
            if accepted.is_some_and(|list| !list.split(',').any(|version| version.trim() == "1.0.0")) {
                // OWS Common 1.1 (OGC 06-121r3), 7.3.2: without a locator.
                return Err(Refusal {
                    retry_after: None,
                    code: "VersionNegotiationFailed",
                    locator: String::new(),
                    text: "the version is 1.0.0".to_owned(),
                });
            }
            let language = pairs.get("lang").and_then(|tag| tag.parse().ok());
            let (state, ask) = (Arc::clone(app), ask.clone());
            let describe = move |_: &Budget| Ok(capabilities(&state, &ask, language));
            let described = app.work.run(WorkKind::Query.costing(1_000), describe).await;
            Ok(described.unwrap_or_else(IntoResponse::into_response))
        }
        "gettile" => {
            let version = pairs.get("version").unwrap_or("1.0.0");
            if version != "1.0.0" {
                return Err(Refusal::invalid("version", "the version is 1.0.0"));
            }
            let kind = match pairs.get("format").unwrap_or("image/png") {
                "image/png" => FileKind::Png,
                "image/webp" => FileKind::Webp,
                _ => return Err(Refusal::invalid("format", "the formats are image/png and image/webp")),
            };
            let address = Address {
                layer: pairs.required("layer")?,
                style: pairs.get("style").unwrap_or_default(),
                set: pairs.required("tilematrixset")?,
                matrix: pairs.required("tilematrix")?,
                row: pairs.required("tilerow")?,
                column: pairs.required("tilecol")?,
            };
            let language = pairs.get("lang").unwrap_or_default();
            address.answer(app, ask, kind, 1, language).await
        }
        _ => Err(Refusal {
            retry_after: None,
            code: "OperationNotSupported",
            locator: request.to_owned(),
            text: "the operations are GetCapabilities and GetTile".to_owned(),
        }),
    }
}

/// `/wmts/1.0.0/WMTSCapabilities.xml`
pub async fn capabilities_file(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let language = ask.query(o::WMTS)?.language(&super::parameters::LANG);
    Ok(capabilities(&app, &ask, language))
}

/// `/wmts/{layer}/{style}/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}.png`
pub async fn restful(
    State(app): Shared,
    Segments((layer, style, set, matrix, row, file)): Segments<(String, String, String, String, String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    // Clients add parameters of their own against caches; only the language means something here.
    let pairs = match Pairs::read(ask.uri.query().unwrap_or_default()) {
        Ok(pairs) => pairs,
        Err(refusal) => return Ok(refusal.response()),
    };
    let language = pairs.get("lang").unwrap_or_default().to_owned();
    let (column, ratio, kind) = maps::file_of(&file)?;
    let address = Address {
        layer: &layer,
        style: &style,
        set: &set,
        matrix: &matrix,
        row: &row,
        column,
    };
    let answer = address.answer(&app, &ask, kind, ratio, &language).await;
    Ok(answer.unwrap_or_else(|refusal| refusal.response()))
}

/// Address of a tile, in the words of WMTS.
struct Address<'a> {
    layer: &'a str,
    style: &'a str,
    set: &'a str,
    matrix: &'a str,
    row: &'a str,
    column: &'a str,
}

impl Address<'_> {
    async fn answer(
        &self,
        app: &Arc<App>,
        ask: &RequestContext,
        kind: FileKind,
        ratio: u8,
        language: &str,
    ) -> Result<Response, Refusal> {
        let snapshot = Arc::clone(&app.snapshot());
        let view = snapshot.views().iter().find(|view| layer_id(view) == self.layer);
        let view = view.ok_or_else(|| {
            let known: Vec<String> = snapshot.views().iter().map(layer_id).collect();
            Refusal::invalid("layer", format!("the layers are {}", known.join(", ")))
        })?;
        let themes = &app.about.palettes.themes;
        let style = if matches!(self.style, "" | "default") {
            &themes[0].id
        } else {
            self.style
        };
        if app.about.palettes.theme(style).is_none() {
            let known: Vec<&str> = themes.iter().map(|theme| theme.id.as_str()).collect();
            return Err(Refusal::invalid(
                "style",
                format!("the styles are {}", known.join(", ")),
            ));
        }
        if !matches!(self.set, "WebMercatorQuad" | "GoogleMapsCompatible") {
            return Err(Refusal::invalid(
                "tilematrixset",
                "the tile matrix set is WebMercatorQuad",
            ));
        }
        // OGC 07-057r7, table 24: the locator is the parameter that is wrong.
        let named = [
            ("tilematrix", self.matrix),
            ("tilerow", self.row),
            ("tilecol", self.column),
        ];
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some((locator, value)) = named.into_iter().find(|(_, value)| !is_number(value)) {
            let value = super::problem::echo(value);
            return Err(Refusal::invalid(locator, format!("{value:?} is no whole number")));
        }
        let beyond = |locator: &str, matrix: u8| Refusal {
            retry_after: None,
            code: "TileOutOfRange",
            locator: locator.to_owned(),
            text: format!("the tile is outside its matrix of {0} × {0} tiles", 1u64 << matrix),
        };
        let zoom = self.matrix.parse().unwrap_or(u8::MAX);
        if let Some(&(locator, _)) = named[1..].iter().find(|(_, value)| value.len() > 10)
            && zoom <= MAX_TILE_ZOOM
        {
            return Err(beyond(locator, zoom));
        }
        let tile = tile_id(self.matrix, self.column, self.row)
            .map_err(|problem| Refusal::invalid("tilematrix", problem.detail))?;
        if tile.z > MAX_TILE_ZOOM {
            return Err(Refusal::invalid(
                "tilematrix",
                format!("the tile matrices are 0 to {MAX_TILE_ZOOM}"),
            ));
        }
        if !SET.contains(tile) {
            let [_, rows] = SET.size(tile.z);
            return Err(beyond(if tile.y >= rows { "tilerow" } else { "tilecol" }, tile.z));
        }
        let asked = RasterTileRequest {
            style: style.to_owned(),
            set: SET,
            tile,
            ratio,
            kind,
            only: None,
        };
        let mut raw = format!("worldview={}", super::links::escaped(&view.worldview.id));
        if !language.is_empty() {
            let _ = write!(raw, "&lang={}", super::links::escaped(language));
        }
        let refused = |problem: Problem| {
            if problem.status == StatusCode::SERVICE_UNAVAILABLE {
                return Refusal::busy(problem);
            }
            let locator = problem.parameter.clone().unwrap_or_default();
            Refusal::invalid(&locator, problem.detail)
        };
        let query = Query::read(Some(&raw), o::STYLE).map_err(|error| refused(error.into()))?;
        maps::answer(app, ask, query, asked).await.map_err(refused)
    }
}

/// `map` for the default worldview, `map_<worldview>` for the others.
fn layer_id(view: &View) -> String {
    if view.worldview.default {
        "map".to_owned()
    } else {
        format!("map_{}", view.worldview.id)
    }
}

fn capabilities(app: &App, ask: &RequestContext, language: Option<Language>) -> Response {
    let base = ask.base(&app.settings);
    let language = language.unwrap_or_else(|| super::negotiate::accepted_language(&ask.headers));
    let about = &app.about;
    let snapshot = app.snapshot();
    let mut layers = String::new();
    for view in snapshot.views() {
        add_layer(&mut layers, app, view, &base, language);
    }
    let kvp = |operation: &str| {
        format!(
            "<ows:Operation name=\"{operation}\"><ows:DCP><ows:HTTP><ows:Get xlink:href=\"{base}/wmts?\"><ows:Constraint name=\"GetEncoding\">\
             <ows:AllowedValues><ows:Value>KVP</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation>"
        )
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Capabilities xmlns=\"http://www.opengis.net/wmts/1.0\" xmlns:ows=\"http://www.opengis.net/ows/1.1\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd\" version=\"1.0.0\">\n\
         <ows:ServiceIdentification><ows:Title>{title}</ows:Title><ows:Abstract>{abstract_}</ows:Abstract>\
         <ows:ServiceType>OGC WMTS</ows:ServiceType><ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion>\
         <ows:Fees>none</ows:Fees><ows:AccessConstraints>{attribution}</ows:AccessConstraints></ows:ServiceIdentification>\n\
         <ows:OperationsMetadata>{get_capabilities}{get_tile}</ows:OperationsMetadata>\n\
         <Contents>\n{layers}{matrices}</Contents>\n\
         <ServiceMetadataURL xlink:href=\"{base}/wmts/1.0.0/WMTSCapabilities.xml\"/>\n</Capabilities>\n",
        base = escape_xml(&base),
        title = escape_xml(about.title.best(language)),
        abstract_ = escape_xml(about.disclaimer.best(language)),
        attribution = escape_xml(&about.attribution),
        get_capabilities = kvp("GetCapabilities"),
        get_tile = kvp("GetTile"),
        matrices = matrices(),
    );
    super::respond::Answer::new("application/xml", body.into_bytes()).send(&ask.headers)
}

fn add_layer(out: &mut String, app: &App, view: &View, base: &str, language: Language) {
    let worldview = &view.worldview;
    let Bounds([west, south, east, north]) = view.bounds().unwrap_or(Bounds([-180.0, -85.0, 180.0, 85.0]));
    let id = escape_xml(&layer_id(view));
    let mut styles = String::new();
    for (nth, theme) in app.about.palettes.themes.iter().enumerate() {
        let default = if nth == 0 { " isDefault=\"true\"" } else { "" };
        let _ = write!(
            styles,
            "<Style{default}><ows:Title>{}</ows:Title><ows:Identifier>{}</ows:Identifier></Style>",
            escape_xml(theme.title.best(language)),
            escape_xml(&theme.id)
        );
    }
    let template = |ending: &str, media: &str| {
        format!(
            "<ResourceURL format=\"{media}\" resourceType=\"tile\" template=\"{}/wmts/{id}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.{ending}?lang={language}\"/>",
            escape_xml(base)
        )
    };
    let _ = writeln!(
        out,
        "<Layer><ows:Title>{title}</ows:Title><ows:Abstract>{convention}</ows:Abstract>\
         <ows:WGS84BoundingBox><ows:LowerCorner>{west} {south}</ows:LowerCorner><ows:UpperCorner>{east} {north}</ows:UpperCorner></ows:WGS84BoundingBox>\
         <ows:Identifier>{id}</ows:Identifier>{styles}<Format>image/png</Format><Format>image/webp</Format>\
         <TileMatrixSetLink><TileMatrixSet>{set}</TileMatrixSet><TileMatrixSetLimits>{limits}</TileMatrixSetLimits></TileMatrixSetLink>{png}{webp}</Layer>",
        title = escape_xml(&format!(
            "{} · {}",
            app.about.title.best(language),
            worldview.title.best(language)
        )),
        convention = escape_xml(worldview.convention.best(language)),
        set = SET.id(),
        limits = limits(),
        png = template("png", "image/png"),
        webp = template("webp", "image/webp"),
    );
}

/// The tiles of each matrix: all of them, for the map is drawn everywhere.
fn limits() -> String {
    let each = (0..=MAX_TILE_ZOOM).map(|zoom| {
        let [columns, rows] = SET.size(zoom);
        format!(
            "<TileMatrixLimits><TileMatrix>{zoom}</TileMatrix><MinTileRow>0</MinTileRow><MaxTileRow>{}</MaxTileRow>\
             <MinTileCol>0</MinTileCol><MaxTileCol>{}</MaxTileCol></TileMatrixLimits>",
            rows - 1,
            columns - 1
        )
    });
    each.collect()
}

fn matrices() -> String {
    let mut out = format!(
        "<TileMatrixSet><ows:Identifier>{}</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>\
         <WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>",
        SET.id()
    );
    for zoom in 0..=MAX_TILE_ZOOM {
        let tiles = 1u64 << zoom;
        let _ = write!(
            out,
            "<TileMatrix><ows:Identifier>{zoom}</ows:Identifier><ScaleDenominator>{}</ScaleDenominator>\
             <TopLeftCorner>-{HALF} {HALF}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>\
             <MatrixWidth>{tiles}</MatrixWidth><MatrixHeight>{tiles}</MatrixHeight></TileMatrix>",
            WHOLE / tiles as f64
        );
    }
    out.push_str("</TileMatrixSet>\n");
    out
}
