// Puts a button where `[data-map]` is. The map is fetched when it is pressed, and not before.

import { texts } from "./texts";

declare const MAP_SCRIPT: string;

const script = (document.currentScript as HTMLScriptElement | null)?.src ?? "";
const words = texts(document.documentElement.lang);

/** What the module of the map gives. */
interface MapModule {
  open(place: Element, geojson: string, closed: () => void): Promise<() => void>;
}

function addButton(place: HTMLElement): void {
  const picture = place.querySelector("svg, img");
  if (!picture) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.open;
  button.style.minHeight = "44px";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  place.append(button, said);
  let close: (() => void) | undefined;

  const closed = (): void => {
    close = undefined;
    picture.removeAttribute("hidden");
    (picture as HTMLElement).style.display = "";
    button.textContent = words.open;
    button.focus();
  };

  const open = async (): Promise<void> => {
    said.textContent = "";
    if (!document.createElement("canvas").getContext("webgl2")) {
      said.textContent = words.noWebgl;
      return;
    }
    button.disabled = true;
    said.textContent = words.loading;
    try {
      const map = (await import(new URL(MAP_SCRIPT, script).href)) as MapModule;
      const data = new URL(`../data/${place.dataset.map || "areas"}.geojson`, script).href;
      close = await map.open(picture, data, closed);
      (picture as HTMLElement).style.display = "none";
      button.textContent = words.close;
      said.textContent = "";
    } catch {
      said.textContent = words.failed;
    }
    button.disabled = false;
  };

  button.addEventListener("click", () => (close ? close() : void open()));
}

// A frame that its page gave no origin may start no worker, and without one there is no map.
if (self.origin !== "null") document.querySelectorAll<HTMLElement>("[data-map]").forEach(addButton);
