#!/usr/bin/python3
"""New raster tiles of 512 pixels beside Mapnik: same layers, same tiles, one at a time, same run.

Mapnik (Debian's python3-mapnik) reads the layers from shapefiles in EPSG:3857 with an index, and draws the same kinds of
marks: fills, lines, dashes, circles, labels with a halo. Usage: scripts/bench-mapnik.py BINARY
"""

import math
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import mapnik

PORT = 18420
ZOOM = 8
ROUNDS = 3
HALF = math.pi * 6378137
# The part of the country where most is drawn.
WINDOW = (42.0, 33.0, 46.5, 37.2)
AREAS = ("countries", "governorates", "districts", "subdistricts", "disputed_areas", "lakes")
LINES = ("rivers", "region_line", "security_gap")
POINTS = ("security_gap_posts", "places")
NAMED = ("governorates", "disputed_areas", "places")
FILLS = {"countries": "#ece8df", "governorates": "#fcf9f2", "lakes": "#cfe0e8", "disputed_areas": "#f0dcae"}
DASHED = ("disputed_areas", "region_line")


def tiles():
    def column(lon):
        return int((lon + 180) / 360 * 2**ZOOM)

    def row(lat):
        return int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**ZOOM)

    west, south, east, north = WINDOW
    return [(x, y) for x in range(column(west), column(east) + 1) for y in range(row(north), row(south) + 1)]


def shapefile(binary, folder, layer):
    """The layer in EPSG:3857, with Mapnik's index."""
    path = folder / f"{layer}.shp"
    if not path.exists():
        source = folder / f"{layer}.gpkg"
        subprocess.run([binary, "export", layer, "-o", str(source)], check=True, capture_output=True)
        # At this zoom only the larger places are drawn.
        kept = ["-where", "rank >= 70"] if layer == "places" else []
        convert = ["ogr2ogr", "-t_srs", "EPSG:3857", "-lco", "ENCODING=UTF-8", *kept, str(path), str(source), layer]
        for command in (convert, ["shapeindex", str(path)]):
            subprocess.run(command, check=True, capture_output=True)
    return path


def style(layer):
    rules = ""
    if layer in AREAS and layer in FILLS:
        rules += f'<PolygonSymbolizer fill="{FILLS[layer]}"/>'
    if layer in AREAS or layer in LINES:
        dash = ' stroke-dasharray="8,4"' if layer in DASHED else ""
        rules += f'<LineSymbolizer stroke="#8a7b5c" stroke-width="2"{dash}/>'
    if layer in POINTS:
        rules += '<MarkersSymbolizer width="6" height="6" fill="#333333" allow-overlap="true"/>'
    if layer in NAMED:
        rules += (
            '<TextSymbolizer face-name="DejaVu Sans Book" size="22" fill="#333333" halo-radius="2" halo-fill="#ffffff">'
            "[name]</TextSymbolizer>"
        )
    return f'<Style name="{layer}"><Rule>{rules}</Rule></Style>'


def mapnik_map(binary, folder):
    xml = '<Map srs="epsg:3857" background-color="#cfe0e8" buffer-size="64">'
    for layer in AREAS + LINES + POINTS:
        path = shapefile(binary, folder, layer)
        xml += style(layer)
        xml += f'<Layer name="{layer}" srs="epsg:3857"><StyleName>{layer}</StyleName>'
        xml += f'<Datasource><Parameter name="type">shape</Parameter><Parameter name="file">{path}</Parameter></Datasource></Layer>'
    mapnik.FontEngine.register_fonts("/usr/share/fonts", True)
    drawn = mapnik.Map(512, 512)
    mapnik.load_map_from_string(drawn, xml + "</Map>")
    return drawn


def by_mapnik(drawn, x, y):
    side = 2 * HALF / 2**ZOOM
    west, north = x * side - HALF, HALF - y * side
    drawn.zoom_to_box(mapnik.Box2d(west, north - side, west + side, north))
    image = mapnik.Image(512, 512)
    mapnik.render(drawn, image)
    return image.tostring("png8:m=h")


def by_server(x, y):
    address = f"http://127.0.0.1:{PORT}/maps/light/{ZOOM}/{x}/{y}@2x.png?worldview=neutral"
    with urllib.request.urlopen(address) as answer:
        return answer.read()


def measured(draw):
    times = []
    for x, y in tiles():
        start = time.perf_counter()
        picture = draw(x, y)
        times.append((time.perf_counter() - start) * 1000)
        assert picture.startswith(b"\x89PNG"), "no picture"
    return statistics.median(times)


def ready():
    for _ in range(300):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz").read()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("bench-mapnik: the server did not start")


def main(binary):
    folder = Path("target/peers/mapnik").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    drawn = mapnik_map(binary, folder)
    server = subprocess.Popen(
        [binary, "serve", "--bind", f"127.0.0.1:{PORT}", "--tile-cache", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ready()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(measured(lambda x, y: by_mapnik(drawn, x, y)))
            ours.append(measured(by_server))
    finally:
        server.terminate()
        server.wait()
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"raster tile of 512 pixels, zoom {ZOOM}, {len(tiles())} tiles, median: mahwar over HTTP {mine:.1f} ms,")
    print(f"Mapnik {mapnik.mapnik_version_string()} in process {peer:.1f} ms; Mapnik takes {peer / mine:.1f} times as long")


if __name__ == "__main__":
    main(sys.argv[1])
