"""pmtiles and mapbox-vector-tile from PyPI: archives read by ranges, every feature in the tiles of the last zoom."""

import gzip
import sys

import mapbox_vector_tile
from pmtiles.reader import Reader, all_tiles

from expected import Tally, get, layers


class Remote:
    """A file of the server, read by ranges as a browser reads it."""

    def __init__(self, url):
        self.url = url
        self.reads = 0

    def __call__(self, offset, length):
        self.reads += 1
        return get(self.url, Range=f"bytes={offset}-{offset + length - 1}")


def ids_at_last_zoom(source, zoom):
    """The ids in each tile layer at a zoom."""
    found = {}
    for (z, _, _), data in all_tiles(source):
        if z == zoom:
            for name, layer in mapbox_vector_tile.decode(gzip.decompress(data)).items():
                found.setdefault(name, set()).update(feature["id"] for feature in layer["features"])
    return found


def local(url):
    data = get(url)
    return lambda offset, length: data[offset : offset + length]


def main(url):
    tally = Tally("pmtiles and mapbox-vector-tile")
    drawn = [layer for layer in layers(url) if layer.geometry != "None"]
    for layer in drawn:
        source = local(f"{url}/downloads/{layer.id}.pmtiles?maxzoom=8")
        header = Reader(source).header()
        # The header names the zooms that have tiles: an empty layer has one empty tile, of zoom 0.
        tally.equal(f"{layer.id} zooms", header["max_zoom"], 8 if layer.drawn else 0)
        found = ids_at_last_zoom(source, header["max_zoom"])
        tally.equal(f"{layer.id}.pmtiles", len(found.get(layer.id, ())), layer.drawn)
    remote = Remote(f"{url}/downloads/map.pmtiles")
    reader = Reader(remote)
    metadata = reader.metadata()
    names = {layer["id"] for layer in metadata["vector_layers"]}
    tally.true("map.pmtiles names every layer", names.issuperset(layer.id for layer in drawn))
    tally.true("map.pmtiles says its sources and the disclaimer", metadata["attribution"] and metadata["disclaimer"])
    tile = mapbox_vector_tile.decode(gzip.decompress(reader.get(6, 39, 25)))
    served = mapbox_vector_tile.decode(get(f"{url}/tiles/WebMercatorQuad/6/25/39"))
    tally.equal("layers of a tile in the archive and on the server", sorted(tile), sorted(served))
    for name in served:
        counts = [len(one[name]["features"]) for one in (tile, served)]
        tally.equal(f"features of {name} in both", counts[0], counts[1])
    tally.true("few reads", remote.reads <= 8)
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
