"""GDAL as Debian has it: OGC API - Features, every download over ranges, and vector tiles."""

import sys

from osgeo import gdal, ogr

from expected import FORMATS, Tally, get, layers

gdal.UseExceptions()
ogr.UseExceptions()


def count(address, layer=None):
    source = ogr.Open(address)
    found = source.GetLayerByName(layer) if layer else source.GetLayer(0)
    # Each feature is read: a driver may answer a count from a header alone.
    return sum(1 for _ in found)


def downloads(url, tally, all_layers):
    for layer in all_layers:
        for extension in FORMATS:
            if layer.geometry == "None" and extension in ("kml", "fgb", "shp.zip"):
                continue
            if not layer.recognizable(extension):
                tally.equal(f"{layer.id}.{extension}", get(f"{url}/downloads/{layer.id}.{extension}"), b"")
                continue
            address = f"/vsicurl/{url}/downloads/{layer.id}.{extension}"
            if extension == "shp.zip":
                address = f"/vsizip/{{{address}}}/{layer.id}.shp"
            if extension == "geojsonl":
                address = f"GeoJSONSeq:{address}"
            tally.equal(f"{layer.id}.{extension}", count(address), layer.expected(extension))
    source = ogr.Open(f"/vsicurl/{url}/downloads/all.gpkg")
    for layer in all_layers:
        tally.equal(f"all.gpkg {layer.id}", source.GetLayerByName(layer.id).GetFeatureCount(), layer.count)


def filters(url, tally):
    """An index is used: a window of a FlatGeobuf and of a GeoPackage holds what a window of items holds."""
    window = (43.5, 34.5, 44.5, 35.5)
    wanted = count(f"/vsicurl/{url}/downloads/places.geojson?bbox={','.join(map(str, window))}")
    for extension in ("fgb", "gpkg"):
        source = ogr.Open(f"/vsicurl/{url}/downloads/places.{extension}")
        layer = source.GetLayer(0)
        layer.SetSpatialFilterRect(*window)
        tally.equal(f"a window of places.{extension}", layer.GetFeatureCount(), wanted)
        tally.true(f"places.{extension} says that windows are fast", layer.TestCapability(ogr.OLCFastSpatialFilter))


def main(url):
    tally = Tally(f"GDAL {gdal.__version__}")
    all_layers = layers(url)
    service = gdal.OpenEx(f"OAPIF:{url}", gdal.OF_VECTOR)
    names = [service.GetLayer(at).GetName() for at in range(service.GetLayerCount())]
    tally.equal("layers of OAPIF", sorted(names), sorted(layer.id for layer in all_layers))
    for layer in all_layers:
        # The driver makes its pages itself and follows the links between them.
        found = service.GetLayerByName(layer.id)
        tally.equal(f"OAPIF {layer.id}", sum(1 for _ in found), layer.count)
    downloads(url, tally, all_layers)
    filters(url, tally)
    tile = ogr.Open(f"MVT:/vsicurl/{url}/xyz/districts,disputed_areas/6/39/25.mvt")
    tally.true("a vector tile has districts", tile.GetLayerByName("districts").GetFeatureCount() > 0)
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
