//! QGIS styles that travel in the data file: Swedish field names and plain symbols.

/// Layers with a style, and their geometry column.
pub(super) const STYLES: [(&str, &str); 4] =
    [("areas", "geom"), ("places", "geom"), ("activities", "geom"), ("observations", "geom")];

/// The style document of a layer.
pub(super) fn qml(table: &str) -> String {
    let (renderer, labels, fields) = match table {
        "areas" => (AREAS.to_string(), Some("name_sv"), AREA_FIELDS),
        "places" => (single(&marker("square", "#f4f4f0", "#38598c", "2.4")), Some("name"), PLACE_FIELDS),
        "activities" => (single(&marker("diamond", "#1e9c89", "#10524a", "2.8")), None, ACTIVITY_FIELDS),
        _ => (single(&marker("circle", "#46307e", "#f4f4f0", "2.2")), None, OBSERVATION_FIELDS),
    };
    let aliases: String = fields.iter().enumerate().map(|(index, field)| alias(index, field)).collect();
    let labelling = labels.map_or_else(String::new, |field| {
        format!(
            "<labeling type=\"simple\"><settings calloutType=\"simple\"><text-style fieldName=\"{field}\" fontSize=\"9\" \
             fontSizeUnit=\"Point\" textColor=\"34,34,34,255\"><text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" \
             bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,255\"/></text-style></settings></labeling>"
        )
    });
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" labelsEnabled=\"{}\" styleCategories=\"Symbology|Labeling|Fields\">\
         {renderer}{labelling}<aliases>{aliases}</aliases></qgis>",
        u8::from(labels.is_some())
    )
}

fn alias(index: usize, (field, name): &(&str, &str)) -> String {
    format!("<alias field=\"{field}\" name=\"{name}\" index=\"{index}\"/>")
}

/// Names of the columns that version 3 added to a layer, as a style has them: a style that somebody changed in
/// QGIS keeps the change.
pub(super) fn aliases_of_3(table: &str) -> String {
    let fields = if table == "activities" { ACTIVITY_FIELDS } else { OBSERVATION_FIELDS };
    let is_new = |field: &str| ["intelligence_led", "inventory", "photo"].contains(&field);
    let new = fields.iter().enumerate().filter(|(_, (field, _))| is_new(field));
    new.map(|(index, field)| alias(index, field)).collect()
}

const AREAS: &str = concat!(
    "<renderer-v2 type=\"categorizedSymbol\" attr=\"certainty\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\">",
    "<categories>",
    "<category render=\"true\" symbol=\"0\" value=\"official\" label=\"Officiell gräns\"/>",
    "<category render=\"true\" symbol=\"1\" value=\"assumed\" label=\"Antagen gräns\"/>",
    "<category render=\"true\" symbol=\"2\" value=\"placeholder\" label=\"Platshållare: läget är okänt\"/>",
    "</categories><symbols>",
    "<symbol type=\"fill\" name=\"0\" alpha=\"1\" clip_to_extent=\"1\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\" locked=\"0\">",
    "<prop k=\"style\" v=\"no\"/><prop k=\"outline_color\" v=\"120,120,120,255\"/><prop k=\"outline_width\" v=\"0.3\"/></layer></symbol>",
    "<symbol type=\"fill\" name=\"1\" alpha=\"1\" clip_to_extent=\"1\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\" locked=\"0\">",
    "<prop k=\"color\" v=\"56,89,140,40\"/><prop k=\"style\" v=\"solid\"/><prop k=\"outline_color\" v=\"56,89,140,255\"/>",
    "<prop k=\"outline_style\" v=\"dash\"/><prop k=\"outline_width\" v=\"0.5\"/></layer></symbol>",
    "<symbol type=\"fill\" name=\"2\" alpha=\"1\" clip_to_extent=\"1\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\" locked=\"0\">",
    "<prop k=\"color\" v=\"120,120,120,255\"/><prop k=\"style\" v=\"f_diagonal\"/><prop k=\"outline_color\" v=\"80,80,80,255\"/>",
    "<prop k=\"outline_style\" v=\"dot\"/><prop k=\"outline_width\" v=\"0.5\"/></layer></symbol>",
    "</symbols></renderer-v2>"
);

const AREA_FIELDS: &[(&str, &str)] = &[
    ("fid", "Radnummer"),
    ("id", "Id"),
    ("name_sv", "Namn"),
    ("name_en", "Namn på engelska"),
    ("area_set", "Uppsättning"),
    ("area_type", "Typ"),
    ("residents", "Boende"),
    ("valid_from", "Gäller från"),
    ("valid_to", "Gäller till"),
    ("source", "Källa"),
    ("certainty", "Gränsens säkerhet"),
    ("how_drawn", "Hur gränsen ritats"),
    ("revision", "Revision"),
];

const PLACE_FIELDS: &[(&str, &str)] = &[
    ("fid", "Radnummer"),
    ("id", "Id"),
    ("name", "Namn"),
    ("aliases", "Andra namn"),
    ("precision_m", "Noggrannhet (m)"),
    ("area", "Område"),
    ("source", "Källa"),
    ("revision", "Revision"),
];

const ACTIVITY_FIELDS: &[(&str, &str)] = &[
    ("fid", "Radnummer"),
    ("id", "Id"),
    ("kind", "Typ av arbete"),
    ("start_utc", "Början (UTC)"),
    ("end_utc", "Slut (UTC)"),
    ("time_certainty", "Tidens säkerhet"),
    ("actors", "Deltagare"),
    ("mode", "Sätt"),
    ("minutes", "Minuter"),
    ("result", "Resultat"),
    ("operation_id", "Insats"),
    ("place", "Plats"),
    ("area", "Område"),
    ("place_text", "Plats i klartext"),
    ("precision_m", "Noggrannhet (m)"),
    ("text", "Text"),
    ("kept", "Övriga kolumner"),
    ("import_id", "Import"),
    ("revision", "Revision"),
    ("intelligence_led", "Underrättelsebaserad"),
];

const OBSERVATION_FIELDS: &[(&str, &str)] = &[
    ("fid", "Radnummer"),
    ("id", "Id"),
    ("category", "Kategori"),
    ("feeling", "Känsla"),
    ("start_utc", "Början (UTC)"),
    ("end_utc", "Slut (UTC)"),
    ("time_certainty", "Tidens säkerhet"),
    ("source", "Källa"),
    ("severity", "Allvar"),
    ("place", "Plats"),
    ("area", "Område"),
    ("place_text", "Plats i klartext"),
    ("precision_m", "Noggrannhet (m)"),
    ("text", "Text"),
    ("reporter_key", "Anmälarnyckel"),
    ("kept", "Övriga kolumner"),
    ("import_id", "Import"),
    ("revision", "Revision"),
    ("inventory", "Trygghetsinventering"),
    ("photo", "Foto"),
];

fn single(symbol: &str) -> String {
    format!(
        "<renderer-v2 type=\"singleSymbol\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\"><symbols>{symbol}</symbols></renderer-v2>"
    )
}

fn marker(shape: &str, fill: &str, outline: &str, size_mm: &str) -> String {
    format!(
        "<symbol type=\"marker\" name=\"0\" alpha=\"1\" clip_to_extent=\"1\"><layer class=\"SimpleMarker\" enabled=\"1\" pass=\"0\" locked=\"0\">\
         <prop k=\"name\" v=\"{shape}\"/><prop k=\"color\" v=\"{fill}\"/><prop k=\"outline_color\" v=\"{outline}\"/>\
         <prop k=\"size\" v=\"{size_mm}\"/><prop k=\"size_unit\" v=\"MM\"/></layer></symbol>"
    )
}
