// Opens embeds in Chromium as pages of other origins would show them, and says of each case whether it holds.
//
// Configuration comes as JSON in CONFIG, the folder with node_modules in MODULES. Each line of the output is
// {"case", "faults"}; the last is {"done": number of cases}.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const config = JSON.parse(process.env.CONFIG);
const require = createRequire(join(process.env.MODULES, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [320, 480, 768, 1280];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const { service, listed, unlisted, views, langs } = config;
const root = `${service}/public/r/${config.release}`;
const embed = (lang, view) => `${root}/embed/${lang}/${view}.html`;
const SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const NO_GL = ["--disable-gpu", "--disable-3d-apis"];
const launch = (args) => chromium.launch({ executablePath: config.chromium, args: ["--no-sandbox", ...args] });

let cases = 0;
let browser;

async function check(name, options, work) {
  if (!new RegExp(process.env.ONLY ?? "").test(name)) return;
  cases += 1;
  const faults = [];
  const context = await browser.newContext({ viewport: { width: 800, height: 900 }, ...options });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => faults.push(`error in the page: ${error?.message ?? error}`));
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  const expect = (holds, what) => void (holds || faults.push(what));
  try {
    await work({ page, context, expect, asked, said });
  } catch (error) {
    faults.push(`${error.message}`.split("\n").slice(0, 3).join(" "));
  }
  await context.close();
  console.log(JSON.stringify({ case: name, faults }));
}

const all = (work) => langs.flatMap((lang) => views.map((view) => () => work(lang, view)));
const inTurn = async (tasks) => {
  for (const task of tasks) await task();
};

const originsOf = (urls) => [...new Set(urls.map((url) => new URL(url)).filter((url) => url.protocol.startsWith("http")).map((url) => url.origin))];

function onlyFrom(expect, asked, allowed) {
  for (const origin of originsOf(asked)) expect(allowed.includes(origin), `asked another origin: ${origin}`);
}

async function nothingStored(expect, context, frame) {
  expect((await context.cookies()).length === 0, "a cookie is stored");
  const found = await frame.evaluate(async () => {
    // A frame without an origin has no storage at all, and asking for it is an error.
    if (self.origin === "null") return [];
    const places = {
      localStorage: () => localStorage,
      sessionStorage: () => sessionStorage,
      indexedDB: () => indexedDB.databases(),
      caches: () => caches.keys(),
      "service worker": () => navigator.serviceWorker.getRegistrations(),
    };
    const found = [];
    for (const [name, all] of Object.entries(places)) {
      try {
        if ((await all()).length > 0) found.push(name);
      } catch {
        // The browser gives a frame of another site none: then nothing is in it.
      }
    }
    return found;
  });
  expect(found.length === 0, `stored: ${found}`);
}

async function axeFaults(frame) {
  await frame.evaluate(axe);
  const found = await frame.evaluate((tags) => window.axe.run({ runOnly: { type: "tag", values: tags } }), TAGS);
  return found.violations.map((v) => `axe ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join("; ")}`);
}

/** The frame of a host page, or nothing when the browser refused it. */
async function framed(page, url) {
  await page.goto(url, { waitUntil: "load" });
  const frame = page.frames()[1];
  if (!frame) return undefined;
  await frame.waitForLoadState("load").catch(() => undefined);
  return frame.url().startsWith(service) ? frame : undefined;
}

async function isWhole(expect, frame) {
  const seen = await frame.evaluate(() => ({
    heading: document.querySelector("h1")?.textContent?.trim() ?? "",
    words: document.body.innerText.trim().length,
    styles: [...document.styleSheets].length,
    summary: document.querySelector("summary")?.getBoundingClientRect().height ?? 0,
    picture: document.querySelector("[data-map] svg")?.getBoundingClientRect().width ?? -1,
    links: [...document.querySelectorAll("a")].length,
  }));
  expect(seen.heading !== "", "no heading");
  expect(seen.words > 80, `only ${seen.words} letters`);
  expect(seen.styles > 0, "no style");
  expect(seen.summary >= 24, "no table to open");
  expect(seen.picture === -1 || seen.picture > 200, "no picture");
  expect(seen.links > 0, "no link to the source");
}

const picture = '[data-map] > svg';
const button = "[data-map] > button";

browser = await launch(SOFTWARE_GL);

await inTurn(all((lang, view) =>
  check(`listed host shows ${lang} ${view}`, {}, async ({ page, context, expect, asked, said }) => {
    const frame = await framed(page, `${listed}/plain/${lang}/${view}`);
    expect(frame, "the frame was refused");
    if (!frame) return;
    await isWhole(expect, frame);
    onlyFrom(expect, asked, [service, listed]);
    await nothingStored(expect, context, frame);
    expect(said.length === 0, `the console says: ${said}`);
  })));

await inTurn(all((lang, view) =>
  check(`unlisted host is refused ${lang} ${view}`, {}, async ({ page, expect }) => {
    expect(!(await framed(page, `${unlisted}/plain/${lang}/${view}`)), "the frame was shown");
  })));

for (const mode of ["sandbox-none", "sandbox-scripts", "sandbox-both"]) {
  await inTurn(all((lang, view) =>
    check(`${mode} ${lang} ${view}`, {}, async ({ page, context, expect, asked }) => {
      const frame = await framed(page, `${listed}/${mode}/${lang}/${view}`);
      expect(frame, "the frame was refused");
      if (!frame) return;
      await isWhole(expect, frame);
      onlyFrom(expect, asked, [service, listed]);
      await nothingStored(expect, context, frame);
      const buttons = await frame.locator(button).count();
      const hasMap = (await frame.locator(picture).count()) > 0 && config.scripts;
      // Without an origin no worker can be started: no button is better than one that fails.
      expect(buttons === (mode === "sandbox-both" && hasMap ? 1 : 0), `${buttons} buttons`);
    })));
}

await inTurn(all((lang, view) =>
  check(`JavaScript off ${lang} ${view}`, { javaScriptEnabled: false }, async ({ page, expect, asked }) => {
    await page.goto(embed(lang, view), { waitUntil: "load" });
    expect(await page.locator("h1").isVisible(), "no heading");
    expect((await page.locator(button).count()) === 0, "a button that does nothing");
    await page.locator("summary").first().click();
    expect(await page.locator("details table").first().isVisible(), "the table does not open");
    onlyFrom(expect, asked, [service]);
  })));

for (const width of WIDTHS) {
  for (const [name, options] of [["", {}], [" forced colours", { forcedColors: "active" }], [" reduced motion", { reducedMotion: "reduce" }]]) {
    await inTurn(all((lang, view) =>
      check(`${width} px${name} ${lang} ${view}`, { viewport: { width, height: 800 }, ...options }, async ({ page, expect, asked }) => {
        await page.goto(embed(lang, view), { waitUntil: "load" });
        await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide <= 0, `${wide} pixels too wide`);
        expect((await page.evaluate(() => document.getAnimations().length)) === 0, "something moves");
        if ((await page.locator(picture).count()) > 0) expect(await page.locator(picture).first().isVisible(), "no picture");
        for (const fault of await axeFaults(page)) expect(false, fault);
        onlyFrom(expect, asked, [service]);
      })));
  }
}

