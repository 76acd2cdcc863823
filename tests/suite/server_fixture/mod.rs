//! A small land to test the server on: two governorates, a disputed area, places, a line, documents.

pub mod mvt;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode},
};
use geo::{Geometry, LineString, MultiLineString, MultiPolygon, Point, polygon};
use http_body_util::BodyExt;
use mahwar::{
    corridor::Part,
    document::Document,
    gazetteer::{Level, Names, Place, SameAs},
    geodesy::checked,
    geoparse::{Claim, ClaimType, Mention, MentionPlace, Parse, Precision, Reading, Words},
    language::{Language, Trilingual},
    layers::{Bounds, Feature, Field, FieldType, GeometryKind, Layer, TimeSpan},
    server::{
        About, App, CorridorRefusal, CorridorService, LineQuery, Operation, PlaceMatch, PlaceService, SearchQuery,
        Services, Settings, Snapshot, StoredDocument, TileFastPath, Worldview,
    },
    text::Offsets,
};
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

pub fn three(ar: &str, ckb: &str, en: &str) -> Trilingual {
    Trilingual {
        ar: Some(ar.to_owned()),
        ckb: Some(ckb.to_owned()),
        en: Some(en.to_owned()),
    }
}

fn field(name: &str, kind: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        kind,
        title: Trilingual::default(),
    }
}

fn named_fields(more: &[(&str, FieldType)]) -> Vec<Field> {
    let names = ["name", "name:ar", "name:ckb", "name:en"];
    let names = names.iter().map(|name| field(name, FieldType::String));
    names
        .chain(more.iter().map(|(name, kind)| field(name, *kind)))
        .collect()
}

fn properties(value: Value) -> serde_json::Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => unreachable!("fixtures are objects"),
    }
}

pub fn square(west: f64, south: f64, side: f64) -> Geometry<f64> {
    let (east, north) = (west + side, south + side);
    Geometry::MultiPolygon(MultiPolygon(vec![polygon![
        (x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north), (x: west, y: south),
    ]]))
}

pub fn governorates() -> Layer {
    let features = vec![
        Feature::new(
            "IQG13",
            Some(square(43.5, 34.5, 1.5)),
            properties(json!({
                "name:ar": "كركوك", "name:ckb": "کەرکووک", "name:en": "Kirkuk", "pcode": "IQG13", "area_km2": 9679.5,
                "disputed": true, "claimed_by": ["federal", "region"],
            })),
        ),
        Feature::new(
            "IQG10",
            Some(square(45.0, 33.5, 1.0)),
            properties(json!({
                "name:ar": "ديالى", "name:ckb": "دیالە", "name:en": "Diyala", "pcode": "IQG10", "area_km2": 17685.0,
                "disputed": false,
            })),
        ),
    ];
    Layer::new(
        "governorates",
        three("المحافظات", "پارێزگاکان", "Governorates"),
        three("حدود المحافظات", "سنووری پارێزگاکان", "Governorate boundaries"),
        "Test <source>",
        GeometryKind::MultiPolygon,
        named_fields(&[
            ("pcode", FieldType::String),
            ("area_km2", FieldType::Number),
            ("disputed", FieldType::Boolean),
            ("claimed_by", FieldType::Json),
        ]),
        [0, 12],
        features,
    )
}

pub fn places(count: usize) -> Layer {
    let features = (0..count).map(|nth| {
        let (lon, lat) = (42.0 + (nth % 40) as f64 * 0.1, 33.0 + (nth / 40) as f64 * 0.1);
        let mut feature = Feature::new(
            format!("wof-{nth}"),
            Some(Point::new(lon, lat).into()),
            properties(json!({
                "name:en": format!("Place \"{nth}\" & co"), "name:ar": format!("مكان {nth}"),
                "level": "settlement", "rank": nth % 100, "population": if nth % 3 == 0 { json!(nth * 10) } else { Value::Null },
                "first": format!("2021-{:02}-{:02}", 1 + nth % 12, 1 + nth % 28),
            })),
        );
        if nth % 2 == 0 {
            let day = format!("2021-{:02}-{:02}", 1 + nth % 12, 1 + nth % 28);
            feature.time = Some(TimeSpan::between(Some(&day), Some(&day)).unwrap());
        }
        feature
    });
    Layer::new(
        "places",
        three("الأماكن", "شوێنەکان", "Places"),
        Trilingual::default(),
        "Test",
        GeometryKind::Point,
        named_fields(&[
            ("level", FieldType::String),
            ("rank", FieldType::Integer),
            ("population", FieldType::Integer),
            ("first", FieldType::Date),
        ]),
        [4, 14],
        features,
    )
}

