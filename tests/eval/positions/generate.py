#!/usr/bin/env python3
"""Writes the sets of descriptions: sentences by template, filled with places of the gazetteer whose position is known.

The sentences were written by hand before the rules were tuned, in the manner of news agencies; none is copied. Distances and
directions are those of real pairs of places, rounded as reports round them, half of the distances as by road (up to a
quarter longer). `development.jsonl` has the templates that the rules' writer looked at, `heldout.jsonl` others, with other
places, whose errors were counted and not read.
"""
import json
import math
import pathlib
import random

HERE = pathlib.Path(__file__).parent
PLACES = HERE.parent.parent.parent / "data" / "places.tsv"
RADIUS = 6371.0



def read_places():
    rows, last = [], []
    for line in PLACES.read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) < 9 or not cells[2]:
            continue
        kind = cells[1] or "settlement/village"
        names = [cell.split("|")[0] for cell in cells[6:9]]
        rows.append(
            {"id": cells[0], "kind": kind, "at": (float(cells[2]), float(cells[3])), "rank": int(cells[5] or 0),
             "ar": names[0], "ckb": names[1], "en": names[2], "foreign": "foreign" in (cells[10] if len(cells) > 10 else "")}
        )
    return rows


def distance(a, b):
    (lon1, lat1), (lon2, lat2) = a, b
    p1, p2 = math.radians(lat1), math.radians(lat2)
    d = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(d))


def bearing(a, b):
    (lon1, lat1), (lon2, lat2) = a, b
    p1, p2, dl = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    return math.degrees(math.atan2(math.sin(dl) * math.cos(p2), math.cos(p1) * math.sin(p2) - math.sin(p1) * math.cos(p2) * math.cos(dl))) % 360


WINDS = {
    "en": ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"],
    "en2": ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"],
    "adj": ["northern", "northeastern", "eastern", "southeastern", "southern", "southwestern", "western", "northwestern"],
    "ar": ["شمال", "شمال شرق", "شرق", "جنوب شرق", "جنوب", "جنوب غرب", "غرب", "شمال غرب"],
    "ar2": ["شمالي", "شمال شرقي", "شرقي", "جنوب شرقي", "جنوبي", "جنوب غربي", "غربي", "شمال غربي"],
    "ar3": ["الشمال", "الشمال الشرقي", "الشرق", "الجنوب الشرقي", "الجنوب", "الجنوب الغربي", "الغرب", "الشمال الغربي"],
    "ar4": ["الشمالية", "الشمالية الشرقية", "الشرقية", "الجنوبية الشرقية", "الجنوبية", "الجنوبية الغربية", "الغربية", "الشمالية الغربية"],
    "ckb": ["باکووری", "باکووری ڕۆژهەڵاتی", "ڕۆژهەڵاتی", "باشووری ڕۆژهەڵاتی", "باشووری", "باشووری ڕۆژئاوای", "ڕۆژئاوای", "باکووری ڕۆژئاوای"],
}
LETTERS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"]
SIXTEEN = ["north", "north-northeast", "northeast", "east-northeast", "east", "east-southeast", "southeast", "south-southeast",
           "south", "south-southwest", "southwest", "west-southwest", "west", "west-northwest", "northwest", "north-northwest"]
EASTERN = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")

OFFSET, RING, SECTOR, NEAR, BETWEEN, ROAD, PART, COORD, QUARTER, NONE = (
    "offset", "ring", "sector", "near", "between", "along", "part", "coordinates", "quarter", "none")

