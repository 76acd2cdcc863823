//! GetCapabilities, always in version 1.3.0.

use super::{
    MAP, drawn,
    info::FORMATS,
    request::{MAX_LAYERS, MAX_SIDE, Pairs},
};
use crate::{
    language::Language,
    layers::{Bounds, TimeSpan},
    server::{
        negotiate,
        request_context::RequestContext,
        respond::Answer,
        state::{App, View},
    },
    text::escape_xml,
};
use axum::response::Response;
use std::fmt::Write;

/// The description of the service.
pub fn answer(app: &App, ask: &RequestContext, pairs: &Pairs) -> Response {
    let language = pairs
        .get("language")
        .or_else(|| pairs.get("lang"))
        .and_then(|tag| tag.parse().ok());
    let language: Language = language.unwrap_or_else(|| negotiate::accepted_language(&ask.headers));
    let base = ask.base(&app.settings);
    let about = &app.about;
    let snapshot = app.snapshot();
    let view = snapshot.default_view();
    let address = escape_xml(&format!("{base}/wms?"));
    let operation = |name: &str, formats: &[&str]| {
        let formats: String = formats
            .iter()
            .map(|format| format!("<Format>{format}</Format>"))
            .collect();
        format!(
            "<{name}>{formats}<DCPType><HTTP><Get><OnlineResource xlink:type=\"simple\" xlink:href=\"{address}\"/></Get></HTTP></DCPType></{name}>"
        )
    };
    let mut layers = String::new();
    root(&mut layers, app, view, language);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <WMS_Capabilities version=\"1.3.0\" xmlns=\"http://www.opengis.net/wms\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd\">\n\
         <Service><Name>WMS</Name><Title>{title}</Title><Abstract>{disclaimer}</Abstract>\
         <OnlineResource xlink:type=\"simple\" xlink:href=\"{home}\"/><Fees>none</Fees>\
         <AccessConstraints>{attribution}</AccessConstraints><LayerLimit>{MAX_LAYERS}</LayerLimit>\
         <MaxWidth>{MAX_SIDE}</MaxWidth><MaxHeight>{MAX_SIDE}</MaxHeight></Service>\n\
         <Capability><Request>{capabilities}{map}{info}</Request>\
         <Exception><Format>XML</Format></Exception>\n{layers}</Capability>\n</WMS_Capabilities>\n",
        title = escape_xml(about.title.best(language)),
        disclaimer = escape_xml(about.disclaimer.best(language)),
        home = escape_xml(&format!("{base}/")),
        attribution = escape_xml(&about.attribution),
        capabilities = operation("GetCapabilities", &["text/xml"]),
        map = operation("GetMap", &["image/png", "image/webp"]),
        info = operation("GetFeatureInfo", &FORMATS),
    );
    Answer::new("text/xml", body.into_bytes()).send(&ask.headers)
}

/// The layer without a name that holds all others, with the elements that they inherit.
fn root(out: &mut String, app: &App, view: &View, language: Language) {
    let bounds = view.bounds().unwrap_or(Bounds([-180.0, -85.0, 180.0, 85.0]));
    let _ = write!(
        out,
        "<Layer><Title>{}</Title><CRS>EPSG:3857</CRS><CRS>EPSG:4326</CRS><CRS>CRS:84</CRS>{}\
         <Attribution><Title>{}</Title></Attribution>",
        escape_xml(app.about.title.best(language)),
        boxes(bounds),
        escape_xml(&app.about.attribution),
    );
    for theme in &app.about.palettes.themes {
        let _ = write!(
            out,
            "<Style><Name>{}</Name><Title>{}</Title></Style>",
            escape_xml(&theme.id),
            escape_xml(theme.title.best(language))
        );
    }
    let convention = view.worldview.convention.best(language);
    let _ = writeln!(
        out,
        "\n<Layer queryable=\"1\" opaque=\"1\"><Name>{MAP}</Name><Title>{}</Title><Abstract>{}</Abstract></Layer>",
        escape_xml(app.about.title.best(language)),
        escape_xml(convention)
    );
    for id in drawn(view) {
        let Some(tiles) = view.layer(id) else { continue };
        let layer = tiles.layer();
        let _ = write!(
            out,
            "<Layer queryable=\"1\"><Name>{}</Name><Title>{}</Title><Abstract>{}</Abstract>{}",
            escape_xml(id),
            escape_xml(layer.title.best(language)),
            escape_xml(layer.description.best(language)),
            layer.bounds().map(boxes).unwrap_or_default(),
        );
        if let Some(time) = layer.time() {
            let _ = write!(
                out,
                "<Dimension name=\"time\" units=\"ISO8601\" multipleValues=\"0\" nearestValue=\"0\">{}</Dimension>",
                escape_xml(&dimension(time))
            );
        }
        out.push_str("</Layer>\n");
    }
    out.push_str("</Layer>");
}

/// A time span as the extent of a dimension; an open end is the present.
fn dimension(time: TimeSpan) -> String {
    let text = |milliseconds: i64| {
        jiff::Timestamp::from_millisecond(milliseconds)
            .ok()
            .map(|time| time.to_string())
    };
    let now = || jiff::Timestamp::now().strftime("%Y-%m-%dT00:00:00Z").to_string();
    let [start, end] = [time.start, time.end].map(|milliseconds| text(milliseconds).unwrap_or_else(now));
    format!("{start}/{end}/P1D")
}

/// The box in degrees and in each coordinate reference system.
fn boxes(bounds: Bounds) -> String {
    let Bounds([west, south, east, north]) = bounds.rounded_out();
    let metres = |lon: f64, lat: f64| {
        let half = 6_378_137.0 * std::f64::consts::PI;
        let lat = lat.clamp(-85.051_128, 85.051_128);
        let y = (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln() * 6_378_137.0;
        [lon / 180.0 * half, y]
    };
    let ([left, bottom], [right, top]) = (metres(west, south), metres(east, north));
    format!(
        "<EX_GeographicBoundingBox><westBoundLongitude>{west}</westBoundLongitude><eastBoundLongitude>{east}</eastBoundLongitude>\
         <southBoundLatitude>{south}</southBoundLatitude><northBoundLatitude>{north}</northBoundLatitude></EX_GeographicBoundingBox>\
         <BoundingBox CRS=\"CRS:84\" minx=\"{west}\" miny=\"{south}\" maxx=\"{east}\" maxy=\"{north}\"/>\
         <BoundingBox CRS=\"EPSG:4326\" minx=\"{south}\" miny=\"{west}\" maxx=\"{north}\" maxy=\"{east}\"/>\
         <BoundingBox CRS=\"EPSG:3857\" minx=\"{left:.2}\" miny=\"{bottom:.2}\" maxx=\"{right:.2}\" maxy=\"{top:.2}\"/>"
    )
}
