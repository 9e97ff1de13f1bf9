// Puts a button where `[data-map]` is. The map is fetched when it is pressed, and not before. Attributes of the place:
// `data-map` the view, `data-areas` and `data-grids` the addresses of its GeoJSON.

import { texts } from "./texts";

declare const MAP_SCRIPT: string;

const words = texts(document.documentElement.lang);

/** What the module of the map gives. */
interface MapModule {
  open(picture: Element, view: string, sources: string[], closed: () => void): Promise<() => void>;
}

function addButton(place: HTMLElement): void {
  const picture = place.querySelector<SVGElement>("svg");
  if (!picture) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.open;
  button.style.minHeight = "44px";
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  picture.after(button, said);
  let close: (() => void) | undefined;

  const closed = (): void => {
    close = undefined;
    picture.style.display = "";
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
      const map = (await import(new URL(MAP_SCRIPT, import.meta.url).href)) as MapModule;
      const { map: view = "", areas = "", grids = "" } = place.dataset;
      const sources = `${areas} ${grids}`.split(" ").filter((url) => url);
      close = await map.open(picture, view, sources, closed);
      picture.style.display = "none";
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
