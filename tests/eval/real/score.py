#!/usr/bin/env python3
"""Scores the geoparser on real texts that nobody in the project wrote.

score.py BIN --texts DIR [--part dev|held]

The texts are not part of the repository: their licences do not allow it, or not surely. `marks.jsonl` lists the
marked documents and `foreign.jsonl` the texts that name nothing in the land, each by the SHA-256 of its text.
DIR holds the texts: JSON lines or JSON with a member `text` (and `title`), under any file names. Texts that are
missing are counted. Rules of matching: see README.md beside this file.

  --errors          print every miss and every wrong point
  --lang ar,ckb     only these languages
  --min-confidence X  points below X are not drawn (default 0)
  --top N           number of offending names (default 40)
"""
import argparse, collections, glob, hashlib, json, os, re, subprocess, sys, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))

def texts_by_hash(folder):
    """All texts below a folder by the SHA-256 of their `text`."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.json*"), recursive=True)):
        for line in [open(path, encoding="utf-8").read()] if path.endswith(".json") else open(path, encoding="utf-8"):
            if line.strip():
                row = json.loads(line)
                found[hashlib.sha256(row["text"].encode()).hexdigest()] = row
    return found

def named(text, mark):
    """A span with its words: marks hold offsets only."""
    return {**mark, "text": text[mark["start"]:mark["end"]]} if mark else mark

# ---------------------------------------------------------------- the program
def run(binary, texts):
    lines = "".join(json.dumps({"id": str(i), "text": t}, ensure_ascii=False) + "\n" for i, t in enumerate(texts))
    out = subprocess.run([binary, "geoparse", "--ndjson", "-"], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    rows = [json.loads(l) for l in out.decode("utf-8").splitlines() if l.strip()]
    if len(rows) != len(texts):
        sys.exit(f"{len(rows)} answers for {len(texts)} texts")
    return rows

def name_of(m):
    n = (m.get("place") or {}).get("name") or {}
    return (n.get("en") if isinstance(n, dict) else n) or ""

def drawn(m, least):
    p = m.get("place")
    return m.get("reading") == "literal" and bool(p) and not p.get("foreign") and (m.get("confidence") is None or m["confidence"] >= least)

def span(text, x):
    """Code-point offsets of a span of the answer: offsets may be code points, bytes or UTF-16 units; None if absent."""
    if not isinstance(x, dict):
        if isinstance(x, str) and x:
            i = text.find(x)
            return (i, i + len(x)) if i >= 0 else None
        return None
    t = x.get("text") or x.get("quote") or x.get("exact") or ""
    tries = []
    if isinstance(x.get("start"), int) and isinstance(x.get("end"), int):
        tries.append((x["start"], x["end"]))
    for k in ("codepoints", "code_points", "chars", "char", "offsets"):
        v = x.get(k)
        if isinstance(v, dict):
            v = v.get("codepoints") or v.get("code_points") or [v.get("start"), v.get("end")]
        if isinstance(v, (list, tuple)) and len(v) == 2 and all(isinstance(q, int) for q in v):
            tries.insert(0, tuple(v))
    for a, b in tries:
        if not t or text[a:b] == t:
            return (a, b)
    raw = text.encode("utf-8")
    u16 = text.encode("utf-16-le")
    for a, b in tries:
        if t and raw[a:b].decode("utf-8", "replace") == t:
            s = len(raw[:a].decode("utf-8", "replace"))
            return (s, s + len(t))
        if t and u16[2 * a:2 * b].decode("utf-16-le", "replace") == t:
            s = len(u16[:2 * a].decode("utf-16-le", "replace"))
            return (s, s + len(t))
    if t:
        near = tries[0][0] if tries else 0
        best = [m.start() for m in re.finditer(re.escape(t), text)]
        if best:
            s = min(best, key=lambda i: abs(i - near))
            return (s, s + len(t))
    return None

# ---------------------------------------------------------------- names
def norm(n):
    n = unicodedata.normalize("NFKD", n or "").lower()
    n = "".join(c for c in n if not unicodedata.combining(c))
    n = n.replace("’", "").replace("'", "").replace("`", "").replace("ʿ", "").replace("ʾ", "")
    n = re.sub(r"\b(al|ad|as|an|ar|at|az|el|ash)[- ]", "", n)
    n = re.sub(r"\b(governorate|province|district|subdistrict|sub-district|city|the|markaz|center|centre|river|qaryat|nahiyat|nahiyah|qada|hayy|hay|jabal|mountains|mountain|mount)\b", "", n)
    return re.sub(r"[^a-z0-9]+", "", n)

def bones(n):
    """Consonants of a transliteration: Tal Afar and Telafar, Dihok and Duhok, Baqubah and Ba'quba are one name on one span."""
    n = norm(n).replace("kh", "x").replace("q", "k").replace("gh", "g").replace("dh", "d").replace("th", "t")
    n = re.sub(r"(.)\1+", r"\1", n)
    n = re.sub(r"[aeiouyw]", "", n)
    return n.rstrip("h") or n

