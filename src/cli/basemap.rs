//! `--basemap`: an archive of tiles, or the address of pictures of another server.

use super::Failure;
use crate::{
    sources::LayerSpec,
    style::{BASE, BaseMap, Schema},
};
use std::{thread, time::Duration};

/// Time limit of the server of pictures for one, when it is tried at the start.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A base map as the operator names it.
pub(super) enum Basemap {
    /// A PMTiles or MBTiles archive.
    Archive(Box<LayerSpec>),
    /// Pictures of another server.
    Pictures(BaseMap),
}

/// Reads the value of `--basemap`.
pub(super) fn read(text: &str) -> Result<Basemap, Failure> {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    if !is_address {
        let lower = text.to_ascii_lowercase();
        if !lower.ends_with(".pmtiles") && !lower.ends_with(".mbtiles") {
            return Err(Failure::Input(format!(
                "--basemap {text}: it takes a .pmtiles or .mbtiles archive, or an address of pictures such as \
                 https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
            )));
        }
        return Ok(Basemap::Archive(Box::new(LayerSpec::new(BASE, text))));
    }
    let url = url::Url::parse(&text.replace(['{', '}'], "_"));
    let is_whole = ["{z}", "{x}", "{y}"].iter().all(|part| text.contains(part));
    // The parser passes over slashes before a host, and would take the zoom for one.
    let has_host = text.split_once("://").is_some_and(|(_, rest)| !rest.starts_with('/'));
    match url {
        Ok(url) if is_whole && has_host && url.host_str().is_some() => {}
        Ok(_) => {
            return Err(Failure::Input(format!(
                "--basemap {text}: the address must have a host, and {{z}}, {{x}} and {{y}} where zoom, column and row of a tile stand"
            )));
        }
        Err(error) => return Err(Failure::Input(format!("--basemap {text}: {error}"))),
    }
    Ok(Basemap::Pictures(BaseMap {
        tiles: text.to_owned(),
        schema: Schema::Raster,
        zooms: [0, 19],
        bounds: None,
        attribution: String::new(),
    }))
}

/// Requests one picture, and logs errors in the response. Browsers request all others; the server requests none.
pub(super) fn try_pictures(map: &BaseMap) {
    let address = map.tiles.replace("{z}", "0").replace("{x}", "0").replace("{y}", "0");
    let tiles = map.tiles.clone();
    let trying = move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        let fault = match agent.get(&address).call() {
            Ok(answer) => {
                let media = answer
                    .headers()
                    .get("content-type")
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default();
                match media.starts_with("image/") {
                    true => return,
                    false => {
                        format!("it answers {media:?} and not a picture; check the address, or a key that it needs")
                    }
                }
            }
            Err(error) => format!("it does not answer: {error}"),
        };
        tracing::warn!(basemap = tiles, fault, "the base map cannot be shown");
    };
    if let Err(error) = thread::Builder::new().name("basemap".to_owned()).spawn(trying) {
        tracing::warn!(%error, "the base map is not tried");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_map_is_an_archive_or_an_address_of_pictures() {
        assert!(matches!(read("iraq.pmtiles"), Ok(Basemap::Archive(_))));
        assert!(matches!(
            read("https://t.example.org/{z}/{x}/{y}.png?key=1"),
            Ok(Basemap::Pictures(_))
        ));
        for wrong in [
            "iraq.tif",
            "https://t.example.org/{z}/{x}.png",
            "https:///{z}/{x}/{y}.png",
            "",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
