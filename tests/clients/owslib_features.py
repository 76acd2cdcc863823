"""OWSLib: the collections and their features, page by page, as its users walk them."""

import sys

import owslib
from owslib.ogcapi.features import Features

from expected import Tally, layers

PAGE = 1000


def main(url):
    tally = Tally(f"OWSLib {owslib.__version__}")
    service = Features(url)
    tally.true("conformance", any("ogcapi-features-1" in uri for uri in service.conformance()["conformsTo"]))
    tally.true("OpenAPI", service.api()["openapi"].startswith("3."))
    all_layers = layers(url)
    names = service.feature_collections()
    tally.equal("collections", sorted(names), sorted(layer.id for layer in all_layers))
    for layer in all_layers:
        ids = set()
        offset = 0
        while True:
            page = service.collection_items(layer.id, limit=PAGE, offset=offset)
            tally.equal(f"{layer.id} numberMatched", page["numberMatched"], layer.count)
            ids.update(feature["id"] for feature in page["features"])
            offset += PAGE
            if len(page["features"]) < PAGE:
                break
        tally.equal(f"{layer.id} features", len(ids), layer.count)
    queryables = service.collection_queryables("disputed_areas")
    tally.true("queryables", "name:ar" in queryables["properties"])
    found = service.collection_items("districts", bbox=[43.5, 34.5, 44.5, 35.5], limit=PAGE)
    tally.true("a window", 0 < found["numberMatched"] < service.collection_items("districts")["numberMatched"])
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