# other names of one place that no transliteration rule gives
ALIAS = {
    "Halabja": ["Halabcha"], "Udhaim": ["Al-Atheem", "Al-Azim", "Adhaim"], "Prde": ["Altun Qupri", "Altun Kubri", "Barday", "Alton Kupry"], "Zini Warte": ["Wartah", "Werte", "Warte"],
    "Zargala": ["Zarakli", "Zergeley"], "Halabja Taza": ["Halabjah al Jadidah"], "Sihela": ["Sahilah", "Shaila"], "Sadr City": ["Sadr", "Al-Thawra", "Revolution City", "Al-Sadr 1"], "Khabat": ["Xebat", "Kalak"],
    "Abu Dshir": ["Qaryat Abu Dashir al Ula"], "Al-Qaim": ["Al-Ka'im", "Husaybah"], "Kifri": ["Sallahiyah"], "New Baghdad": ["Baghdad Al-Jedeeda", "Baghdad Jadidah"], "Koysinjaq": ["Koya", "Koisnjaq", "Kuysinjaq"],
    "Tuz Khurmatu": ["Tooz Khurmato", "Tuz", "Tooz"], "Salah al-Din": ["Salah Al-Din", "Sala ad-Din"], "Wasit": ["Kut", "Al-Kut"], "Green Zone": ["International Zone", "Al-Khadhra"],
    "United States": ["United States of America", "America"], "Turkey": ["Türkiye", "Turkiye"], "Syria": ["Syrian Arab Republic"], "Iran": ["Iran (Islamic Republic of)"], "Russia": ["Russian Federation"], "Washington": ["Washington, D.C.", "Washington DC"],
}

def same_place(gold, pred):
    if not norm(pred):
        return False
    names = [gold["place"], *gold.get("alt", []), *ALIAS.get(gold["place"], [])]
    if norm(pred) in {norm(x) for x in names}:
        return True
    b = bones(pred)
    return len(b) >= 2 and b in {bones(x) for x in names}

# ---------------------------------------------------------------- mentions
def letters(s):
    return all(c.isalnum() or unicodedata.combining(c) or c in "'’ـ\u200c-" for c in s)

def span_fits(text, g, s):
    """exact: the name, or the name with its type noun, or with attached letters; near: overlaps by half of the longer."""
    a, b = g["start"], g["end"]
    oa, ob = g["outer"]
    if s[0] <= a and s[1] >= b:
        left, right = text[s[0]:a], text[b:s[1]]
        okl = left == "" or s[0] >= oa or letters(left)
        okr = right == "" or s[1] <= ob or letters(right)
        if okl and okr:
            return 2
    inter = min(b, s[1]) - max(a, s[0])
    if inter > 0 and inter / max(b - a, s[1] - s[0]) >= 0.5:
        return 1
    if inter > 0 and s[0] <= a and s[1] >= b and s[1] - s[0] <= (b - a) + 25:
        return 1
    return 0

def overlaps(x, y):
    return x[0] < y[1] and y[0] < x[1]

class Count:
    def __init__(self):
        self.c = collections.Counter()
    def add(self, k, n=1):
        self.c[k] += n
    def prf(self, tp="tp", fp="fp", fn="fn"):
        t, p, n = self.c[tp], self.c[fp], self.c[fn]
        P = t / (t + p) if t + p else 0.0
        R = t / (t + n) if t + n else 0.0
        return P, R, (2 * P * R / (P + R) if P + R else 0.0)

