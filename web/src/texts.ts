// Every line that people read, in both languages.

const sv = {
  open: "Visa interaktiv karta",
  close: "Tillbaka till bilden",
  loading: "Kartan hämtas …",
  noWebgl: "Webbläsaren kan inte visa interaktiva kartor (WebGL saknas). Bilden och tabellen visar samma siffror.",
  failed: "Den interaktiva kartan kunde inte visas. Bilden och tabellen visar samma siffror.",
  map: "Interaktiv karta över områdena. Piltangenter flyttar, plus och minus zoomar, Esc går tillbaka till bilden.",
  show: "Visa",
  area: "Gå till område",
  whole: "Hela kartan",
  reports: "Rapporter",
  squares: "rutor om {size} m",
  done: "Åtgärder som är gjorda",
  open_actions: "Åtgärder som återstår",
  under: "under 10",
  not_divided: "visas inte uppdelat",
  none: "ingen uppgift",
};

export type Words = typeof sv;

const en: Words = {
  open: "Show interactive map",
  close: "Back to the picture",
  loading: "Fetching the map …",
  noWebgl: "This browser cannot show interactive maps (no WebGL). The picture and the table show the same figures.",
  failed: "The interactive map could not be shown. The picture and the table show the same figures.",
  map: "Interactive map of the areas. Arrow keys move, plus and minus zoom, Esc goes back to the picture.",
  show: "Show",
  area: "Go to area",
  whole: "The whole map",
  reports: "Reports",
  squares: "squares of {size} m",
  done: "Actions done",
  open_actions: "Actions that remain",
  under: "under 10",
  not_divided: "not shown divided",
  none: "not known",
};

export const isEnglish = (lang: string): boolean => lang.startsWith("en");

export const texts = (lang: string): Words => (isEnglish(lang) ? en : sv);
