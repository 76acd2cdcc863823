"""pyogrio from PyPI, which brings a newer GDAL: every format that it reads, from the server by ranges."""

import sys

import pyogrio
import pyogrio.raw

from expected import FORMATS, Tally, get, layers


def main(url):
    tally = Tally(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")
    for layer in layers(url):
        for extension in FORMATS:
            if layer.geometry == "None" and extension in ("kml", "fgb", "shp.zip"):
                continue
            if not layer.recognizable(extension):
                tally.equal(f"{layer.id}.{extension}", get(f"{url}/downloads/{layer.id}.{extension}"), b"")
                continue
            address = f"/vsicurl/{url}/downloads/{layer.id}.{extension}"
            if extension == "shp.zip":
                address = f"/vsizip/{{{address}}}/{layer.id}.shp"
            # A package has a table of styles beside the layer.
            name = layer.id if extension == "gpkg" else None
            meta, _, geometry, fields = pyogrio.raw.read(address, layer=name)
            rows = len(geometry) if geometry is not None else len(fields[0])
            tally.equal(f"{layer.id}.{extension}", rows, layer.expected(extension))
            if extension in ("gpkg", "fgb", "geojson"):
                names = list(meta["fields"])
                tally.true(f"{layer.id}.{extension} has its fields", "id" in names or extension == "geojson")
        meta, _, geometry, fields = pyogrio.raw.read(f"OAPIF:{url}/collections/{layer.id}")
        rows = len(geometry) if geometry is not None else len(fields[0])
        tally.equal(f"OAPIF {layer.id}", rows, layer.count)
        if layer.geometry != "None":
            address = f"/vsicurl/{url}/downloads/{layer.id}.pmtiles"
            names = pyogrio.list_layers(address)[:, 0]
            tally.true(f"{layer.id}.pmtiles lists its layer", layer.id in names)
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