def mentions(doc, row, least, S, errors):
    text = doc["text"]
    preds = []
    for m in row.get("mentions", []):
        s = span(text, m)
        if s:
            preds.append((s, m))
    gold = doc["mentions"]
    keys = [("all",), ("lang", doc["lang"]), ("genre", doc["lang"] + " " + doc["genre"])]
    used = {}
    for strict in (2, 1):
        for gi, g in enumerate(gold):
            if gi in used.values():
                continue
            for pi, (s, m) in enumerate(preds):
                if pi in used or not m.get("place"):
                    continue
                if span_fits(text, g, s) >= strict and same_place(g, name_of(m)):
                    used[pi] = gi
                    break
    # the same place inside an optional or already matched span is no error
    matched = set(used.values())
    for gi, g in enumerate(gold):
        if g["reading"] == "optional":
            continue
        for k in keys:
            S[k].add("tp" if gi in matched else "fn")
            if g["iraq"]:
                S[k].add("itp" if gi in matched else "ifn")
        if gi not in matched and errors:
            near = [f"{m['text']}→{name_of(m) or '-'}" for s, m in preds if overlaps(s, (g["start"], g["end"]))]
            print(f"  miss   {doc['id']} {g['text']} = {g['place']} ({g['kind']}), got {near or 'nothing'}")
    for pi, (s, m) in enumerate(preds):
        gi = used.get(pi)
        g = gold[gi] if gi is not None else None
        optional = (g and g["reading"] == "optional") or (g is None and any(x["reading"] == "optional" and overlaps(s, x["outer"]) for x in gold))
        if m.get("place") and g is None and not optional:
            for k in keys:
                S[k].add("fp")
                if not m["place"].get("foreign"):
                    S[k].add("ifp")
        if g and not optional and g["reading"] in ("literal", "associative"):
            right = m.get("reading") == g["reading"]
            for k in keys[:2]:
                S[k].add("reading right" if right else "reading wrong")
            S[("all",)].add(f"reading {g['reading']} read as {m.get('reading')}")
            if not right and errors:
                print(f"  reading {doc['id']} {g['text']} = {g['place']} is {g['reading']} ({g.get('why')}), read as {m.get('reading')}")
        if g and g["iraq"] and m["place"].get("level"):
            S[("all",)].add(f"level {g['kind']} given as {m['place']['level']}")
        if drawn(m, least) and not (optional):
            right = bool(g) and g["reading"] in ("literal", "either")
            for k in keys[:2]:
                S[k].add("drawn right" if right else "drawn wrong")
            if m.get("confidence") is not None:
                S[("bins",)].add((min(int(m["confidence"] * 10), 9), right))
            if not right and errors:
                a, b = max(0, s[0] - 30), s[1] + 30
                print(f"  point  {doc['id']} {m['text']}→{name_of(m)} conf {m.get('confidence')}: …{text[a:b]}…".replace("\n", " ") + (f" [gold: {g['reading']} {g.get('why')}]" if g else ""))

# ---------------------------------------------------------------- attributions
def head(s):
    w = re.findall(r"\w+", s)
    if not w:
        return ""
    if re.search("[a-z]", s):
        s = re.split(r"\b(?:of|in|for|at|from)\b|,", s)[0]
        w = re.findall(r"\w+", s) or w
        return w[-1].lower()
    return re.sub("^(?:و|ل|ب)?ال", "", w[0])

def cover(a, b):
    i = min(a[1], b[1]) - max(a[0], b[0])
    return 0.0 if i <= 0 else min(i / (a[1] - a[0]), i / (b[1] - b[0]))