# kind, template; the second list of each language is held out.
TEMPLATES = {
    "en": ([
        (OFFSET, "Gunmen attacked a checkpoint {d} km {w} of {a}, killing two policemen."),
        (OFFSET, "The blast hit a village about {d} kilometres {w2} of {a}, police said."),
        (OFFSET, "The camp lies {d} km to the {w} of the city of {a}."),
        (OFFSET, "Security forces found a tunnel {w} of {a}, some {d} kilometers away."),
        (OFFSET, "A convoy was ambushed {d} miles {w} of {a} on Sunday.", "mile"),
        (OFFSET, "The site, {d} km ({m} miles) {w} of {a}, was shelled overnight."),
        (OFFSET, "Drone strike {d} km {l} of {a}."),
        (OFFSET, "Three shepherds were abducted {d} km {x} of {a}."),
        (RING, "Two soldiers were wounded in an attack {d} km from {a}."),
        (RING, "Villagers fled a hamlet roughly {d} kilometres outside {a}."),
        (SECTOR, "An air strike destroyed three hideouts {w} of {a}."),
        (SECTOR, "Fighters crossed the desert {w2} of {a} at dawn."),
        (NEAR, "A roadside bomb exploded near {a} on Tuesday."),
        (NEAR, "Houses were burned on the outskirts of {a}."),
        (NEAR, "A suicide bomber struck at the entrance to {a}."),
        (NEAR, "The bodies were found close to the town of {a}."),
        (BETWEEN, "A minibus came under fire between {a} and {b}."),
        (BETWEEN, "The army dug trenches between the towns of {a} and {b}."),
        (ROAD, "Militants set up a fake checkpoint on the road between {a} and {b}."),
        (ROAD, "The {a}-{b} road was closed after the attack."),
        (ROAD, "A truck exploded on the highway linking {a} and {b}."),
        (PART, "Clashes broke out in {adj} {u}, a security source said."),
        (PART, "Troops raided villages in the {w} of {u}."),
        (PART, "Fires spread through the {adj} part of {u} province."),
        (COORD, "The grave was located at {lat4}, {lon4} by the team."),
        (COORD, "Coordinates: {lat3}°N {lon3}°E."),
        (COORD, "The mine lies at {dmslat}, {dmslon}."),
        (COORD, "The wreck is at latitude {lat3}, longitude {lon3}."),
        (QUARTER, "A car bomb went off in the Wadi Hajar neighbourhood of {c}."),
        (QUARTER, "Gunmen stormed a house in the Al-Sikak quarter in {c}."),
        (NONE, "Talks continued for three hours and ended without result."),
        (NONE, "Turnout rose from 20 to 35 percent across the country."),
    ], [
        (OFFSET, "Some {d} kilometres {w} of {a}, masked men stopped a bus."),
        (OFFSET, "The field is situated {d} km {w2} of the town of {a}."),
        (OFFSET, "Police found the car {d} km due {w4} of {a}."),
        (RING, "The checkpoint is only {d} km away from {a}."),
        (SECTOR, "Residents of villages {w} of {a} reported shelling."),
        (NEAR, "Gunfire was heard in the suburbs of {a} after midnight."),
        (NEAR, "A patrol was hit not far from {a}."),
        (BETWEEN, "Tribesmen clashed in an area between {a} and {b}."),
        (ROAD, "Gunmen opened fire on a car on the road from {a} to {b}."),
        (ROAD, "The bomb was planted along the {a}–{b} highway."),
        (PART, "Sleeper cells remain active in {adj} {u}."),
        (PART, "Farmland burned in the far {w} of {u}."),
        (COORD, "GPS position {lat4} N, {lon4} E was given in the report."),
        (COORD, "It was recorded at {lat5} {lon5} by satellite."),
        (QUARTER, "A grenade was thrown in Baladiyat Street in {c}."),
        (NONE, "The minister said that exports rose by 12 percent in a month."),
    ]),
    "ar": ([
        (OFFSET, "هاجم مسلحون نقطة تفتيش على بعد {d} كم {w} {a} ما أسفر عن مقتل شرطيين."),
        (OFFSET, "انفجرت عبوة ناسفة {d} كيلومتراً {w2} {a}، بحسب مصدر أمني."),
        (OFFSET, "يقع المخيم على مسافة {d} كيلومترا إلى {w3} من مدينة {a}."),
        (OFFSET, "عثرت القوات على نفق {w} {a} بنحو {d} كم."),
        (OFFSET, "قصفت الطائرات مقراً ({d} كم {w2} {a}) فجر اليوم."),
        (OFFSET, "اختطف التنظيم ثلاثة رعاة على بعد نحو {e} كم {w} {a}."),
        (RING, "أصيب جنديان في هجوم على بعد {d} كم من {a}."),
        (RING, "تبعد القرية {d} كيلومترا عن {a} وقد تعرضت للقصف."),
        (SECTOR, "دمرت غارة جوية ثلاث مضافات {w2} مدينة {t}."),
        (SECTOR, "عبر المسلحون الصحراء {w} {t} فجرا."),
        (NEAR, "انفجرت عبوة ناسفة قرب {a} يوم الثلاثاء."),
        (NEAR, "أحرق مسلحون منازل في أطراف {a}."),
        (NEAR, "استهدف انتحاري نقطة تفتيش عند مدخل {a}."),
        (NEAR, "عثر على الجثث بالقرب من بلدة {a}."),
        (BETWEEN, "تعرضت حافلة لإطلاق نار بين {a} و{b}."),
        (BETWEEN, "حفر الجيش خنادق في المنطقة الواقعة بين {a} و{b}."),
        (ROAD, "نصب مسلحون حاجزاً على الطريق الرابط بين {a} و{b}."),
        (ROAD, "أغلق طريق {a} – {b} بعد الهجوم."),
        (ROAD, "انفجرت شاحنة على الطريق العام بين {a} و{b}."),
        (PART, "اندلعت اشتباكات {in_w} {u}، وفق مصدر أمني."),
        (PART, "داهمت القوات قرى {w2} محافظة {u}."),
        (PART, "امتدت الحرائق إلى المناطق {w4} من {u}."),
        (COORD, "عثر على المقبرة عند الإحداثيات {lat4}, {lon4} في الصباح."),
        (COORD, "تقع القرية عند خط العرض {elat3} وخط الطول {elon3}."),
        (COORD, "الإحداثيات هي {elat3}° شمالا و{elon3}° شرقا."),
        (COORD, "سجل الموقع عند {dmslat} {dmslon} بحسب الفريق."),
        (QUARTER, "انفجرت سيارة مفخخة في حي وادي حجر في {c}."),
        (QUARTER, "اقتحم مسلحون منزلا في حي السكك بمدينة {c}."),
        (NONE, "استمر الاجتماع ثلاث ساعات وانتهى دون نتيجة."),
        (NONE, "ارتفعت نسبة المشاركة من 20 إلى 35 بالمئة في عموم البلاد."),
    ], [
        (OFFSET, "أوقف ملثمون حافلة على بعد حوالي {d} كيلومتر {w} قضاء {a}."),
        (OFFSET, "يقع الحقل {w2} {a} على بعد {d} كم."),
        (OFFSET, "وقع الانفجار على مسافة {d} كلم {w} مدينة {a}."),
        (RING, "لا تبعد السيطرة سوى {d} كم عن {a}."),
        (SECTOR, "أبلغ سكان القرى {w} مدينة {t} عن قصف مدفعي."),
        (NEAR, "سمع إطلاق نار في ضواحي {a} بعد منتصف الليل."),
        (NEAR, "استهدفت دورية على مقربة من {a}."),
        (BETWEEN, "اشتبكت عشيرتان في منطقة بين {a} و{b}."),
        (ROAD, "أطلق مسلحون النار على سيارة على الطريق بين {a} و{b}."),
        (ROAD, "زرعت العبوة على طريق {a} {b}."),
        (PART, "لا تزال خلايا التنظيم تنشط {in_w} محافظة {u}."),
        (PART, "احترقت أراض زراعية في أقصى {w} {u}."),
        (COORD, "حدد الموقع بالإحداثيات {lat4} شمالا {lon4} شرقا."),
        (COORD, "سجل القمر الصناعي الحريق عند {lat5}، {lon5} أمس."),
        (QUARTER, "ألقيت قنبلة في شارع البلديات وسط {c}."),
        (NONE, "قال الوزير إن الصادرات ارتفعت بنسبة 12 بالمئة خلال شهر."),
    ]),
    "ckb": ([
        (OFFSET, "چەکداران هێرشیان کردە سەر خاڵێکی پشکنین {d} کم لە {w} {a}."),
        (OFFSET, "بۆمبێک تەقییەوە لە دووری {d} کیلۆمەتر لە {w} {a}."),
        (OFFSET, "کەمپەکە بە دووری {e} کم {w} شاری {a} دەکەوێتە."),
        (OFFSET, "هێزەکان تونێلێکیان دۆزییەوە لە {w} {a} بە دووری {d} کم."),
        (RING, "دوو سەرباز بریندار بوون لە هێرشێک بە دووری {d} کم لە {a}."),
        (RING, "گوندەکە {d} کیلۆمەتر لە {a} دوورە و تۆپباران کرا."),
        (SECTOR, "فڕۆکەکان سێ شوێنیان لە {w} شاری {t} بۆردومان کرد."),
        (SECTOR, "چەکداران لە بیابانی {w} شاری {t} پەڕینەوە."),
        (NEAR, "بۆمبێک لە نزیک {a} تەقییەوە."),
        (NEAR, "چەند خانوویەک لە دەوروبەری {a} سووتێنران."),
        (NEAR, "هێرشەکە لە دەروازەی {a} بوو."),
        (NEAR, "تەرمەکان لە نزیک شارۆچکەی {a} دۆزرانەوە."),
        (BETWEEN, "پاسێک لە نێوان {a} و {b} کەوتە بەر دەستڕێژ."),
        (BETWEEN, "سوپا لە ناوچەی نێوان {a} و {b} خەندەقی لێدا."),
        (ROAD, "چەکداران لەسەر ڕێگای نێوان {a} و {b} بازگەیان دانا."),
        (ROAD, "ڕێگای {a} - {b} دوای هێرشەکە داخرا."),
        (PART, "پێکدادان لە {w} پارێزگای {u} ڕوویدا."),
        (PART, "ئاگر لە بەشی {w} {u} بڵاوبووەوە."),
        (COORD, "گۆڕەکە لە کۆئۆردیناتی {lat4}, {lon4} دۆزرایەوە."),
        (COORD, "گوندەکە لە هێڵی پانی {elat3} و هێڵی درێژی {elon3} دەکەوێتە."),
        (COORD, "شوێنەکە {elat3}° باکوور و {elon3}° ڕۆژهەڵات تۆمارکرا."),
        (QUARTER, "ئۆتۆمبێلێک لە گەڕەکی وادی حەجەر لە شاری {c} تەقییەوە."),
        (NONE, "کۆبوونەوەکە سێ کاتژمێری خایاند و بێ ئەنجام بوو."),
        (NONE, "ڕێژەی بەشداری لە ٢٠ بۆ ٣٥ لەسەد بەرزبووەوە."),
    ], [
        (OFFSET, "نزیکەی {d} کیلۆمەتر لە {w} {a} پاسێک ڕاگیرا."),
        (OFFSET, "کێڵگەکە دەکەوێتە {w} {a} بە دووری {d} کم."),
        (RING, "بازگەکە تەنها {d} کم لە {a} دوورە."),
        (SECTOR, "دانیشتووانی گوندەکانی {w} شاری {t} باسی تۆپباران دەکەن."),
        (NEAR, "دەنگی تەقە لە قەراغی {a} بیسترا."),
        (BETWEEN, "دوو عەشیرەت لە نێوان {a} و {b} بەشەڕهاتن."),
        (ROAD, "بۆمبەکە لەسەر ڕێگای {a} – {b} چێنرابوو."),
        (PART, "شانە نووستووەکان لە {w} پارێزگای {u} چالاکن."),
        (COORD, "سەتەلایت ئاگرەکەی لە {lat5}, {lon5} تۆمارکرد."),
        (QUARTER, "نارنجۆکێک لە شەقامی شەهیدان لە {c} هەڵدرا."),
        (NONE, "وەزیر گوتی هەناردە لە مانگێکدا ١٢ لەسەد زیادیکردووە."),
    ]),
}