await inTurn(all((lang, view) =>
  check(`weight ${lang} ${view}`, {}, async ({ page, context, expect }) => {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
    await page.goto(embed(lang, view), { waitUntil: "networkidle" });
    expect(bytes > 1000 && bytes <= 40_000, `${bytes} bytes`);
  })));

await inTurn(langs.map((lang) => () =>
  check(`table equals GeoJSON ${lang}`, {}, async ({ page, expect }) => {
    await page.goto(embed(lang, "karta"), { waitUntil: "load" });
    const geojson = await page.evaluate((url) => fetch(url).then((answer) => answer.json()), `${root}/data/areas.geojson`);
    const cells = await page.evaluate(() =>
      [...document.querySelectorAll("tr[data-place]")].flatMap((row) =>
        [...row.querySelectorAll("td[data-of]")].map((cell) => ({
          place: row.dataset.place, heading: row.querySelector("th")?.textContent?.trim(), of: cell.dataset.of,
          count: Number(cell.dataset.count), text: cell.firstChild?.textContent?.trim(),
        }))));
    let compared = 0;
    for (const feature of geojson.features) {
      const { actions = {}, deeds = {}, ...properties } = feature.properties;
      const figures = { ...actions, ...Object.fromEntries(Object.entries(deeds).map(([kind, d]) => [kind, d.items])) };
      for (const [of, count] of Object.entries(figures)) {
        const cell = cells.find((c) => c.place === feature.id && c.of === of);
        // What no area has done has no row, or no column.
        if (!cell) {
          expect(count === 0, `${feature.id} ${of} is ${count} in the GeoJSON and not in the table`);
          continue;
        }
        compared += 1;
        expect(cell.count === count && cell.text.replace(/[^0-9]/g, "") === String(count), `${feature.id} ${of}: ${cell.text}, not ${count}`);
        expect(cell.heading === properties[`name_${lang}`], `${feature.id} is called ${cell.heading}`);
      }
    }
    expect(compared >= 2, `only ${compared} cells were compared`);
  })));

