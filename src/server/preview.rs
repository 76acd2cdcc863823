//! The Open Graph picture and words of a view of the map, for the sites and messengers that show where a link leads.

use super::{
    html::Safe,
    links,
    permalink::Permalink,
    state::{App, View},
};
use crate::language::Language;
use std::fmt::{Display, Write};

/// Width and height in pixels that such sites ask for (1.91 to 1).
const SIZE: [u32; 2] = [1200, 630];

/// Elements for a page's head (The Open Graph protocol, <https://ogp.me>). Unknown values in the address are ignored:
/// there is a picture for every address that the page opens for.
pub fn open_graph(app: &App, base: &str, page: Option<&str>, otherwise: Language) -> String {
    let address = page.map_or_else(|| "/".to_owned(), |query| format!("/?{query}"));
    let said = Permalink::read(&address, base).unwrap_or_default();
    let language = said.language().unwrap_or(otherwise);
    let snapshot = app.snapshot();
    let known = said.get("worldview").and_then(|id| snapshot.view(Some(id)));
    let view = known.unwrap_or(snapshot.default_view());
    let document = said.get("document").and_then(|id| snapshot.document(id));
    let land = app.about.title.best(language);
    let title = document.map_or(land, |stored| match stored.document.title.as_str() {
        "" => land,
        title => title,
    });
    let picture = match document {
        Some(stored) => format!("{base}/documents/{}/map.png?", stored.document.id),
        None => format!("{base}/maps/{}.png?{}", style(app, &said), place(&said, view)),
    };
    let [width, height] = SIZE;
    let picture = format!(
        "{picture}worldview={}&lang={}&width={width}&height={height}",
        view.worldview.id,
        language.tag()
    );
    let mut head = String::new();
    let mut say = |key: &str, name: &str, value: &dyn Display| {
        // Writing to memory does not fail.
        let _ = write!(head, "<meta {key}=\"{name}\" content=\"{}\">", Safe(&value.to_string()));
    };
    say("property", "og:type", &"website");
    say("property", "og:site_name", &land);
    say("property", "og:title", &title);
    say("property", "og:description", &view.worldview.convention.best(language));
    say("property", "og:url", &format!("{base}{address}"));
    say("property", "og:image", &picture);
    say("property", "og:image:type", &"image/png");
    say("property", "og:image:width", &width);
    say("property", "og:image:height", &height);
    say("property", "og:image:alt", &title);
    say("name", "twitter:card", &"summary_large_image");
    head
}

/// The theme that it is drawn in.
fn style<'a>(app: &'a App, said: &Permalink) -> &'a str {
    let palettes = &app.about.palettes;
    let asked = said.get("style").or(said.get("theme"));
    let known = asked.and_then(|id| palettes.theme(id));
    &known.unwrap_or(&palettes.themes[0]).id
}

/// The part of the map that it shows, of which days.
fn place(said: &Permalink, view: &View) -> String {
    let mut out = String::new();
    if let Some([zoom, lat, lon]) = said.get("map").and_then(view_of) {
        // The page counts zooms by tiles of 256 pixels, pictures by tiles of 512.
        let _ = write!(out, "center={lon},{lat}&zoom={}&", (zoom - 1.0).clamp(0.0, 18.0));
    }
    if let Some((first, last)) = said.get("time").and_then(|time| time.split_once("..")) {
        let day = |text: &str| text.parse::<jiff::civil::Date>().is_ok();
        if day(first) && day(last) {
            let _ = write!(out, "datetime={first}/{last}&");
        }
    }
    if let Some(layers) = said.get("layers") {
        let _ = write!(out, "layers={}&", links::escaped(&shown(layers, view)));
    }
    out
}

/// The layers of the style less those that are off, and those besides that are on.
fn shown(layers: &str, view: &View) -> String {
    let said = |id: &str| {
        layers
            .split(',')
            .find_map(|part| part.strip_prefix(id)?.strip_prefix(':'))
    };
    let drawn = crate::style::CATALOGUE.iter().filter(|known| match said(&known.id) {
        Some(opacity) => opacity != "off" && opacity != "0",
        None => known.shown,
    });
    let there = drawn.filter(|known| view.layer(&known.id).is_some());
    there.map(|known| &*known.id).collect::<Vec<_>>().join(",")
}

/// `zoom/lat/lon`, inside the world of the map.
fn view_of(text: &str) -> Option<[f64; 3]> {
    let mut numbers = text
        .split('/')
        .map(|part| part.parse::<f64>().ok().filter(|number| number.is_finite()));
    let view = [numbers.next()??, numbers.next()??, numbers.next()??];
    let inside = (0.0..=22.0).contains(&view[0]) && view[1].abs() <= 85.0 && view[2].abs() <= 180.0;
    (inside && numbers.next().is_none()).then_some(view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_three_numbers_inside_the_world() {
        assert_eq!(view_of("7.4/35.3/44.1"), Some([7.4, 35.3, 44.1]));
        for wrong in [
            "",
            "7",
            "7/35",
            "7/35/44/1",
            "7/95/44",
            "7/35/444",
            "-1/35/44",
            "NaN/1/1",
            "7/inf/44",
            "a/b/c",
        ] {
            assert_eq!(view_of(wrong), None, "{wrong}");
        }
    }
}