pub fn region_line(length: f64) -> Layer {
    let line = LineString::from(vec![(42.0, 37.0), (44.0, 35.9), (46.0, 34.2)]);
    let feature = Feature::new(
        "region-line",
        Some(Geometry::MultiLineString(MultiLineString(vec![line]))),
        properties(json!({"name": "Region line", "length_km": length})),
    );
    Layer::new(
        "region_line",
        three("خط الإقليم", "هێڵی هەرێم", "Region line"),
        Trilingual::default(),
        "Test",
        GeometryKind::MultiLineString,
        vec![field("name", FieldType::String), field("length_km", FieldType::Number)],
        [0, 12],
        vec![feature],
    )
}

pub fn documents_layer() -> Layer {
    let feature = Feature::new("doc", None, properties(json!({"title": "A report", "language": "ar"})));
    Layer::new(
        "documents",
        three("الوثائق", "بەڵگەنامەکان", "Documents"),
        Trilingual::default(),
        "Test",
        GeometryKind::None,
        vec![field("title", FieldType::String), field("language", FieldType::String)],
        [0, 0],
        vec![feature],
    )
}

pub const TEXT: &str = "وقعت هجمات في قضاء مخمور خلال عشرة أشهر.";

pub fn parse_of(text: &str) -> Parse {
    let Some(start) = text.find("مخمور") else {
        return Parse::default();
    };
    let end = start + "مخمور".len();
    let code = |at: usize| text[..at].chars().count();
    let offsets = Offsets {
        byte: [start, end],
        codepoint: [code(start), code(end)],
        utf16: [code(start), code(end)],
    };
    let place = MentionPlace {
        id: "IQG11Q04".to_owned(),
        name: three("مخمور", "مەخموور", "Makhmour"),
        level: Level::District,
        foreign: false,
        point: [43.58, 35.775],
        same_as: SameAs::default(),
        within: Arc::default(),
    };
    let words = Words {
        part: mahwar::geoparse::Part::Text,
        text: "مخمور".to_owned(),
        start: code(start),
        end: code(end),
        offsets,
    };
    Parse {
        language: Language::Arabic,
        supported: None,
        mentions: vec![Mention {
            part: mahwar::geoparse::Part::Text,
            id: "m1".into(),
            document: None,
            text: "مخمور".into(),
            start: code(start),
            end: code(end),
            offsets,
            prefix: "".into(),
            suffix: "".into(),
            trigger: Some("قضاء".into()),
            level: Some(Level::District),
            reading: Reading::Literal,
            actor: None,
            setting: None,
            place: Some(Arc::new(place)),
            candidates: Arc::default(),
            confidence: 0.97,
            precision: Some(Precision::District),
            position: None,
            time: None,
        }],
        claims: vec![Claim {
            id: "c1".to_owned(),
            document: None,
            kind: ClaimType::AttackCount,
            status: "reported",
            mentions: vec!["m1".to_owned()],
            places: vec!["IQG11Q04".to_owned()],
            precision: None,
            quantities: Vec::new(),
            attribution: None,
            evidence: words,
            position: None,
            time: None,
            actor: None,
            target: None,
            given: None,
        }],
        ..Parse::default()
    }
}

pub struct Gazetteer;