if (config.scripts) {
  await inTurn(all((lang, view) =>
    check(`the frame gets the height of its content ${lang} ${view}`, {}, async ({ page, expect }) => {
      const frame = await framed(page, `${listed}/script/${lang}/${view}`);
      expect(frame, "the frame was refused");
      if (!frame) return;
      const height = () => page.evaluate(() => document.querySelector("iframe").getBoundingClientRect().height);
      const content = () => frame.evaluate(() => document.body.getBoundingClientRect().height);
      const fits = async (what) => {
        await page.waitForTimeout(250);
        const [outer, inner] = [await height(), await content()];
        expect(Math.abs(outer - Math.min(4000, Math.max(100, Math.ceil(inner)))) <= 3, `${what}: ${outer} for ${inner}`);
      };
      await fits("at first");
      await frame.locator("summary").first().click();
      await fits("with the table open");
      await frame.locator("summary").first().click();
      await fits("with the table closed again");
      const post = (message) => frame.evaluate((m) => parent.postMessage(m, "*"), message);
      const told = async (message) => {
        await post(message);
        await page.waitForTimeout(100);
        return height();
      };
      const message = { type: "lagesbild:height", version: 1, id: "", height: 321 };
      expect((await told(message)) === 321, "a height is not taken");
      expect((await told({ ...message, height: 1e9 })) === 4000, "too high a frame");
      expect((await told({ ...message, height: 3 })) === 100, "too low a frame");
      for (const wrong of [{ version: 2 }, { type: "height" }, { height: "500px" }, { height: -5 }, { height: NaN }]) {
        expect((await told({ ...message, height: 777, ...wrong })) === 100, `taken: ${JSON.stringify(wrong)}`);
      }
      await page.evaluate((m) => postMessage(m, "*"), { ...message, height: 555 });
      await page.waitForTimeout(100);
      expect((await height()) === 100, "a message of another window is taken");
    })));

  await inTurn(all((lang, view) =>
    check(`interactive map ${lang} ${view}`, { locale: lang === "sv" ? "sv-SE" : "en-GB", viewport: { width: 800, height: 2000 } }, async ({ page, context, expect, asked, said }) => {
      const frame = await framed(page, `${listed}/tall/${lang}/${view}`);
      expect(frame, "the frame was refused");
      if (!frame || (await frame.locator(picture).count()) === 0) return;
      const before = asked.length;
      expect(!asked.some((url) => /map[a-z]*-/.test(url)), "the map is fetched before it is asked for");
      await frame.locator(button).focus();
      await page.keyboard.press("Enter");
      await frame.locator(".lb-map canvas").waitFor({ timeout: 30_000 });
      await frame.waitForFunction(() => document.querySelectorAll(".lb-map-legend li").length > 0);
      await page.waitForTimeout(1000);
      expect(asked.length > before + 3, "nothing was fetched");
      expect(!(await frame.locator(picture).isVisible()), "the picture stays");
      const legend = await frame.locator(".lb-map-legend li").allInnerTexts();
      expect(legend.every((text) => /\d/.test(text) || text.trim().length > 3) && legend.some((text) => /\d/.test(text)), `legend: ${legend}`);
      expect(await frame.evaluate(() => document.activeElement?.tagName === "CANVAS"), "the map has no focus");
      const label = await frame.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
      expect(label.includes("Esc"), `the map is called '${label}'`);
      const painted = await frame.evaluate(() => {
        const canvas = document.querySelector(".lb-map canvas");
        return canvas.width * canvas.height;
      });
      expect(painted > 10_000, "the map has no size");
      const words = await frame.evaluate(() =>
        [...document.querySelectorAll(".lb-map [title], .lb-map [aria-label], .lb-map [class*=coop]")]
          .flatMap((e) => [e.getAttribute("title"), e.getAttribute("aria-label"), e.textContent]).join("|"));
      const english = ["Zoom in", "Zoom out", "Use Ctrl", "Map|", "Hold Ctrl"].filter((text) => words.includes(text));
      if (lang === "sv") expect(english.length === 0, `in English: ${english}`);
      const selects = frame.locator(".lb-map-choice:not([hidden]) select");
      const shows = await selects.first().locator("option").allInnerTexts();
      if (shows.length > 1) {
        await selects.first().selectOption({ index: shows.length - 1 });
        const legend = frame.locator(".lb-map-legend");
        expect((await legend.getAttribute("aria-label")) === shows.at(-1), "the legend is of something else");
        expect(/\d/.test(await legend.innerText()), `the legend of ${shows.at(-1)} has no numbers`);
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(config.pictures, `map-${lang}-${view}-last.png`) });
        await selects.first().selectOption({ index: 0 });
      }
      const choices = await selects.last().locator("option").allInnerTexts();
      if (choices.length > 1) {
        await selects.last().selectOption({ index: 1 });
        const told = await frame.locator(".lb-map-said").innerText();
        expect(told.includes(choices[1]), `the chosen area is told as '${told}'`);
      }
      for (const fault of await axeFaults(frame)) expect(false, fault);
      await page.screenshot({ path: join(config.pictures, `map-${lang}-${view}.png`) });
      await frame.locator(".lb-map canvas").focus();
      await page.keyboard.press("Escape");
      expect(await frame.locator(picture).isVisible(), "Esc does not bring the picture back");
      expect((await frame.locator(".lb-map").count()) === 0, "the map stays");
      expect(await frame.evaluate(() => document.activeElement?.tagName === "BUTTON"), "the focus is lost");
      await frame.locator(button).click();
      await frame.locator(".lb-map canvas").waitFor({ timeout: 30_000 });
      await frame.locator(button).click();
      expect(await frame.locator(picture).isVisible(), "the button does not bring the picture back");
      onlyFrom(expect, asked, [service, listed]);
      await nothingStored(expect, context, frame);
      expect(said.length === 0, `the console says: ${said}`);
    })));
}

