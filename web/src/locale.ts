// MapLibre's own lines. Its default is English whatever the language of the browser, so every one is said here.

export type Locale = Record<string, string>;

const sv: Locale = {
  "AttributionControl.ToggleAttribution": "Visa eller dölj källor",
  "AttributionControl.MapFeedback": "Synpunkter på kartan",
  "FullscreenControl.Enter": "Visa i helskärm",
  "FullscreenControl.Exit": "Lämna helskärm",
  "GeolocateControl.FindMyLocation": "Visa min plats",
  "GeolocateControl.LocationNotAvailable": "Platsen är inte tillgänglig",
  "LogoControl.Title": "Kartprogrammets märke",
  "Map.Title": "Karta",
  "Marker.Title": "Markering på kartan",
  "NavigationControl.ResetBearing": "Dra för att vrida kartan, klicka för norr uppåt",
  "NavigationControl.ZoomIn": "Zooma in",
  "NavigationControl.ZoomOut": "Zooma ut",
  "Popup.Close": "Stäng rutan",
  "ScaleControl.Feet": "fot",
  "ScaleControl.Meters": "meter",
  "ScaleControl.Kilometers": "kilometer",
  "ScaleControl.Miles": "engelska mil",
  "ScaleControl.NauticalMiles": "sjömil",
  "GlobeControl.Enable": "Visa som jordglob",
  "GlobeControl.Disable": "Visa som platt karta",
  "TerrainControl.Enable": "Visa terräng",
  "TerrainControl.Disable": "Dölj terräng",
  "CooperativeGesturesHandler.WindowsHelpText": "Håll ned Ctrl och rulla för att zooma i kartan",
  "CooperativeGesturesHandler.MacHelpText": "Håll ned ⌘ och rulla för att zooma i kartan",
  "CooperativeGesturesHandler.MobileHelpText": "Flytta kartan med två fingrar",
};

const en: Locale = {
  "AttributionControl.ToggleAttribution": "Show or hide sources",
  "AttributionControl.MapFeedback": "Comments on the map",
  "FullscreenControl.Enter": "Show on the full screen",
  "FullscreenControl.Exit": "Leave the full screen",
  "GeolocateControl.FindMyLocation": "Show my position",
  "GeolocateControl.LocationNotAvailable": "The position is not available",
  "LogoControl.Title": "Mark of the map program",
  "Map.Title": "Map",
  "Marker.Title": "Mark on the map",
  "NavigationControl.ResetBearing": "Drag to turn the map, click for north up",
  "NavigationControl.ZoomIn": "Zoom in",
  "NavigationControl.ZoomOut": "Zoom out",
  "Popup.Close": "Close the box",
  "ScaleControl.Feet": "feet",
  "ScaleControl.Meters": "metres",
  "ScaleControl.Kilometers": "kilometres",
  "ScaleControl.Miles": "miles",
  "ScaleControl.NauticalMiles": "nautical miles",
  "GlobeControl.Enable": "Show as a globe",
  "GlobeControl.Disable": "Show as a flat map",
  "TerrainControl.Enable": "Show the terrain",
  "TerrainControl.Disable": "Hide the terrain",
  "CooperativeGesturesHandler.WindowsHelpText": "Hold Ctrl and scroll to zoom the map",
  "CooperativeGesturesHandler.MacHelpText": "Hold ⌘ and scroll to zoom the map",
  "CooperativeGesturesHandler.MobileHelpText": "Move the map with two fingers",
};

/** All lines in a language; the name of the map says how it is used. */
export const locale = (isEnglish: boolean, title: string): Locale => ({ ...(isEnglish ? en : sv), "Map.Title": title });
