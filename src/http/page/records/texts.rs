//! What the pages of records say, in Swedish and English.

use crate::domain::Collection;
use crate::http::page::texts::{Lang, Text};
use crate::text::lang::texts;

texts! {
    SAVE: "Spara", "Save";
    SAVE_CHANGES: "Spara ändringarna", "Save the changes";
    CANCEL: "Avbryt", "Cancel";
    MORE: "Mer", "More";
    NOT_SAID: "Inte angivet", "Not said";
    CHOOSE: "Välj ...", "Choose ...";
    EDIT: "Ändra", "Edit";
    OPTIONAL: "(frivilligt)", "(optional)";
    PRIVACY: "Skriv inga namn, personnummer, telefonnummer eller registreringsnummer.",
        "Write no names, personal numbers, telephone numbers or number plates.";
    DATE: "Datum", "Date";
    TIME: "Klockslag", "Time of day";
    HINT_TIME: "Lämna klockslaget tomt om det inte är känt: då gäller någon gång under dagen.",
        "Leave the time of day empty if it is not known: then it is some time during the day.";
    HINT_END: "Lämna tomt om det var en tidpunkt.", "Leave empty if it was a moment.";
    HINT_PLACE: "Namn ur platsregistret, till exempel det första i listan. Platsen ger läget.",
        "A name of the place register, such as the first of the list. The place gives the position.";
    HINT_AREA: "Räcker när platsen inte är känd närmare.", "Enough when nothing closer is known.";
    HINT_ACTORS: "En per rad: roll, kolon, organisation. Till exempel police: Lokalpolisområde Höglandet. Roller: {roles}.",
        "One per line: role, colon, organisation. For example police: Lokalpolisområde Höglandet. Roles: {roles}.";
    HINT_NAMES: "Ett namn per rad.", "One name per line.";
    HINT_WEEK: "Till exempel 2025-W09.", "For example 2025-W09.";
    HINT_KEPT_TEXT: "Det finns text här som inte visas. Lämna tomt för att behålla den; ny text ersätter den.",
        "There is text here that is not shown. Leave empty to keep it; new text replaces it.";
    POSITION: "Läge", "Position";
    LON: "Longitud", "Longitude";
    LAT: "Latitud", "Latitude";
    HINT_POSITION: "Grader, till exempel 14,6947 och 57,6514. Går före platsen.",
        "Degrees, such as 14.6947 and 57.6514. They outrank the place.";
    GEOMETRY: "Geometri (GeoJSON)", "Geometry (GeoJSON)";
    HINT_GEOMETRY: "Longitud före latitud, till exempel en Polygon.", "Longitude before latitude, such as a Polygon.";
    MAP: "Klicka på kartan för att välja läge", "Click on the map to choose the position";
    ERRORS: "Det gick inte att spara", "It could not be saved";
    ERRORS_LEAD: "Rätta det här och försök igen. Det du skrev finns kvar.",
        "Mend this and try again. What you wrote is still there.";
    E_MISSING: "Fyll i det här.", "Fill this in.";
    E_PERSONAL: "Ser ut som en personuppgift. Ta bort den.", "Looks like personal data. Take it out.";
    E_NEAR: "Finns inte. Menade du {near}?", "Does not exist. Did you mean {near}?";
    E_PLACE: "Finns inte i platsregistret. Välj i listan, eller skriv under Plats i ord.",
        "Not in the place register. Choose from the list, or write under Place in words.";
    E_GAP: "Den tiden fanns inte: klockan ställdes fram.", "That time did not exist: the clock was set forward.";
    E_ENDS_FIRST: "Slutar innan det börjar.", "Ends before it starts.";
    E_TIME: "Går inte att läsa som tid. Skriv till exempel 2025-03-01 21:30.",
        "Cannot be read as a time. Write for example 2025-03-01 21:30.";
    E_NUMBER: "Inte ett tal som går att använda: {accepted}.", "Not a number that can be used: {accepted}.";
    E_POSITION: "Inte ett läge: {reason}.", "Not a position: {reason}.";
    E_LONG: "För långt: högst {n} tecken.", "Too long: at most {n} characters.";
    E_MORE: "Fler svar än tillfrågade: {numbers}.", "More answers than asked: {numbers}.";
    E_MORE_UNSAFE: "Fler otrygga än svar: högst {n}.", "More unsafe answers than answers: at most {n}.";
    E_MORE_LED: "Fler än antalet: högst {n}.", "More than the number: at most {n}.";
    E_INVITATION: "Bara trygghetsvandringar och dialogmöten är öppna för alla och kan vara offentliga inbjudningar.",
        "Only safety walks and dialogue meetings are open to everybody and can be public invitations.";
    E_OVERLAP: "Perioden täcks redan av {other}, från samma organisation och av samma typ och område. Ändra eller ta tillbaka {other}, eller välj en annan period.",
        "The period is covered already by {other}, of the same organisation, kind and area. Change or withdraw {other}, or choose another period.";
    P_TITLE: "Rubrik", "Title in Swedish";
    P_TITLE_EN: "Rubrik på engelska", "Title in English";
    P_SIGNED: "Undertecknat den", "Signed on";
    P_FIRST: "Första dag", "First day";
    P_LAST: "Sista dag", "Last day";
    P_SOURCE: "Källa", "Source";
    P_PARTIES: "Vilka lovar?", "Who promises?";
    P_PARTY: "Part", "Party";
    P_ROLE: "Roll", "Role";
    P_ORGANISATION: "Organisation", "Organisation";
    P_SIGNED_AS: "Undertecknat som (befattning)", "Signed as (office)";
    P_PROMISES: "Vad lovas?", "What is promised?";
    P_PROMISE: "Löfte", "Promise";
    P_QUOTE: "Ordagrant ur löftet", "Word for word";
    P_AREAS: "Områden", "Areas";
    P_COMMITMENTS: "Utlovade aktiviteter", "Commitments";
    P_COMMITMENTS_LEAD: "En rad för varje sak som ska göras. Tomma rader sparas inte. En ny rad hör till de löften som gäller platsen, och till de parter som måste delta.",
        "One row for each thing to be done. Empty rows are not kept. A new row belongs to the promises about its place, and to the parties that must take part.";
    P_COMMITMENT: "Utlovad aktivitet", "Commitment";
    P_WHAT: "Vad räknas?", "What is counted?";
    P_COUNT: "Minst så här många", "At least so many";
    P_MORE: "Mer än förut", "More than before";
    P_SAFETY: "Fler ska känna sig trygga", "More are to feel safe";
    P_KIND: "Typ", "Kind";
    P_KIND_NONE: "Ingen typ", "No kind";
    P_AT_LEAST: "Minst antal", "At least";
    P_PER: "Per", "Per";
    P_CALENDAR_YEAR: "Kalenderår", "Calendar year";
    P_CALENDAR_YEAR_USUAL: "Kalenderår (om inget annat sägs)", "Calendar year (unless said otherwise)";
    P_TWELVE_MONTHS: "Tolv månader", "Twelve months";
    P_WHOLE_PERIOD: "Hela perioden", "The whole period";
    P_ROLES: "Vilka måste delta?", "Who must take part?";
    P_PLACE: "Plats", "Place";
    P_MUNICIPALITY: "Hela kommunen", "The whole municipality";
    P_NO_PLACE: "Ingen plats behövs", "No place is needed";
    P_UNUSUAL: "Det här åtagandet ryms inte i formuläret och lämnas som det är. Ändra det i dokumentet längst ned.",
        "This pledge does not fit the form and is left as it is. Change it in the document at the end.";
    P_SEVERAL: "Håll ned Ctrl eller Cmd för att välja flera, eller för att ta bort ett val.",
        "Hold Ctrl or Cmd to choose several, or to take a choice away.";
    P_REMOVE: "Ta bort raden", "Remove the row";
    P_SAVE: "Spara löftet", "Save the promise";
    P_E_USED: "Används av {title}. Ta bort den först.", "Is used by {title}. Remove that first.";
    P_JSON: "För program: hela dokumentet som JSON", "For programs: the whole document as JSON";
    YES: "Ja", "Yes";
    NO: "Nej", "No";
    HINT_BRIEF: "Högst {n} tecken. Kommentaren kan visas för allmänheten.", "At most {n} characters. The comment may be shown to the public.";
    E_OTHER: "Går inte att använda ({reason}). Godtas: {accepted}.", "Cannot be used ({reason}). Accepted: {accepted}.";
    STALE: "Någon annan har ändrat uppgiften sedan du öppnade den. Öppna den igen och gör om ändringen.",
        "Somebody else has changed the record since you opened it. Open it again and make your change anew.";
    SENT: "Formuläret är redan skickat med andra uppgifter. Öppna ett nytt formulär.",
        "The form was sent already with other values. Open a new form.";
    TAKEN: "Det finns redan en uppgift med det här namnet.", "There is a record of this name already.";
    OTHER_CONTROLLER: "Uppgifter från den källan får inte finnas i den här filen.",
        "Records of that source may not be held in this file.";
    HISTORY: "Historik", "History";
    H_REVISION: "Revision", "Revision";
    H_WHEN: "När", "When";
    H_WHO: "Vem", "Who";
    H_WHAT: "Vad", "What";
    H_ENDED: "Ersatt eller tillbakatagen", "Replaced or withdrawn";
    CURRENT: "Gäller nu", "Current";
    ENDED: "I revision {revision}: {reason}", "In revision {revision}: {reason}";
    PURGED: "Innehållet gallrades {date}.", "The content was purged on {date}.";
    WITHDRAWN: "Uppgiften är tillbakatagen: {reason}", "The record is withdrawn: {reason}";
    WITHDRAW: "Ta tillbaka uppgiften", "Withdraw the record";
    WITHDRAW_WHY: "Varför?", "Why?";
    WITHDRAW_NOTE: "Uppgiften räknas inte längre, men finns kvar i historiken.",
        "The record no longer counts, but stays in the history.";
    FREE_TEXT: "Det finns fritext", "There is free text";
    FREE_TEXT_WHY: "Varför behöver du läsa den? Skälet sparas i loggen.", "Why do you need to read it? The reason is kept in the log.";
    FREE_TEXT_SHOW: "Visa fritexten", "Show the free text";
    AS_JSON: "Som GeoJSON", "As GeoJSON";
    NONE_YET: "Inga uppgifter ännu.", "No records yet.";
    COUNTED: "{n} uppgifter, de senaste först.", "{n} records, the newest first.";
    LISTED: "Uppgifterna i ordning efter beteckning.", "The records in the order of their ids.";
    OLDER: "Äldre", "Older";
    NEXT: "Nästa sida", "Next page";
    FIRST_PAGE: "Till början", "To the beginning";
    ID: "Beteckning", "Id";
    WITHOUT_PLACE: "utan läge", "without position";
}

