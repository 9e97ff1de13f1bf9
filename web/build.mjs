// Bundles the scripts into the folder given as argument (default: dist). Names hold a hash of the bytes, and a script
// is told the names of what it loads, so the order is: worker and style, map, embed.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const worker = createRequire(import.meta.url).resolve("maplibre-gl/dist/maplibre-gl-worker.mjs");

const common = { bundle: true, minify: true, write: false, target: "es2022", charset: "utf8", legalComments: "inline", logLevel: "warning" };

async function bundle(entry, format, define = {}) {
  const result = await build({ ...common, entryPoints: [entry], format, define, outdir: "out", absWorkingDir: here });
  return Object.fromEntries(result.outputFiles.map((file) => [file.path.endsWith(".css") ? "css" : "js", file.contents]));
}

async function save(stem, end, bytes) {
  const name = `${stem}-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}.${end}`;
  await writeFile(join(out, name), bytes);
  return name;
}

const text = (value) => JSON.stringify(value);

await mkdir(out, { recursive: true });
const workerName = await save("mapworker", "js", (await bundle(worker, "esm")).js);
const styled = await bundle("src/map.ts", "esm", { WORKER_SCRIPT: text(workerName), STYLE_SHEET: text("") });
const styleName = await save("map", "css", styled.css);
const map = await bundle("src/map.ts", "esm", { WORKER_SCRIPT: text(workerName), STYLE_SHEET: text(styleName) });
const mapName = await save("map", "js", map.js);
await save("embed", "js", (await bundle("src/embed.ts", "esm", { MAP_SCRIPT: text(mapName) })).js);
await save("resize", "js", (await bundle("src/resize.ts", "iife")).js);
