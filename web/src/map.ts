// The interactive map: the release's own GeoJSON, drawn by MapLibre. No base map, no fonts, nothing from elsewhere,
// nothing stored.

import { Map as MapLibre, NavigationControl, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource } from "maplibre-gl";
import { locale } from "./locale";
import { GROUND, HIDDEN, ZERO, classes, colour, inWords, measures } from "./measures";
import type { Feature, Measure } from "./measures";
import { isEnglish, texts } from "./texts";
import "./map.css";

declare const WORKER_SCRIPT: string;
declare const STYLE_SHEET: string;

type Box = [number, number, number, number];

const here = import.meta.url;
const lang = document.documentElement.lang;
const words = texts(lang);

/** Puts the map before `picture` and gives what takes it away again, which then calls `closed`; so does Esc. */
export async function open(
  picture: Element,
  view: string,
  sources: string[],
  closed: () => void,
): Promise<() => void> {
  const [files] = await Promise.all([Promise.all(sources.map(fetched)), style()]);
  const all = measures(files, view, words);
  const first = all[0];
  if (!first) throw new Error("nothing to show");
  setWorkerUrl(new URL(WORKER_SCRIPT, here).href);

  const box = element("div", "lb-map");
  const ground = element("div", "lb-map-canvas");
  const legend = element("ul", "lb-map-legend");
  const said = element("p", "lb-map-said");
  said.setAttribute("role", "status");
  const places = choice(words.area, (at) => go(at - 1));
  box.append(choice(words.show, (at) => show(all[at] ?? first), all.map((m) => m.name)).row);
  box.append(places.row, ground, legend, said);
  picture.before(box);

  let now = first;
  const whole = boxOf(files.flat());
  const map = new MapLibre({
    container: ground,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND } }] },
    bounds: whole,
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    fadeDuration: 0,
    maxZoom: 16,
    locale: locale(isEnglish(lang), words.map),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }));
  const takeAway = (): void => {
    map.remove();
    box.remove();
    closed();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      map.once("load", () => resolve());
      map.once("error", (event) => reject(event.error));
    });
  } catch (error) {
    map.remove();
    box.remove();
    throw error;
  }
  map.addSource("places", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "fill", type: "fill", source: "places", paint: { "fill-color": ["get", "colour"] } });
  map.addLayer({ id: "line", type: "line", source: "places", paint: { "line-color": "#1a1a1a", "line-width": 1 } });
  map.addLayer({
    id: "label",
    type: "symbol",
    source: "places",
    layout: { "text-field": ["get", "label"], "text-size": 13, "text-max-width": 8 },
    paint: { "text-color": "#1a1a1a", "text-halo-color": "#ffffff", "text-halo-width": 2 },
  });
  map.on("click", "fill", (event) => tell(now.features[Number(event.features?.[0]?.properties?.at)]));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") takeAway();
  });
  show(first);
  map.getCanvas().focus();
  return takeAway;

  function go(at: number): void {
    const feature = now.features[at];
    map.fitBounds(feature ? boxOf([feature]) : whole, { padding: 24, animate: false, maxZoom: 14 });
    tell(feature);
  }

  function tell(feature: Feature | undefined): void {
    said.textContent = feature ? `${nameOf(feature)}. ${now.name}: ${inWords(now.of(feature.properties), words)}.` : "";
  }

  function show(measure: Measure): void {
    now = measure;
    const figures = measure.features.map((feature) => measure.of(feature.properties));
    const ranges = classes(figures.filter((n): n is number => typeof n === "number"));
    const features = measure.features.map((feature, at) => {
      const shown = figures[at] ?? "none";
      const text = inWords(shown, words);
      const label = isSquare(feature) ? text : `${nameOf(feature)}\n${text}`;
      return { type: "Feature", properties: { at, label, colour: colour(shown, ranges) }, geometry: feature.geometry };
    });
    map.getSource<GeoJSONSource>("places")?.setData({ type: "FeatureCollection", features } as never);
    const rows: [string, string][] = ranges.map((c) => [c.colour, c.low === c.high ? `${c.low}` : `${c.low}–${c.high}`]);
    if (figures.includes(0)) rows.unshift([ZERO, "0"]);
    for (const reason of ["under", "not_divided", "none"] as const) {
      if (figures.includes(reason)) rows.push([HIDDEN, words[reason]]);
    }
    legend.replaceChildren(...rows.map(([fill, text]) => legendRow(fill, text)));
    legend.setAttribute("aria-label", measure.name);
    places.offer(measure.features.some(isSquare) ? [] : [words.whole, ...measure.features.map(nameOf)]);
    tell(undefined);
  }
}

async function fetched(url: string): Promise<Feature[]> {
  const answer = await fetch(url, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return ((await answer.json()) as { features: Feature[] }).features;
}

function isSquare(feature: Feature): boolean {
  return "cell_m" in feature.properties;
}

function nameOf(feature: Feature): string {
  const name = feature.properties[isEnglish(lang) ? "name_en" : "name_sv"];
  return typeof name === "string" ? name : String(feature.id ?? "");
}

/** A list to choose from; without anything to choose it is not there. */
function choice(label: string, chosen: (at: number) => void, names: string[] = []) {
  const row = element("label", "lb-map-choice");
  const select = document.createElement("select");
  select.addEventListener("change", () => chosen(select.selectedIndex));
  row.append(`${label} `, select);
  const offer = (names: string[]): void => {
    select.replaceChildren(...names.map((name, at) => new Option(name, String(at))));
    row.hidden = names.length < 2;
  };
  offer(names);
  return { row, offer };
}

function legendRow(fill: string, text: string): HTMLElement {
  const row = document.createElement("li");
  const swatch = element("span", "lb-map-swatch");
  swatch.style.backgroundColor = fill;
  row.append(swatch, ` ${text}`);
  return row;
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function boxOf(features: Feature[]): Box {
  const box: Box = [180, 90, -180, -90];
  const take = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    const [lon, lat] = value as unknown[];
    if (typeof lon === "number" && typeof lat === "number") {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    } else {
      value.forEach(take);
    }
  };
  features.forEach((feature) => take(feature.geometry.coordinates));
  return box;
}

let styled: Promise<void> | undefined;

/** The style sheet, once; a map without it would have no size. */
function style(): Promise<void> {
  styled ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(STYLE_SHEET, here).href;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      styled = undefined;
      reject(new Error("style sheet"));
    });
    document.head.append(link);
  });
  return styled;
}
