"""Lines of JSON, which Schemathesis does not know by itself."""

import json

import schemathesis

NDJSON = "application/x-ndjson"


@schemathesis.serializer(NDJSON)
def lines(context, value):
    return value if isinstance(value, (bytes, str)) else json.dumps(value, ensure_ascii=False) + "\n"
