"""QGIS without a screen: features by pages, vector tiles drawn, layer files opened, a GeoPackage with its style."""

import json
import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsLayerDefinition,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from expected import Tally, get, layers

WHITE = QColor(255, 255, 255).rgba()


def drawn_pixels(layer, crs, rectangle):
    """How many pixels of a picture are not empty."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(256, 256))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    settings.setExtent(QgsRectangle(*rectangle))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    return sum(picture.pixel(x, y) != WHITE for x in range(0, 256, 2) for y in range(0, 256, 2))


def features(url, tally, all_layers):
    for layer in all_layers:
        source = f"url='{url}' typename='{layer.id}'"
        found = QgsVectorLayer(source, layer.id, "OAPIF")
        tally.true(f"OAPIF {layer.id} is valid", found.isValid())
        tally.equal(f"OAPIF {layer.id}", sum(1 for _ in found.getFeatures()), layer.count)


def tiles(url, tally):
    # Around Kirkuk in EPSG:3857.
    window = (4_750_000, 4_050_000, 5_150_000, 4_450_000)
    for address, drawn in ((url, True), ("http://127.0.0.1:9", False)):
        source = f"type=xyz&url={address}/xyz/districts,disputed_areas/{{z}}/{{x}}/{{y}}.mvt&zmin=0&zmax=14"
        layer = QgsVectorTileLayer(source, "tiles")
        tally.true("a layer of vector tiles is valid", layer.isValid())
        pixels = drawn_pixels(layer, "EPSG:3857", window)
        tally.equal(f"vector tiles of {address} are drawn ({pixels} pixels)", pixels > 100, drawn)


def pictures(url, tally):
    """The map as a WMTS: each worldview has colours of its own, and a server that is not there has none."""
    window = (4_750_000, 4_050_000, 5_150_000, 4_450_000)
    for name in ("map", "map_federal", "map_region"):
        source = (
            f"contextualWMSLegend=0&crs=EPSG:3857&dpiMode=7&format=image/png&layers={name}&styles=light"
            f"&tileMatrixSet=WebMercatorQuad&url={url}/wmts/1.0.0/WMTSCapabilities.xml"
        )
        layer = QgsRasterLayer(source, name, "wms")
        tally.true(f"WMTS {name} is valid", layer.isValid())
        pixels = drawn_pixels(layer, "EPSG:3857", window)
        tally.true(f"WMTS {name} is drawn ({pixels} pixels)", pixels > 10_000)
    away = QgsRasterLayer(source.replace(url, "http://127.0.0.1:9"), "away", "wms")
    tally.true("no server, no WMTS", not away.isValid())


def layer_files(url, tally, all_layers, folder):
    for layer in all_layers:
        for language in ("en", "ar"):
            path = os.path.join(folder, f"{layer.id}-{language}.qlr")
            with open(path, "wb") as file:
                file.write(get(f"{url}/qgis/{layer.id}.qlr?lang={language}"))
            project = QgsProject()
            good, message = QgsLayerDefinition.loadLayerDefinition(path, project, project.layerTreeRoot())
            tally.true(f"{layer.id}.qlr opens: {message}", good)
            (found,) = project.mapLayers().values()
            tally.true(f"{layer.id}.qlr is valid", found.isValid())
            title = json.loads(get(f"{url}/collections/{layer.id}?f=json&lang={language}"))["title"]
            tally.equal(f"{layer.id}.qlr in {language}", found.name(), title)
            if language == "en":
                tally.equal(f"{layer.id}.qlr", sum(1 for _ in found.getFeatures()), layer.count)
    # What the file asks for is what the server is asked for.
    path = os.path.join(folder, "view.qlr")
    with open(path, "wb") as file:
        file.write(get(f"{url}/qgis/districts.qlr?lang=ar&worldview=region"))
    project = QgsProject()
    QgsLayerDefinition.loadLayerDefinition(path, project, project.layerTreeRoot())
    (found,) = project.mapLayers().values()
    names = {feature["name"] for feature in found.getFeatures()}
    items = json.loads(get(f"{url}/collections/districts/items?limit=1000&lang=ar&worldview=region"))["features"]
    tally.equal("names of a layer file in Arabic", names, {feature["properties"]["name"] for feature in items})


def styles(url, tally, all_layers, folder):
    path = os.path.join(folder, "all.gpkg")
    with open(path, "wb") as file:
        file.write(get(f"{url}/downloads/all.gpkg"))
    extents = {"EPSG:4326": (43.0, 34.0, 46.0, 37.0)}
    for layer in all_layers:
        found = QgsVectorLayer(f"{path}|layername={layer.id}", layer.id, "ogr")
        tally.true(f"all.gpkg {layer.id} is valid", found.isValid())
        tally.equal(f"all.gpkg {layer.id}", found.featureCount(), layer.count)
        if layer.geometry == "None":
            continue
        tally.equal(f"all.gpkg {layer.id} has a style", found.listStylesInDatabase()[0], 1)
        _, good = found.loadDefaultStyle()
        tally.true(f"the style of {layer.id} is read", good)
        symbol = found.renderer().symbol().symbolLayer(0)
        outline = symbol.color() if symbol.layerType() == "SimpleLine" else symbol.strokeColor()
        tally.equal(f"the style of {layer.id} is ours", (outline.name(), symbol.layerType()), paint(url, layer))
    districts = QgsVectorLayer(f"{path}|layername=districts", "districts", "ogr")
    for crs, rectangle in extents.items():
        tally.true("districts are drawn", drawn_pixels(districts, crs, rectangle) > 100)


def paint(url, layer):
    """The outline of a layer as its KML has it (aabbggrr), and the kind of symbol that fits its geometry."""
    kml = get(f"{url}/downloads/{layer.id}.kml").decode()
    colour = kml.split("<LineStyle><color>")[1][:8]
    kind = {"Po": "SimpleFill", "Li": "SimpleLine"}
    geometry = layer.geometry.removeprefix("Multi")
    symbol = "SimpleMarker" if geometry == "Point" else kind[geometry[:2]]
    return f"#{colour[6:8]}{colour[4:6]}{colour[2:4]}", symbol


def main(url):
    application = QgsApplication([], False)
    application.initQgis()
    tally = Tally(f"QGIS {Qgis.QGIS_VERSION}")
    all_layers = layers(url)
    with tempfile.TemporaryDirectory() as folder:
        features(url, tally, all_layers)
        tiles(url, tally)
        pictures(url, tally)
        layer_files(url, tally, all_layers, folder)
        styles(url, tally, all_layers, folder)
    return tally.done()


if __name__ == "__main__":
    try:
        code = main(sys.argv[1])
    except BaseException:  # noqa: B036 (the process ends below in every case)
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Leaving in the ordinary way crashes while layers live.
    os._exit(code)
