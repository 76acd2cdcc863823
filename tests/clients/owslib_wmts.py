"""OWSLib on the WMTS, and OGC's schemas on what it and the KML downloads say."""

import io
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.error import HTTPError

import owslib
from lxml import etree
from owslib.wmts import WebMapTileService

from expected import Tally, get, layers

# MapProxy's package has OGC's schemas in it, which need no network.
SCHEMAS = Path(find_spec("mapproxy").origin).parent / "test" / "schemas"
WMTS = "wmts/1.0/wmtsGetCapabilities_response.xsd"
EXCEPTION = "ows/1.1.0/owsExceptionReport.xsd"
KML = "kml/2.2.0/ogckml22.xsd"
# A tile with Kirkuk in it.
ROW, COLUMN, ZOOM = 101, 159, 8


# OGC 07-057r7 counts rows and columns of TileMatrixLimits from 0 (table 11), its schema from 1: a known erratum.
COUNTED_FROM_ONE = re.compile(r"(Min|Max)Tile(Row|Col)': '0' is not a valid value of the atomic type 'xs:positiveInteger'")


def validated(tally, name, schema, document):
    schema.validate(etree.parse(io.BytesIO(document)))
    errors = [
        f"line {error.line}: {error.message}"
        for error in schema.error_log
        if not COUNTED_FROM_ONE.search(error.message)
    ]
    tally.equal(f"{name} against its schema", errors[:3], [])


def refusal(url):
    try:
        return get(url)
    except HTTPError as answer:
        return answer.read()


def tiles(url, tally):
    service = WebMapTileService(f"{url}/wmts")
    tally.equal("WMTS layers", sorted(service.contents), ["map", "map_federal", "map_region"])
    for name, layer in service.contents.items():
        tally.equal(f"styles of {name}", sorted(layer.styles), ["dark", "light", "print"])
        tally.true(f"box of {name}", layer.boundingBoxWGS84[0] < 44.4 < layer.boundingBoxWGS84[2])
        worldview = name.removeprefix("map").lstrip("_")
        view = f"?worldview={worldview}" if worldview else ""
        for style in layer.styles:
            tile = service.gettile(
                layer=name,
                style=style,
                tilematrixset="WebMercatorQuad",
                tilematrix=str(ZOOM),
                row=ROW,
                column=COLUMN,
                format="image/png",
            )
            same = tile.read() == get(f"{url}/maps/{style}/{ZOOM}/{COLUMN}/{ROW}.png{view}")
            tally.true(f"tile of {name} in {style} is that of XYZ", same)


def schemas(url, tally):
    wmts, exception, kml = (etree.XMLSchema(etree.parse(SCHEMAS / name)) for name in (WMTS, EXCEPTION, KML))
    for language in ("ar", "ckb", "en"):
        validated(tally, f"capabilities in {language}", wmts, get(f"{url}/wmts/1.0.0/WMTSCapabilities.xml?lang={language}"))
    asked = f"{url}/wmts?SERVICE=WMTS&REQUEST=GetTile&LAYER=moon&STYLE=light&TILEMATRIXSET=X&TILEMATRIX=1&TILEROW=0&TILECOL=0"
    validated(tally, "an exception", exception, refusal(asked))
    for layer in (layer for layer in layers(url) if layer.geometry != "None"):
        validated(tally, f"{layer.id}.kml", kml, get(f"{url}/downloads/{layer.id}.kml"))


def main(url):
    tally = Tally(f"OWSLib {owslib.__version__}, WMTS")
    tiles(url, tally)
    schemas(url, tally)
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
