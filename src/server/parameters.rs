//! Every query parameter of the server, once. Those that select features are rows of `query::parameters`.

use super::parameter::{Kind, MAX_QUERY};
use crate::geoparse::ClaimType;
pub use crate::query::parameters::{
    BBOX, BBOX_CRS, DATETIME, DOWNLOAD_LIMIT, FILTER, FILTER_CRS, FILTER_LANG, MIN_CONFIDENCE, PROPERTIES, SORTBY,
    TIME_OF,
};
use mahwar_query::parameters;

/// The greatest number of features on one page.
pub const MAX_LIMIT: i64 = 10_000;

const FLAG: Kind = Kind::Flag;
const CLAIM_TYPES: [&str; ClaimType::ALL.len()] = {
    let mut names = [""; ClaimType::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = ClaimType::ALL[at].1;
        at += 1;
    }
    names
};

parameters! { false:
    F = "f", Kind::OneOf(&["json", "geojson", "html"]), "Format of the answer; wins over the Accept header.", "json";
    F_ITEMS = "f", Kind::OneOf(&["json", "geojson", "html", "atom"]), "Format of the answer; wins over the Accept header. `atom` is a feed, newest first, of claims, mentions, events, positions and documents.", "json";
    LANG = "lang", Kind::Language, "Language of titles and of `name`; wins over the Accept-Language header.", "ckb";
    WORLDVIEW = "worldview", Kind::Worldview, "Whose view of the boundaries is shown; the convention in force is part of every answer.", "neutral";
    RULINGS = "rulings", Kind::OneOf(&["apply", "ignore"]), "With `ignore`, what the machine read, without the rulings of analysts.", "ignore";
    CRS = "crs", Kind::Crs, "The coordinate reference system of the answer; CRS84 when absent.", "http://www.opengis.net/def/crs/EPSG/0/4326";
    LIMIT = "limit", Kind::Integer { min: 1, max: MAX_LIMIT, default: Some(10), clamp: true }, "The greatest number of features on a page.", "100";
    OFFSET = "offset", Kind::Integer { min: 0, max: 1_000_000_000, default: Some(0), clamp: false }, "How many features to leave out at the beginning.", "0";
    COLLECTIONS = "collections", Kind::Layers, "The layers of the tile, with commas between; all when absent.", "governorates,districts";
    F_JSON = "f", Kind::OneOf(&["json"]), "Format of the answer, which has no other.", "json";
    F_DOCUMENTS = "f", Kind::OneOf(&["json", "atom"]), "Format of the answer: JSON, or an Atom feed, newest first.", "json";
    F_GEOJSON = "f", Kind::OneOf(&["json", "geojson"]), "Format of the answer: GeoJSON by both names.", "geojson";
    F_TILE = "f", Kind::OneOf(&["mvt", "mlt"]), "Format of the tile: Mapbox Vector Tile or MapLibre Tile; wins over the Accept header.", "mlt";
    TILE_ENCODING = "encoding", Kind::OneOf(&["mvt", "mlt"]), "Encoding of the vector tiles: Mapbox Vector Tile or MapLibre Tile.", "mlt";
    F_PARSE = "f", Kind::OneOf(&["json", "geojson"]), "Format of the answer; wins over the Accept header.", "geojson";
    F_CROSSWALK = "f", Kind::OneOf(&["json", "csv"]), "Format of the answer.", "csv";
    UNIT_LEVEL = "level", Kind::OneOf(&["region", "governorate", "district", "subdistrict"]), "Units of this level only.", "governorate";
    F_TABLE = "f", Kind::OneOf(&["csv", "parquet", "json"]), "Format of the answer; JSON has the rows that were rejected too, with the reason of each.", "csv";
    TEXT_COLUMNS = "text", Kind::List { max: 4096 }, "Columns with free text; found by their names and rows when no column is named.", "description";
    PLACE_COLUMNS = "places", Kind::List { max: 4096 }, "Columns with names of places, coarse to fine or fine to coarse.", "district,governorate";
    DATE_COLUMN = "date", Kind::Text { max: 500 }, "Column with the date.", "day";
    SEARCH_LIMIT = "limit", Kind::Integer { min: 1, max: 50, default: Some(10), clamp: true }, "The greatest number of places.", "5";
    FORMAT = "format", Kind::OneOf(&["json", "jsonv2", "geojson", "geocodejson", "xml"]), "Format of the answer, in Nominatim's words.", "jsonv2";
    ACCEPT_LANGUAGE = "accept-language", Kind::Text { max: 200 }, "Nominatim's name for `lang`.", "ar,en";
    VIEWBOX = "viewbox", Kind::Bbox, "A box to prefer: two corners as lon,lat,lon,lat.", "43,34,46,37";
    BOUNDED = "bounded", FLAG, "With 1, only places within `viewbox`.", "1";
    COUNTRYCODES = "countrycodes", Kind::List { max: 200 }, "ISO 3166-1 codes of countries to search in.", "iq";
    ADDRESSDETAILS = "addressdetails", FLAG, "With 1, the units that contain the place.", "1";
    EXTRATAGS = "extratags", FLAG, "Identifiers elsewhere; they are always part of the answer.", "1";
    NAMEDETAILS = "namedetails", FLAG, "With 1, all names of the place.", "1";
    POLYGON_GEOJSON = "polygon_geojson", FLAG, "With 1, the geometry of the place.", "1";
    POLYGON_TEXT = "polygon_text", FLAG, "With 1, the geometry of the place as well-known text.", "1";
    POLYGON_SVG = "polygon_svg", FLAG, "With 1, the geometry of the place as the path of an SVG element.", "1";
    POLYGON_KML = "polygon_kml", FLAG, "With 1, the geometry of the place as an element of KML.", "1";
    JSON_CALLBACK = "json_callback", Kind::ScriptName { max: 200 }, "Name of a JavaScript function; the answer is a script that calls it.", "show";
    DEBUG = "debug", FLAG, "Accepted for Nominatim's clients; changes nothing.", "0";
    ENTRANCES = "entrances", FLAG, "Accepted for Nominatim's clients; the gazetteer has no entrances.", "0";
    STATUS_FORMAT = "format", Kind::OneOf(&["text", "json"]), "Format of the answer.", "json";
    DEDUPE = "dedupe", FLAG, "Taken for Nominatim's clients; places are never repeated.", "1";
    EMAIL = "email", Kind::Text { max: 320 }, "Taken for Nominatim's clients; not used and not kept.", "a@example.org";
    ZOOM = "zoom", Kind::Integer { min: 0, max: 18, default: Some(18), clamp: false }, "How fine the place shall be: 3 country, 5 governorate, 8 district, 10 subdistrict, 18 settlement.", "10";
    STYLE_ID = "style", Kind::Text { max: 100 }, "The map's style, see /styles; the first when absent.", "light";
    F_MAP = "f", Kind::OneOf(&["png", "webp"]), "Format of the tile.", "png";
    CENTER = "center", Kind::Text { max: 64 }, "The middle of the map, longitude,latitude; not together with `bbox`.", "44.39,35.47";
    MAP_ZOOM = "zoom", Kind::Number { min: 0.0, max: 18.0 }, "The zoom, as MapLibre counts it (the world is 512 pixels wide at 0).", "7.5";
    WIDTH = "width", Kind::Integer { min: 16, max: 4096, default: Some(1024), clamp: false }, "Width in pixels of the page.", "800";
    HEIGHT = "height", Kind::Integer { min: 16, max: 4096, default: Some(768), clamp: false }, "Height in pixels of the page.", "600";
    SCALE = "scale", Kind::Number { min: 0.25, max: 4.0 }, "Pixels of the file for one of the page.", "2";
    LAYERS = "layers", Kind::List { max: 1024 }, "The layers to draw, with commas between; those of the style when absent.", "governorates,places";
    MAP_TITLE = "title", Kind::Text { max: 200 }, "The title; the land's when absent.", "Kirkuk";
    FRAME = "frame", FLAG, "With 0, no title, legend and scale bar unless asked for; convention, disclaimer and sources stay.", "1";
    LEGEND = "legend", FLAG, "The legend.", "1";
    SCALE_BAR = "scale-bar", FLAG, "The scale bar.", "1";
    NORTH = "north", FLAG, "A north arrow.", "1";
    GRATICULE = "graticule", FLAG, "Meridians and parallels.", "1";
    LETTERS = "letters", Kind::OneOf(&["text", "outlines"]), "Letters of an SVG as text with the font named, or as outlines.", "text";
    DEFINITION = "definition", Kind::Definition, "The corridor's definition; the default one when absent.", "eastern-outer-edge";
    AMENITY = "amenity", Kind::Part { max: 200 }, "Part of an address: the name of a building or installation.", "مطار كركوك";
    STREET = "street", Kind::Part { max: 200 }, "Part of an address: the name of a road.", "شارع الرشيد";
    CITY = "city", Kind::Part { max: 200 }, "Part of an address: the name of a city, town, village or quarter.", "Makhmour";
    COUNTY = "county", Kind::Part { max: 200 }, "Part of an address: the name of a district or subdistrict.", "Makhmour";
    STATE = "state", Kind::Part { max: 200 }, "Part of an address: the name of a governorate or region.", "Erbil";
    COUNTRY = "country", Kind::Part { max: 200 }, "Part of an address: the name of a country.", "Iraq";
    POSTALCODE = "postalcode", Kind::Part { max: 20 }, "Part of an address; the gazetteer has no postal codes, so none is found.", "36001";
    PLACE_LAYER = "layer", Kind::List { max: 200 }, "Only these themes: address, poi, manmade, natural, railway.", "address,natural";
    FEATURE_TYPE = "featureType", Kind::OneOf(&["country", "state", "city", "settlement"]), "Only this kind of place; settlement is everything from the governorate to the quarter.", "city";
    EXCLUDE_PLACE_IDS = "exclude_place_ids", Kind::List { max: 4000 }, "Places that were found before and shall be left out.", "IQG11Q04";
    POLYGON_THRESHOLD = "polygon_threshold", Kind::Number { min: 0.0, max: 10.0 }, "How far a simplified geometry may be off, in degrees.", "0.01";
    QUERIES = "queries", Kind::Text { max: MAX_QUERY }, "A batch of reconciliation queries as JSON.", "{\"q0\":{\"query\":\"Makhmour\",\"type\":\"district\"}}";
    EXTEND = "extend", Kind::Text { max: MAX_QUERY }, "A data extension query as JSON.", "{\"ids\":[\"IQG11Q04\"],\"properties\":[{\"id\":\"name:ar\"}]}";
    CALLBACK = "callback", Kind::ScriptName { max: 128 }, "JSONP, for pages of old browsers: the name of a function that the answer is given to. Letters, digits, _, $ and points.", "jQuery1";
    SUGGEST_LIMIT = "limit", Kind::Integer { min: 1, max: 100, default: Some(10), clamp: true }, "The greatest number of suggestions.", "10";
    SUGGEST_TYPE = "type", Kind::List { max: 400 }, "A type of place: its level. Nothing, or a type that is not known, means all.", "district";
    CURSOR = "cursor", Kind::Integer { min: 0, max: 1000, default: Some(0), clamp: false }, "How many suggestions to leave out at the beginning.", "10";
    PROPOSE_LIMIT = "limit", Kind::Integer { min: 1, max: 100, default: None, clamp: true }, "The greatest number of properties.", "5";
    SEARCH_Q = "q", Kind::Text { max: 1000 }, "A place name in Arabic, Sorani or English, or instead of it the parts of an address.", "مخمور";
    MINZOOM = "minzoom", Kind::Integer { min: 0, max: 12, default: None, clamp: false }, "The least zoom of the tiles; that of the layers when absent.", "4";
    MAXZOOM = "maxzoom", Kind::Integer { min: 0, max: 12, default: None, clamp: false }, "The greatest zoom of the tiles, 10 when absent. Tiles of this zoom hold every feature.", "8";
    OEMBED_FORMAT = "format", Kind::OneOf(&["json", "xml"]), "Format of the answer.", "json";
    MAXWIDTH = "maxwidth", Kind::Integer { min: 1, max: 100_000, default: None, clamp: true }, "The greatest width of the frame in pixels.", "600";
    MAXHEIGHT = "maxheight", Kind::Integer { min: 1, max: 100_000, default: None, clamp: true }, "The greatest height of the frame in pixels.", "400";
    DNT = "dnt", FLAG, "Taken for sites that ask not to be followed: nobody is.", "1";
    AFTER = "after", Kind::Integer { min: 0, max: 100_000_000_000, default: Some(0), clamp: false }, "The number of the last document of the page before.", "0";
    DOCUMENTS_LIMIT = "limit", Kind::Integer { min: 1, max: 1000, default: Some(1000), clamp: true }, "The greatest number of documents on a page.", "100";
    TITLE = "title", Kind::Text { max: 2000 }, "Title of a document that is sent as plain text or HTML.", "Report";
    SOURCE_URL = "source_url", Kind::Text { max: 2048 }, "Where a document that is sent as plain text or HTML was published.", "https://example.org/report";
    PUBLISHER = "publisher", Kind::Text { max: 1000 }, "Who published a document that is sent as plain text or HTML.", "Agency";
    PUBLISHED = "published", Kind::Text { max: 40 }, "When a document that is sent as plain text or HTML was published: RFC 3339 date or date-time.", "2021-12-03";
    DOCUMENT_LANGUAGE = "language", Kind::OneOf(&["ar", "ckb", "en"]), "The language of a document that is sent as plain text or HTML; told from the text when absent.", "ar";
    F_EVENTS = "f", Kind::OneOf(&["json", "acled", "ucdp", "hxl", "atom"]), "Format of the answer: JSON, an Atom feed, or CSV with a row for each account in the columns of ACLED or UCDP GED, or with HXL hashtags.", "json";
    CLAIM_TYPE = "type", Kind::OneOf(&CLAIM_TYPES), "Only this type of claim.", "casualties";
    EVENTS_AFTER = "after", Kind::Integer { min: 0, max: 999_999_999_999, default: None, clamp: false }, "The place in the list after which the page begins, as `next` has it.", "100";
    EVENTS_LIMIT = "limit", Kind::Integer { min: 1, max: MAX_LIMIT, default: None, clamp: true }, "The greatest number of events on a page: 100 for JSON, 10,000 for CSV when absent.", "20";
    AGAIN = "again", Kind::OneOf(&["true", "false"]), "With `true`, a text that was deleted is kept again, as a new document.", "false";
    WHOLE_PAGE = "whole_page", Kind::OneOf(&["true", "false"]), "With `true`, the whole of a page is the text: menus, comments and footers too; else its article.", "false";
    AUTHOR = "author", Kind::Remark { max: 200 }, "A remark on who takes the ruling back; the author is the token's name.", "analyst";
    CLAIM_REASON = "reason", Kind::Remark { max: 2000 }, "Why the claim is deleted.", "the words say something else";
    REASON = "reason", Kind::Remark { max: 2000 }, "Why.", "read again";
    PAGE_CURSOR = "cursor", Kind::Text { max: 8192 }, "Where the page before ended, as its next link says.", "a-1-1";
    WORDS = "q", Kind::Text { max: 1000 }, "Only documents with these words in title or text, in whatever spelling; \"words in quotes\" stand beside each other, a word* may go on. On a server of quotes the words of titles and quotes, without the role read.", "هجمات مخمور";
    ORDER = "order", Kind::OneOf(&["arrival", "newest"]), "In order of arrival, or the newest first; arrival when absent.", "newest";
    STEP = "by", Kind::OneOf(crate::layers::Step::WORDS), "The steps of the histogram; day when absent. Weeks begin on Monday.", "month";
    COUNTED_LAYER = "layer", Kind::OneOf(&["mentions", "mention_places", "documents", "claims", "killed"]), "What is counted; mentions when absent.", "mentions";
    SAID_TYPE = "type", Kind::Text { max: 64 }, "Only documents with a claim of this type, and such claims.", "attack_count";
    SPEAKER = "speaker", Kind::Text { max: 1000 }, "Only documents with a claim of this speaker, and such claims; the words as they stand in the text.", "وزارة الداخلية";
    LOCAL_PLACE = "place", Kind::Text { max: 200 }, "Id of the place; required.", "IQG11Q04";
    LOCAL_SPELLING = "name", Kind::Text { max: 200 }, "The spelling, as it was added; required.", "Makhmoor";
    IN_PLACE = "place", Kind::Text { max: 200 }, "Only what is said of this place, by its id in the gazetteer.", "IQG11Q04";
    IN_UNIT = "unit", Kind::Text { max: 200 }, "Only what is said of this governorate, district or subdistrict and the places in it, by its id in the gazetteer.", "IQG11Q04";
    OF_LANGUAGE = "language", Kind::OneOf(&["ar", "ckb", "en"]), "Only documents in this language.", "ar";
    OF_PUBLISHER = "publisher", Kind::Text { max: 1000 }, "Only documents of this publisher.", "Agency";
    FACETS = "facets", Kind::List { max: 200 }, "Which facets: language, publisher, type, speaker, place, unit.", "publisher,language,type,speaker";
    FROM = "from", Kind::Number { min: 0.0, max: 100_000.0 }, "Chainage in kilometres at which the slice begins; 0 when absent.", "100";
    TO = "to", Kind::Number { min: 0.0, max: 100_000.0 }, "Chainage in kilometres at which the slice ends; the line's end when absent.", "150";
    EVERY = "every_km", Kind::Number { min: 0.1, max: 1000.0 }, "Kilometres from one post to the next; 10 when absent, or what the data say.", "50";
}

