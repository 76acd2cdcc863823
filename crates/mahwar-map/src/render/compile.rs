//! Compiles a style document: exactly the part of the specification that our styles use.

use super::{expression::Expression, parse::expression};
use crate::{
    fonts::Font,
    style::{Colour, Ink},
};
use serde_json::{Map, Value as Json, json};

/// Something in a style that is not drawn here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the style is not supported: {place} has {what}, which this renderer does not draw")]
pub struct Unsupported {
    /// The layer of the style, or the document.
    pub place: String,
    /// The unsupported part.
    pub what: String,
}

/// A compiled style.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub(super) layers: Vec<DrawnLayer>,
}

/// A layer of the style.
#[derive(Clone, Debug)]
pub(super) struct DrawnLayer {
    /// The layer of the map.
    pub of: String,
    /// True if it is drawn at the one label point of a polygon.
    pub at_label: bool,
    pub zooms: [f64; 2],
    pub shown: bool,
    pub filter: Option<Expression>,
    pub look: Look,
}

/// How it is drawn.
#[derive(Clone, Debug)]
pub(super) enum Look {
    Background(Ink),
    Fill(Expression),
    Pattern(Expression),
    Line {
        colour: Expression,
        width: Expression,
        dashes: Vec<f32>,
    },
    Circle {
        radius: Expression,
        colour: Expression,
        edge: Option<(Expression, f32)>,
    },
    Icon {
        image: Expression,
        size: Expression,
        offset: [f32; 2],
    },
    Label(Box<LabelLook>),
}

/// How words are set.
#[derive(Clone, Debug)]
pub(super) struct LabelLook {
    pub text: Expression,
    pub size: Expression,
    pub font: &'static Font,
    pub ink: Ink,
    pub halo: Option<(Ink, f32)>,
    pub anchor: Anchor,
    /// In ems.
    pub offset: [f32; 2],
    pub padding: f32,
    pub order: Option<Expression>,
    /// Along lines instead of at points.
    pub along: bool,
    /// Drawn over any other label, and without hiding one.
    pub always: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Centre,
    Top,
    Bottom,
    Left,
    Right,
}

/// The layer whose features are periods.
const CONTROL: &str = "control";

impl Drawing {
    /// Compiles a style document.
    pub fn compile(style: &Json) -> Result<Self, Unsupported> {
        let refuse = |what: &str| Unsupported {
            place: "the document".to_owned(),
            what: what.to_owned(),
        };
        if style["version"] != 8 {
            return Err(refuse("a version other than 8"));
        }
        for (name, source) in style["sources"].as_object().into_iter().flatten() {
            if source["type"] != "vector" {
                return Err(refuse(&format!("the source {name:?} that has no vector tiles")));
            }
        }
        let layers = style["layers"].as_array().ok_or_else(|| refuse("no list of layers"))?;
        let layers = layers.iter().map(|layer| {
            let id = layer["id"].as_str().unwrap_or_default();
            compile_layer(layer).map_err(|what| Unsupported {
                place: format!("layer {id:?}"),
                what,
            })
        });
        Ok(Self {
            layers: layers.collect::<Result<_, _>>()?,
        })
    }

    /// Shows these layers of the map and hides all others.
    pub fn show_only(&mut self, shown: impl Fn(&str) -> bool) {
        for layer in &mut self.layers {
            if !layer.of.is_empty() {
                layer.shown = shown(&layer.of);
            }
        }
    }

    /// Draws periods regardless of their end: the date of the request decides which of them are drawn.
    pub fn of_a_date(&mut self) {
        for layer in &mut self.layers {
            if layer.of == CONTROL {
                layer.filter = None;
            }
        }
    }

    /// Draws on nothing: only the layers themselves.
    pub fn without_ground(&mut self) {
        self.layers.retain(|layer| !matches!(layer.look, Look::Background(_)));
    }

    /// True if something of this layer of the map is drawn.
    pub fn shows(&self, of: &str) -> bool {
        self.layers.iter().any(|layer| layer.shown && layer.of == of)
    }

