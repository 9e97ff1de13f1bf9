// What the map can show of the release's own GeoJSON, and in which classes.

import type { Words } from "./texts";

export type Properties = Record<string, unknown>;
export type Feature = { id?: string; properties: Properties; geometry: { coordinates: unknown } };

/** A figure as the release shows it: a number, or why there is none. */
export type Shown = number | "under" | "not_divided" | "none";

/** Something to show: some features, and a figure of each. */
export interface Measure {
  name: string;
  features: Feature[];
  of(properties: Properties): Shown;
}

/** A class of the legend: from the first number to the last, both included. */
export interface Class {
  low: number;
  high: number;
  colour: string;
}

// Each at least 3:1 against the ground and 1.4 against its neighbours, told apart also without red, green or colour.
const COLOURS = ["#1e9c89", "#297b8e", "#38598c", "#46307e", "#440154"];
export const GROUND = "#f4f4f0";
export const ZERO = "#ffffff";
export const HIDDEN = "#c9c9c4";

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Properties)[name] : undefined;
}

function figure(value: unknown): Shown {
  const count = member(value, "count");
  if (typeof count === "number") return count;
  const shown = member(value, "shown");
  if (shown === "not_divided") return "not_divided";
  return typeof shown === "string" && shown.startsWith("under") ? "under" : "none";
}

function sum(value: unknown, names: string[]): Shown {
  const numbers = names.map((name) => member(value, name));
  return numbers.every((n) => typeof n === "number") ? (numbers as number[]).reduce((a, b) => a + b, 0) : "none";
}

/** Shorter words are of longer periods: a year comes before its quarters. */
function periods(words: string[]): string[] {
  return [...new Set(words)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

function ofAreas(features: Feature[], view: string, words: Words): Measure[] {
  const all = features.map((feature) => feature.properties);
  const reports = periods(all.flatMap((p) => Object.keys((p.reports as object | undefined) ?? {}))).map((period) => ({
    name: `${words.reports} ${period}`,
    features,
    of: (p: Properties) => figure(member(p.reports, period)),
  }));
  const actions = all.some((p) => "actions" in p)
    ? [
        { name: words.done, features, of: (p: Properties) => sum(p.actions, ["done"]) },
        { name: words.open_actions, features, of: (p: Properties) => sum(p.actions, ["under_way", "not_started"]) },
      ]
    : [];
  return view === "statistik" ? [...reports, ...actions] : [...actions, ...reports];
}

function ofSquares(features: Feature[], words: Words): Measure[] {
  return periods(features.map((f) => String(f.properties.period))).map((period) => {
    const shown = features.filter((f) => f.properties.period === period);
    const size = words.squares.replace("{size}", String(shown[0]?.properties.cell_m));
    return { name: `${words.reports} ${period}, ${size}`, features: shown, of: figure };
  });
}

/** What each file gives, in the order of the files. */
export function measures(files: Feature[][], view: string, words: Words): Measure[] {
  const isSquares = (features: Feature[]): boolean => features.some((f) => "cell_m" in f.properties);
  return files.flatMap((f) => (isSquares(f) ? ofSquares(f, words) : ofAreas(f, view, words)));
}

/** Up to five classes of one width from 1 to the largest number; the width is 1, 2 or 5 times a power of ten. */
export function classes(numbers: number[]): Class[] {
  const largest = Math.max(0, ...numbers);
  const least = largest / COLOURS.length;
  let width = 1;
  for (let ten = 1; width < least; ten *= 10) width = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= least) ?? width;
  const count = Math.ceil(largest / width);
  return COLOURS.slice(0, count).map((colour, at) => ({ low: at * width + 1, high: (at + 1) * width, colour }));
}

export function colour(shown: Shown, all: Class[]): string {
  if (shown === 0) return ZERO;
  if (typeof shown !== "number") return HIDDEN;
  return all.find((c) => shown <= c.high)?.colour ?? HIDDEN;
}

export function inWords(shown: Shown, words: Words): string {
  return typeof shown === "number" ? String(shown) : words[shown];
}
