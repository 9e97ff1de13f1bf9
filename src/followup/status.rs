//! The status of a commitment with a number: one rule, computed, never set by hand.
//!
//! `pace = floor(target x elapsed days / days)`. A target below [`LEAST_LINEAR_TARGET`] has no linear pace: half
//! a meeting cannot be held, so what shows is whether a date is booked.

use jiff::civil::Date;

use crate::domain::Period;

/// How far a commitment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The period has not begun, or nothing is done and nothing need be yet.
    NotStarted,
    /// A date is booked for what remains.
    Planned,
    /// As much is done as the days that have gone by ask for.
    OnPace,
    /// Less is done than the days that have gone by ask for, or half of them are gone and no date is booked.
    Behind,
    /// The target is reached.
    Met,
    /// The period is over and the target was not reached.
    Missed,
    /// No number can show whether it is kept; a reason says why.
    CannotBeMeasured,
}

impl Status {
    /// All, in the order in which pages explain them.
    pub const ALL: [Self; 7] =
        [Self::NotStarted, Self::Planned, Self::OnPace, Self::Behind, Self::Met, Self::Missed, Self::CannotBeMeasured];

    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Planned => "planned",
            Self::OnPace => "on_pace",
            Self::Behind => "behind",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::CannotBeMeasured => "cannot_be_measured",
        }
    }

    /// The sign beside the word, so that it is seen without colour.
    pub fn sign(self) -> &'static str {
        match self {
            Self::NotStarted => "○",
            Self::Planned => "◷",
            Self::OnPace => "►",
            Self::Behind => "▼",
            Self::Met => "✓",
            Self::Missed => "✗",
            Self::CannotBeMeasured => "?",
        }
    }

    /// Swedish and English, as design and pages say it.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotStarted => ("inte påbörjad", "not started"),
            Self::Planned => ("planerad", "planned"),
            Self::OnPace => ("i takt", "on pace"),
            Self::Behind => ("efter plan", "behind"),
            Self::Met => ("uppfyllt", "met"),
            Self::Missed => ("inte uppfyllt", "not met"),
            Self::CannotBeMeasured => ("går inte att mäta", "cannot be measured"),
        }
    }
}

/// The smallest target with a linear pace.
pub const LEAST_LINEAR_TARGET: u32 = 4;

/// Which part of the rule gave the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `done >= target`.
    TargetReached,
    /// The last day is gone and `done < target`.
    PeriodOver,
    /// The first day has not come.
    PeriodNotBegun,
    /// A small target, and a date is booked.
    DateBooked,
    /// A small target, half the period gone and no date booked.
    HalfGoneWithoutDate,
    /// A small target, less than half the period gone: `done` says whether it has begun.
    BeforeHalf,
    /// `done` compared with the linear pace.
    Pace,
}

impl Rule {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::TargetReached => "target_reached",
            Self::PeriodOver => "period_over",
            Self::PeriodNotBegun => "period_not_begun",
            Self::DateBooked => "date_booked",
            Self::HalfGoneWithoutDate => "half_gone_without_date",
            Self::BeforeHalf => "before_half",
            Self::Pace => "pace",
        }
    }
}

/// A target with the days it is to be reached in, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Days of the period, at least 1.
    pub days: i64,
    /// Days of it that are over: 0 on its first day, `days` from the day after its last on. `None` before it.
    pub elapsed_days: Option<i64>,
}

impl Clock {
    /// What has gone by of a period when `today` is under way.
    pub fn at(period: &Period, today: Date) -> Self {
        let days = period.days();
        let gone = Period::new(period.start(), today).map_or(0, |gone| gone.days());
        Self { days, elapsed_days: (today >= period.start()).then_some(gone.min(days)) }
    }

    /// Whether the last day is gone.
    pub fn is_over(self) -> bool {
        self.elapsed_days == Some(self.days)
    }

    /// `floor(target x elapsed / days)`; `None` for a target without a linear pace. 0 before the period.
    pub fn pace(self, target: u32) -> Option<u32> {
        let elapsed = self.elapsed_days.unwrap_or(0);
        // elapsed <= days, so the quotient is at most the target.
        (target >= LEAST_LINEAR_TARGET).then(|| (i64::from(target) * elapsed / self.days) as u32)
    }
}

/// The status of a number to reach, with the part of the rule that gave it. `booked` says whether a date from
/// today on is set for more of the same.
pub fn status(target: u32, done: u32, clock: Clock, booked: bool) -> (Status, Rule) {
    if done >= target {
        return (Status::Met, Rule::TargetReached);
    }
    if clock.is_over() {
        return (Status::Missed, Rule::PeriodOver);
    }
    let Some(elapsed) = clock.elapsed_days else {
        return (Status::NotStarted, Rule::PeriodNotBegun);
    };
    match clock.pace(target) {
        None if booked => (Status::Planned, Rule::DateBooked),
        None if 2 * elapsed >= clock.days => (Status::Behind, Rule::HalfGoneWithoutDate),
        None if done == 0 => (Status::NotStarted, Rule::BeforeHalf),
        None => (Status::OnPace, Rule::BeforeHalf),
        Some(0) if done == 0 => (Status::NotStarted, Rule::Pace),
        Some(pace) if done >= pace => (Status::OnPace, Rule::Pace),
        Some(_) => (Status::Behind, Rule::Pace),
    }
}