    /// The colour under everything.
    pub fn ground(&self) -> Option<Ink> {
        self.layers.iter().find_map(|layer| match layer.look {
            Look::Background(ink) => Some(ink),
            _ => None,
        })
    }
}

fn compile_layer(layer: &Json) -> Result<DrawnLayer, String> {
    let empty = Map::new();
    let part = |name: &str| layer[name].as_object().unwrap_or(&empty);
    let mut properties = Properties {
        layout: part("layout").clone(),
        paint: part("paint").clone(),
    };
    let kind = layer["type"].as_str().unwrap_or_default();
    let shown = properties.layout.remove("visibility").is_none_or(|word| word != "none");
    let look = match kind {
        "background" => Look::Background(colour(&properties.paint("background-color", json!("#000000")))?),
        "fill" => fill(&mut properties)?,
        "line" => line(&mut properties)?,
        "circle" => circle(&mut properties)?,
        "symbol" if properties.layout.contains_key("icon-image") => icon(&mut properties)?,
        "symbol" => label(&mut properties)?,
        other => return Err(format!("the type {other:?}")),
    };
    if let Some(left) = properties.layout.keys().chain(properties.paint.keys()).next() {
        return Err(format!("the property {left:?}"));
    }
    let of = layer["source-layer"].as_str().unwrap_or_default();
    let filter = match &layer["filter"] {
        Json::Null => None,
        filter => Some(expression(filter)?),
    };
    Ok(DrawnLayer {
        of: of.strip_suffix("_labels").unwrap_or(of).to_owned(),
        at_label: of.ends_with("_labels"),
        zooms: [
            layer["minzoom"].as_f64().unwrap_or(0.0),
            layer["maxzoom"].as_f64().unwrap_or(25.0),
        ],
        shown,
        filter,
        look,
    })
}

/// Properties of a layer that are not read yet.
struct Properties {
    layout: Map<String, Json>,
    paint: Map<String, Json>,
}

impl Properties {
    fn layout(&mut self, name: &str, default: Json) -> Json {
        self.layout.remove(name).unwrap_or(default)
    }

    fn paint(&mut self, name: &str, default: Json) -> Json {
        self.paint.remove(name).unwrap_or(default)
    }

    /// Takes a property that is only known with one value.
    fn fixed(&mut self, name: &str, values: &[Json]) -> Result<(), String> {
        match self.layout.remove(name).or_else(|| self.paint.remove(name)) {
            Some(value) if !values.contains(&value) => Err(format!("{name:?} of {value}")),
            _ => Ok(()),
        }
    }
}

fn fill(properties: &mut Properties) -> Result<Look, String> {
    properties.fixed("fill-antialias", &[json!(true), json!(false)])?;
    if let Some(pattern) = properties.paint.remove("fill-pattern") {
        return Ok(Look::Pattern(expression(&pattern)?));
    }
    Ok(Look::Fill(expression(
        &properties.paint("fill-color", json!("#000000")),
    )?))
}

fn line(properties: &mut Properties) -> Result<Look, String> {
    properties.fixed("line-join", &[json!("round")])?;
    properties.fixed("line-cap", &[json!("round"), json!("butt")])?;
    let dashes = match properties.paint("line-dasharray", json!([])) {
        Json::Array(dashes) => dashes
            .iter()
            .map(|dash| dash.as_f64().map(|dash| dash as f32))
            .collect(),
        _ => None,
    };
    Ok(Look::Line {
        colour: expression(&properties.paint("line-color", json!("#000000")))?,
        width: expression(&properties.paint("line-width", json!(1)))?,
        dashes: dashes.ok_or("\"line-dasharray\" that is no list of numbers")?,
    })
}

fn circle(properties: &mut Properties) -> Result<Look, String> {
    let width = plain(&properties.paint("circle-stroke-width", json!(0)))?;
    let edge = expression(&properties.paint("circle-stroke-color", json!("#000000")))?;
    Ok(Look::Circle {
        radius: expression(&properties.paint("circle-radius", json!(5)))?,
        colour: expression(&properties.paint("circle-color", json!("#000000")))?,
        edge: (width > 0.0).then_some((edge, width)),
    })
}

