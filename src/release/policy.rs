//! The rules of a release, with units. They stand in a file and are printed in every release.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// See the module. Read from TOML at the edge; unknown members are refused there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who publishes, and how they are reached.
    pub publisher: Publisher,
    /// The set of areas that is public; one, and frozen (P3).
    pub area_set: String,
    /// The set whose areas together are the municipality: squares are listed where it reaches.
    pub municipality_set: String,
    /// Reports below this many are one band with zero (P1, P2).
    pub least_reports: u32,
    /// Distinct local days that a shown number needs (P1).
    pub least_days: u32,
    /// Distinct reporters that a shown number of private persons' reports needs; unknown ones count as at most one a
    /// day (P1).
    pub least_reporters: u32,
    /// Shown numbers are rounded to multiples of this, each on its own (P4).
    pub round_to: u32,
    /// Days after the last of a period before reports of it are public (P5).
    pub reports_wait_days: u32,
    /// Days after a deed ended before it is public (P11).
    pub deeds_wait_days: u32,
    /// Located reports in a year below which there is no grid and no density.
    pub least_located_for_grid: u32,
    /// Sizes of squares by year, metres, where they are decided by hand; otherwise [`super::statistics`] decides from
    /// the year before (P5).
    #[serde(default)]
    pub grid_levels_m: BTreeMap<String, Vec<u32>>,
    /// Addresses that a square must hold, or none (P9).
    pub least_addresses: u32,
    /// Categories that may be counted below the municipality; any other, also one that is added later, is not (P7).
    pub open_categories: Vec<String>,
    /// Categories that are counted for the whole municipality besides the open ones. A category that stands in neither
    /// list is nowhere by itself, so that a new one tells nothing.
    #[serde(default)]
    pub municipality_categories: Vec<String>,
    /// Whether one person may build and publish, after waiting.
    pub sole_publisher: bool,
    /// Hours between building and publishing by the same person.
    pub sole_publisher_wait_hours: u32,
    /// Sites that may show the embeds in a frame, such as `https://polisen.se`.
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
}

/// Who answers for the pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// Name of the municipality or the police area.
    pub name_sv: String,
    /// The same in English.
    pub name_en: String,
    /// Address at which faults are reported: `mailto:` or `https:`.
    pub contact: String,
    /// Where the releases are served, such as `https://lagesbild.nassjo.se/public/`; ends with `/`.
    pub site: String,
    /// The day on which accessibility was last tested.
    pub accessibility_tested_on: jiff::civil::Date,
}

/// The least that any policy must ask for.
pub const FLOOR: Floor = Floor {
    least_reports: 10,
    least_days: 3,
    least_reporters: 3,
    round_to: 5,
    reports_wait_days: 14,
    deeds_wait_days: 30,
    least_located_for_grid: 1_000,
    least_addresses: 8,
    sole_publisher_wait_hours: 24,
};

/// Most days and reporters that a policy can ask for: more are not told apart when reports are counted.
pub(super) const MOST_DISTINCT: u32 = 5;

/// See [`FLOOR`].
#[derive(Clone, Copy, Debug)]
pub struct Floor {
    /// Reports.
    pub least_reports: u32,
    /// Days.
    pub least_days: u32,
    /// Reporters.
    pub least_reporters: u32,
    /// Rounding.
    pub round_to: u32,
    /// Days.
    pub reports_wait_days: u32,
    /// Days.
    pub deeds_wait_days: u32,
    /// Located reports.
    pub least_located_for_grid: u32,
    /// Addresses.
    pub least_addresses: u32,
    /// Hours.
    pub sole_publisher_wait_hours: u32,
}

/// Members of a policy that ask for less than they must.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy asks for less than it must: {}", .members.join("; "))]
pub struct BelowFloor {
    /// Each member with its value and what is accepted.
    pub members: Vec<String>,
}

impl Policy {
    /// Checks it against the floor; every fault is named.
    pub fn check(&self) -> Result<(), BelowFloor> {
        let f = FLOOR;
        let least = [
            ("least_reports", self.least_reports, f.least_reports),
            ("least_days", self.least_days, f.least_days),
            ("least_reporters", self.least_reporters, f.least_reporters),
            ("reports_wait_days", self.reports_wait_days, f.reports_wait_days),
            ("deeds_wait_days", self.deeds_wait_days, f.deeds_wait_days),
            ("least_located_for_grid", self.least_located_for_grid, f.least_located_for_grid),
            ("least_addresses", self.least_addresses, f.least_addresses),
            ("sole_publisher_wait_hours", self.sole_publisher_wait_hours, f.sole_publisher_wait_hours),
        ];
        let below = least.iter().filter(|(_, value, least)| value < least);
        let mut members: Vec<String> =
            below.map(|(name, value, least)| format!("{name} is {value}; accepted: at least {least}")).collect();
        for (name, value) in [("least_days", self.least_days), ("least_reporters", self.least_reporters)] {
            if value > MOST_DISTINCT {
                members.push(format!("{name} is {value}; accepted: at most {}", MOST_DISTINCT));
            }
        }
        if self.round_to < f.round_to || !self.round_to.is_multiple_of(f.round_to) {
            members.push(format!("round_to is {}; accepted: 5 or a multiple of it", self.round_to));
        }
        if !self.least_reports.is_multiple_of(self.round_to.max(1)) {
            members.push(format!("least_reports is {}; accepted: a multiple of round_to", self.least_reports));
        }
        for (year, levels) in &self.grid_levels_m {
            let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
            let is_nested = levels.iter().all(|level| super::statistics::LEVELS_M.contains(level));
            if !is_year || !is_nested {
                members.push(format!(
                    "grid_levels_m of {year} is {levels:?}; accepted: a year, and sizes of 250, 500, 1000 and 2000"
                ));
            }
        }
        let site = &self.publisher.site;
        if !(site.starts_with("https://") || site.starts_with("http://"))
            || !site.ends_with('/')
            || site.contains([' ', '"', '<'])
        {
            members
                .push(format!("publisher.site is '{site}'; accepted: an address such as https://example.se/public/"));
        }
        for host in &self.allowed_hosts {
            let rest = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://"));
            let is_origin = rest.is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
            });
            if !is_origin {
                members.push(format!(
                    "allowed_hosts has '{host}'; accepted: an origin such as https://polisen.se, without a path"
                ));
            }
        }
        if members.is_empty() { Ok(()) } else { Err(BelowFloor { members }) }
    }
}
