//! What protocols and the list of inventories say.

use crate::text::lang::texts;

texts! {
    TITLE: "{kind} {day}", "{kind} {day}";
    TITLE_AT: "{kind} {day}, {area}", "{kind} {day}, {area}";
    LEAD_NONE: "Inga punkter är inskrivna.", "No points are written down.";
    LEAD: "Punkter: {n}. Känns otrygga: {unsafe}. Känns trygga: {safe}.", "Points: {n}. Feel unsafe: {unsafe}. Feel safe: {safe}.";
    LEAD_ACTIONS: "Öppna åtgärder: {n}. Försenade: {late}.", "Open actions: {n}. Late: {late}.";

    WHO: "Vilka var med", "Who took part";
    NOBODY: "Det står inte vilka som var med. Då räknas den inte i löftet. ", "It is not said who took part. So it does not count in the promise. ";
    ADD_WHO: "Skriv in deltagarna", "Write who took part";
    NO_ORGANISATION: "{role}, organisation saknas", "{role}, no organisation given";

    POINTS: "Punkter", "Points";
    POINTS_CAPTION: "Det som noterades på plats", "What was noted on the spot";
    POINTS_NONE: "Skriv in den första punkten i formuläret på sidan.", "Write the first point in the form on the page.";
    NUMBER: "Nr", "No.";
    ABOUT: "Vad", "What";
    FEELS: "Känns", "Feels";
    PLACE: "Plats", "Place";
    PHOTO: "Foto", "Photo";
    UNSAFE: "otryggt", "unsafe";
    SAFE: "tryggt", "safe";
    NOT_SAID: "inte angivet", "not said";
    YES: "ja", "yes";
    NO: "nej", "no";
    ONLY_POSITION: "enligt kartan", "as on the map";
    WITHOUT: "utan position", "without position";
    ON_DAY: "{what} ({day})", "{what} ({day})";
    TEXT_INTERNAL: "Fritext och foton är interna. De visas på punktens egen sida, för den som anger varför.",
        "Free text and photos are internal. They are on the page of the point, for who says why.";

    ACTIONS: "Åtgärder", "Actions";
    ACTIONS_CAPTION: "Vad som ska göras och av vem", "What is to be done, and by whom";
    ACTIONS_NONE: "Ingen åtgärd är beslutad.", "No action is decided.";
    POINT: "Punkt", "Point";
    WHOLE: "Hela", "Whole";
    ACTION: "Åtgärd", "Action";
    OWNER: "Ägare", "Owner";
    DUE: "Klar senast", "Due";
    STANDING: "Läge", "Status";
    RECHECK: "Följs upp", "Looked at again";

    NEXT: "Vad händer nu", "What happens next";
    NEXT_LATE: "{owner}, försenade: {n}. Gör klart, eller skriv in varför inte.", "{owner}, late: {n}. Finish, or write why not.";
    NEXT_DUE: "{owner}: {n} kvar. Nästa ska vara klar {day}.", "{owner}: {n} left. The next is due {day}.";
    NEXT_OPEN: "{owner}: {n} kvar utan datum. Sätt ett datum.", "{owner}: {n} left without a date. Set a date.";
    OPEN_ONE: "åtgärd", "action";
    OPEN_MANY: "åtgärder", "actions";
    NEXT_RECHECK: "Följs upp {day}: {action}.", "Looked at again on {day}: {action}.";
    NEXT_DATE: "Bokat {day}: {what}.", "Booked for {day}: {what}.";
    NEXT_NOTHING: "Inget väntar, och inget datum är bokat. ", "Nothing waits, and no date is booked. ";
    BOOK: "Boka nästa datum", "Book the next date";
    AS_OF: "Läget {day}.", "As of {day}.";

    LIST_TITLE: "Inventeringar och vandringar", "Inventories and walks";
    LIST_LEAD: "{n} i filen.", "{n} in the file.";
    LIST_CAPTION: "De senaste först", "The newest first";
    LIST_NONE: "Här är inget än. Skriv in en inventering eller vandring som genomfört arbete. Sedan skriver du in dess punkter. ",
        "There is nothing here yet. Write an inventory or walk as work done. Then you write its points. ";
    LIST_WRITE: "Skriv in en inventering", "Write an inventory";
    LIST_IMPORT: "Läs in ett protokoll", "Import a protocol";
    LIST_NOBODY: "Det står inte vilka som var med, så de här räknas inte i löftet ({n}):", "Nobody says who took part, so these do not count in the promise ({n}):";
    LIST_NOBODY_ONE: "inventering", "inventory";
    LIST_NOBODY_MANY: "inventeringar", "inventories";
    DAY: "Dag", "Day";
    KIND: "Vad", "What";
    AREA: "Område", "Area";
    MEMBERS: "Deltagare", "Participants";
    MEMBERS_NONE: "saknas", "missing";
    ACTIONS_OPEN: "Öppna åtgärder", "Open actions";
    OPEN_AND_LATE: "{open} av {n}, försenade {late}", "{open} of {n}, {late} late";
    OPEN_OF: "{open} av {n}", "{open} of {n}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
