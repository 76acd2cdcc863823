//! Parameters of WMS requests.

use super::{MAP, Refusal, drawn, selecting};
use crate::{
    language::Language,
    render::{self, Pixmap, RenderError, View},
    server::{
        parameter::{MAX_QUERY, Query, decode, is_plain_number},
        parameters as p,
        problem::echo,
        request_context::view_of,
        respond::media,
        state::{App, Snapshot},
    },
    tiles::TileMatrixSet,
};
use std::{f64::consts::PI, sync::Arc};

/// The most bytes of a query.
const MAX_KVP: usize = MAX_QUERY;
/// The greatest width and height of a picture.
pub const MAX_SIDE: u32 = 4096;
/// The greatest number of layers of one request.
pub const MAX_LAYERS: usize = 50;
/// Half the equator of EPSG:3857, in metres.
const HALF: f64 = 6_378_137.0 * PI;
/// Units of the renderer's plane from west to east.
const WORLD: f64 = 4_294_967_296.0;

/// A version of WMS.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Version {
    /// 1.3.0: axes as the CRS has them.
    V130,
    /// 1.1.1 and older: longitude first.
    V111,
}

impl Version {
    /// The number that answers have.
    pub fn number(self) -> &'static str {
        match self {
            Self::V130 => "1.3.0",
            Self::V111 => "1.1.1",
        }
    }
}

/// Names and values of a query; names in any letter case.
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    pub fn read(raw: &str) -> Result<Self, Refusal> {
        if raw.len() > MAX_KVP {
            return Err(Refusal::new(None, format!("the query is longer than {MAX_KVP} bytes")));
        }
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = decode(name).zip(decode(value));
            let (name, value) = decoded.ok_or_else(|| Refusal::new(None, "the query is not percent-encoded UTF-8"))?;
            Ok((name.to_ascii_lowercase(), value.into_owned()))
        });
        Ok(Self(pairs.collect::<Result<_, Refusal>>()?))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A value that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// A value, which may be empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// The version of the request; `WMTVER` is the name of 1.0.0.
    pub fn version(&self) -> Result<Version, Refusal> {
        match self.get("version").or_else(|| self.get("wmtver")) {
            None | Some("1.3.0" | "1.3") => Ok(Version::V130),
            Some("1.1.1" | "1.1.0" | "1.1" | "1.0.0") => Ok(Version::V111),
            Some(other) => Err(Refusal::invalid(
                "version",
                format!("{other:?} is not spoken here; the versions are 1.3.0 and 1.1.1"),
            )),
        }
    }

    /// The version of the capabilities (OGC 06-042, 6.2.4): the one that is asked for, else the greatest below it, else the
    /// lowest there is.
    pub fn negotiated(&self) -> Version {
        let asked = self.get("version").or_else(|| self.get("wmtver")).unwrap_or("1.3.0");
        let mut parts = asked.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let number = [(); 3].map(|()| parts.next().unwrap_or(0));
        match number >= [1, 3, 0] || asked.starts_with(|first: char| !first.is_ascii_digit()) {
            true => Version::V130,
            false => Version::V111,
        }
    }

    /// A number of pixels.
    pub fn pixels(&self, name: &str, least: u32, most: u32) -> Result<u32, Refusal> {
        let text = self.required(name)?;
        let number = text
            .parse::<u32>()
            .ok()
            .filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| Refusal::invalid(name, format!("{:?} is not from {least} to {most}", echo(text))))
    }
}

/// Format of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    Png,
    Webp,
    /// Always opaque.
    Jpeg,
}

impl Format {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// The format with this media type; parameters of the type change nothing.
    pub fn of(text: &str) -> Result<Self, Refusal> {
        let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "image/png" | "image/png8" | "png" => Ok(Self::Png),
            "image/jpeg" | "image/jpg" | "jpeg" => Ok(Self::Jpeg),
            "image/webp" => Ok(Self::Webp),
            _ => Err(Refusal::new(
                "InvalidFormat",
                format!(
                    "the format {:?} is not made here; the formats are {}",
                    echo(&name),
                    Self::ALL.map(Self::media).join(", ")
                ),
            )),
        }
    }

    pub fn media(self) -> &'static str {
        match self {
            Self::Png => media::PNG,
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// # Errors
    /// A picture that cannot be written.
    pub fn encode(self, pixels: &Pixmap) -> Result<Vec<u8>, RenderError> {
        match self {
            Self::Png => render::encode_png(pixels, false),
            Self::Webp => render::encode_webp(pixels),
            Self::Jpeg => render::encode_jpeg(pixels),
        }
    }
}