fn icon(properties: &mut Properties) -> Result<Look, String> {
    properties.fixed("icon-allow-overlap", &[json!(true)])?;
    properties.fixed("icon-ignore-placement", &[json!(true), json!(false)])?;
    Ok(Look::Icon {
        image: expression(&properties.layout("icon-image", Json::Null))?,
        size: expression(&properties.layout("icon-size", json!(1)))?,
        offset: pair(&properties.layout("icon-offset", json!([0, 0])))?,
    })
}

fn label(properties: &mut Properties) -> Result<Look, String> {
    properties.fixed("text-max-width", &[json!(100)])?;
    properties.fixed("text-max-angle", &[json!(60)])?;
    let along = match properties.layout("symbol-placement", json!("point")).as_str() {
        Some("point") => false,
        Some("line-center" | "line") => true,
        _ => return Err("this \"symbol-placement\"".to_owned()),
    };
    let anchor = match properties.layout("text-anchor", json!("center")).as_str() {
        Some("center") => Anchor::Centre,
        Some("top") => Anchor::Top,
        Some("bottom") => Anchor::Bottom,
        Some("left") => Anchor::Left,
        Some("right") => Anchor::Right,
        _ => return Err("this \"text-anchor\"".to_owned()),
    };
    let stack = properties.layout("text-font", json!([]));
    let font = stack.as_array().into_iter().flatten();
    let font = font.filter_map(Json::as_str).find_map(Font::find);
    let overlap = properties.layout("text-allow-overlap", json!(false));
    properties.fixed("text-ignore-placement", &[json!(true), json!(false)])?;
    let order = match properties.layout("symbol-sort-key", Json::Null) {
        Json::Null => None,
        order => Some(expression(&order)?),
    };
    let halo_width = plain(&properties.paint("text-halo-width", json!(0)))?;
    let halo = colour(&properties.paint("text-halo-color", json!("rgba(0,0,0,0)")))?;
    Ok(Look::Label(Box::new(LabelLook {
        text: expression(&properties.layout("text-field", json!("")))?,
        size: expression(&properties.layout("text-size", json!(16)))?,
        font: font.ok_or_else(|| format!("no font that is here in {stack}"))?,
        ink: colour(&properties.paint("text-color", json!("#000000")))?,
        halo: (halo_width > 0.0).then_some((halo, halo_width)),
        anchor,
        offset: pair(&properties.layout("text-offset", json!([0, 0])))?,
        padding: plain(&properties.layout("text-padding", json!(2)))?,
        order,
        along,
        always: overlap == json!(true),
    })))
}

fn plain(json: &Json) -> Result<f32, String> {
    json.as_f64()
        .map(|number| number as f32)
        .ok_or_else(|| format!("{json} where a number stands"))
}

fn pair(json: &Json) -> Result<[f32; 2], String> {
    match json.as_array().map(Vec::as_slice) {
        Some([x, y]) => Ok([plain(x)?, plain(y)?]),
        _ => Err(format!("{json} where two numbers stand")),
    }
}

fn colour(json: &Json) -> Result<Ink, String> {
    let text = json.as_str().unwrap_or_default();
    read_colour(text).ok_or_else(|| format!("the colour {json}"))
}

/// A colour as our styles write it: `#rrggbb` or `rgba(r,g,b,a)`.
pub(super) fn read_colour(text: &str) -> Option<Ink> {
    if let Some(digits) = text.strip_prefix('#').filter(|digits| digits.len() == 6) {
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        return Some(Ink {
            colour: Colour([red, green, blue]),
            opacity: 1.0,
        });
    }
    let inner = text.strip_prefix("rgba(")?.strip_suffix(')')?;
    let mut parts = inner.split(',').map(str::trim);
    let mut byte = || parts.next()?.parse::<u8>().ok();
    let colour = Colour([byte()?, byte()?, byte()?]);
    let opacity = parts
        .next()?
        .parse::<f32>()
        .ok()
        .filter(|opacity| (0.0..=1.0).contains(opacity))?;
    parts.next().is_none().then_some(Ink { colour, opacity })
}
