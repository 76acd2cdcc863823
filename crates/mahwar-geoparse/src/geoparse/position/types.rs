//! Positions in the geoparser's results. The JSON shapes are those of DESIGN: they are public.

use crate::geoparse::parse::{Precision, Words};
use ecow::EcoString;
use serde::{Deserialize, Serialize, Serializer};
use std::sync::Arc;

/// How a position is described. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionKind {
    /// A named place itself.
    Place,
    /// Coordinates or a grid reference.
    Coordinates,
    /// A distance or a direction, or both, from a place.
    Offset,
    /// Between two places, or the border area of two units.
    Between,
    /// Along a road or a river.
    Along,
    /// A part of a unit or of a settlement.
    Part,
    /// Near a place, in its outskirts, at its entrance.
    Near,
}

impl PositionKind {
    /// True if an event at this position did not happen at the anchors themselves.
    pub fn leaves_its_anchors(self) -> bool {
        matches!(self, Self::Offset | Self::Between | Self::Along | Self::Near)
    }
}

/// The form of a description within its kind. A closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionForm {
    /// `coordinates`: decimal degrees.
    Decimal,
    /// `coordinates`: degrees and minutes, with or without seconds.
    Sexagesimal,
    /// `coordinates`: zone, easting and northing of UTM.
    Utm,
    /// `coordinates`: military grid reference.
    Mgrs,
    /// `offset`: distance and direction.
    DistanceDirection,
    /// `offset`: a distance without a direction.
    Ring,
    /// `offset`: a direction without a distance.
    Sector,
    /// `offset`: a time of travel, which has no distance.
    Travel,
    /// `between`: between two places.
    Between,
    /// `between`: the border area of two units.
    Border,
    /// `along`: a road.
    Road,
    /// `along`: a river or canal.
    River,
    /// `near`: in the neighbourhood.
    Near,
    /// `near`: outskirts.
    Outskirts,
    /// `near`: entrance.
    Entrance,
    /// `part`: a half, a quarter or an eighth by the compass.
    Side,
    /// `part`: the middle.
    Centre,
    /// `part`: a quarter, street or building of a settlement that has no geometry of its own.
    Quarter,
}

/// Polygons in degrees on WGS 84: for each polygon its rings, the outer one first; each ring is closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PositionArea(pub Vec<Vec<Vec<[f64; 2]>>>);

impl Serialize for PositionArea {
    /// A GeoJSON geometry: a polygon, or several.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut geometry = serializer.serialize_struct("Geometry", 2)?;
        match self.0.as_slice() {
            [one] => {
                geometry.serialize_field("type", "Polygon")?;
                geometry.serialize_field("coordinates", one)?;
            }
            all => {
                geometry.serialize_field("type", "MultiPolygon")?;
                geometry.serialize_field("coordinates", all)?;
            }
        }
        geometry.end()
    }
}

/// Where a described position lies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PositionExtent {
    /// The area in which it lies.
    pub geometry: PositionArea,
    /// A representative point inside or nearest to the middle of the area, `[lon, lat]` in degrees.
    pub point: [f64; 2],
    /// Root mean square distance of the area from `point`, in km.
    pub uncertainty_km: f64,
    /// Area on the ellipsoid, in km².
    pub area_km2: f64,
}

/// A description of a position, with the geometry that was made of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Position {
    /// `p` and the number of the position in its text, from 1.
    pub id: EcoString,
    /// How it is described.
    pub kind: PositionKind,
    /// The form of the description within its kind.
    pub form: PositionForm,
    /// The words of the description with their span.
    #[serde(flatten)]
    pub words: Words,
    /// Ids of the mentions that it is described from, in order.
    pub anchors: Vec<EcoString>,
    /// Ids of the places that the geometry is made from; for a distance from a governorate the town of its name.
    pub places: Vec<EcoString>,
    /// Distance from the anchor in km; 0 for "less than 5 km".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
    /// Upper end of a range of distances in km; 5 for "less than 5 km", and 1.5 times the distance for "more than".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_upper_km: Option<f64>,
    /// Direction from the anchor, in degrees clockwise from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearing_deg: Option<f64>,
    /// How finely it is placed: `point`, `quarter` or `area`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// Geometry, point and uncertainty; absent where the position is not resolved.
    #[serde(flatten, serialize_with = "serialize_extent")]
    pub extent: Option<Arc<PositionExtent>>,
    /// True if it has a geometry.
    pub resolved: bool,
    /// Why it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Assumptions made to read it, such as axes in the other order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How the words limit the geometry.
    #[serde(skip)]
    pub hint: PositionHint,
}

fn serialize_extent<S: Serializer>(extent: &Option<Arc<PositionExtent>>, serializer: S) -> Result<S::Ok, S::Error> {
    extent.as_deref().serialize(serializer)
}

impl Position {
    /// Text that is equal for descriptions with the same geometry.
    pub(crate) fn geometry_key(&self) -> String {
        format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            self.kind,
            self.form,
            self.places,
            self.distance_km,
            self.distance_upper_km,
            self.bearing_deg,
            self.reason,
            self.hint
        )
    }

    /// Takes the geometry of another position with the same key.
    pub(crate) fn share_geometry(&mut self, other: &Self) {
        self.precision = other.precision;
        self.extent.clone_from(&other.extent);
        self.resolved = other.resolved;
        self.reason.clone_from(&other.reason);
        self.note.clone_from(&other.note);
    }

    /// Removes the geometry, with the reason.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        self.extent = None;
        self.resolved = false;
        self.reason = Some(reason.into());
    }
}

