#!/usr/bin/env python3
"""Writes regso.geojson: the 13 RegSO of Nässjö, simplified so that neighbours keep identical borders.

    python3 make_regso.py SOURCE.geojson > regso.geojson        needs shapely 2.1 or newer (GEOS 3.12)

SOURCE is the SCB file of RegSO 2025_v2, municipality 0682, in longitude and latitude (see README.md).
The coverage is simplified as one piece: a border between two areas is simplified once and used by both.
"""

import json
import sys

import shapely
from shapely.geometry import mapping, shape

STRETCH = 0.535  # cos 57.65°: makes a degree of longitude as long as a degree of latitude while simplifying
TOLERANCE_DEG = 12 / 111_400  # Visvalingam-Whyatt: corners that span less than (12 m)² go
DECIMALS = 6  # 0.1 m
NAMES_EN = {"Nässjö centrum": "Nässjö town centre", "Nässjö norra landsbygd": "Nässjö northern countryside",
            "Nässjö södra landsbygd": "Nässjö southern countryside",
            "Nässjö västra landsbygd": "Nässjö western countryside"}
HOW_SV = ("SCB:s gräns, förenklad så att grannområden har exakt samma gräns; hörn som spänner mindre än "
          "12 × 12 m är borttagna.")
HOW_EN = ("SCB's border, simplified so that neighbours share exactly the same border; corners that span less "
          "than 12 × 12 m are removed.")

source = sorted(json.load(open(sys.argv[1], encoding="utf-8"))["features"],
                key=lambda feature: feature["properties"]["regsokod"])
flat = [shapely.transform(shape(f["geometry"]), lambda at: at * [STRETCH, 1]) for f in source]
simple = [shapely.transform(area, lambda at: (at / [STRETCH, 1]).round(DECIMALS))
          for area in shapely.coverage_simplify(flat, TOLERANCE_DEG)]
assert shapely.coverage_is_valid(simple) and all(area.is_valid for area in simple)

features = []
for feature, area in zip(source, simple):
    code, name = feature["properties"]["regsokod"], feature["properties"]["regsonamn"]
    right_hand = shapely.geometry.polygon.orient(area)
    features.append(json.dumps({
        "type": "Feature", "id": code,
        "properties": {
            "id": code, "name_sv": name, "name_en": NAMES_EN.get(name, name), "set": "regso",
            "area_type": "residential", "residents": None, "valid_from": "2025-01-01", "valid_to": None,
            "source": "Statistiska centralbyrån (SCB), RegSO 2025_v2", "certainty": "official",
            "how_drawn": HOW_SV, "how_drawn_en": HOW_EN,
        },
        "geometry": mapping(right_hand),
    }, ensure_ascii=False, separators=(",", ":")))
print('{"type":"FeatureCollection","name":"regso","features":[\n' + ",\n".join(features) + "\n]}")