# Anchors by id: names that mean one place.
ANCHORS = ["890449811", "421188277", "1293762981", "1226319033", "421195195", "421176057", "1292976655", "890439961", "421196901",
           "1260379963", "421186153", "890441445", "890449805", "1125920643", "890449813", "1276846897"]
HELD_ANCHORS = ["421188277", "1226319033", "1260379963", "890441445", "421176057", "421195195", "1343463439", "421177863"]
SEATS = ["890449811", "890439961", "421186153", "890441445", "1125920643", "890432465", "421181481"]
TOWNS_ONLY = ["890439961", "890441445", "421181481"]
CITIES = ["890449811", "421186153", "890439961", "890441445"]
UNITS = ["IQG10", "IQG16", "IQG13", "IQG01"]
PAIRS = [("421188277", "1293762981"), ("890449811", "421188277"), ("890441445", "421176057"), ("421196901", "1260379963"),
         ("1226319033", "890449811"), ("890449805", "890441445"), ("421195195", "1125920643")]


def dms(value):
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    seconds = round(((value - degrees) * 60 - minutes) * 60)
    return f"{degrees}°{minutes:02d}'{min(seconds, 59):02d}\""


def rounded(km, rng):
    if rng.random() < 0.5:
        km *= rng.uniform(1.0, 1.25)
    step = 1 if km < 10 else rng.choice([1, 5, 5]) if km < 30 else rng.choice([5, 10, 10])
    return max(1, round(km / step) * step)