/// A picture that is asked for.
pub struct MapRequest {
    pub snapshot: Arc<Snapshot>,
    pub query: Query<'static>,
    pub language: Option<Language>,
    pub style: String,
    /// The only layers drawn, without ground; the whole map if absent.
    pub only: Option<Vec<String>>,
    pub view: View,
    /// Width and height in pixels.
    pub size: [u32; 2],
    pub format: Format,
    pub transparent: bool,
    pub ground: Option<[u8; 3]>,
}

impl MapRequest {
    pub fn read(app: &App, pairs: &Pairs) -> Result<Self, Refusal> {
        let snapshot = Arc::clone(&app.snapshot());
        let query = selecting(pairs)?;
        let only = layers(&snapshot, &query, pairs.given("layers"), "layers")?;
        let style = style(app, pairs.given("styles"))?;
        let size = [
            pairs.pixels("width", 1, MAX_SIDE)?,
            pairs.pixels("height", 1, MAX_SIDE)?,
        ];
        let format = Format::of(pairs.required("format")?)?;
        Ok(Self {
            view: view(pairs, size)?,
            language: query.language(&p::LANG),
            snapshot,
            query,
            style,
            only,
            size,
            format,
            // JPEG has no transparency.
            transparent: transparency(pairs)? && format != Format::Jpeg,
            ground: pairs.get("bgcolor").map(colour).transpose()?,
        })
    }

    /// Cost estimate in microseconds.
    pub fn cost(&self) -> u64 {
        20_000 + u64::from(self.size[0]) * u64::from(self.size[1]) / 20
    }
}

/// The ids of the named layers; [`None`] if the whole map is among them.
pub fn layers(
    snapshot: &Snapshot,
    query: &Query<'_>,
    list: Option<&str>,
    name: &str,
) -> Result<Option<Vec<String>>, Refusal> {
    let list = list
        .filter(|list| !list.is_empty())
        .ok_or_else(|| Refusal::missing(name))?;
    let view = view_of(snapshot, query)?;
    let mut ids = Vec::new();
    for id in list.split(',').map(str::trim) {
        if id == MAP {
            return Ok(None);
        }
        if !drawn(view).any(|known| known == id) {
            let known: Vec<&str> = drawn(view).collect();
            return Err(Refusal::new(
                "LayerNotDefined",
                format!(
                    "there is no layer {:?}; there are {MAP}, {}",
                    echo(id),
                    known.join(", ")
                ),
            ));
        }
        ids.push(id.to_owned());
    }
    if ids.len() > MAX_LAYERS {
        return Err(Refusal::invalid(
            name,
            format!("{} layers are too many; at most {MAX_LAYERS}", ids.len()),
        ));
    }
    Ok(Some(ids))
}

/// The theme: one for all layers of the list, or empty names for the first theme.
pub fn style(app: &App, list: Option<&str>) -> Result<String, Refusal> {
    let themes = &app.about.palettes.themes;
    let mut style = None;
    for name in list.unwrap_or_default().split(',').map(str::trim) {
        if matches!(name, "" | "default") {
            continue;
        }
        if app.about.palettes.theme(name).is_none() {
            let known: Vec<&str> = themes.iter().map(|theme| theme.id.as_str()).collect();
            return Err(Refusal::new(
                "StyleNotDefined",
                format!("there is no style {:?}; there are {}", echo(name), known.join(", ")),
            ));
        }
        if style.is_some_and(|other| other != name) {
            return Err(Refusal::new(
                "StyleNotDefined",
                "all layers of a picture have the same style",
            ));
        }
        style = Some(name);
    }
    Ok(style.unwrap_or(&themes[0].id).to_owned())
}

