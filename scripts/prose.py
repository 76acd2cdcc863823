#!/usr/bin/env python3
"""Checks comments and commit subjects for constructions that readers of English as a second language stumble over.

Usage: scripts/prose.py [--limit N] [--list RULE] [FILE...]

Prints how often each rule is broken in 1,000 comment lines and ends with 1 where a rule has more than its limit allows.
RULES is the list to extend. ALLOWED has phrases that a rule would find and that are plain English nevertheless.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Name, pattern, most in 1,000 comment lines, what to write instead.
RULES = [
    ("free relative", r"\b(what|whoever)\b (?!to\b)", 3.0,
     'a noun: "fields that most rows lack", not "what most rows do not have"'),
    ("boolean doc", r"^\s*///?\s*Whether\b", 6.0, '"True if …"'),
    ("stand", r"\b(stands?|stood|standing)\b(?! (alone|out))", 5.0, "is, is in, precedes, follows"),
    ("tell", r"\b(tells?|told)\b", 3.0, "says, reports, returns, distinguishes"),
    ("bear", r"\b(bears?|bearers?|borne)\b", 2.0, "has, place with the name"),
    ("is there", r"\b(is|are|was|were) (not )?there\b(?! (is|are|no|a)\b)", 2.0, "exists"),
]

# Phrases that are fine as they are; lower case.
ALLOWED = [
    "what is left", "what if", "standing in for", "stand-alone", "standard", "so to tell",
    "bearing", "told apart", "tell apart",
]

MAX_SUBJECT = 72
SUBJECT = re.compile(r"^[a-z0-9][a-z0-9 ,.+&/-]*: \S")


def comments(path):
    """Comment lines of a file with their numbers, without the marks."""
    pattern = r"^\s*(//[/!]?)(?P<text>.*)$" if path.suffix in {".rs", ".ts"} else r"^\s*#(?P<text>.*)$"
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        found = re.match(pattern, line)
        if found and found["text"].strip():
            yield number, line, found["text"]


def allowed(text, at):
    around = text[max(0, at - 20):at + 40].lower()
    return any(phrase in around for phrase in ALLOWED)


def sources(names):
    if names:
        return [Path(name) for name in names]
    listed = subprocess.run(
        ["git", "ls-files", "src/**/*.rs", "src/*.rs", "crates/**/*.rs", "static/src/**/*.ts"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    return [ROOT / name for name in listed.stdout.split()]


def subjects(limit):
    """Subjects of the newest commits that are no merges."""
    log = subprocess.run(
        ["git", "log", f"-{limit}", "--no-merges", "--format=%h %s"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [line.split(" ", 1) for line in log.stdout.splitlines() if " " in line]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="also check the subjects of the newest N commits")
    parser.add_argument("--list", metavar="RULE", help="print each place that breaks this rule")
    parser.add_argument("files", nargs="*", help="files to check; all sources of the repository without any")
    options = parser.parse_args()
    counts = {name: [] for name, *_ in RULES}
    lines = 0
    for path in sources(options.files):
        for number, whole, text in comments(path):
            lines += 1
            for name, pattern, *_ in RULES:
                subject = whole if pattern.startswith("^") else text
                for found in re.finditer(pattern, subject, re.IGNORECASE):
                    if not allowed(subject, found.start()):
                        counts[name].append((path, number, text.strip()))
    if lines == 0:
        print("prose: no comments found", file=sys.stderr)
        return 2
    failed = False
    for name, _, most, instead in RULES:
        rate = 1000 * len(counts[name]) / lines
        over = rate > most
        failed |= over
        mark = "over" if over else "ok"
        print(f"{mark:5}{name:15}{len(counts[name]):5} in {lines} comment lines: {rate:5.1f} of {most:4.1f} a thousand. Write {instead}.")
        if options.list == name:
            for path, number, text in counts[name]:
                print(f"    {path.relative_to(ROOT) if path.is_absolute() else path}:{number}: {text}")
    for commit, subject in subjects(options.limit) if options.limit else []:
        if len(subject) > MAX_SUBJECT or not SUBJECT.match(subject):
            failed = True
            print(f"commit {commit}: {subject!r}: write `area: imperative subject` of at most {MAX_SUBJECT} characters")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
