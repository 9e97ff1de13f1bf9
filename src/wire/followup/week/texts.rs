//! What the week page says.

use crate::text::lang::texts;

texts! {
    TITLE: "Vecka {week}, {year}", "Week {week}, {year}";
    MADE: "Till mötet i vecka {week}. Så är läget {day}.", "For the meeting in week {week}. This is how things stand on {day}.";
    NEW_NONE: "Inget nytt har hänt på {days} dagar.", "Nothing new happened in {days} days.";
    NEW_SOME: "Det som har hänt på {days} dagar: {n}.", "What happened in {days} days: {n}.";
    OBSERVATION: "iakttagelse", "observation";
    OBSERVATIONS: "iakttagelser", "observations";
    LATE_NONE: "Ingen åtgärd är försenad.", "No action is late.";
    LATE_ONE: "1 åtgärd är försenad.", "1 action is late.";
    LATE_SOME: "{n} åtgärder är försenade.", "{n} actions are late.";
    BEHIND_NONE: "Inget i löftena är efter plan.", "Nothing in the promises is behind.";
    BEHIND_ONE: "1 del av löftena är efter plan.", "1 part of the promises is behind.";
    BEHIND_SOME: "{n} delar av löftena är efter plan.", "{n} parts of the promises are behind.";
    MISSED_ONE: "1 del av löftena är inte uppfylld.", "1 part of the promises was not met.";
    MISSED_SOME: "{n} delar av löftena är inte uppfyllda.", "{n} parts of the promises were not met.";
    PAST_WEEK: "Veckan är slut. Åtgärderna visas som de står i dag.", "The week is over. Actions are shown as they stand today.";
    EMPTY_FILE: "Filen är tom. Börja här:", "The file is empty. Begin here:";
    START_OBSERVATION: "skriv in en iakttagelse", "write an observation";
    START_MEETING: "skriv in ett möte som har hållits", "write a meeting that was held";
    START_ACTION: "skriv in en åtgärd", "write an action";
    START_BOOKING: "boka ett datum", "book a date";
    START_IMPORT: "läs in en fil", "import a file";

    NEWS: "Nytt sedan förra mötet", "New since the last meeting";
    BACK_MEETING: "Förra mötet var {meeting}. Dagarna räknas från måndagen den veckan: {first} till {last}.",
        "The last meeting was on {meeting}. The days are counted from the Monday of that week: {first} to {last}.";
    BACK_MOST: "Förra mötet var {meeting}. Det är mer än fyra veckor sedan. Här är de {days} dagarna {first} till {last}.",
        "The last meeting was on {meeting}. That is more than four weeks ago. These are the {days} days {first} to {last}.";
    BACK_NONE: "Inget möte finns i filen. Här är de {days} dagarna {first} till {last}.",
        "The file has no meeting. These are the {days} days {first} to {last}.";
    REPORTED: "{k} av {m} har rapporterat för vecka {week}. Antalen bygger på det som är inlagt.",
        "{k} of {m} reported for week {week}. The numbers rest on what is recorded.";
    REPORTED_SHORT: "{k} av {m} har rapporterat.", "{k} of {m} reported.";
    NEWS_CAPTION: "Det som hände {first} till {last}", "What happened from {first} to {last}";
    PLACE: "Plats", "Place";
    OF_THEM: "Varav de sista {days} dagarna", "Of them, the last {days} days";
    ABOUT_WHAT: "Om vad", "About what";
    WORK: "Genomfört arbete", "Work done";
    OBSERVATIONS_HEAD: "Iakttagelser", "Observations";
    REST: "Resten av kommunen", "Rest of the municipality";
    WITHOUT: "Utan position", "Without position";
    ALL_PLACES: "Alla", "All";
    OTHER_TERMS: "annat {n}", "other {n}";
    MORE_AREAS: "Fler områden", "More areas";

    REPEATED: "Platser som återkommer", "Places that come back";
    REPEATED_RULE: "Regel: minst {least} iakttagelser inom {radius} meter, {first} till {last}. De som sade att det kändes tryggt är inte med.",
        "Rule: at least {least} observations within {radius} metres, {first} to {last}. Those that said it felt safe are not counted.";
    REPEATED_NONE: "Ingen plats återkommer.", "No place comes back.";
    REPEATED_CAPTION: "Flest iakttagelser först", "Most observations first";
    NEAR: "Nära {at}", "Near {at}";
    DAYS: "Dagar", "Days";
    OPEN_ACTIONS: "Öppna åtgärder", "Open actions";
    NONE: "ingen", "none";
    SEE_PICTURE: "Se lägesbilden", "See the situation picture";

    ACTIONS: "Åtgärder", "Actions";
    ACTIONS_SUM: "Öppna: {open}. Försenade: {overdue}. Ska följas upp nu: {recheck}.",
        "Open: {open}. Late: {overdue}. To be looked at again now: {recheck}.";
    ACTIONS_NONE: "Inga åtgärder väntar.", "No actions are waiting.";
    ACTIONS_CAPTION: "Åtgärder som väntar", "Actions that wait";
    OWNER: "Ägare", "Owner";
    ACTION: "Åtgärd", "Action";
    DUE: "Klar senast", "Due";
    STANDING: "Läge", "Status";
    ACTIONS_MORE: "Och {n} till: {owners}. ", "And {n} more: {owners}. ";
    ACTIONS_ALL: "Se alla", "See all";
    NEW_ACTION: "Ny åtgärd", "New action";

    DECISIONS: "Beslut och det viktigaste i veckan", "Decisions and what comes first this week";
    DECISIONS_CAPTION: "Beslut från mötet", "Decisions of the meeting";
    DECISIONS_NONE: "Inga beslut finns från mötet {meeting}. ", "There are no decisions of the meeting on {meeting}. ";
    DECISIONS_NO_MEETING: "Beslut hör till ett möte, och inget möte finns. ", "Decisions belong to a meeting, and there is none. ";
    WRITE_MEETING: "Skriv in ett möte", "Write a meeting";
    WRITE_DECISION: "Skriv in ett beslut", "Write a decision";
    MEETING_DAY: "Möte", "Meeting";
    DECISION: "Beslut", "Decision";
    PRIORITY: "{rank}. {text}", "{rank}. {text}";
    PRIORITIES_LEAD: "Det viktigaste i vecka {week}:", "What comes first in week {week}:";
    PRIORITIES_NONE: "Inget är valt för vecka {week}. ", "Nothing is chosen for week {week}. ";
    CHOOSE_PRIORITY: "Välj vad som går först", "Choose what comes first";
    MORE_PRIORITIES: "och {n} till", "and {n} more";

    DATES: "Inbokat", "Booked dates";
    DATES_CAPTION: "Datum {first} till {last}", "Dates {first} to {last}";
    DATES_NONE: "Inget är bokat {first} till {last}. ", "Nothing is booked from {first} to {last}. ";
    BOOK: "Boka ett datum", "Book a date";
    DAY: "Dag", "Day";
    WHAT: "Vad", "What";
    WHO: "Vilka", "Who";
    DATES_MORE: "Och {n} till. ", "And {n} more. ";
    SEE_LIST: "Se listan", "See the list";

    PROMISES: "Löftena", "The promises";
    PROMISES_CAPTION: "Löften som går att mäta", "Promises that can be measured";
    PROMISES_NONE: "Inget löfte som går att mäta gäller nu. ", "No promise that can be measured holds now. ";
    PROMISES_REST: "Går inte att mäta: {n}. ", "Cannot be measured: {n}. ";
    PROMISES_OLD: "Äldre löften: {n}. ", "Older promises: {n}. ";
    PROMISES_MORE: "Och {n} till. ", "And {n} more. ";
    SEE_PROMISES: "Se alla löften", "See all promises";
    COMMITMENT: "Vad som lovades", "What was promised";
    UNTIL: "Till och med", "Until";
    DONE: "Gjort", "Done";
    TARGET: "Mål", "Target";
    PACE: "Takt nu", "Pace now";

    REPORTS: "Rapporter för vecka {week}", "Reports for week {week}";
    REPORTS_NOBODY: "Ingen brukar rapportera än. När någon gör det syns här vem som saknas. ",
        "Nobody reports yet. Once somebody does, this shows who is missing. ";
    WRITE_REPORT: "Skriv in en rapport", "Write a report";
    MISSING: "Saknas: ", "Missing: ";
    MISSING_NONE: "Ingen saknas.", "Nobody is missing.";
    MISSING_MEANING: " De kan ha något att säga. Fråga dem.", " They may have something to say. Ask them.";
    NOTHING: "Inget att rapportera: {names}.", "Nothing to report: {names}.";
    SOMETHING: "Har rapporterat: {names}.", "Reported: {names}.";
    N_RECORDS: "{name} ({n})", "{name} ({n})";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
