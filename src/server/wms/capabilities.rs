//! GetCapabilities in version 1.3.0, or in 1.1.1 for clients that speak no other.

use super::{
    MAP, drawn,
    info::FORMATS,
    legend::{of_layer, samples},
    request::{Format, MAX_LAYERS, MAX_SIDE, Pairs, Version},
};
use crate::{
    language::Language,
    layers::{Bounds, Layer, TimeSpan},
    render::Legend,
    server::{
        links::escaped,
        negotiate,
        request_context::RequestContext,
        respond::Answer,
        state::{App, View},
    },
    style::{Sample, Theme},
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
    let version = pairs.negotiated();
    let address = escape_xml(&format!("{base}/wms?"));
    let formats = Format::ALL.map(Format::media);
    let operation = |name: &str, formats: &[&str]| {
        let formats: String = formats
            .iter()
            .map(|format| format!("<Format>{format}</Format>"))
            .collect();
        format!(
            "<{name}>{formats}<DCPType><HTTP><Get><OnlineResource xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:type=\"simple\" xlink:href=\"{address}\"/></Get></HTTP></DCPType></{name}>"
        )
    };
    let mut layers = String::new();
    let describer = Describer {
        app,
        view,
        language,
        version,
        base: &base,
        rows: samples(app, view, language, &about.palettes.themes[0]),
    };
    describer.root(&mut layers);
    let (head, tail) = match version {
        Version::V130 => (HEAD_130, "</WMS_Capabilities>"),
        Version::V111 => (HEAD_111, "</WMT_MS_Capabilities>"),
    };
    let (name, xml, limits) = match version {
        Version::V130 => (
            "WMS",
            "text/xml",
            format!(
                "<LayerLimit>{MAX_LAYERS}</LayerLimit><MaxWidth>{MAX_SIDE}</MaxWidth><MaxHeight>{MAX_SIDE}</MaxHeight>"
            ),
        ),
        Version::V111 => ("OGC:WMS", "application/vnd.ogc.wms_xml", String::new()),
    };
    let exception = match version {
        Version::V130 => "XML",
        Version::V111 => "application/vnd.ogc.se_xml",
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}\n\
         <Service><Name>{name}</Name><Title>{title}</Title><Abstract>{disclaimer}</Abstract>\
         <OnlineResource xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:type=\"simple\" xlink:href=\"{home}\"/>\
         <Fees>none</Fees><AccessConstraints>{attribution}</AccessConstraints>{limits}</Service>\n\
         <Capability><Request>{capabilities}{map}{info}{legend}</Request>\
         <Exception><Format>{exception}</Format></Exception>\n{layers}</Capability>\n{tail}\n",
        title = escape_xml(about.title.best(language)),
        disclaimer = escape_xml(about.disclaimer.best(language)),
        home = escape_xml(&format!("{base}/")),
        attribution = escape_xml(&about.attribution),
        capabilities = operation("GetCapabilities", &[xml]),
        map = operation("GetMap", &formats),
        info = operation("GetFeatureInfo", &FORMATS),
        legend = operation(
            match version {
                // An operation of another standard is an extension (OGC 05-078r4, 11.4).
                Version::V130 => "sld:GetLegendGraphic",
                Version::V111 => "GetLegendGraphic",
            },
            &formats
        ),
    );
    Answer::new(xml, body.into_bytes()).send(&ask.headers)
}

/// The first element of version 1.3.0.
const HEAD_130: &str = "<WMS_Capabilities version=\"1.3.0\" xmlns=\"http://www.opengis.net/wms\" \
     xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:sld=\"http://www.opengis.net/sld\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
     xsi:schemaLocation=\"http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd \
     http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd\">";
/// The first element of version 1.1.1 (OGC 01-068r3, annex A.1).
const HEAD_111: &str = "<WMT_MS_Capabilities version=\"1.1.1\">";

/// The part of the capabilities that lists layers.
struct Describer<'a> {
    app: &'a App,
    view: &'a View,
    language: Language,
    version: Version,
    base: &'a str,
    /// Rows of the legend, which differ in no more than colours between themes.
    rows: Vec<Sample>,
}

