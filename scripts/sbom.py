#!/usr/bin/env python3
"""Writes a software bill of materials of the binary in CycloneDX 1.5 (JSON) to standard output.

    scripts/sbom.py >target/mahwar.cdx.json
"""

import json
import re
import sys
import uuid
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent))
from notices import ROOT, crates, packages  # noqa: E402


def checksums():
    """SHA-256 of each crate by name and version, from Cargo.lock."""
    lock = (ROOT / "Cargo.lock").read_text()
    entry = re.compile(r'\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"\nsource = "[^"]+"\nchecksum = "([0-9a-f]{64})"')
    return {(name, version): checksum for name, version, checksum in entry.findall(lock)}


def component(kind, name, version, licence, source, checksum=None):
    reference = f"pkg:{kind}/{quote(name, safe='/')}@{version}"
    made = {
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "purl": reference,
        "licenses": [{"expression": licence.replace("/", " OR ")}] if licence != "see its text" else [],
    }
    if checksum:
        made["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if source:
        made["externalReferences"] = [{"type": "vcs", "url": source}]
    return made


def main():
    version = re.search(r'^version = "([^"]+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
    known = checksums()
    components = [
        component("cargo", name, number, licence, source, known.get((name, number)))
        for name, number, licence, source, _ in crates()
    ]
    components += [component("npm", name, number, licence, source) for name, number, licence, source, _ in packages()]
    root = f"pkg:cargo/mahwar@{version}"
    # The same parts give the same number, so that two builds can be compared.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, " ".join(part["bom-ref"] for part in components))
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": root, "name": "mahwar", "version": version, "purl": root}},
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": [part["bom-ref"] for part in components]}],
    }
    json.dump(bom, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
