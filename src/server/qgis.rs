//! A layer file for QGIS (`.qlr`): one click opens the layer from this server, titled and with symbols.

use super::{
    downloads::statement,
    links::escaped,
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, carried, layer_of, view_of},
    respond::{Answer, media},
    state::View,
};
use crate::{
    export::{escape, geometry_word, renderer},
    language::Language,
    layers::{GeometryKind, Layer},
};
use axum::{extract::State, http::header, response::Response};

/// `/qgis/{layer}.qlr`
pub async fn layer_file(
    State(app): Shared,
    Segments(file): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let id = file.strip_suffix(".qlr");
    let id = id.ok_or_else(|| Problem::not_found(format!("{:?} does not end in .qlr", echo(&file))))?;
    let query = ask.query(o::LAYER_FILE)?;
    let snapshot = app.snapshot();
    let view = view_of(&snapshot, &query)?;
    let layer = layer_of(view, id)?.layer();
    let language = ask.language(&query);
    let base = ask.base(&app.settings);
    let said = statement(&app, view, language);
    let (provider, source) = source(layer, view, &base, &query);
    let text = Definition {
        layer,
        provider,
        source,
        label: label(layer, provider, language),
        title: layer.title.best(language),
        about: [layer.description.best(language), &said.convention, &said.disclaimer].join(" "),
    }
    .xml(&format!("{base}/collections/{}", layer.id));
    let name = super::downloads::attachment(&file_name(layer, view, language))?;
    Ok(Answer::new(media::QLR, text.into_bytes())
        .header(header::CONTENT_DISPOSITION, name)
        .send(&ask.headers))
}

fn file_name(layer: &Layer, view: &View, language: Language) -> String {
    format!("{}-{}-{language}.qlr", layer.id, view.worldview.id)
}

/// Where QGIS finds the layer: its provider and the source in that provider's words.
///
/// QGIS edits filters for OGC API – Features, page by page. But QGIS 3.22 makes its addresses itself and cannot
/// carry a worldview in them, so another worldview than the default is read from its FlatGeobuf, by ranges.
fn source(layer: &Layer, view: &View, base: &str, query: &Query<'_>) -> (&'static str, String) {
    if view.worldview.default || query.text(&p::WORLDVIEW).is_none() || layer.geometry == GeometryKind::None {
        let source = format!(
            "pagingEnabled='true' preferCoordinatesForWfsT11='false' restrictToRequestBBOX='1' srsname='OGC:CRS84' \
             typename='{}' url='{base}'",
            quoted(&layer.id)
        );
        return ("OAPIF", source);
    }
    let id = escaped(&layer.id);
    ("ogr", format!("/vsicurl/{base}/downloads/{id}.fgb{}", carried(query)))
}

/// The field with names in a language: features from the API have `name` in English.
fn label(layer: &Layer, provider: &str, language: Language) -> String {
    let own = format!("name:{language}");
    match provider {
        "OAPIF" if layer.field(&own).is_some() => own,
        _ => "name".to_owned(),
    }
}

/// A value between single quotes, as QGIS reads them.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

struct Definition<'d> {
    layer: &'d Layer,
    provider: &'static str,
    source: String,
    label: String,
    title: &'d str,
    about: String,
}

impl Definition<'_> {
    fn xml(&self, page: &str) -> String {
        let layer = self.layer;
        let id = format!("mahwar_{}", escape(&layer.id));
        let (title, source) = (escape(self.title), escape(&self.source));
        format!(
            "<!DOCTYPE qgis-layer-definition>\n<qlr>\n\
             <layer-tree-group checked=\"Qt::Checked\" expanded=\"1\" name=\"\"><customproperties/>\
             <layer-tree-layer checked=\"Qt::Checked\" expanded=\"1\" id=\"{id}\" name=\"{title}\" \
             providerKey=\"{provider}\" source=\"{source}\"><customproperties/></layer-tree-layer></layer-tree-group>\n\
             <maplayers>\n<maplayer type=\"vector\" geometry=\"{geometry}\" wkbType=\"{wkb}\" labelsEnabled=\"{labels}\" \
             styleCategories=\"AllStyleCategories\">\n\
             <id>{id}</id>\n<datasource>{source}</datasource>\n<layername>{title}</layername>\n<title>{title}</title>\n\
             <abstract>{about}</abstract>\n<attribution>{attribution}</attribution>\n<dataUrl>{page}</dataUrl>\n\
             <srs>{CRS}</srs>\n<provider encoding=\"UTF-8\">{provider}</provider>\n\
             <resourceMetadata><title>{title}</title><abstract>{about}</abstract><rights>{attribution}</rights>\
             </resourceMetadata>\n{renderer}\n</maplayer>\n</maplayers>\n</qlr>\n",
            geometry = geometry_word(layer),
            wkb = wkb_word(layer.geometry),
            labels = u8::from(layer.naming().plain.is_some()),
            about = escape(&self.about),
            attribution = escape(&layer.attribution),
            page = escape(page),
            provider = self.provider,
            renderer = renderer(layer, &self.label),
        )
    }
}

/// Longitude and latitude on WGS 84, as QGIS writes it.
const CRS: &str = "<spatialrefsys><proj4>+proj=longlat +datum=WGS84 +no_defs</proj4><srsid>3452</srsid><srid>4326</srid>\
                   <authid>EPSG:4326</authid><description>WGS 84</description><geographicflag>true</geographicflag>\
                   </spatialrefsys>";

fn wkb_word(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "Point",
        GeometryKind::MultiPoint => "MultiPoint",
        GeometryKind::LineString => "LineString",
        GeometryKind::MultiLineString => "MultiLineString",
        GeometryKind::Polygon => "Polygon",
        GeometryKind::MultiPolygon => "MultiPolygon",
        GeometryKind::None => "NoGeometry",
    }
}