def attributions(doc, row, S, errors):
    text = doc["text"]
    P = []
    for a in row.get("attributions", []):
        q = a.get("quote") or a.get("said")
        P.append((span(text, a.get("speaker")), span(text, a.get("verb")), span(text, q), a))
    keys = [("all",), ("lang", doc["lang"])]
    sp = lambda x: (x["start"], x["end"]) if x else None
    best = {}
    for gi, g in enumerate(doc["attributions"]):
        for pi, (s, v, q, a) in enumerate(P):
            gq = sp(g["quote"])
            ok_s = bool(s and sp(g["speaker"]) and overlaps(s, sp(g["speaker"])) and head(text[s[0]:s[1]]) in (head(g["speaker"]["text"]), *[w.lower() for w in re.findall(r"\w+", g["speaker"]["text"])]))
            ok_v = bool(v and g["verb"] and overlaps(v, sp(g["verb"])))
            c = cover(q, gq) if q else 0.0
            n = ok_s + ok_v + (c >= 0.8)
            if n + c > 0:
                best.setdefault(gi, []).append((n, c, pi, ok_s, ok_v))
    taken, pair = set(), {}
    for n, c, pi, gi, s, v in sorted(((n, c, pi, gi, s, v) for gi, l in best.items() for n, c, pi, s, v in l), key=lambda x: (-x[0], -x[1])):
        if gi in pair or pi in taken:
            continue
        pair[gi] = (n, c, pi, s, v)
        taken.add(pi)
    full = {pi for gi, (n, c, pi, s, v) in pair.items() if n == 3}
    ignore = {pi for gi, (n, c, pi, s, v) in pair.items() if doc["attributions"][gi].get("optional") or doc["attributions"][gi].get("implied")}
    for gi, g in enumerate(doc["attributions"]):
        n, c, pi, s, v = pair.get(gi, (0, 0, None, False, False))
        if g.get("optional"):
            continue
        for k in keys:
            kind = "implied " if g.get("implied") else ""
            S[k].add(kind + "att gold")
            S[k].add(kind + "att full", n == 3)
            if not g.get("implied"):
                S[k].add("att speaker", s), S[k].add("att verb", v), S[k].add("att quote .8", c >= 0.8), S[k].add("att quote .5", c >= 0.5)
        if pi is not None:
            st = P[pi][3].get("stance")
            if st:
                S[("all",)].add(f"stance {g['stance']} given as {st}")
        if n < 3 and errors and not g.get("implied"):
            print(f"  says   {doc['id']} {(g['speaker'] or {}).get('text')!r} {(g['verb'] or {}).get('text')!r} speaker {s} verb {v} quote {c:.2f}" + (f", got {P[pi][3].get('speaker')!r:.120}" if pi is not None else ", got nothing"))
    # A speaker that is not beside its verb was inherited from an earlier attribution.
    spans = [s for s, *_ in P]
    for pi in range(len(P)):
        if pi in ignore:
            continue
        inherited = pi not in full and (not spans[pi] or spans[pi] in spans[:pi])
        for k in keys:
            S[k].add("att pred"), S[k].add("att pred inherited", inherited)
            S[k].add("att pred right", pi in full)
        if pi not in full and errors:
            s, v, q, a = P[pi]
            print(f"  said?  {doc['id']} {text[s[0]:s[1]] if s else None!r} | {text[v[0]:v[1]] if v else None!r} | {(text[q[0]:q[1]] if q else '')[:80]!r}")

# ---------------------------------------------------------------- claims, quantities
GROUPS = [{"casualties", "casualty", "killed", "victims", "deaths"}, {"attack", "attack_count", "attacks", "airstrike", "bombing", "shelling", "operation", "incident", "security_incident", "airstrike_or_shelling", "explosive_device"},
          {"clash", "clashes"}, {"arrest", "arrests", "detention", "kidnapping", "abduction"}, {"displacement", "displaced", "return", "returns", "displacement_or_return"}, {"meeting", "visit"}, {"protest", "demonstration"}, {"discovery", "bodies"}, {"disease"}]
# Types of the program that the marking does not have: counted apart.
UNMARKED = {"change_of_control", "destruction", "land_seizure_or_denied_access", "territorial_claim", "security_vacuum", "coordination_axis"}
def same_type(a, b):
    a, b = (a or "").lower(), (b or "").lower()
    return a == b or any(a in g and b in g for g in GROUPS)

def figures(c, row):
    out = []
    qs = {q.get("id"): q for q in row.get("quantities", []) if q.get("id")}
    items = c.get("quantities") or c.get("figures") or []
    if isinstance(items, dict):
        items = [dict(v, role=k) if isinstance(v, dict) else {"role": k, "value": v} for k, v in items.items()]
    for q in items:
        if isinstance(q, str):
            q = qs.get(q)
        if isinstance(q, dict):
            out.append((q.get("role") or q.get("unit"), q.get("value"), q.get("bound")))
    if not out and c.get("value") is not None:
        out.append((c.get("role") or c.get("unit"), c["value"], c.get("bound")))
    return out

