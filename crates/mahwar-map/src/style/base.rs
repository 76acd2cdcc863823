//! Base maps: tiles of Protomaps or OpenMapTiles drawn in the colours of the theme, or pictures as they are.
//!
//! Their boundaries are not drawn: those of the land, with its worldviews, are.

use super::{
    expression::zoomed,
    sheet::{Draft, FONTS, REGULAR, SEMIBOLD, Sheet},
};
use crate::{language::Language, layers::Bounds};
use serde_json::{Value, json};

/// The source of the base map in the style, and the layer of the map that it counts as.
pub const BASE: &str = "basemap";

/// The tables of a base map's vector tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// `earth`, `roads`, `places`, … with `kind`.
    Protomaps,
    /// `transportation`, `place`, … with `class`.
    OpenMapTiles,
    /// Pictures.
    Raster,
}

impl Schema {
    /// The schema of vector tiles with these layers; `None` for another one.
    pub fn of_layers(layers: &[&str]) -> Option<Self> {
        let has = |name: &str| layers.contains(&name);
        if has("earth") && has("places") || has("roads") && has("places") && has("water") {
            Some(Self::Protomaps)
        } else if has("transportation") || has("place") && has("waterway") {
            Some(Self::OpenMapTiles)
        } else {
            None
        }
    }
}

/// A base map.
#[derive(Clone, Debug)]
pub struct BaseMap {
    /// Address of the tiles with `{z}`, `{x}` and `{y}`; one of this server begins with a slash.
    pub tiles: String,
    /// The tables of its tiles.
    pub schema: Schema,
    /// First and last zoom.
    pub zooms: [u8; 2],
    /// Where it has tiles.
    pub bounds: Option<Bounds>,
    /// Attribution as text.
    pub attribution: String,
}

/// The source of the base map.
pub fn source(sheet: &Sheet<'_>, base: &str) -> Option<Value> {
    let map = sheet.base?;
    let address = match map.tiles.starts_with('/') {
        true => format!("{base}{}", map.tiles),
        false => map.tiles.clone(),
    };
    let mut source = json!({
        "type": if map.schema == Schema::Raster { "raster" } else { "vector" },
        "tiles": [address],
        "minzoom": map.zooms[0], "maxzoom": map.zooms[1],
        "attribution": super::sheet::escaped(&super::own::plain(&map.attribution)),
    });
    if map.schema == Schema::Raster {
        source["tileSize"] = json!(256);
    }
    if let Some(bounds) = map.bounds {
        source["bounds"] = json!(bounds);
    }
    Some(source)
}

/// A layer of the style.
struct Part {
    id: &'static str,
    kind: &'static str,
    table: &'static str,
    from: f64,
    filter: Option<Value>,
    paint: Value,
}

/// Draws the base map in the place of the ground, without its names.
pub fn ground(draft: &mut Draft<'_>, map: &BaseMap) {
    let theme = draft.theme;
    let (land, water, edge) = (
        theme.land.to_string(),
        theme.water.to_string(),
        theme.water_line.to_string(),
    );
    draft.background("sea", json!({"background-color": land}));
    if map.schema == Schema::Raster {
        draft.raw(json!({
            "id": "basemap-pictures", "type": "raster", "source": BASE,
            "metadata": {"mahwar:layer": BASE}, "paint": {"raster-opacity": 0.85, "raster-fade-duration": 0},
        }));
        return;
    }
    let line = |colour: &str, width: Value| json!({"line-color": colour, "line-width": width});
    let fill = |colour: String| json!({"fill-color": colour, "fill-antialias": false});
    let [green, built] = [theme.water_text.alpha(0.07), theme.text_soft.alpha(0.1)];
    let road = theme.abroad_line.to_string();
    let parts = match map.schema {
        Schema::Protomaps => vec![
            Part {
                id: "basemap-green",
                kind: "fill",
                table: "landuse",
                from: 6.0,
                filter: Some(one_of(
                    KIND,
                    &[
                        "park",
                        "forest",
                        "wood",
                        "nature_reserve",
                        "farmland",
                        "grass",
                        "protected_area",
                    ],
                )),
                paint: fill(green),
            },
            Part {
                id: "basemap-built",
                kind: "fill",
                table: "landuse",
                from: 6.0,
                filter: Some(one_of(KIND, &["urban_area", "residential", "industrial", "commercial"])),
                paint: fill(built),
            },
            Part {
                id: "basemap-water",
                kind: "fill",
                table: "water",
                from: 0.0,
                filter: Some(json!(["==", ["geometry-type"], "Polygon"])),
                paint: fill(water),
            },
            Part {
                id: "basemap-rivers",
                kind: "line",
                table: "water",
                from: 4.0,
                filter: Some(json!(["==", ["geometry-type"], "LineString"])),
                paint: line(&edge, rivers()),
            },
            Part {
                id: "basemap-waterways",
                kind: "line",
                table: "physical_line",
                from: 4.0,
                filter: Some(one_of(KIND, &["river", "canal", "stream"])),
                paint: line(&edge, rivers()),
            },
            Part {
                id: "basemap-roads-small",
                kind: "line",
                table: "roads",
                from: 11.0,
                filter: Some(one_of(KIND, &["minor_road", "path", "other"])),
                paint: line(&road, small_roads()),
            },
            Part {
                id: "basemap-roads",
                kind: "line",
                table: "roads",
                from: 5.0,
                filter: Some(one_of(KIND, &["highway", "major_road", "medium_road"])),
                paint: line(&road, roads()),
            },
            Part {
                id: "basemap-buildings",
                kind: "fill",
                table: "buildings",
                from: 13.0,
                filter: None,
                paint: fill(theme.text_soft.alpha(0.18)),
            },
        ],
        _ => vec![
            Part {
                id: "basemap-green",
                kind: "fill",
                table: "landcover",
                from: 6.0,
                filter: Some(one_of(CLASS, &["wood", "grass", "farmland", "wetland"])),
                paint: fill(green),
            },
            Part {
                id: "basemap-built",
                kind: "fill",
                table: "landuse",
                from: 6.0,
                filter: Some(one_of(CLASS, &["residential", "industrial", "commercial", "suburb"])),
                paint: fill(built),
            },
            Part {
                id: "basemap-water",
                kind: "fill",
                table: "water",
                from: 0.0,
                filter: None,
                paint: fill(water),
            },
            Part {
                id: "basemap-waterways",
                kind: "line",
                table: "waterway",
                from: 4.0,
                filter: None,
                paint: line(&edge, rivers()),
            },
            Part {
                id: "basemap-roads-small",
                kind: "line",
                table: "transportation",
                from: 11.0,
                filter: Some(one_of(CLASS, &["minor", "service", "track", "path", "tertiary"])),
                paint: line(&road, small_roads()),
            },
            Part {
                id: "basemap-roads",
                kind: "line",
                table: "transportation",
                from: 5.0,
                filter: Some(one_of(CLASS, &["motorway", "trunk", "primary", "secondary"])),
                paint: line(&road, roads()),
            },
            Part {
                id: "basemap-buildings",
                kind: "fill",
                table: "building",
                from: 13.0,
                filter: None,
                paint: fill(theme.text_soft.alpha(0.18)),
            },
        ],
    };
    for part in parts {
        let mut layer = json!({
            "id": part.id, "type": part.kind, "source": BASE, "source-layer": part.table,
            "metadata": {"mahwar:layer": BASE}, "paint": part.paint,
        });
        if part.from > 0.0 {
            layer["minzoom"] = json!(part.from);
        }
        if let Some(filter) = part.filter {
            layer["filter"] = filter;
        }
        draft.raw(layer);
    }
}