/// What the records of a collection are called, and one of them.
pub(super) fn names(collection: Collection) -> (Text, Text) {
    let pair = |sv, en, one_sv, one_en| (Text::new(sv, en), Text::new(one_sv, one_en));
    match collection {
        Collection::Areas => pair("Områden", "Areas", "Område", "Area"),
        Collection::Places => pair("Platser", "Places", "Plats", "Place"),
        Collection::Activities => pair("Genomfört arbete", "Work done", "Genomfört arbete", "Work done"),
        Collection::Observations => pair("Iakttagelser", "Observations", "Iakttagelse", "Observation"),
        Collection::Surveys => pair("Trygghetsmätningar", "Surveys", "Trygghetsmätning", "Survey"),
        Collection::ReportedCounts => {
            pair("Rapporterade antal", "Reported counts", "Rapporterat antal", "Reported count")
        }
        Collection::Actions => pair("Åtgärder", "Actions", "Åtgärd", "Action"),
        Collection::Reports => pair("Veckorapporter", "Weekly reports", "Veckorapport", "Weekly report"),
        Collection::Promises => pair("Medborgarlöften", "Promises", "Medborgarlöfte", "Promise"),
        Collection::Bookings => pair("Inbokat", "Bookings", "Inbokning", "Booking"),
        Collection::Comments => pair("Kommentarer", "Comments", "Kommentar", "Comment"),
        Collection::Priorities => pair("Prioriteringar", "Priorities", "Prioritering", "Priority"),
    }
}

