// The interactive map: the release's own GeoJSON, drawn by MapLibre. No base map, no fonts, nothing from elsewhere,
// nothing stored.

import { Map as MapLibre, NavigationControl, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource } from "maplibre-gl";
import { locale } from "./locale";
import { GROUND, HIDDEN, ZERO, classes, colour, inWords, measures } from "./measures";
import type { Measure, Properties } from "./measures";
import { isEnglish, texts } from "./texts";
import "./map.css";

declare const WORKER_SCRIPT: string;
declare const STYLE_SHEET: string;

type Feature = { id?: string; properties: Properties; geometry: { coordinates: unknown } };
type Box = [number, number, number, number];

const here = import.meta.url;
const lang = document.documentElement.lang;
const words = texts(lang);

/** Puts the map before `place` and gives what takes it away again, which then calls `closed`; so does Esc. */
export async function open(place: Element, geojson: string, closed: () => void): Promise<() => void> {
  await style();
  const answer = await fetch(geojson, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${geojson}: ${answer.status}`);
  const data = (await answer.json()) as { features: Feature[] };
  // Where several periods share the squares, the whole period is the one listed first.
  const all = measures(data.features.map((f) => f.properties), words);
  setWorkerUrl(new URL(WORKER_SCRIPT, here).href);

  const box = element("div", "lb-map");
  const canvas = element("div", "lb-map-canvas");
  const legend = element("ul", "lb-map-legend");
  const said = element("p", "lb-map-said");
  said.setAttribute("role", "status");
  box.append(...controls(), canvas, legend, said);
  place.before(box);

  const whole = boxOf(data.features);
  const map = new MapLibre({
    container: canvas,
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
  const loaded = new Promise<void>((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", (event) => reject(event.error));
  });
  try {
    await loaded;
  } catch (error) {
    map.remove();
    box.remove();
    throw error;
  }
  map.addSource("areas", { type: "geojson", data: coloured(all[0]) as never });
  map.addLayer({ id: "fill", type: "fill", source: "areas", paint: { "fill-color": ["get", "colour"] } });
  map.addLayer({ id: "line", type: "line", source: "areas", paint: { "line-color": "#1a1a1a", "line-width": 1 } });
  map.addLayer({
    id: "label",
    type: "symbol",
    source: "areas",
    layout: { "text-field": ["get", "label"], "text-size": 13, "text-max-width": 8 },
    paint: { "text-color": "#1a1a1a", "text-halo-color": "#ffffff", "text-halo-width": 2 },
  });
  map.on("click", "fill", (event) => tell(event.features?.[0]?.properties?.name));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") takeAway();
  });
  show(all[0]);
  map.getCanvas().focus();
  return takeAway;

  function controls(): HTMLElement[] {
    const rows: HTMLElement[] = [];
    if (all.length > 1) {
      rows.push(choice(words.show, all.map((m) => m.name), (at) => show(all[at])));
    }
    if (data.features.length <= 60) {
      const names = data.features.map(nameOf);
      rows.push(choice(words.area, [words.whole, ...names], (at) => go(at - 1)));
    }
    return rows;
  }

  function go(at: number): void {
    const feature = data.features[at];
    map.fitBounds(feature ? boxOf([feature]) : whole, { padding: 24, animate: false, maxZoom: 14 });
    tell(feature ? nameOf(feature) : "");
  }

  function tell(name: unknown): void {
    said.textContent = data.features.filter((f) => nameOf(f) === name).map(line).join(" ");
  }

  function line(feature: Feature): string {
    return `${nameOf(feature)}: ${all.map((m) => `${m.name}: ${inWords(m.of(feature.properties), words)}`).join("; ")}.`;
  }

  function show(measure: Measure | undefined): void {
    (map.getSource("areas") as GeoJSONSource | undefined)?.setData(coloured(measure) as never);
    const numbers = numbersOf(measure);
    const present = new Set(measure ? data.features.map((f) => measure.of(f.properties)) : []);
    const rows: [string, string][] = classes(numbers).map((c) => [c.colour, c.low === c.high ? `${c.low}` : `${c.low}–${c.high}`]);
    if (present.has(0)) rows.unshift([ZERO, "0"]);
    for (const reason of ["under", "not_divided", "none"] as const) {
      if (present.has(reason)) rows.push([HIDDEN, words[reason]]);
    }
    legend.replaceChildren(...rows.map(([fill, text]) => legendRow(fill, text)));
    legend.setAttribute("aria-label", measure?.name ?? "");
  }

  function numbersOf(measure: Measure | undefined): number[] {
    const shown = data.features.map((f) => measure?.of(f.properties));
    return shown.filter((n): n is number => typeof n === "number");
  }

  function coloured(measure: Measure | undefined): object {
    const ranges = classes(numbersOf(measure));
    const features = data.features.map((feature) => {
      const shown = measure?.of(feature.properties) ?? "none";
      const isSquare = "cell_m" in feature.properties;
      const label = isSquare ? inWords(shown, words) : `${nameOf(feature)}\n${inWords(shown, words)}`;
      const properties = { name: nameOf(feature), label, colour: colour(shown, ranges) };
      return { type: "Feature", properties, geometry: feature.geometry };
    });
    return { type: "FeatureCollection", features };
  }
}

function nameOf(feature: Feature): string {
  const name = feature.properties[isEnglish(lang) ? "name_en" : "name_sv"];
  return typeof name === "string" ? name : String(feature.id ?? "");
}

function choice(label: string, names: string[], chosen: (at: number) => void): HTMLElement {
  const row = element("label", "lb-map-choice");
  const select = document.createElement("select");
  select.append(...names.map((name, at) => new Option(name, String(at))));
  select.addEventListener("change", () => chosen(select.selectedIndex));
  row.append(`${label} `, select);
  return row;
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
