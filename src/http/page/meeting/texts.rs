//! What the pages of meetings say besides their papers.

use crate::text::lang::texts;

texts! {
    NEW_DECISION: "Skriv in ett beslut", "Write a decision";
    NEW_PRIORITY: "Välj vad som går först", "Choose what comes first";
    RECORD: "Uppgifterna om mötet", "The record of the meeting";
    ALL_OF_THEM: "Alla möten", "All meetings";

    DECISION_HEADING: "Nytt beslut från mötet {day}", "New decision of the meeting on {day}";
    DECISION_LEAD: "Ett beslut blir en åtgärd med en ägare. Den följs upp på nästa möte.",
        "A decision becomes an action with an owner. It is followed up at the next meeting.";
    DECISION_PART: "Beslutet", "The decision";
    SAVE_DECISION: "Spara beslutet", "Save the decision";
    WHAT: "Vad ska göras?", "What is to be done?";
    WHAT_HINT: "Visas för alla som får läsa. Skriv inga namn på personer.", "Shown to everyone who may read. Write no names of persons.";
    OWNER: "Vem gör det? (organisation)", "Who does it? (organisation)";
    DUE: "Klar senast", "Due";
    RECHECK: "Följs upp", "Looked at again";
    AREA: "Område", "Area";

    PRIORITY_HEADING: "Det viktigaste i en vecka", "What comes first in a week";
    PRIORITY_LEAD: "Det står överst på veckans sida. Det sist skrivna hamnar sist.",
        "It stands at the top of the page of the week. What is written last comes last.";
    PRIORITY_PART: "Vad som går först", "What comes first";
    SAVE_PRIORITY: "Spara", "Save";
    WEEK: "Vecka", "Week";
    PRIORITY_WHAT: "Vad ska göras eller bevakas?", "What is to be done or watched?";
    PRIORITY_OWNER: "Vem tar det? (organisation)", "Who takes it on? (organisation)";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