/// How the words limit a distance. A closed list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DistanceLimit {
    /// The distance itself.
    #[default]
    Exact,
    /// The distance or less: "within 5 km".
    AtMost,
    /// The distance or more: "more than 5 km".
    AtLeast,
}

/// How the words of a description limit its geometry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PositionHint {
    /// How the words limit the distance.
    pub limit: DistanceLimit,
    /// The side of the place itself belongs to the description: "في شمال كركوك", "لە باکووری کەرکووک".
    pub with_inside: bool,
    /// Number of directions that the words distinguish: 4, 8 or 16.
    pub points: u8,
    /// Words call the distance approximate.
    pub about: bool,
    /// Step to which the distance is rounded, in km.
    pub step_km: f64,
    /// Coordinates as written.
    pub coordinates: Option<Box<Coordinates>>,
    /// A place of the same sentence in which a road or a river is followed.
    pub within: Option<EcoString>,
    /// The anchors are named as units ("the governorates of …").
    pub units: bool,
}

/// Coordinates as written in a text, before they are checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Coordinates {
    /// Two angles in the order of the text.
    Angles {
        /// Degrees, south and west negative, in the order of the text.
        values: [f64; 2],
        /// Axis of each value according to the words: true for latitude.
        latitudes: [Option<bool>; 2],
        /// Step of the last digit, in degrees.
        step_deg: f64,
    },
    /// Zone, easting and northing in metres.
    Utm {
        /// 1 to 60.
        zone: u8,
        /// Letter after the zone: a band, or the hemisphere.
        letter: char,
        /// Easting in metres.
        easting: f64,
        /// Northing in metres.
        northing: f64,
    },
    /// A military grid reference.
    Mgrs {
        /// 1 to 60.
        zone: u8,
        /// Letter of the band, upper case.
        band: char,
        /// Letters of the square of 100 km.
        square: [char; 2],
        /// Easting and northing inside the square, in metres.
        inside: [f64; 2],
        /// Side of the square that the digits name, in metres.
        step_m: f64,
    },
}

/// A place as a position: its label point, and how large it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacePosition {
    /// Always `place`.
    pub kind: PositionKind,
    /// Gazetteer id.
    pub place: EcoString,
    /// Label point, `[lon, lat]` in degrees.
    pub point: [f64; 2],
    /// Root mean square distance of the place's area from its label point, in km.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty_km: Option<f64>,
    /// How finely it is placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// The position of a mention or a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum PositionRef {
    /// A position that the text describes.
    Described(Arc<Position>),
    /// A named place.
    Place(Arc<PlacePosition>),
}

/// A described position beside a mention or a claim. Its geometry is written once, in `positions`, under the same id:
/// repeated for each mention it would be most of an answer.
#[derive(Serialize)]
struct Reference<'p> {
    id: &'p str,
    kind: PositionKind,
    form: PositionForm,
    #[serde(flatten)]
    words: &'p Words,
    anchors: &'p [EcoString],
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_km: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_upper_km: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bearing_deg: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<Precision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertainty_km: Option<f64>,
    resolved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'p str>,
}

impl<'p> Reference<'p> {
    fn to(position: &'p Position) -> Self {
        let extent = position.extent.as_deref();
        Self {
            id: &position.id,
            kind: position.kind,
            form: position.form,
            words: &position.words,
            anchors: &position.anchors,
            distance_km: position.distance_km,
            distance_upper_km: position.distance_upper_km,
            bearing_deg: position.bearing_deg,
            precision: position.precision,
            point: extent.map(|extent| extent.point),
            uncertainty_km: extent.map(|extent| extent.uncertainty_km),
            resolved: position.resolved,
            reason: position.reason.as_deref(),
        }
    }
}

impl Serialize for PositionRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Described(position) => Reference::to(position).serialize(serializer),
            Self::Place(place) => place.as_ref().serialize(serializer),
        }
    }
}

impl PositionRef {
    /// How it is described.
    pub fn kind(&self) -> PositionKind {
        match self {
            Self::Described(position) => position.kind,
            Self::Place(place) => place.kind,
        }
    }

    /// A representative point, `[lon, lat]` in degrees; none for a position that is not resolved.
    pub fn point(&self) -> Option<[f64; 2]> {
        match self {
            Self::Described(position) => position.extent.as_ref().map(|extent| extent.point),
            Self::Place(place) => Some(place.point),
        }
    }

    /// Root mean square distance of its area from its point, in km, where that is known.
    pub fn uncertainty_km(&self) -> Option<f64> {
        match self {
            Self::Described(position) => position.extent.as_ref().map(|extent| extent.uncertainty_km),
            Self::Place(place) => place.uncertainty_km,
        }
    }

    /// The area of a described position.
    pub fn area(&self) -> Option<&PositionArea> {
        match self {
            Self::Described(position) => position.extent.as_ref().map(|extent| &extent.geometry),
            Self::Place(_) => None,
        }
    }

    /// The described position.
    pub fn described(&self) -> Option<&Arc<Position>> {
        match self {
            Self::Described(position) => Some(position),
            Self::Place(_) => None,
        }
    }
}

/// Makes geometries of descriptions. The geoparser has no geodesy, so that a crate above implements it.
pub trait PlacePositions: Send + Sync {
    /// Sets the geometry, point and uncertainty of a position, or the reason why it has none.
    fn locate(&self, position: &mut Position);

    /// Root mean square distance of a place's area from its label point, in km, by its gazetteer id.
    fn radius_km(&self, place: &str) -> Option<f64>;
}