PERSON = {"killed", "wounded", "died", "kidnapped", "displaced", "arrested", "detained", "missing", "infected", "bodies", "casualties"}
ROLE = {"casualty": "casualties", "injured": "wounded", "dead": "killed", "detained": "arrested", "abducted": "kidnapped", "idp": "displaced"}
def role(r):
    r = (r or "").lower()
    return ROLE.get(r, r)

def figset(l):
    return {(role(r), float(v)) for r, v, *_ in l if v is not None}

def claims(doc, row, S, errors):
    pl = {m["place"]["id"]: name_of(m) for m in row.get("mentions", []) if m.get("place") and m["place"].get("id")}
    goldplaces = collections.defaultdict(list)
    for m in doc["mentions"]:
        goldplaces[m["place"]].append(m)
    G = [(g["type"], figset([(f["role"], f["value"]) for f in g["figures"]]), g["places"]) for g in doc["claims"]]
    P = []
    for c in row.get("claims", []):
        places = [pl.get(p, p) if isinstance(p, str) else (p.get("name", {}) or {}).get("en", "") for p in c.get("places", [])]
        P.append((c.get("type"), figset(figures(c, row)), places, c))
        S[("all",)].add(f"claim type {c.get('type')}")
    def place_right(gp, pp):
        want = [w for x in gp for w in goldplaces.get(x, [{"place": x, "alt": []}])]
        return (not pp and not gp) or (bool(pp) and all(any(same_place(w, h) for w in want) for h in pp))
    keys = [("all",), ("lang", doc["lang"])]
    free = set(range(len(G)))
    for t, f, p, c in P:
        if t in UNMARKED:
            for k in keys:
                S[k].add("claim unmarked")
            continue
        scored = []
        for gi in range(len(G)):  # one event told twice (title, text) may be claimed twice
            gt, gf, gp = G[gi]
            typ = same_type(t, gt)
            fig = (f == gf) or (bool(f) and f <= gf)
            plc = place_right(gp, p)
            if typ and (fig or plc or (f & gf)):
                scored.append((fig + plc, fig, plc, gi))
        scored.sort(reverse=True)
        top = scored[0] if scored else (0, False, False, None)
        if top[3] is not None:
            free.discard(top[3])
        ok_place = top[2] or not p
        for k in keys:
            S[k].add("claim pred")
            S[k].add("claim typed", top[3] is not None)
            S[k].add("claim figures", bool(top[1]))
            S[k].add("claim places right", bool(top[2]))
            S[k].add("claim places right or empty", top[3] is not None and ok_place)
            S[k].add("claim all right", bool(top[1]) and bool(top[2]))
            S[k].add("claim all right or no place", bool(top[1]) and ok_place)
        if not (top[1] and top[2]) and errors:
            print(f"  claim? {doc['id']} {t} {sorted(f)} {p}; nearest gold: {G[top[3]] if top[3] is not None else None}")
    for gi, (gt, gf, gp) in enumerate(G):
        for k in keys:
            S[k].add("claim gold")
            S[k].add("claim gold found", gi not in free)
            S[k].add(f"gold claim {gt}") if k == ("all",) else None
            if gi not in free and k == ("all",):
                S[k].add(f"gold claim {gt} found")
        if gi in free and errors:
            print(f"  noclaim {doc['id']} {gt} {sorted(gf)} {gp}")

def quantities(doc, row, S, errors):
    text = doc["text"]
    keys = [("all",), ("lang", doc["lang"])]
    P = []
    for q in row.get("quantities", []):
        s = span(text, q)
        r = role(q.get("role")) or role(q.get("unit"))
        P.append((s, q.get("value"), {role(q.get("role")), role(q.get("unit"))}, q))
    used = set()
    for g in doc["quantities"]:
        if g["role"] not in PERSON or g["value"] is None:
            continue
        hit = None
        for i, (s, v, rs, q) in enumerate(P):
            if i in used or v is None or float(v) != g["value"]:
                continue
            if s is None or overlaps((s[0] - 3, s[1] + 3), (g["start"], g["end"])):
                hit = i
                if role(g["role"]) in rs:
                    break
        ok = hit is not None and role(g["role"]) in P[hit][2]
        if hit is not None:
            used.add(hit)
        for k in keys:
            S[k].add("qty gold"), S[k].add("qty value found", hit is not None), S[k].add("qty role right", ok)
            if ok:
                S[k].add("qty bound right", (P[hit][3].get("bound") or "exact") == g["bound"])
        if not ok and errors:
            print(f"  qty    {doc['id']} {g['text']} = {g['value']:g} {g['role']}, got {P[hit][3].get('role') or P[hit][3].get('unit') if hit is not None else 'nothing'}")
    spans = [(g["start"], g["end"]) for g in doc["quantities"]]
    for i, (s, v, rs, q) in enumerate(P):
        if not (rs & {"killed", "wounded", "kidnapped", "displaced", "arrested"}):
            continue
        right = i in used or (s is not None and any(overlaps(s, x) and role(g["role"]) in rs for x, g in zip(spans, doc["quantities"])))
        for k in keys:
            S[k].add("qty pred person"), S[k].add("qty pred person right", right)
        if not right and errors:
            print(f"  qty?   {doc['id']} {q.get('text')!r} {v} {rs}")

