//! Free text is given for a reason, and the reason is written down.

use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::Param;

/// The parameter that asks for free text.
pub(super) const REASON: Param = Param::query(
    "free_text_reason",
    "asks for free text and says why; the reason goes into the audit log",
    "3 to 200 letters",
);

/// The reason, when free text is asked for.
pub(in crate::http) fn reason_of(pairs: &Pairs) -> Result<Option<String>, Problem> {
    let Some(text) = pairs.one(REASON.name)?.map(str::trim) else { return Ok(None) };
    let is_one = (3..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if is_one {
        return Ok(Some(text.to_string()));
    }
    Err(Problem::InvalidParameter {
        parameter: REASON.name.to_string(),
        value: text.chars().take(80).collect(),
        reason: "it is no reason in words".to_string(),
        accepted: REASON.accepted.to_string(),
    })
}
