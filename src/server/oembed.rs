//! oEmbed 1.0: the frame that shows a view of the map in another site, for the address of that view.

use super::{
    html::Safe,
    links, operations as o,
    parameter::Parameter,
    parameters as p,
    permalink::Permalink,
    problem::{Problem, echo},
    request_context::{RequestContext, Shared},
    respond::{Answer, media},
};
use axum::{extract::State, response::Response};
use serde_json::{Value, json};
use std::fmt::Write;

/// Width and height in pixels where the asking site sets no limit.
const SIZE: [i64; 2] = [720, 480];
/// Time that an answer may be cached, in seconds.
const KEPT: u64 = 86_400;
/// `/oembed`
pub async fn oembed(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let query = ask.query(o::OEMBED)?;
    let base = ask.base(&app.settings);
    let url = query.text(&p::OEMBED_URL).unwrap_or_default();
    let view = Permalink::read(url, &base).ok_or_else(|| {
        Problem::not_found(format!(
            "{:?} is no view of this map; url takes an address that begins with {base}/ or {base}/embed",
            echo(url)
        ))
    })?;
    let language = view.language().unwrap_or_else(|| ask.language(&query));
    let title = app.about.title.best(language);
    let side = |limit: &Parameter, own: i64| query.integer(limit).map_or(own, |most| most.min(own));
    let (width, height) = (side(&p::MAXWIDTH, SIZE[0]), side(&p::MAXHEIGHT, SIZE[1]));
    let frame = format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" allowfullscreen></iframe>",
        Safe(&view.frame(&base)),
        Safe(title),
    );
    let answer = json!({
        "version": "1.0", "type": "rich", "title": title, "provider_name": title, "provider_url": format!("{base}/"),
        "cache_age": KEPT, "width": width, "height": height, "html": frame,
    });
    Ok(match query.text(&p::OEMBED_FORMAT) {
        Some("xml") => Answer::new(media::XML, xml(&answer).into_bytes()),
        _ => Answer::json(&answer),
    }
    .send(&ask.headers))
}

/// Elements for a page's head by which other sites find the frame of its address.
pub fn discovery(base: &str, page: Option<&str>) -> String {
    let url = page.map_or_else(|| format!("{base}/"), |query| format!("{base}/?{query}"));
    let url = links::escaped(&url).to_string();
    let mut head = String::new();
    for (format, media) in [("json", "application/json+oembed"), ("xml", "text/xml+oembed")] {
        let address = format!("{base}/oembed?format={format}&url={url}");
        // Writing to memory does not fail.
        let _ = write!(
            head,
            "<link rel=\"alternate\" type=\"{media}\" href=\"{}\">",
            Safe(&address)
        );
    }
    head
}

/// The answer's members as elements.
fn xml(answer: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>");
    for (name, value) in answer.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let _ = write!(text, "<{name}>{}</{name}>", Safe(&value));
    }
    text.push_str("</oembed>\n");
    text
}
