//! Picks format, language and encoding from a request.

use super::{parameter::Query, parameters};
use crate::{language::Language, tiles::TileFormat};
use axum::http::{HeaderMap, HeaderValue, header};

/// A format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    Json,
    GeoJson,
    Html,
    Atom,
}

impl Format {
    /// Specificity of a media range of `Accept` for this format: 3 by its own type, 2 by a type that it is a kind of, 1
    /// by `type/*`, 0 by `*/*`; none where it does not match.
    fn named_by(self, range: &str) -> Option<u8> {
        let range = range.to_ascii_lowercase();
        let (kind, subtype) = range.split_once('/')?;
        match (kind, subtype, self) {
            ("*", "*", _) => Some(0),
            ("text", "*", Self::Html) | ("application", "*", Self::Json | Self::GeoJson) => Some(1),
            ("application", "*", Self::Atom) => Some(1),
            ("application", "atom+xml", Self::Atom) => Some(3),
            ("text", "html", Self::Html) | ("application", "xhtml+xml", Self::Html) => Some(3),
            ("application", "geo+json", Self::GeoJson) => Some(3),
            ("application", "json", Self::Json) => Some(3),
            ("application", "json", Self::GeoJson) => Some(2),
            // OpenAPI, JSON Schema, JSON-LD: a resource that is JSON has one such type of its own.
            ("application", other, Self::Json) if other.ends_with("+json") && other != "geo+json" => Some(2),
            _ => None,
        }
    }

    /// The weight of this format in `Accept`, how exactly it is named, and how early (RFC 9110, 12.5.1: the most
    /// specific range counts).
    fn preference(self, accept: &str) -> Option<(u16, u8, usize)> {
        weighted(accept)
            .enumerate()
            .filter_map(|(place, (range, quality))| Some((self.named_by(range)?, usize::MAX - place, quality)))
            .max()
            .map(|(exactness, earliness, quality)| (quality, exactness, earliness))
    }
}

/// The format of a vector tile that `Accept` likes better: MLT only where it names it, and likes MVT less.
pub fn tile_format(headers: &HeaderMap) -> TileFormat {
    // Two names are in use.
    const MLT: [&str; 2] = ["application/vnd.maplibre-tile", "application/vnd.maplibre-vector-tile"];
    const MVT: [&str; 2] = ["application/vnd.mapbox-vector-tile", "application/x-protobuf"];
    let accept = text(headers, header::ACCEPT).filter(|accept| accept.contains("maplibre"));
    let Some(accept) = accept else {
        return TileFormat::Mvt;
    };
    let best = |names: [&str; 2]| {
        let ranges = weighted(accept).filter(|(range, _)| names.iter().any(|name| range.eq_ignore_ascii_case(name)));
        ranges.map(|(_, quality)| quality).max().unwrap_or(0)
    };
    match best(MLT) > best(MVT) {
        true => TileFormat::Mlt,
        false => TileFormat::Mvt,
    }
}

/// The format that `f` names, or else the offer that `Accept` likes best; the first offer when it likes none.
pub fn format(query: &Query<'_>, headers: &HeaderMap, offers: &[Format]) -> Format {
    if let Some(word) = query.text(&parameters::F) {
        let asked: &[Format] = match word {
            "html" => &[Format::Html],
            "geojson" => &[Format::GeoJson],
            "atom" => &[Format::Atom],
            _ => &[Format::Json, Format::GeoJson],
        };
        return *offers.iter().find(|offer| asked.contains(offer)).unwrap_or(&offers[0]);
    }
    let Some(accept) = text(headers, header::ACCEPT) else {
        return offers[0];
    };
    let mut best = ((0, 0, 0), offers[0]);
    for offer in offers {
        match offer.preference(accept) {
            Some(preference) if preference.0 > 0 && preference > best.0 => best = (preference, *offer),
            _ => {}
        }
    }
    best.1
}

/// The language that `lang` names, or else the first of `Accept-Language` that the project speaks, or else English.
pub fn language(query: &Query<'_>, headers: &HeaderMap) -> Language {
    query
        .language(&parameters::LANG)
        .unwrap_or_else(|| accepted_language(headers))
}

/// The language that `Accept-Language` likes best; English when it likes none.
pub fn accepted_language(headers: &HeaderMap) -> Language {
    let Some(accept) = text(headers, header::ACCEPT_LANGUAGE) else {
        return Language::default();
    };
    let mut best = (0, Language::default());
    for (tag, quality) in weighted(accept) {
        if quality > best.0
            && let Ok(language) = tag.parse()
        {
            best = (quality, language);
        }
    }
    best.1
}

/// Compression of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Encoding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