fn makhmour() -> PlaceMatch {
    let names = Names::new([
        vec!["مخمور".to_owned()],
        vec!["مەخموور".to_owned()],
        vec!["Makhmour".to_owned(), "Makhmur".to_owned()],
    ]);
    PlaceMatch {
        place: Place {
            id: "IQG11Q04".into(),
            level: Level::District,
            kind: "".into(),
            point: [43.58, 35.775],
            parents: ["IQG11".to_owned()].into(),
            foreign: false,
            population: None,
            rank: 80,
            names,
            same_as: SameAs::default(),
            derived: false,
            approximate: false,
        },
        parents: Vec::new(),
        matched: "Makhmour".to_owned(),
        reason: "exact".to_owned(),
        importance: 0.8,
        bounds: Some(Bounds([43.0, 35.4, 44.0, 36.1])),
        geometry: Some(Arc::new(square(43.0, 35.4, 0.7))),
        disputed: None,
    }
}

impl PlaceService for Gazetteer {
    fn search(&self, query: &SearchQuery<'_>) -> Vec<PlaceMatch> {
        if query.text == "Makhmour" || query.text == "مخمور" {
            vec![makhmour()]
        } else {
            Vec::new()
        }
    }

    fn reverse(&self, lon: f64, _: f64, _: Level) -> Option<PlaceMatch> {
        (lon > 40.0).then(makhmour)
    }

    fn all(&self) -> &[Place] {
        &[]
    }

    fn lookup(&self, ids: &[&str]) -> Vec<PlaceMatch> {
        ids.iter().filter(|id| **id == "IQG11Q04").map(|_| makhmour()).collect()
    }
    fn see(&self, _: &mut PlaceMatch, _: &str) {}
}

pub struct Line;

impl Line {
    fn check(definition: Option<&str>) -> Result<(), CorridorRefusal> {
        match definition {
            None | Some("eastern-outer-edge") => Ok(()),
            Some(_) => Err(CorridorRefusal::UnknownDefinition(vec![
                "eastern-outer-edge".to_owned(),
            ])),
        }
    }
}

impl CorridorService for Line {
    fn definitions(&self, documents: &[Arc<StoredDocument>]) -> Value {
        json!({"definitions": [{"id": "eastern-outer-edge", "length_km": 561.4}], "published": [], "claims": documents.len()})
    }

    fn line(&self, line: LineQuery<'_>) -> Result<Value, CorridorRefusal> {
        Self::check(line.definition)?;
        Ok(
            json!({"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[45.0, 33.8], [43.4, 36.1]]}, "properties": {}}),
        )
    }

    fn locate(&self, line: LineQuery<'_>, lon: f64, lat: f64) -> Result<Value, CorridorRefusal> {
        Self::check(line.definition)?;
        Ok(json!({"chainage_km": 100.0, "distance_km": 1.0, "side": "left", "point": [lon, lat], "outside": false}))
    }

    fn at(&self, line: LineQuery<'_>, km: f64) -> Result<Value, CorridorRefusal> {
        Self::check(line.definition)?;
        checked("km", km, 0.0, 561.4).map_err(CorridorRefusal::OutOfRange)?;
        Ok(
            json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [44.0, 35.0]}, "properties": {"chainage_km": km}}),
        )
    }

    fn profile(&self, line: LineQuery<'_>, by: &str) -> Result<Value, CorridorRefusal> {
        Self::check(line.definition)?;
        Ok(json!({"by": by, "stretches": []}))
    }

    fn part(&self, line: LineQuery<'_>, part: Part) -> Result<Value, CorridorRefusal> {
        Self::check(line.definition)?;
        Ok(json!({"type": "FeatureCollection", "features": [], "part": format!("{part:?}")}))
    }
}

pub fn worldview(id: &str, default: bool) -> Worldview {
    Worldview {
        id: id.to_owned(),
        title: three(id, id, id),
        convention: three("اصطلاح", "ڕێککەوتن", "Convention of the view"),
        source: "Constitution".to_owned(),
        default,
    }
}

pub fn snapshot(line_length: f64, before: Option<&Snapshot>, shared: &[Arc<Layer>]) -> Snapshot {
    let mut layers = shared.to_vec();
    layers.push(Arc::new(region_line(line_length)));
    let document = Document::from_text(TEXT.to_owned()).unwrap();
    let stored = StoredDocument {
        parse: parse_of(TEXT),
        document,
    };
    let views = vec![
        (worldview("neutral", true), layers.clone()),
        (worldview("federal", false), layers),
    ];
    Snapshot::new(views, vec![Arc::new(stored)], before)
}

