#!/usr/bin/env python3
"""Makes a corpus of news reports for measuring: scripts/corpus.py COUNT [BYTES] > corpus.ndjson

Each report is made of sentences of the evaluation sets and of the seed document, in an order of its own, with a day of
2021 or 2022, until it has BYTES bytes (2500). The same COUNT makes the same corpus.
"""

import json
import random
import re
import sys
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sentences():
    found = []
    for path in sorted((ROOT / "tests/eval").glob("*.tsv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        if "text" not in header.split("\t"):
            continue
        at = header.split("\t").index("text")
        for row in rows:
            cells = row.split("\t")
            if len(cells) > at:
                # ⟦name|place|reading⟧ marks what the evaluation expects.
                found.append(re.sub(r"⟦([^|⟧]*)[^⟧]*⟧", r"\1", cells[at]))
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        found += [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return found


def main():
    if len(sys.argv) not in (2, 3) or not all(word.isdigit() for word in sys.argv[1:]):
        sys.exit(__doc__)
    count, size = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) == 3 else 2500
    known, chance = sentences(), random.Random(1)
    for number in range(count):
        day = date(2021, 1, 1) + timedelta(days=chance.randrange(730))
        text = f"{number + 1}. {day:%d/%m/%Y}."
        while len(text.encode()) < size:
            text += " " + chance.choice(known)
        text = text.encode()[:size].decode(errors="ignore")
        line = {"id": number + 1, "title": f"Report {number + 1}", "published": day.isoformat(), "text": text}
        print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