/// The heading of an empty form.
pub(super) fn heading_of_new(collection: Collection, lang: Lang) -> String {
    let one = names(collection).1.of(lang);
    // "Nytt genomfört arbete" but "Ny plats": the words ending in -e, -d and -t differ in Swedish.
    let swedish = match collection {
        Collection::Activities => "Nytt genomfört arbete",
        Collection::Areas => "Nytt område",
        Collection::ReportedCounts => "Nytt rapporterat antal",
        Collection::Promises => "Nytt medborgarlöfte",
        Collection::Observations => "Ny iakttagelse",
        Collection::Places => "Ny plats",
        Collection::Surveys => "Ny trygghetsmätning",
        Collection::Actions => "Ny åtgärd",
        Collection::Reports => "Ny veckorapport",
        Collection::Bookings => "Ny inbokning",
        Collection::Comments => "Ny kommentar",
        Collection::Priorities => "Ny prioritering",
    };
    match lang {
        Lang::Sv => swedish.to_string(),
        Lang::En => format!("New {}", one.to_lowercase()),
    }
}

/// A problem of a member, for people.
pub(in crate::http::page) fn of_problem(pointer: &str, reason: &str, accepted: &str, lang: Lang) -> String {
    let near = reason.split_once("did you mean '").and_then(|(_, rest)| rest.split_once('\'')).map(|(near, _)| near);
    let near = near.or_else(|| accepted.strip_prefix("did you mean ").and_then(|rest| rest.split('?').next()));
    let is = |part: &str| reason.contains(part);
    if is("is missing") || is("no time") {
        E_MISSING.of(lang).to_string()
    } else if is("personal") {
        E_PERSONAL.of(lang).to_string()
    } else if let Some(near) = near {
        E_NEAR.with(lang, &[("near", near)])
    } else if is("place register") {
        E_PLACE.of(lang).to_string()
    } else if is("does not exist: the clock") {
        E_GAP.of(lang).to_string()
    } else if is("ends before") || is("is before period_start") {
        E_ENDS_FIRST.of(lang).to_string()
    } else if is("too long") {
        E_LONG.with(lang, &[("n", &digits(accepted))])
    } else if let Some(numbers) = reason.strip_prefix("more answers than asked: ") {
        E_MORE.with(lang, &[("numbers", &of_numbers(numbers, lang))])
    } else if let Some((other, _)) = reason.strip_prefix("overlaps '").and_then(|rest| rest.split_once('\'')) {
        E_OVERLAP.with(lang, &[("other", other)])
    } else if is("public invitation") {
        E_INVITATION.of(lang).to_string()
    } else if is("more unsafe answers") {
        E_MORE_UNSAFE.with(lang, &[("n", &digits(accepted))])
    } else if is("is more than n") {
        E_MORE_LED.with(lang, &[("n", &digits(accepted))])
    } else if ["/properties/start", "/properties/end"].contains(&pointer) || is("is not a date") {
        E_TIME.of(lang).to_string()
    } else if is("is not such a number") {
        E_NUMBER.with(lang, &[("accepted", accepted)])
    } else if pointer == "/geometry" {
        E_POSITION.with(lang, &[("reason", reason)])
    } else {
        E_OTHER.with(lang, &[("reason", reason), ("accepted", accepted)])
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// `answered 90 + dont_know 20 = 110, asked 100` in the words of the form.
fn of_numbers(numbers: &str, lang: Lang) -> String {
    let words = [
        ("answered", Text::new("svar", "answers")),
        ("dont_know", Text::new("vet ej", "do not know")),
        ("dont_go_there", Text::new("går inte dit", "do not go there")),
        ("asked", Text::new("tillfrågade", "asked")),
    ];
    words.iter().fold(numbers.to_string(), |text, (name, word)| text.replace(name, word.of(lang)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_both_languages_with_the_same_places() {
        let places = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_string).collect();
            names.sort_unstable();
            names
        };
        for (name, text) in ALL {
            let (sv, en) = (text.of(Lang::Sv), text.of(Lang::En));
            assert!(!sv.is_empty() && !en.is_empty(), "{name}");
            assert_eq!(places(sv), places(en), "{name}");
        }
    }

    #[test]
    fn problems_are_told_in_the_words_of_the_page() {
        let told = |reason: &str| of_problem("/properties/area", reason, "null", Lang::Sv);
        assert_eq!(told("is missing"), "Fyll i det här.");
        assert_eq!(told("is no area of the data file; did you mean 'runneryd'?"), "Finns inte. Menade du runneryd?");
        assert_eq!(told("looks like personal data"), "Ser ut som en personuppgift. Ta bort den.");
    }
}