# ---------------------------------------------------------------- reports
def pct(a, b):
    return f"{a}/{b} = {100 * a / b:.1f} %" if b else "0/0"

def documents(args, texts):
    docs, missing = [], 0
    for line in open(os.path.join(HERE, "marks.jsonl"), encoding="utf-8"):
        doc = json.loads(line)
        if args.part and doc["part"] != args.part or args.lang and doc["lang"] not in args.lang:
            continue
        row = texts.get(doc["sha256"])
        if not row:
            missing += 1
            continue
        text = doc["text"] = row["text"]
        doc["mentions"] = [named(text, m) for m in doc["mentions"]]
        doc["quantities"] = [named(text, q) for q in doc["quantities"]]
        doc["attributions"] = [{k: named(text, v) if isinstance(v, dict) else v for k, v in a.items()} for a in doc["attributions"]]
        docs.append(doc)
    print(f"marked documents: {len(docs)} found, {missing} missing")
    if not docs:
        return
    rows = run(args.bin, [d["text"] for d in docs])
    S = collections.defaultdict(Count)
    for doc, row in zip(docs, rows):
        mentions(doc, row, args.min_confidence, S, args.errors)
        attributions(doc, row, S, args.errors)
        claims(doc, row, S, args.errors)
        quantities(doc, row, S, args.errors)
        S[("lang", doc["lang"])].add("docs"), S[("all",)].add("docs")
        if row.get("language") not in (None, doc["lang"]):
            S[("all",)].add("language wrong")
    print(f"{len(docs)} documents, {sum(d['words'] for d in docs)} words; language wrong: {S[('all',)].c['language wrong']}\n")
    print("span and place together      P      R      F1     tp   fp   fn  | in Iraq  P      R      F1")
    for k in sorted(k for k in S if k[0] in ("all", "lang", "genre")):
        s = S[k]
        P, R, F = s.prf()
        p, r, f = s.prf("itp", "ifp", "ifn")
        print(f"  {' '.join(k[1:]) or 'all':24s} {P:.3f}  {R:.3f}  {F:.3f}  {s.c['tp']:4d} {s.c['fp']:4d} {s.c['fn']:4d}  |         {p:.3f}  {r:.3f}  {f:.3f}")
    rowkeys = [("all",)] + sorted(k for k in S if k[0] == "lang")
    def table(title, items):
        print(f"\n{title}")
        for k in rowkeys:
            c = S[k].c
            print(f"  {k[-1]:4s} " + "; ".join(f"{n}: {pct(c[a], sum(c[x] for x in b))}" for n, a, b in items))
    table("points drawn and readings", [("drawn points right", "drawn right", ["drawn right", "drawn wrong"]), ("readings right", "reading right", ["reading right", "reading wrong"])])
    table("attributions (explicit speaker)", [("recall, all three", "att full", ["att gold"]), ("precision", "att pred right", ["att pred"]), ("not in the marking, speaker inherited", "att pred inherited", ["att pred"]), ("speaker", "att speaker", ["att gold"]), ("verb", "att verb", ["att gold"]), ("quote ≥ .8", "att quote .8", ["att gold"]), ("quote ≥ .5", "att quote .5", ["att gold"]), ("implied speaker recall", "implied att full", ["implied att gold"])])
    table("claims of the program", [("type fits a gold claim", "claim typed", ["claim pred"]), ("figures", "claim figures", ["claim pred"]), ("places", "claim places right", ["claim pred"]), ("places or empty", "claim places right or empty", ["claim pred"]), ("all right", "claim all right", ["claim pred"]), ("all right or no place", "claim all right or no place", ["claim pred"]), ("gold claims found", "claim gold found", ["claim gold"]), ("of types that the marking lacks", "claim unmarked", ["claim unmarked", "claim pred"])])
    table("quantities of people", [("value found", "qty value found", ["qty gold"]), ("role right", "qty role right", ["qty gold"]), ("bound right", "qty bound right", ["qty role right"]), ("precision", "qty pred person right", ["qty pred person"])])
    print("\nconfidence of drawn points    right / all    share")
    b = S[("bins",)].c
    for i in range(10):
        r, w = b[(i, True)], b[(i, False)]
        if r + w:
            print(f"  {i / 10:.1f}–{(i + 1) / 10:.1f}                     {r:4d} / {r + w:4d}    {r / (r + w):.3f}")
    for title, pre in (("readings", "reading "), ("levels", "level "), ("stances", "stance "), ("claim types of the program", "claim type "), ("claims of the gold", "gold claim ")):
        l = [(k, v) for k, v in S[("all",)].c.items() if isinstance(k, str) and k.startswith(pre) and k not in ("reading right", "reading wrong")]
        if l:
            print(f"\n{title}: " + "; ".join(f"{k[len(pre):]} {v}" for k, v in sorted(l, key=lambda x: -x[1])[:40]))