impl Encoding {
    /// In order of preference where a client likes several equally: the fastest at about the same size first.
    const OFFERS: [(Self, &'static str); 4] = [
        (Self::Zstd, "zstd"),
        (Self::Brotli, "br"),
        (Self::Gzip, "gzip"),
        (Self::Identity, "identity"),
    ];

    /// The value of `Content-Encoding`; none for identity.
    pub fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Zstd => Some(HeaderValue::from_static("zstd")),
        }
    }

    /// The word for it in an ETag.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identity => "id",
            Self::Gzip => "gz",
            Self::Brotli => "br",
            Self::Zstd => "zs",
        }
    }

    /// The preferred coding of `Accept-Encoding` (RFC 9110, 12.5.3); identity when it names none or refuses all.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(header::ACCEPT_ENCODING) else {
            return Self::Identity;
        };
        // The values of nearly all clients are recognised by their bytes alone.
        match value.as_bytes() {
            b"gzip" | b"gzip, deflate" | b"deflate, gzip" => return Self::Gzip,
            b"gzip, deflate, br" => return Self::Brotli,
            b"gzip, deflate, br, zstd" => return Self::Zstd,
            _ => {}
        }
        let Ok(accept) = value.to_str() else {
            return Self::Identity;
        };
        let mut qualities = [None; 4];
        let mut rest = None;
        for (coding, quality) in weighted(accept) {
            if coding == "*" {
                rest = Some(quality);
            }
            let named = Self::OFFERS
                .iter()
                .position(|(_, name)| coding.eq_ignore_ascii_case(name) || (*name == "gzip" && coding == "x-gzip"));
            if let Some(position) = named {
                qualities[position] = Some(quality);
            }
        }
        let mut best = (0, Self::Identity);
        for ((offer, _), quality) in Self::OFFERS.iter().zip(qualities) {
            // Identity is welcome unless refused, but least so.
            let quality = quality.or(rest).unwrap_or(u16::from(*offer == Self::Identity));
            if quality > best.0 {
                best = (quality, *offer);
            }
        }
        best.1
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The items of a list header with their weight in thousandths.
fn weighted(list: &str) -> impl Iterator<Item = (&str, u16)> {
    list.split(',').map(|item| {
        let mut parts = item.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let quality = parts
            .filter_map(|part| part.trim().split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map(|(_, quality)| quality.trim().parse().unwrap_or(0.0f32))
            .unwrap_or(1.0);
        (name, (quality.clamp(0.0, 1.0) * 1000.0) as u16)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(value: &str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
        Encoding::accepted(&headers)
    }

    #[test]
    fn encodings_follow_their_weights() {
        assert_eq!(encoding("gzip"), Encoding::Gzip);
        assert_eq!(encoding("br;q=0.5, gzip;q=0.8"), Encoding::Gzip);
        assert_eq!(encoding("gzip;q=0"), Encoding::Identity);
        assert_eq!(encoding("*"), Encoding::Zstd);
        assert_eq!(encoding("*;q=0.1, gzip;q=0.9"), Encoding::Gzip);
        assert_eq!(encoding("identity;q=1, br;q=0.2"), Encoding::Identity);
        assert_eq!(encoding("br;Q=0.5, GZIP;q=0.8"), Encoding::Gzip);
        assert_eq!(encoding(""), Encoding::Identity);
        assert_eq!(encoding("gzip, deflate, br, zstd"), Encoding::Zstd);
        assert_eq!(Encoding::accepted(&HeaderMap::new()), Encoding::Identity);
    }

    fn format_of(accept: &str, offers: &[Format]) -> Format {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        format(&Query::read(None, &[]).unwrap(), &headers, offers)
    }

    // Reports "case-insensitive negotiation" and "one parser of Accept".
    #[test]
    fn accept_is_read_in_any_case_by_its_most_specific_range() {
        use Format::{GeoJson, Html, Json};
        for (accept, expected) in [
            ("TEXT/HTML", Html),
            ("Application/JSON;Q=0.1, text/html;Q=0.9", Html),
            ("application/json; q = 0.9, text/html;q=0.1", Json),
            ("application/vnd.oai.openapi+json;version=3.0, text/html;q=0.1", Json),
            ("application/schema+json, text/html;q=0.1", Json),
            ("text/html;q=0.1, */*", Json),
            ("text/html;q=0, */*;q=0.1", Json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Html),
            ("text/*", Html),
            ("*/*", Json),
            ("image/png", Json),
            ("", Json),
        ] {
            assert_eq!(format_of(accept, &[Json, Html]), expected, "{accept}");
        }
        for (accept, expected) in [
            ("application/geo+json;q=1.0", GeoJson),
            ("application/geo+json, */*;q=0.1", GeoJson),
            ("application/geo+json; charset=utf-8", GeoJson),
            ("APPLICATION/GEO+JSON", GeoJson),
            ("application/json", Json),
            ("application/json, application/geo+json;q=0.5", Json),
            ("*/*", Json),
        ] {
            assert_eq!(format_of(accept, &[Json, GeoJson]), expected, "{accept}");
        }
        assert_eq!(format_of("application/json", &[GeoJson, Html]), GeoJson);
    }

    #[test]
    fn weights_are_read_in_any_case() {
        assert_eq!(encoding("br;Q=0.5, gzip;Q=0.8"), Encoding::Gzip);
        assert_eq!(encoding("GZIP;q=0"), Encoding::Identity);
        assert_eq!(encoding("gzip; Q=0"), Encoding::Identity);
    }

    #[test]
    fn media_types_and_weights_are_read_in_any_case() {
        let best = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            let query = Query::read(None, &[]).unwrap();
            format(&query, &headers, &[Format::Json, Format::Html])
        };
        assert_eq!(best("TEXT/HTML"), Format::Html);
        assert_eq!(best("application/json;Q=0.1, Text/Html;q=0.5"), Format::Html);
        let openapi = "application/vnd.oai.openapi+json;version=3.0, text/html;q=0.1";
        assert_eq!(best(openapi), Format::Json);
        assert_eq!(best("application/schema+json, text/html;q=0.1"), Format::Json);
    }

    #[test]
    fn a_kurdish_reader_gets_kurdish() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "fr, ckb-IQ;q=0.9, ar;q=0.8".parse().unwrap());
        assert_eq!(accepted_language(&headers), Language::Sorani);
    }
}
