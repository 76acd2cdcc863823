"""What the server says it has, read with nothing but Python: every client must count the same."""

import json
import sys
import urllib.request
from dataclasses import dataclass

# The formats that hold one layer, and whether they keep features that have no geometry.
FORMATS = {
    "geojson": True,
    "geojsonl": True,
    "csv": True,
    "kml": True,
    "gpkg": True,
    "fgb": False,
    "shp.zip": False,
}


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read()


@dataclass
class Layer:
    """A layer: its id, its kind of geometry, how many features it has, how many of them have a geometry."""

    id: str
    geometry: str
    title: str
    count: int
    drawn: int

    def expected(self, extension):
        return self.count if FORMATS[extension] else self.drawn

    def recognizable(self, extension):
        """Whether GDAL can open the download: lines of no features are an empty file, which no driver recognizes."""
        return self.count > 0 or extension != "geojsonl"


def layers(url):
    found = []
    for collection in json.loads(get(f"{url}/collections?f=json"))["collections"]:
        features = json.loads(get(f"{url}/downloads/{collection['id']}.geojson"))["features"]
        assert len(features) == collection["count"], collection["id"]
        drawn = sum(feature["geometry"] is not None for feature in features)
        found.append(
            Layer(collection["id"], collection["geometryType"], collection["title"], len(features), drawn)
        )
    assert found, "the server has no layers"
    return found


class Tally:
    """Compares counts, goes on after a wrong one, and tells all of them at the end."""

    def __init__(self, client):
        self.client = client
        self.good = 0
        self.wrong = []

    def equal(self, what, found, expected):
        if found == expected:
            self.good += 1
        else:
            self.wrong.append(f"{what}: {found!r}, not {expected!r}")

    def true(self, what, found):
        self.equal(what, bool(found), True)

    def done(self):
        for line in self.wrong:
            print(f"{self.client}: {line}", file=sys.stderr)
        print(f"{self.client}: {self.good} checks hold, {len(self.wrong)} do not")
        return 1 if self.wrong or not self.good else 0
