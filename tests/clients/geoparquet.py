"""pyarrow: GeoParquet 1.1, its metadata by the specification, its boxes beside its geometries."""

import io
import json
import os
import struct
import sys

import pyarrow
import pyarrow.parquet as parquet

from expected import Tally, get, layers

KINDS = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}


def positions(wkb):
    """The kind and every position of a little-endian WKB geometry."""
    at = 0

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, wkb, at)
        at += struct.calcsize("<" + form)
        return values

    found = []

    def geometry():
        order, kind = take("BI")
        assert order == 1
        if kind == 1:
            found.append(take("dd"))
        elif kind == 2:
            (count,) = take("I")
            found.extend(take("dd") for _ in range(count))
        elif kind == 3:
            (rings,) = take("I")
            for _ in range(rings):
                (count,) = take("I")
                found.extend(take("dd") for _ in range(count))
        else:
            (count,) = take("I")
            for _ in range(count):
                geometry()
        return KINDS[kind]

    kind = geometry()
    assert at == len(wkb), "bytes are left over"
    return kind, found


def check(tally, layer, table):
    geo = json.loads(table.schema.metadata[b"geo"])
    tally.equal(f"{layer.id} version", geo["version"], "1.1.0")
    column = geo["columns"][geo["primary_column"]]
    tally.equal(f"{layer.id} encoding", column["encoding"], "WKB")
    paths = column["covering"]["bbox"]
    tally.equal(f"{layer.id} covering", sorted(paths), ["xmax", "xmin", "ymax", "ymin"])
    boxes = table.column(paths["xmin"][0]).to_pylist()
    kinds = set()
    for wkb, box in zip(table.column(geo["primary_column"]).to_pylist(), boxes):
        if wkb is None:
            tally.equal(f"{layer.id} box of nothing", box, None)
            continue
        kind, found = positions(wkb)
        kinds.add(kind)
        xs, ys = zip(*found)
        around = {"xmin": min(xs), "ymin": min(ys), "xmax": max(xs), "ymax": max(ys)}
        if box != around:
            tally.equal(f"{layer.id} box", box, around)
            return
    tally.equal(f"{layer.id} kinds", sorted(kinds), sorted(column["geometry_types"]))
    if kinds:
        known = [box for box in boxes if box]
        whole = [f(box[key] for box in known) for f, key in ((min, "xmin"), (min, "ymin"), (max, "xmax"), (max, "ymax"))]
        tally.equal(f"{layer.id} bbox", column["bbox"], whole)


def main(url):
    tally = Tally(f"pyarrow {pyarrow.__version__}")
    for layer in layers(url):
        table = parquet.read_table(io.BytesIO(get(f"{url}/downloads/{layer.id}.parquet")))
        tally.equal(f"{layer.id} rows", table.num_rows, layer.count)
        tally.true(f"{layer.id} says its sources", b"attribution" in table.schema.metadata)
        if layer.geometry == "None":
            tally.true(f"{layer.id} has no geometry", b"geo" not in table.schema.metadata)
        else:
            check(tally, layer, table)
    return tally.done()


if __name__ == "__main__":
    code = main(sys.argv[1])
    sys.stdout.flush()
    # Leaving in the ordinary way now and then aborts while pyarrow's threads end.
    os._exit(code)
