//! What the pages of inventories say besides their papers.

use crate::text::lang::texts;

texts! {
    NEW_POINT: "Skriv in en punkt", "Write a point";
    PRINT: "Protokoll för utskrift", "Protocol for printing";
    WORKBOOK: "Punkterna som arbetsbok", "The points as a workbook";
    CSV: "som CSV", "as CSV";
    RECORD: "Uppgifterna om den", "Its record";
    ALL_OF_THEM: "Alla inventeringar", "All inventories";

    HEADING: "Ny punkt: {title}", "New point: {title}";
    LEAD: "Punkten och dess åtgärd sparas på en gång.", "The point and its action are kept at once.";
    PART_POINT: "Punkten", "The point";
    PART_ACTION: "Åtgärden, om något ska göras", "The action, if something is to be done";
    SAVE: "Spara punkten", "Save the point";
    CATEGORY: "Vad gäller det?", "What is it about?";
    FEELING: "Hur känns det?", "How does it feel?";
    UNSAFE: "Otryggt", "Unsafe";
    SAFE: "Tryggt", "Safe";
    PLACE: "Plats", "Place";
    PLACE_HINT: "Ett namn ur platsregistret. Platsen ger läget.", "A name of the place register. The place gives the position.";
    AREA: "Område", "Area";
    START: "Dag", "Day";
    TEXT: "Vad såg ni?", "What did you see?";
    TEXT_HINT: "Intern fritext. Skriv inga namn, personnummer, telefonnummer eller registreringsnummer.",
        "Internal free text. Write no names, personal numbers, telephone numbers or number plates.";
    PHOTO: "Foto (filnamn)", "Photo (file name)";
    PHOTO_HINT: "Bara namnet på filen. Fotot sparas inte här.", "Only the name of the file. The photo is not kept here.";
    WHAT: "Vad ska göras?", "What is to be done?";
    WHAT_HINT: "Visas för alla som får läsa. Skriv inga namn på personer.", "Shown to everyone who may read. Write no names of persons.";
    OWNER: "Vem gör det? (organisation)", "Who does it? (organisation)";
    DUE: "Klar senast", "Due";
    RECHECK: "Följs upp", "Looked at again";

    S_MADE_OF: "Protokoll", "Protocol";
    S_TEXT: "Fritext", "Free text";
    S_TEXT_OUT: "Fritext, plats i ord och foto är inte med.", "Free text, places in words and photos are left out.";
    S_TEXT_IN: "Fritext, plats i ord och foto är med. Skäl: {reason}", "Free text, places in words and photos are in it. Reason: {reason}";
    S_BACK: "Läsa in", "Import";
    S_BACK_HOW: "lagesbild import FIL.xlsx --into observations --profile safety-walk --sheet Punkter --update",
        "lagesbild import FILE.xlsx --into observations --profile safety-walk --sheet Punkter --update";
    S_EMPTY: "Tomma rutor", "Empty cells";
    S_EMPTY_HOW: "Tom ruta för fritext, plats i ord eller foto ändrar inget. Andra tomma rutor tar bort det som stod. Fritext tas bort i formulären.",
        "An empty cell for free text, a place in words or a photo changes nothing. Other empty cells take away what was there. Free text is taken away in the forms.";
    S_DAY: "Uttaget", "Taken out";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