await inTurn(langs.map((lang) => () =>
  check(`unknown view ${lang}`, {}, async ({ page, expect }) => {
    const frame = await framed(page, `${listed}/plain/${lang}/kartta`);
    expect(frame, "the frame is blank");
    if (!frame) return;
    const text = await frame.locator("h1").innerText();
    expect(text.includes("kartta"), `it says '${text}'`);
    expect((await frame.evaluate(() => document.documentElement.lang)) === lang, "in another language");
    expect((await frame.evaluate(() => document.body.scrollHeight <= 500)), "too high for a frame");
    for (const fault of await axeFaults(frame)) expect(false, fault);
  })));

await browser.close();
browser = await launch(NO_GL);
if (config.scripts) {
  await inTurn(langs.map((lang) => () =>
    check(`WebGL off ${lang}`, {}, async ({ page, expect, asked }) => {
      await page.goto(embed(lang, "karta"), { waitUntil: "load" });
      await page.locator(button).click();
      const said = page.locator("[data-map] p[role=status]");
      expect((await said.innerText()).includes("WebGL"), "it does not say why");
      expect(await page.locator(picture).isVisible(), "the picture is gone");
      expect((await page.locator(".lb-map").count()) === 0, "an empty map");
      onlyFrom(expect, asked, [service]);
    })));
}
await browser.close();
console.log(JSON.stringify({ done: cases }));