def foreign(args, texts):
    short = {h[:12]: row for h, row in texts.items()}
    rows, missing = [], 0
    for line in open(os.path.join(HERE, "foreign.jsonl"), encoding="utf-8"):
        group = json.loads(line)
        if args.lang and group["lang"] not in args.lang:
            continue
        for part in ("dev", "held"):
            if args.part and part != args.part:
                continue
            for h in group[part]:
                row = short.get(h)
                if row:
                    rows.append({"id": h, "lang": group["lang"], "file": group["set"], "title": row.get("title"), "text": row["text"]})
                else:
                    missing += 1
    print(f"foreign texts: {len(rows)} found, {missing} missing")
    if not rows:
        return
    texts = [(r["title"] + "\n" if r.get("title") else "") + r["text"] for r in rows]
    got = run(args.bin, texts)
    by = collections.defaultdict(lambda: [0, 0, 0, 0])
    names, where = collections.Counter(), {}
    for r, t, a in zip(rows, texts, got):
        pts = [m for m in a.get("mentions", []) if drawn(m, args.min_confidence)]
        for k in ("all", r["lang"], r["lang"] + " " + r["file"]):
            x = by[k]
            x[0] += 1; x[1] += bool(pts); x[2] += len(pts); x[3] += len(t.split())
        for m in pts:
            k = (r["lang"], m["text"], name_of(m), (m.get("place") or {}).get("level"))
            names[k] += 1
            s = span(t, m)
            if s and len(where.setdefault(k, [])) < 2:
                where[k].append((r["id"], m.get("confidence"), t[max(0, s[0] - 40):s[1] + 40].replace("\n", " ")))
    print("texts that name nothing in the land   with a point   share     points   per 1,000 words")
    for k in sorted(by, key=lambda k: (k != "all", " " in k, k)):
        n, w, p, words = by[k]
        print(f"  {k:34s} {n:6d}  {w:6d}      {100 * w / n:6.2f} %  {p:6d}   {1000 * p / max(words, 1):.3f}")
    print("\noffending names")
    for k, n in names.most_common(args.top):
        print(f"  {n:4d}  [{k[0]}] {k[1]} → {k[2]} ({k[3]})")
        if args.errors:
            for i, c, x in where.get(k, []):
                print(f"          {i} conf {c}: …{x}…")

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("bin"); p.add_argument("--texts", required=True); p.add_argument("--part", choices=["dev", "held"])
    p.add_argument("--errors", action="store_true"); p.add_argument("--lang", type=lambda s: s.split(","))
    p.add_argument("--min-confidence", type=float, default=0.0); p.add_argument("--top", type=int, default=40)
    args = p.parse_args()
    texts = texts_by_hash(args.texts)
    documents(args, texts)
    foreign(args, texts)

if __name__ == "__main__":
    main()