pub fn shared_layers() -> Vec<Arc<Layer>> {
    vec![
        Arc::new(governorates()),
        Arc::new(places(1000)),
        Arc::new(documents_layer()),
    ]
}

pub fn app_with(settings: Settings, snapshot: Snapshot) -> Arc<App> {
    let about = About {
        title: three("محور", "میحوەر", "Mahwar"),
        description: three("خريطة", "نەخشە", "A map"),
        disclaimer: three("تنبيه", "ئاگاداری", "Boundaries are no endorsement"),
        attribution: "Test sources".to_owned(),
        ..About::default()
    };
    let services = Services {
        geoparse: Arc::new(|text, _| parse_of(text)),
        tabulate: Arc::new(|_, _, _| Ok(mahwar::table::Summary::default())),
        places: Arc::new(Gazetteer),
        corridor: Arc::new(Line),
    };
    App::new(about, settings, services, snapshot)
}

pub fn app() -> Arc<App> {
    app_with(Settings::default(), snapshot(1031.0, None, &shared_layers()))
}

/// An answer, all of it.
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).expect("text")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub async fn send(front: &TileFastPath, request: Request<Body>) -> Got {
    let response = front.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Got {
        status: parts.status,
        headers: parts.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

pub async fn get(front: &TileFastPath, address: &str) -> Got {
    get_with(front, address, &[]).await
}

pub async fn get_with(front: &TileFastPath, address: &str, headers: &[(&str, &str)]) -> Got {
    // Characters that tests write plainly and an address must not contain.
    let mut plain = address.to_owned();
    for (letter, code) in [
        (" ", "%20"),
        ("<", "%3C"),
        (">", "%3E"),
        ("\"", "%22"),
        ("{", "%7B"),
        ("}", "%7D"),
    ] {
        plain = plain.replace(letter, code);
    }
    let mut request = Request::get(plain).header("host", "maps.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(front, request.body(Body::empty()).unwrap()).await
}

/// The path of an operation for a layer and a feature of it.
pub fn path_of(operation: &Operation, layer: &str, feature: &str) -> String {
    let document = Document::from_text(TEXT.to_owned()).unwrap().id;
    let style = &app().about.palettes.themes[0].id;
    operation
        .path
        .replace("{style}", style)
        .replace("{fontstack}", &percent(mahwar::fonts::FONTS[0].name))
        .replace("{range}", "1536-1791")
        .replace("{collectionId}", layer)
        .replace("{featureId}", feature)
        .replace("{documentId}", &document)
        .replace("{mentionId}", &format!("{document}-m1"))
        .replace("{claimId}", &format!("{document}-c1"))
        .replace("{tileMatrixSetId}", "WebMercatorQuad")
        .replace("{tileMatrix}/{tileRow}/{tileCol}", "6/25/39")
        .replace("{layers}/{z}/{x}/{y}", &format!("{layer}/6/39/25"))
        .replace("{kind}", "entity")
        .replace("{layers}", layer)
        .replace("{layer}", layer)
        .replace("{z}/{x}/{y}", "6/39/25")
}

/// True if a parameter is needed beside another: a search has a text or parts of an address, and not both.
pub fn is_needed(operation: &str, parameter: &str, beside: &str) -> bool {
    let parts = ["amenity", "street", "city", "county", "state", "country", "postalcode"];
    operation == "/search" && parameter == "q" && !parts.contains(&beside)
}

/// A text as a value of a query, every byte of it encoded.
pub fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub fn front() -> TileFastPath {
    TileFastPath::new(app())
}

/// Asserts a problem document about a parameter.
pub fn assert_problem(got: &Got, status: u16, parameter: Option<&str>, about: &str) {
    assert_eq!(got.status, status, "{about}: {}", String::from_utf8_lossy(&got.body));
    assert_eq!(got.header("content-type"), "application/problem+json", "{about}");
    let value = got.json();
    assert_eq!(value["status"], status, "{about}");
    assert!(!value["detail"].as_str().unwrap().is_empty(), "{about}");
    if let Some(parameter) = parameter {
        assert_eq!(value["parameter"], parameter, "{about}: {value}");
    }
}
