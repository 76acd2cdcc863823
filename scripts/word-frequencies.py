#!/usr/bin/env python3
"""Makes data/lexicon/word_frequencies.csv: how often words occur in ordinary text, by language.

    pip install wordfreq klpt && scripts/word-frequencies.py -o data/lexicon/word_frequencies.csv [TEXTS.jsonl…]

Arabic and English frequencies are those of wordfreq. Sorani words are the entries of the dictionary of KLPT that are no
proper nouns, with frequencies counted in TEXTS: one JSON object a line with `lang` (ar, ckb, en) and `text`, texts that
have nothing to do with the land, so that the places of the land do not count. Arabic words are counted in them as well.
Nothing but words and counts goes into the table.
"""
import argparse, collections, importlib.resources, json, math, re

import wordfreq

ARABIC = re.compile(r"^[\u0621-\u064A]{2,20}$")
SORANI = re.compile(r"^[\u0620-\u06D5]{2,20}$")
LATIN = re.compile(r"^[a-z]{2,20}$")
WORDS = re.compile(r"[\u0620-\u065F\u0670-\u06D3\u06D5\u06FA-\u06FF\u200c\u0640]+")
MARKS = re.compile(r"[\u064B-\u0652\u0670\u0640]")
# Rarer words are left out; a dictionary word that was not counted has the frequency of a rare one.
LEAST = {"ar": 2.95, "en": 2.6}
UNCOUNTED = 3.4


def zipf(count, words):
    return math.log10(count / words) + 9


def counted(paths, language):
    words = collections.Counter()
    for path in paths:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            if row.get("lang") == language and row.get("iraq") is not True:
                words.update(word for word in (MARKS.sub("", w) for w in WORDS.findall(row["text"])) if len(word) > 1)
    return words, max(1, sum(words.values()))


def from_wordfreq(language, pattern):
    frequencies = wordfreq.get_frequency_dict(language, wordlist="large").items()
    zipfs = ((word, math.log10(frequency) + 9) for word, frequency in frequencies)
    return {word: value for word, value in zipfs if pattern.match(word) and value >= LEAST[language]}


def arabic(paths):
    table = from_wordfreq("ar", ARABIC)
    words, total = counted(paths, "ar")
    for word, count in words.items():
        if count >= 4 and ARABIC.match(word):
            known = table.get(word)
            table[word] = zipf(count, total) - 0.3 if known is None else max(known, min(zipf(count, total), known + 1.2))
    return table


def sorani(paths):
    words, total = counted(paths, "ckb")
    table = {}
    for word, count in words.items():
        word = word.replace("ه\u200c", "ە").replace("\u200c", "").replace("ك", "ک").replace("ي", "ی").replace("ى", "ی")
        if count >= 2:
            table[word] = max(table.get(word, 0), zipf(count, total))
    dictionary = (importlib.resources.files("klpt") / "data" / "ckb-Arab.dic").read_text(encoding="utf-8")
    for line in dictionary.splitlines()[1:]:
        entry = re.match(r"([^/\t ]+).*?po:(\S+)", line)
        if entry and entry[2] != "propn" and len(entry[1]) > 1:
            table.setdefault(entry[1], UNCOUNTED)
    return {word: value for word, value in table.items() if SORANI.match(word)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--out", required=True)
    parser.add_argument("texts", nargs="*")
    args = parser.parse_args()
    tables = {"ar": arabic(args.texts), "ckb": sorani(args.texts), "en": from_wordfreq("en", LATIN)}
    with open(args.out, "w", encoding="utf-8") as out:
        out.write("# How often words occur in ordinary text: zipf is the logarithm (base 10) of occurrences in 1,000 million words.\n")
        out.write("# Words whose letters are also a name are weighed against it. Made by scripts/word-frequencies.py; see ../SOURCES.md.\n")
        out.write("lang,zipf,words\n")
        for language, table in tables.items():
            steps = collections.defaultdict(list)
            for word, value in table.items():
                steps[round(value * 5) * 2].append(word)
            for step in sorted(steps, reverse=True):
                out.write(f"{language},{step / 10:.1f},{'|'.join(sorted(steps[step]))}\n")


if __name__ == "__main__":
    main()
