//! Pages for people: plain, in three languages, without scripts; maps are frames of the web map.

use super::{
    features::{Page, kept},
    links::escaped,
    parameter::Query,
    parameters as p,
    problem::Problem,
    request_context::{RequestContext, carried, with},
    respond::{Answer, hash, media},
    routes::OPERATIONS,
    selection::SelectedPage,
    state::{App, View},
    viewer::POLICY,
};
use crate::{
    language::Language,
    layers::{Bounds, FeatureRef, GeometryKind, Layer, ValueRef},
};
use axum::{
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use serde_json::Value;
use std::fmt::{self, Write};

/// The style of every page.
const STYLE: &str = include_str!("pages.css");

/// `/pages.css`
pub async fn style(request: Request) -> Result<Response, Problem> {
    Ok(Answer::new("text/css; charset=utf-8", STYLE.as_bytes().to_vec())
        .tagged(hash(STYLE.as_bytes()))
        .send(request.headers()))
}

/// Words of the pages in the order ar, ckb, en.
struct Words {
    home: [&'static str; 3],
    layers: [&'static str; 3],
    features: [&'static str; 3],
    schema: [&'static str; 3],
    downloads: [&'static str; 3],
    next: [&'static str; 3],
    previous: [&'static str; 3],
    of: [&'static str; 3],
    source: [&'static str; 3],
    also: [&'static str; 3],
}

const WORDS: Words = Words {
    home: ["الخريطة", "نەخشە", "Map"],
    layers: ["الطبقات", "چینەکان", "Layers"],
    features: ["المعالم", "توخمەکان", "Features"],
    schema: ["الحقول", "خانەکان", "Fields"],
    downloads: ["تنزيل", "داگرتن", "Download"],
    next: ["التالي", "دواتر", "Next"],
    previous: ["السابق", "پێشتر", "Previous"],
    of: ["من", "لە", "of"],
    source: ["المصدر", "سەرچاوە", "Source"],
    also: ["بصيغة JSON", "وەک JSON", "As JSON"],
};

fn word(words: [&'static str; 3], language: Language) -> &'static str {
    words[language as usize]
}

/// A text with the characters that HTML must not see replaced.
pub(super) struct Safe<'t>(pub &'t str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// A page under construction.
struct Sheet {
    body: String,
    language: Language,
    title: String,
    /// The part of its query that the page keeps in another language, each pair followed by `&`.
    keep: String,
    /// The worldview that was asked for.
    worldview: Option<String>,
    /// The path of the server's root, which a proxy may have put below a prefix.
    root: String,
    /// Address of the feed with the entries of the page.
    feed: Option<String>,
}

impl Sheet {
    fn new(title: &str, language: Language, root: String) -> Self {
        Self {
            root,
            feed: None,
            body: String::new(),
            language,
            title: title.to_owned(),
            keep: "f=html&".to_owned(),
            worldview: None,
        }
    }

    /// Keeps the worldview in other languages.
    fn keeping(mut self, query: &Query<'_>) -> Self {
        if let Some(view) = query.text(&p::WORLDVIEW) {
            let pair = format!("{}={}&", p::WORLDVIEW.name, escaped(view));
            self.keep.push_str(&pair);
            self.worldview = Some(view.to_owned());
        }
        self
    }

    /// Names the feed of a layer, where it has one; `query` ends with `&` where it is not empty.
    fn with_feed(mut self, layer: &Layer, query: &str) -> Self {
        if super::atom::order_of(&layer.id).is_some() {
            let address = format!("{}/collections/{}/items?{query}f=atom", self.root, escaped(&layer.id));
            self.feed = Some(address);
        }
        self
    }

    fn add(&mut self, part: fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        let _ = self.body.write_fmt(part);
    }

    fn finish(self, app: &App, view: Option<&View>) -> Answer {
        let language = self.language;
        let direction = direction(language);
        let convention = view.map_or("", |view| view.worldview.convention.best(language));
        let page = format!(
            "<!doctype html><html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} — {site}</title>\
             <link rel=\"stylesheet\" href=\"{root}/pages.css\">{feed}</head><body><nav><a href=\"{root}/?f=html\">{home}</a> \
             <a href=\"{root}/collections?f=html&amp;lang={language}\">{layers}</a> <a href=\"{root}/api.html?lang={language}\">API</a>\
             <span class=\"languages\"><a href=\"?{keep}lang=ar\" lang=\"ar\">العربية</a> \
             <a href=\"?{keep}lang=ckb\" lang=\"ckb\">کوردی</a> \
             <a href=\"?{keep}lang=en\" lang=\"en\">English</a></span></nav>\
             <main><h1>{title}</h1>{body}</main><footer><p>{convention}</p><p>{disclaimer}</p><p>{attribution}</p></footer>\
             </body></html>",
            root = Safe(&self.root),
            feed = match &self.feed {
                Some(feed) => format!(
                    "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"{}\" href=\"{}\">",
                    Safe(&self.title),
                    Safe(feed)
                ),
                None => String::new(),
            },
            title = Safe(&self.title),
            keep = Safe(&self.keep),
            site = Safe(app.about.title.best(language)),
            home = word(WORDS.home, language),
            layers = word(WORDS.layers, language),
            body = self.body,
            convention = Safe(convention),
            disclaimer = Safe(app.about.disclaimer.best(language)),
            attribution = Safe(&app.about.attribution),
        );
        Answer::new(media::HTML, page.into_bytes())
            .header(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))
    }
}

/// Carried parameters for an `href`, with `f=html`.
fn html_suffix(query: &Query<'_>) -> String {
    with(&carried(query), "f=html")
}

fn map_frame(sheet: &mut Sheet, app: &App, layer: &Layer, bounds: Option<Bounds>) {
    let Some(Bounds([west, south, east, north])) = bounds else {
        return;
    };
    if layer.geometry == GeometryKind::None || !app.viewer.is_built() {
        return;
    }
    let language = sheet.language;
    let title = layer.title.best(language).to_owned();
    // The zoom at which the box fills about 700 by 350 pixels of 256-pixel tiles.
    let across = ((east - west) / 700.0).max((north - south) / 350.0).max(1e-5) * 256.0;
    let zoom = (360.0 / across).log2().clamp(0.0, 14.0);
    let view = sheet.worldview.as_deref();
    let view = view.map_or(String::new(), |view| format!("&amp;worldview={}", escaped(view)));
    let root = sheet.root.clone();
    let root = Safe(&root);
    sheet.add(format_args!(
        "<iframe title=\"{}\" src=\"{root}/embed#map={zoom:.2}/{:.4}/{:.4}&amp;layers={}:100&amp;lang={language}{view}\"></iframe>",
        Safe(&title),
        (south + north) / 2.0,
        (west + east) / 2.0,
        escaped(&layer.id),
    ));
}

/// `/collections`
pub fn collections(app: &App, view: &View, ask: &RequestContext, query: &Query<'_>, language: Language) -> Answer {
    let root = ask.root(&app.settings);
    let mut sheet = Sheet::new(word(WORDS.layers, language), language, root.clone()).keeping(query);
    let suffix = html_suffix(query);
    sheet.add(format_args!("<ul class=\"layers\">"));
    for tiles in view.layers() {
        let layer = tiles.layer();
        sheet.add(format_args!(
            "<li><a href=\"{}/collections/{}{}\">{}</a> <span>{}</span><p>{}</p></li>",
            Safe(&root),
            escaped(&layer.id),
            Safe(&suffix),
            Safe(layer.title.best(language)),
            count(layer),
            Safe(layer.description.best(language)),
        ));
    }
    sheet.add(format_args!("</ul>"));
    sheet.finish(app, Some(view))
}

/// Number of a layer's features, for people.
fn count(layer: &Layer) -> String {
    layer
        .total()
        .map_or_else(|| format!("> {}", layer.len()), |total| total.to_string())
}

/// `/collections/{id}`
pub fn collection(
    app: &App,
    view: &View,
    layer: &Layer,
    ask: &RequestContext,
    query: &Query<'_>,
    language: Language,
) -> Answer {
    let root = ask.root(&app.settings);
    let sheet = Sheet::new(layer.title.best(language), language, root.clone());
    let mut sheet = sheet.keeping(query).with_feed(layer, "");
    let root = Safe(&root);
    let suffix = html_suffix(query);
    let suffix = Safe(&suffix);
    let id = &layer.id;
    sheet.add(format_args!("<p>{}</p>", Safe(layer.description.best(language))));
    sheet.add(format_args!(
        "<p><a href=\"{root}/collections/{id}/items{suffix}\">{}</a> ({}) · <a href=\"{root}/collections/{id}/schema{suffix}\">{}</a> · {}: ",
        word(WORDS.features, language),
        count(layer),
        word(WORDS.schema, language),
        word(WORDS.downloads, language),
    ));
    let plain = carried(query);
    let formats = crate::export::Format::ALL.into_iter();
    for format in formats
        .filter(|format| format.holds(layer.geometry))
        .map(|format| format.extension())
    {
        sheet.add(format_args!(
            "<a href=\"{root}/downloads/{id}.{format}{}\">{format}</a> ",
            Safe(&plain)
        ));
    }
    sheet.add(format_args!(
        "· <a href=\"{root}/collections/{id}?f=json\">{}</a></p><p>{}: {}</p>",
        word(WORDS.also, language),
        word(WORDS.source, language),
        Safe(&layer.attribution),
    ));
    map_frame(&mut sheet, app, layer, layer.bounds());
    sheet.finish(app, Some(view))
}

/// A small page for a frame: a title, a table, a link to the map.
pub fn preview(title: &str, rows: &[(String, String)], map: &str, root: &str, language: Language) -> Answer {
    let direction = direction(language);
    let page = format!(
        "<!doctype html><html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <title>{}</title><link rel=\"stylesheet\" href=\"{}/pages.css\"></head><body>{}\
         <p><a href=\"{}\" target=\"_blank\" rel=\"noopener\">{}</a></p></body></html>",
        Safe(title),
        Safe(root),
        summary(title, rows, language),
        Safe(map),
        word(WORDS.home, language),
    );
    Answer::new(media::HTML, page.into_bytes()).header(
        header::CONTENT_SECURITY_POLICY,
        // To be shown in other people's frames: it runs nothing and loads one style sheet.
        HeaderValue::from_static("default-src 'none'; style-src 'self'"),
    )
}

/// A title and a table, as a piece of a page.
pub fn summary(title: &str, rows: &[(String, String)], language: Language) -> String {
    let mut html = format!(
        "<div lang=\"{language}\" dir=\"{}\"><h3>{}</h3><table>",
        direction(language),
        Safe(title)
    );
    for (name, value) in rows {
        // Writing to memory does not fail.
        let _ = write!(
            html,
            "<tr><th>{}</th><td dir=\"auto\">{}</td></tr>",
            Safe(name),
            Safe(value)
        );
    }
    html.push_str("</table></div>");
    html
}

fn direction(language: Language) -> &'static str {
    if language == Language::English { "ltr" } else { "rtl" }
}

/// `/collections/{id}/items`
#[allow(clippy::too_many_arguments)]
pub fn items(
    app: &App,
    view: &View,
    layer: &Layer,
    ask: &RequestContext,
    query: &Query<'_>,
    found: &SelectedPage,
    page: Page,
    language: Language,
) -> Answer {
    let root = ask.root(&app.settings);
    let filters = kept(ask.uri.query(), &["f", "offset", "cursor", "sortby"], "");
    let sheet = Sheet::new(layer.title.best(language), language, root.clone());
    let mut sheet = sheet.keeping(query).with_feed(layer, &filters);
    sheet.keep = format!("f=html&{}", kept(ask.uri.query(), &["f", "lang"], ""));
    let indexes = &found.indexes;
    let features = || indexes.iter().map(|&index| layer.at(index));
    let first = if indexes.is_empty() { 0 } else { page.offset + 1 };
    let last = page.offset + indexes.len();
    match found.total {
        Some(total) => sheet.add(format_args!(
            "<p>{first}–{last} {} {total}</p><p>",
            word(WORDS.of, language)
        )),
        None => sheet.add(format_args!("<p>{first}–{last}</p><p>")),
    }
    let address = |offset: usize| kept(ask.uri.query(), &["offset"], &format!("offset={offset}"));
    if page.offset > 0 {
        let end = found.total.unwrap_or(usize::MAX);
        let before = address(page.offset.min(end).saturating_sub(page.limit));
        sheet.add(format_args!(
            "<a rel=\"prev\" href=\"?{}\">{}</a> ",
            Safe(&before),
            word(WORDS.previous, language)
        ));
    }
    if found.more {
        let next = address(page.offset + page.limit);
        sheet.add(format_args!(
            "<a rel=\"next\" href=\"?{}\">{}</a> ",
            Safe(&next),
            word(WORDS.next, language)
        ));
    }
    let json = kept(ask.uri.query(), &["f"], "f=json");
    sheet.add(format_args!(
        "<a href=\"?{}\">{}</a></p>",
        Safe(&json),
        word(WORDS.also, language)
    ));
    let bounds = features().filter_map(FeatureRef::bounds).reduce(Bounds::union);
    map_frame(&mut sheet, app, layer, bounds);
    sheet.add(format_args!("<table><thead><tr><th>id</th>"));
    for field in &layer.fields {
        sheet.add(format_args!("<th>{}</th>", Safe(&field.name)));
    }
    sheet.add(format_args!("</tr></thead><tbody>"));
    let suffix = html_suffix(query);
    for feature in features() {
        sheet.add(format_args!(
            "<tr><td><a href=\"{}/collections/{}/items/{}{}\">{}</a></td>",
            Safe(&root),
            escaped(&layer.id),
            escaped(feature.id()),
            Safe(&suffix),
            Safe(feature.id()),
        ));
        for field in 0..layer.fields.len() {
            sheet.add(format_args!("<td dir=\"auto\">"));
            cell(&mut sheet, feature.field_value(field, language));
            sheet.add(format_args!("</td>"));
        }
        sheet.add(format_args!("</tr>"));
    }
    sheet.add(format_args!("</tbody></table>"));
    sheet.finish(app, Some(view))
}

fn cell(sheet: &mut Sheet, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => {}
        ValueRef::Text(text) | ValueRef::Json(text) => sheet.add(format_args!("{}", Safe(text))),
        ValueRef::Number(number) => sheet.add(format_args!("{number}")),
        ValueRef::Integer(number) => sheet.add(format_args!("{number}")),
        ValueRef::Boolean(truth) => sheet.add(format_args!("{truth}")),
    }
}

/// `/collections/{id}/items/{fid}`
pub fn item(
    app: &App,
    view: &View,
    feature: FeatureRef<'_>,
    layer: &Layer,
    ask: &RequestContext,
    query: &Query<'_>,
    language: Language,
) -> Answer {
    let title = feature.name(language).unwrap_or_else(|| feature.id());
    let root = ask.root(&app.settings);
    let sheet = Sheet::new(title, language, root.clone());
    let mut sheet = sheet.keeping(query).with_feed(layer, "");
    sheet.add(format_args!(
        "<p><a href=\"{}/collections/{}{}\">{}</a> · <a href=\"?f=json\">{}</a></p>",
        Safe(&root),
        escaped(&layer.id),
        Safe(&html_suffix(query)),
        Safe(layer.title.best(language)),
        word(WORDS.also, language),
    ));
    map_frame(&mut sheet, app, layer, feature.bounds());
    sheet.add(format_args!(
        "<table><tbody><tr><th>id</th><td>{}</td></tr>",
        Safe(feature.id())
    ));
    for (position, field) in layer.fields.iter().enumerate() {
        let title = match field.title.best(language) {
            "" => field.name.as_str(),
            title => title,
        };
        sheet.add(format_args!(
            "<tr><th title=\"{}\">{}</th><td dir=\"auto\">",
            Safe(&field.name),
            Safe(title)
        ));
        cell(&mut sheet, feature.field_value(position, language));
        sheet.add(format_args!("</td></tr>"));
    }
    sheet.add(format_args!("</tbody></table>"));
    sheet.finish(app, Some(view))
}

/// Queryables or a schema.
pub fn schema(app: &App, layer: &Layer, part: &str, value: &Value, ask: &RequestContext, language: Language) -> Answer {
    let title = format!("{}: {part}", layer.title.best(language));
    let mut sheet = Sheet::new(&title, language, ask.root(&app.settings));
    sheet.add(format_args!("<table><tbody>"));
    if let Some(Value::Object(properties)) = value.get("properties") {
        for (name, schema) in properties {
            let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let kind = match text("type") {
                kind if kind.is_empty() => text("format"),
                kind => kind,
            };
            sheet.add(format_args!(
                "<tr><th>{}</th><td>{}</td><td dir=\"auto\">{}</td></tr>",
                Safe(name),
                Safe(&kind),
                Safe(&text("title")),
            ));
        }
    }
    sheet.add(format_args!("</tbody></table>"));
    sheet.finish(app, None)
}

/// Any JSON answer, indented.
pub fn json(app: &App, value: &Value, ask: &RequestContext, language: Language) -> Answer {
    let title = value.get("title").and_then(Value::as_str).unwrap_or("JSON");
    let mut sheet = Sheet::new(title, language, ask.root(&app.settings));
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    sheet.add(format_args!(
        "<p><a href=\"?f=json\">{}</a></p><pre dir=\"ltr\">{}</pre>",
        word(WORDS.also, language),
        Safe(&text)
    ));
    sheet.finish(app, None)
}

/// The resources and their parameters.
pub fn api(app: &App, ask: &RequestContext, language: Language) -> Answer {
    let root = ask.root(&app.settings);
    let mut sheet = Sheet::new("API", language, root.clone());
    sheet.keep.clear();
    sheet.add(format_args!(
        "<p><a href=\"{}/api\">OpenAPI 3.0</a></p><div dir=\"ltr\" lang=\"en\">",
        Safe(&root)
    ));
    let mut tag = "";
    for operation in OPERATIONS {
        if operation.tag != tag {
            tag = operation.tag;
            sheet.add(format_args!("<h2>{tag}</h2>"));
        }
        sheet.add(format_args!(
            "<section><h3><code>{} {}</code></h3><p>{}</p>",
            operation.method.to_uppercase(),
            Safe(operation.path),
            Safe(operation.summary),
        ));
        if !operation.parameters.is_empty() {
            sheet.add(format_args!("<table><tbody>"));
            for parameter in operation.parameters {
                sheet.add(format_args!(
                    "<tr><th>{}</th><td>{} <small>{}; {}</small></td></tr>",
                    Safe(parameter.name),
                    Safe(parameter.about),
                    Safe(&parameter.takes()),
                    Safe(parameter.example),
                ));
            }
            sheet.add(format_args!("</tbody></table>"));
        }
        sheet.add(format_args!("</section>"));
    }
    sheet.add(format_args!("</div>"));
    sheet.finish(app, None)
}