/// True if the picture is to be transparent where nothing is drawn.
pub fn transparency(pairs: &Pairs) -> Result<bool, Refusal> {
    match pairs.get("transparent").map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(Refusal::invalid(
            "transparent",
            format!("{:?} is not TRUE or FALSE", echo(other)),
        )),
    }
}

pub fn colour(text: &str) -> Result<[u8; 3], Refusal> {
    let wrong = || Refusal::invalid("bgcolor", format!("{:?} is not like 0xFFFFFF", echo(text)));
    let digits = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .or_else(|| text.strip_prefix('#'))
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .ok_or_else(wrong)?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| wrong());
    Ok([part(0)?, part(2)?, part(4)?])
}

/// A coordinate reference system of requests: the plane it is drawn on and whether latitude comes first.
fn crs(pairs: &Pairs) -> Result<(TileMatrixSet, bool), Refusal> {
    let version = pairs.version()?;
    let name = match version {
        Version::V130 => pairs
            .get("crs")
            .or_else(|| pairs.get("srs"))
            .ok_or_else(|| Refusal::missing("crs"))?,
        Version::V111 => pairs
            .get("srs")
            .or_else(|| pairs.get("crs"))
            .ok_or_else(|| Refusal::missing("srs"))?,
    };
    match name.to_ascii_uppercase().as_str() {
        "EPSG:3857" | "EPSG:900913" | "EPSG:3785" | "EPSG:102100" => Ok((TileMatrixSet::WebMercatorQuad, false)),
        "CRS:84" | "OGC:CRS84" => Ok((TileMatrixSet::WorldCrs84Quad, false)),
        "EPSG:4326" => Ok((TileMatrixSet::WorldCrs84Quad, version == Version::V130)),
        _ => Err(Refusal::new(
            match version {
                Version::V130 => "InvalidCRS",
                Version::V111 => "InvalidSRS",
            },
            format!(
                "{:?} is not offered; there are EPSG:3857, EPSG:4326 and CRS:84",
                echo(name)
            ),
        )),
    }
}

/// The part of the plane that is asked for. Pixels are square on the plane: a picture whose pixels are not is drawn with
/// more of them, and then made narrower.
pub fn view(pairs: &Pairs, size: [u32; 2]) -> Result<View, Refusal> {
    let (set, latitude_first) = crs(pairs)?;
    let text = pairs.required("bbox")?;
    let numbers: Vec<f64> = text
        .split(',')
        .map(str::trim)
        .filter(|number| is_plain_number(number))
        .filter_map(|number| number.parse().ok())
        .filter(|number: &f64| number.is_finite())
        .collect();
    let wrong = |why: &str| Refusal::invalid("bbox", format!("{:?} {why}; it takes minx,miny,maxx,maxy", echo(text)));
    let &[a, b, c, d] = numbers.as_slice() else {
        return Err(wrong("is no box"));
    };
    if text.split(',').count() != 4 {
        return Err(wrong("is no box"));
    }
    let [west, south, east, north] = if latitude_first { [b, a, d, c] } else { [a, b, c, d] };
    if west >= east || south >= north {
        return Err(wrong("has no area"));
    }
    let (unit, left, top) = match set {
        TileMatrixSet::WebMercatorQuad => (WORLD / (2.0 * HALF), -HALF, HALF),
        TileMatrixSet::WorldCrs84Quad => (WORLD / 360.0, -180.0, 90.0),
    };
    let origin = [(west - left) * unit, (top - north) * unit];
    let scale = [
        (east - west) * unit / f64::from(size[0]),
        (north - south) * unit / f64::from(size[1]),
    ];
    let fine = scale[0].min(scale[1]);
    let sides = [0, 1].map(|axis| f64::from(size[axis]) * scale[axis] / fine);
    let most = f64::from(MAX_SIDE);
    // A box that is far from the shape of the picture is drawn coarser rather than larger.
    let shrink = (sides[0].max(sides[1]) / most).max(1.0);
    Ok(View {
        set,
        scale: (fine * shrink).max(1.0),
        origin,
        size: sides.map(|side| (side / shrink).max(1.0)),
    })
}