parameters! { true:
    DELETE_REASON = "reason", Kind::Remark { max: 2000 }, "Why the document is deleted. Everybody who asks for the document reads it.", "published by mistake";
    FEED_URL = "url", Kind::Text { max: 2048 }, "The address of the feed, as /feeds lists it.", "https://example.org/rss.xml";
    FROM_DAY = "from", Kind::Day, "The first day: RFC 3339 date or date-time.", "2017-01-01";
    TO_DAY = "to", Kind::Day, "The second day.", "2018-01-01";
    LON = "lon", Kind::Number { min: -180.0, max: 180.0 }, "Longitude in degrees.", "44.39";
    LAT = "lat", Kind::Number { min: -90.0, max: 90.0 }, "Latitude in degrees.", "35.47";
    KM = "km", Kind::Number { min: 0.0, max: 100_000.0 }, "Chainage: kilometres along the line from its south-eastern end.", "100";
    HALF_WIDTH = "half_width_km", Kind::Number { min: 0.001, max: 200.0 }, "Kilometres on each side of the line.", "5";
    BY = "by", Kind::OneOf(&["governorate", "district"]), "The units whose stretches are listed.", "district";
    OEMBED_URL = "url", Kind::Text { max: 8192 }, "A view of the map: its address on this server, in full or from the path on.", "/#lang=en&map=7/35.4/44.4";
    PREFIX = "prefix", Kind::Text { max: 200 }, "What was typed so far: the beginning of a name, or an id.", "Makh";
    PLACE_ID = "id", Kind::Text { max: 200 }, "An id of the gazetteer.", "IQG11Q04";
    OSM_IDS = "osm_ids", Kind::List { max: 4000 }, "Gazetteer ids with commas between, at most 50; the parameter has Nominatim's name.", "IQG11Q04";
}