/// Names of the base map: towns and waters; those of the land's own places come over them.
pub fn names(draft: &mut Draft<'_>, map: &BaseMap) {
    let theme = draft.theme;
    let (table, class, water) = match map.schema {
        Schema::Protomaps => ("places", KIND, "water"),
        Schema::OpenMapTiles => ("place", CLASS, "water_name"),
        Schema::Raster => return,
    };
    let text = name(draft.language);
    let town = json!(["match", class_of(class), ["locality", "city", "town"], 12, 10.5]);
    let wanted = one_of(
        class,
        &[
            "locality",
            "neighbourhood",
            "city",
            "town",
            "village",
            "hamlet",
            "suburb",
            "quarter",
        ],
    );
    for (id, table, filter, from, size, font, colour) in [
        (
            "basemap-waters",
            water,
            None,
            8.0,
            json!(10.5),
            REGULAR,
            theme.water_text.to_string(),
        ),
        (
            "basemap-places",
            table,
            Some(wanted),
            6.0,
            town,
            SEMIBOLD,
            theme.text_soft.to_string(),
        ),
    ] {
        let mut layer = json!({
            "id": id, "type": "symbol", "source": BASE, "source-layer": table, "minzoom": from,
            "metadata": {"mahwar:layer": BASE},
            "layout": {"text-field": text, "text-font": [FONTS[font]], "text-size": size, "text-max-width": 8, "text-padding": 3},
            "paint": {"text-color": colour, "text-halo-color": theme.halo.to_string(), "text-halo-width": 1.25},
        });
        if let Some(filter) = filter {
            layer["filter"] = filter;
        }
        draft.raw(layer);
    }
}

const KIND: [&str; 2] = ["kind", "pmap:kind"];
const CLASS: [&str; 2] = ["class", "subclass"];

fn class_of([first, second]: [&str; 2]) -> Value {
    json!(["coalesce", ["get", first], ["get", second]])
}

fn one_of(class: [&str; 2], values: &[&str]) -> Value {
    json!(["match", class_of(class), values, true, false])
}

fn rivers() -> Value {
    zoomed(&[(4.0, 0.75), (8.0, 1.5), (12.0, 3.0)])
}

fn roads() -> Value {
    zoomed(&[(5.0, 0.5), (8.0, 1.25), (12.0, 3.0), (16.0, 7.0)])
}

fn small_roads() -> Value {
    zoomed(&[(11.0, 0.5), (14.0, 1.5), (16.0, 4.0)])
}

/// A name in the reader's language; Arabic and Kurdish before the others, since they are those of the land.
fn name(language: Language) -> Value {
    let tags: [&str; 5] = match language {
        Language::Arabic => ["name:ar", "name:ckb", "name:ku", "name", "name:en"],
        Language::Sorani => ["name:ckb", "name:ku", "name:ar", "name", "name:en"],
        Language::English | Language::Undetermined => ["name:en", "name:ar", "name:ckb", "name:ku", "name"],
    };
    let mut expression = vec![json!("coalesce")];
    expression.extend(tags.map(|tag| json!(["get", tag])));
    Value::Array(expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_known_by_their_layers() {
        let protomaps = [
            "boundaries",
            "buildings",
            "earth",
            "landuse",
            "places",
            "pois",
            "roads",
            "water",
        ];
        assert_eq!(Schema::of_layers(&protomaps), Some(Schema::Protomaps));
        let openmaptiles = [
            "aerodrome_label",
            "boundary",
            "place",
            "transportation",
            "water",
            "waterway",
        ];
        assert_eq!(Schema::of_layers(&openmaptiles), Some(Schema::OpenMapTiles));
        assert_eq!(Schema::of_layers(&["camps"]), None);
    }
}