impl Describer<'_> {
    /// The layer without a name that holds all others, with the elements that they inherit.
    fn root(&self, out: &mut String) {
        let Self {
            app, view, language, ..
        } = *self;
        let bounds = view.bounds().unwrap_or(Bounds([-180.0, -85.0, 180.0, 85.0]));
        let _ = write!(
            out,
            "<Layer><Title>{}</Title>{}{}<Attribution><Title>{}</Title></Attribution>",
            escape_xml(app.about.title.best(language)),
            match self.version {
                Version::V130 => "<CRS>EPSG:3857</CRS><CRS>EPSG:4326</CRS><CRS>CRS:84</CRS>",
                Version::V111 => "<SRS>EPSG:3857</SRS><SRS>EPSG:4326</SRS>",
            },
            boxes(bounds, self.version),
            escape_xml(&app.about.attribution),
        );
        let _ = writeln!(
            out,
            "\n<Layer queryable=\"1\" opaque=\"1\"><Name>{MAP}</Name><Title>{}</Title><Abstract>{}</Abstract>{}</Layer>",
            escape_xml(app.about.title.best(language)),
            escape_xml(view.worldview.convention.best(language)),
            self.styles(MAP, &self.shown()),
        );
        for id in drawn(view) {
            let Some(tiles) = view.layer(id) else { continue };
            self.layer(out, tiles.layer());
        }
        out.push_str("</Layer>");
    }

    fn layer(&self, out: &mut String, layer: &Layer) {
        let _ = write!(
            out,
            "<Layer queryable=\"1\"><Name>{}</Name><Title>{}</Title><Abstract>{}</Abstract>{}",
            escape_xml(&layer.id),
            escape_xml(layer.title.best(self.language)),
            escape_xml(layer.description.best(self.language)),
            layer
                .bounds()
                .map(|bounds| boxes(bounds, self.version))
                .unwrap_or_default(),
        );
        if let Some(time) = layer.time() {
            let extent = escape_xml(&dimension(time));
            let _ = match self.version {
                Version::V130 => write!(
                    out,
                    "<Dimension name=\"time\" units=\"ISO8601\" multipleValues=\"0\" nearestValue=\"0\">{extent}</Dimension>"
                ),
                Version::V111 => write!(
                    out,
                    "<Dimension name=\"time\" units=\"ISO8601\"/>\
                     <Extent name=\"time\" multipleValues=\"0\" nearestValue=\"0\">{extent}</Extent>"
                ),
            };
        }
        out.push_str(&self.styles(&layer.id, &of_layer(&self.rows, layer, self.language)));
        out.push_str("</Layer>\n");
    }

    /// The rows of layers that the map shows at first.
    fn shown(&self) -> Vec<Sample> {
        let theme = &self.app.about.palettes.themes[0];
        let drawing = self.app.painter.style(self.app, self.view, theme, self.language);
        let mut rows = self.rows.clone();
        if let Ok(drawing) = drawing {
            rows.retain(|sample| drawing.shows(&sample.layer));
        }
        rows
    }

    /// The themes as styles of a layer. They are not inherited, since the legend of each layer is another.
    fn styles(&self, id: &str, rows: &[Sample]) -> String {
        let themes = &self.app.about.palettes.themes;
        let [width, height] = Legend::size(rows);
        let (version, language) = (self.version.number(), self.language.tag());
        let style = |theme: &Theme| {
            let address = escape_xml(&format!(
                "{}/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetLegendGraphic&SLD_VERSION=1.1.0&LAYER={id}&STYLE={}&FORMAT=image/png&LANG={language}",
                self.base,
                escaped(&theme.id),
                id = escaped(id),
            ));
            format!(
                "<Style><Name>{}</Name><Title>{}</Title><LegendURL width=\"{width}\" height=\"{height}\"><Format>image/png</Format>\
                 <OnlineResource xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:type=\"simple\" xlink:href=\"{address}\"/></LegendURL></Style>",
                escape_xml(&theme.id),
                escape_xml(theme.title.best(self.language))
            )
        };
        themes.iter().map(style).collect()
    }
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
fn boxes(bounds: Bounds, version: Version) -> String {
    let Bounds([west, south, east, north]) = bounds.rounded_out();
    let metres = |lon: f64, lat: f64| {
        let half = 6_378_137.0 * std::f64::consts::PI;
        let lat = lat.clamp(-85.051_128, 85.051_128);
        let y = (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln() * 6_378_137.0;
        [lon / 180.0 * half, y]
    };
    let ([left, bottom], [right, top]) = (metres(west, south), metres(east, north));
    if version == Version::V111 {
        return format!(
            "<LatLonBoundingBox minx=\"{west}\" miny=\"{south}\" maxx=\"{east}\" maxy=\"{north}\"/>\
             <BoundingBox SRS=\"EPSG:4326\" minx=\"{west}\" miny=\"{south}\" maxx=\"{east}\" maxy=\"{north}\"/>\
             <BoundingBox SRS=\"EPSG:3857\" minx=\"{left:.2}\" miny=\"{bottom:.2}\" maxx=\"{right:.2}\" maxy=\"{top:.2}\"/>"
        );
    }
    format!(
        "<EX_GeographicBoundingBox><westBoundLongitude>{west}</westBoundLongitude><eastBoundLongitude>{east}</eastBoundLongitude>\
         <southBoundLatitude>{south}</southBoundLatitude><northBoundLatitude>{north}</northBoundLatitude></EX_GeographicBoundingBox>\
         <BoundingBox CRS=\"CRS:84\" minx=\"{west}\" miny=\"{south}\" maxx=\"{east}\" maxy=\"{north}\"/>\
         <BoundingBox CRS=\"EPSG:4326\" minx=\"{south}\" miny=\"{west}\" maxx=\"{north}\" maxy=\"{east}\"/>\
         <BoundingBox CRS=\"EPSG:3857\" minx=\"{left:.2}\" miny=\"{bottom:.2}\" maxx=\"{right:.2}\" maxy=\"{top:.2}\"/>"
    )
}