def fill(language, row, rng, places, by_id, held):
    kind, template = row[0], row[1]
    anchors = [by_id[one] for one in (HELD_ANCHORS if held else ANCHORS) if one in by_id]
    anchors = [one for one in anchors if one[language]]
    villages = places["villages"]
    out = {"kind": {OFFSET: "offset", RING: "offset", SECTOR: "offset", QUARTER: "part"}.get(kind, kind)}
    values = {}
    if kind in (OFFSET, RING, NEAR):
        a = rng.choice(anchors)
        reach = (1.0, 6.0) if kind == NEAR else (5.0, 70.0)
        t = rng.choice([v for v in villages if reach[0] < distance(a["at"], v["at"]) < reach[1]])
        km, angle = distance(a["at"], t["at"]), bearing(a["at"], t["at"])
        if kind != NEAR:
            shown = rounded(km / 1.609344 if "mile" in row else km, rng)
            values["d"], values["e"], values["m"] = shown, str(shown).translate(EASTERN), round(shown / 1.609344)
        out["point"], values["a"] = t["at"], a[language]
        out["reference_km2"] = {OFFSET: 0.125 * math.pi * km * km * 0.8, RING: math.pi * km * km * 0.8, NEAR: math.pi * 49}[kind]
    elif kind == SECTOR:
        anchors = [by_id[one] for one in (TOWNS_ONLY if language != "en" else SEATS) if by_id[one][language]]
        a = rng.choice(anchors)
        t = rng.choice([v for v in villages if 5 < distance(a["at"], v["at"]) < 40])
        angle = bearing(a["at"], t["at"])
        values["a"] = values["t"] = a[language]
        out["point"] = t["at"]
        out["reference_km2"] = 0.125 * math.pi * 50 * 50
    elif kind in (BETWEEN, ROAD):
        pairs = [(by_id[a], by_id[b]) for a, b in PAIRS]
        a, b = rng.choice([pair for pair in pairs if pair[0][language] and pair[1][language]])
        km, way = distance(a["at"], b["at"]), bearing(a["at"], b["at"])
        near = []
        for v in villages:
            d, turn = distance(a["at"], v["at"]), math.radians(bearing(a["at"], v["at"]) - way)
            if 0.1 * km < d * math.cos(turn) < 0.9 * km and abs(d * math.sin(turn)) < 0.08 * km:
                near.append(v)
        values["a"], values["b"] = a[language], b[language]
        if near and kind == BETWEEN:
            out["point"] = rng.choice(near)["at"]
        out["reference_km2"] = km * max(4.0, 0.2 * km)
        angle = 0
    elif kind == PART:
        u = by_id[rng.choice(UNITS)]
        values["u"] = u[language]
        angle = rng.choice([0, 45, 90, 135, 180, 225, 270, 315])
    elif kind == COORD:
        t = rng.choice(villages)
        lon, lat = t["at"]
        values.update(lat3=f"{lat:.3f}", lon3=f"{lon:.3f}", lat4=f"{lat:.4f}", lon4=f"{lon:.4f}", lat5=f"{lat:.5f}", lon5=f"{lon:.5f}",
                      dmslat=dms(lat) + "N", dmslon=dms(lon) + "E", elat3=f"{lat:.3f}".translate(EASTERN), elon3=f"{lon:.3f}".translate(EASTERN))
        out["point"] = t["at"]
        angle = 0
    else:
        values["c"] = by_id[rng.choice(CITIES)][language]
        angle = 0
    wind = round(angle / 45) % 8
    values.update(w=WINDS[language][wind], w2=WINDS.get(language + "2", WINDS[language])[wind], w3=WINDS["ar3"][wind], w4=WINDS["ar4"][wind],
                  l=LETTERS[round(angle / 22.5) % 16], x=SIXTEEN[round(angle / 22.5) % 16], adj=WINDS["adj"][wind], in_w="في " + WINDS["ar"][wind])
    if "due {w4}" in template:
        values["w4"] = WINDS["en"][round(angle / 90) % 4 * 2]
    out["text"] = template.format(**values)
    return out


def main():
    rows = read_places()
    by_id = {row["id"]: row for row in rows}
    villages = [r for r in rows if r["kind"].startswith("settlement") and not r["foreign"] and r["en"] and r["rank"] < 45]
    places = {"villages": villages}
    for language, (development, held) in TEMPLATES.items():
        for name, templates, count, seed in (("development", development, 300, 1), ("heldout", held, 100, 2)):
            rng = random.Random(seed)
            path = HERE / (f"{language}.jsonl" if name == "development" else f"{language}.heldout.jsonl")
            with path.open("w", encoding="utf-8") as file:
                for number in range(count):
                    row = fill(language, templates[number % len(templates)], rng, places, by_id, name == "heldout")
                    row = {"id": f"{language}-{name[0]}{number + 1:03d}", **row}
                    if "point" in row:
                        row["point"] = [round(value, 5) for value in row["point"]]
                    if "reference_km2" in row:
                        row["reference_km2"] = round(row["reference_km2"], 1)
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
