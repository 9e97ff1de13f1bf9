//! What the papers of meetings say.

use crate::text::lang::texts;

texts! {
    LIST_TITLE: "Samverkansmöten", "Collaboration meetings";
    LIST_LEAD: "Läget {day}. Hållna: {held}. Bokade: {booked}.", "As of {day}. Held: {held}. Booked: {booked}.";
    BOOKED: "Bokade", "Booked";
    BOOKED_CAPTION: "Nästa först", "The next first";
    BOOKED_NONE: "Inget möte är bokat. ", "No meeting is booked. ";
    BOOK: "Boka ett datum", "Book a date";
    GONE: "De här dagarna har gått, men mötet är inte inskrivet. Skriv in mötet och koppla det till bokningen, eller ställ in den.",
        "These days are gone, but the meeting is not written down. Write the meeting and tie it to the booking, or call it off.";
    MEND: "Öppna bokningen", "Open the booking";
    HELD: "Hållna", "Held";
    HELD_CAPTION: "Senaste först", "The newest first";
    HELD_NONE: "Inget möte är inskrivet. ", "No meeting is written down. ";
    WRITE_HELD: "Skriv in ett möte", "Write a meeting";
    DAY: "Dag", "Day";
    WHAT: "Om vad", "About what";
    WHO: "Vilka", "Who";
    NOBODY: "inte angivet", "not said";
    AGENDA: "Dagordning", "Agenda";
    SEE_AGENDA: "Se dagordningen", "See the agenda";

    MEETING: "Samverkansmöte {day}", "Collaboration meeting {day}";
    WITH: "Vilka: {who}.", "Who: {who}.";
    LEAD_BOOKED: "Bokat {day}.", "Booked for {day}.";
    LEAD_HELD: "Läget {day}. Beslut: {n}. Öppna: {open}.", "As of {day}. Decisions: {n}. Open: {open}.";
    NOBODY_HELD: "Det står inte vilka som var med. Då räknas mötet inte i löftet. ", "It is not said who took part. So the meeting does not count in the promise. ";
    ADD_WHO: "Skriv in deltagarna", "Write who took part";
    NOT_HELD: "Beslut skrivs in när mötet har hållits. ", "Decisions are written once the meeting was held. ";
    DECISIONS: "Beslut", "Decisions";
    DECISIONS_CAPTION: "Vad som ska göras och av vem", "What is to be done, and by whom";
    DECISIONS_NONE: "Inga beslut är inskrivna.", "No decisions are written down.";
    DECISION: "Beslut", "Decision";
    OWNER: "Ägare", "Owner";
    ACTION: "Åtgärd", "Action";
    DUE: "Klar senast", "Due";
    STANDING: "Läge", "Status";

    AGENDA_TITLE: "Dagordning för mötet {day}", "Agenda of the meeting on {day}";
    AGENDA_LEAD: "Gjord ur det som är inlagt. Läget {day}.", "Made from what is recorded. As of {day}.";
    BEHIND: "Efter plan eller inte uppfyllt", "Behind or not met";
    MISSED: "Inte uppfyllt {first} till {last}: {done} av {target}.", "Not met from {first} to {last}: {done} of {target}.";
    BEHIND_NONE: "Inget i löftena är efter plan eller inte uppfyllt.", "Nothing in the promises is behind or not met.";
    NO_DATE: "Saknar datum", "Without a date";
    LATE: "Försenade åtgärder", "Late actions";
    LATE_NONE: "Ingen åtgärd är försenad.", "No action is late.";
    LATE_CAPTION: "Försenade och sådant som ska följas upp", "Late, and what is to be looked at again";
    LATE_MORE: "Och {n} till. ", "And {n} more. ";
    SEE_ALL: "Se alla", "See all";
    LAST: "Besluten från mötet {day}", "The decisions of the meeting on {day}";
    LAST_NONE: "Mötet har inga beslut i filen.", "The meeting has no decisions in the file.";
    NOTICES: "Att se över", "To look at";
    DATES: "Nästa datum", "Next dates";
    DATES_NONE: "Inget är bokat de närmaste åtta veckorna. ", "Nothing is booked for the next eight weeks. ";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
