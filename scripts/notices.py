#!/usr/bin/env python3
"""Writes the notices of everything that the binary holds of others: notices/crates.txt (Rust) and notices/packages.txt (the
web map). `mahwar licenses` and /licenses show them, and scripts/sbom.py lists the same parts.

    scripts/notices.py            writes the files from the sources that cargo and npm have unpacked
    scripts/notices.py --check    ends with 1 when a part is not in them

Texts that differ in nothing but blanks are written once, with the parts that they belong to.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"
NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense|ofl)", re.IGNORECASE)
RULE = "=" * 100


def crates():
    """(name, version, licence, source, folder) of each crate that is linked into the binary."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = next(package["id"] for package in metadata["packages"] if package["name"] == "mahwar")
    linked, waiting = set(), [root]
    while waiting:
        node = waiting.pop()
        if node in linked:
            continue
        linked.add(node)
        for dependency in nodes[node]["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]}
            # What builds the program is not in it.
            if None in kinds:
                waiting.append(dependency["pkg"])
    for package in sorted((packages[one] for one in linked), key=lambda package: (package["name"], package["version"])):
        if package["source"] is None:
            continue
        yield (
            package["name"],
            package["version"],
            package["license"] or "see its text",
            package["repository"] or package["homepage"] or "",
            Path(package["manifest_path"]).parent,
        )


def packages():
    """The same of each package of the web map."""
    lock = json.loads((ROOT / "static/package-lock.json").read_text())
    for path, package in sorted(lock["packages"].items()):
        if not path or package.get("dev") or package.get("optional"):
            continue
        name = path.rpartition("node_modules/")[2]
        yield name, package["version"], package.get("license", "see its text"), "", ROOT / "static" / path


def texts(folder):
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and NAMES.match(path.name) and path.stat().st_size < 200_000:
            found.append(path.read_text(encoding="utf-8", errors="replace").strip())
    return found


# Where a part gives a choice, the text of the licence that is used is enough; both are permissive.
APACHE = re.compile(r"\bApache License\s+Version 2\.0", re.IGNORECASE)


def chosen(licence, found):
    """Leaves out the Apache text of a part that may be used under MIT, which is shorter."""
    if "MIT" in licence and " OR " in licence.replace("/", " OR "):
        short = [text for text in found if not APACHE.search(text[:400])]
        return short or found
    return found


def document(title, parts):
    by_text, without, listing = {}, [], []
    for name, version, licence, source, folder in parts:
        listing.append(f"{name} {version} — {licence}" + (f" — {source}" if source else ""))
        found = chosen(licence, texts(folder))
        if not found:
            without.append(f"{name} {version}")
        for text in found:
            key = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
            by_text.setdefault(key, (text, []))[1].append(f"{name} {version}")
    lines = [title, "", *listing, ""]
    if without:
        lines += ["These come without a text of their own; the name of their licence is above:", ", ".join(without), ""]
    for text, names in sorted(by_text.values(), key=lambda entry: entry[1]):
        lines += [RULE, ", ".join(sorted(set(names))), RULE, text, ""]
    return "\n".join(line.rstrip() for line in "\n".join(lines).splitlines()) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only look whether every part is listed")
    check = parser.parse_args().check
    files = {
        "crates.txt": ("Rust crates in the binary", list(crates())),
        "packages.txt": ("npm packages in the web map", list(packages())),
    }
    missing = []
    for name, (title, parts) in files.items():
        path = ROOT / "notices" / name
        if check:
            listed = path.read_text(encoding="utf-8")
            missing += [f"{part[0]} {part[1]}" for part in parts if f"\n{part[0]} {part[1]} — " not in listed]
        elif all(part[4].is_dir() for part in parts):
            path.write_text(document(title, parts), encoding="utf-8")
        else:
            print(f"notices: {name} is left as it is: its sources are not unpacked (npm ci)", file=sys.stderr)
    if missing:
        sys.exit(f"notices: not listed: {', '.join(missing)}; run scripts/notices.py")


if __name__ == "__main__":
    main()
