//! The JSON form of promise documents, to and from domain values.
//!
//! Unknown members are refused, because a misspelt `at_least` must not silently become another promise.

use std::num::NonZeroU32;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::domain::{
    ActorRule, Alternative, Basis, Commitment, CountBy, Counting, Id, Measure, Names, Party, Period, Pledge,
    PledgePlace, Promise, PromiseDocument, PromiseHead, Reading, Respondents, Target,
};

/// A file: documents as they stand, each read by itself so that one mistake does not hide another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileForm {
    pub(super) documents: Vec<Value>,
}

#[derive(Serialize)]
struct WholeFile {
    documents: Vec<DocumentOut>,
}

/// One document; the lists are read element by element.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentForm {
    pub(super) id: IdForm,
    pub(super) names: NamesForm,
    pub(super) signed: Date,
    pub(super) period: PeriodForm,
    pub(super) source: String,
    pub(super) parties: Vec<Value>,
    #[serde(default)]
    pub(super) readings: Vec<Value>,
    pub(super) promises: Vec<Value>,
    pub(super) commitments: Vec<Value>,
}

#[derive(Serialize)]
struct DocumentOut {
    id: IdForm,
    names: NamesForm,
    signed: Date,
    period: PeriodForm,
    source: String,
    parties: Vec<PartyForm>,
    readings: Vec<ReadingForm>,
    promises: Vec<PromiseForm>,
    commitments: Vec<CommitmentOut>,
}

/// One commitment; its pledge and readings are read by themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommitmentForm {
    pub(super) id: IdForm,
    pub(super) names: NamesForm,
    pub(super) quote: String,
    pub(super) promises: Vec<IdForm>,
    #[serde(with = "BasisForm")]
    pub(super) promises_basis: Basis,
    pub(super) responsible: Vec<IdForm>,
    pub(super) pledge: Value,
    #[serde(default)]
    pub(super) readings: Vec<Value>,
}

#[derive(Serialize)]
struct CommitmentOut {
    id: IdForm,
    names: NamesForm,
    quote: String,
    promises: Vec<IdForm>,
    #[serde(with = "BasisForm")]
    promises_basis: Basis,
    responsible: Vec<IdForm>,
    pledge: PledgeForm,
    readings: Vec<ReadingForm>,
}

#[derive(Clone)]
pub(super) struct IdForm(pub(super) Id);

impl<'de> Deserialize<'de> for IdForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Id::new(&String::deserialize(from)?).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Serialize for IdForm {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.as_str())
    }
}

/// `2019-04-25/2020-12-31`, or any other form of a period; the last day is included.
pub(super) struct PeriodForm(pub(super) Period);

impl<'de> Deserialize<'de> for PeriodForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Period::parse(&String::deserialize(from)?).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Serialize for PeriodForm {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{}/{}", self.0.start(), self.0.last_day()))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamesForm {
    sv: String,
    en: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Basis", rename_all = "snake_case")]
enum BasisForm {
    Text,
    OurReading,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Counting", rename_all = "snake_case")]
enum CountingForm {
    CalendarYear,
    TwelveMonths,
    WholePeriod,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CountBy", rename_all = "snake_case")]
enum CountByForm {
    Activity,
    Operation,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Respondents", rename_all = "snake_case")]
enum RespondentsForm {
    All,
    Residents,
    Visitors,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetForm {
    at_least: NonZeroU32,
    #[serde(with = "CountingForm")]
    per: Counting,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlternativeForm {
    text: NamesForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<TargetForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingForm {
    quote: String,
    chosen: NamesForm,
    alternatives: Vec<AlternativeForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartyForm {
    id: IdForm,
    role: String,
    organisation: String,
    signed_as: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PromiseForm {
    id: IdForm,
    names: NamesForm,
    quote: String,
    areas: Vec<IdForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActorForm {
    any_of: Vec<String>,
    #[serde(default)]
    leads: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlaceForm {
    Area(IdForm),
    Municipality,
    None,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum MeasureForm {
    Activity {
        kind: String,
        actors: Vec<ActorForm>,
    },
    PerceivedSafety {
        #[serde(with = "RespondentsForm")]
        respondents: Respondents,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PledgeForm {
    Activities {
        kind: String,
        #[serde(with = "CountByForm")]
        count_by: CountBy,
        target: TargetForm,
        actors: Vec<ActorForm>,
        place: PlaceForm,
    },
    Raise {
        measure: MeasureForm,
        place: PlaceForm,
        baseline: Option<PeriodForm>,
    },
    Publish {
        channel: String,
        at_most_days: Option<NonZeroU32>,
    },
    NotMeasurable {
        reason: NamesForm,
    },
    NothingPromised {
        area: IdForm,
        reason: NamesForm,
    },
}

impl From<NamesForm> for Names {
    fn from(form: NamesForm) -> Self {
        Self { sv: form.sv, en: form.en }
    }
}

impl From<&Names> for NamesForm {
    fn from(names: &Names) -> Self {
        Self { sv: names.sv.clone(), en: names.en.clone() }
    }
}

impl From<TargetForm> for Target {
    fn from(form: TargetForm) -> Self {
        Self { at_least: form.at_least, per: form.per }
    }
}

impl From<Target> for TargetForm {
    fn from(target: Target) -> Self {
        Self { at_least: target.at_least, per: target.per }
    }
}

impl From<ReadingForm> for Reading {
    fn from(form: ReadingForm) -> Self {
        let alternative = |a: AlternativeForm| Alternative { text: a.text.into(), target: a.target.map(Target::from) };
        Self {
            quote: form.quote,
            chosen: form.chosen.into(),
            alternatives: form.alternatives.into_iter().map(alternative).collect(),
        }
    }
}

impl From<&Reading> for ReadingForm {
    fn from(reading: &Reading) -> Self {
        let alternative =
            |a: &Alternative| AlternativeForm { text: (&a.text).into(), target: a.target.map(TargetForm::from) };
        Self {
            quote: reading.quote.clone(),
            chosen: (&reading.chosen).into(),
            alternatives: reading.alternatives.iter().map(alternative).collect(),
        }
    }
}

impl From<PartyForm> for Party {
    fn from(form: PartyForm) -> Self {
        Self { id: form.id.0, role: form.role, organisation: form.organisation, signed_as: form.signed_as }
    }
}

impl From<PromiseForm> for Promise {
    fn from(form: PromiseForm) -> Self {
        Self { id: form.id.0, names: form.names.into(), quote: form.quote, areas: ids(form.areas) }
    }
}

/// The ids without their wrapping.
pub(super) fn ids(forms: Vec<IdForm>) -> Vec<Id> {
    forms.into_iter().map(|form| form.0).collect()
}

fn id_forms(ids: &[Id]) -> Vec<IdForm> {
    ids.iter().cloned().map(IdForm).collect()
}

/// The pledge, or what is wrong with it.
pub(super) fn pledge(form: PledgeForm) -> Result<Pledge, String> {
    Ok(match form {
        PledgeForm::Activities { kind, count_by, target, actors, place: at } => {
            Pledge::Activities { kind, count_by, target: target.into(), actors: actor_rules(actors)?, place: place(at) }
        }
        PledgeForm::Raise { measure, place: at, baseline } => Pledge::Raise {
            measure: match measure {
                MeasureForm::Activity { kind, actors } => Measure::Activity { kind, actors: actor_rules(actors)? },
                MeasureForm::PerceivedSafety { respondents } => Measure::PerceivedSafety { respondents },
            },
            place: place(at),
            baseline: baseline.map(|form| form.0),
        },
        PledgeForm::Publish { channel, at_most_days } => Pledge::Publish { channel, at_most_days },
        PledgeForm::NotMeasurable { reason } => Pledge::NotMeasurable { reason: reason.into() },
        PledgeForm::NothingPromised { area, reason } => Pledge::NothingPromised { area: area.0, reason: reason.into() },
    })
}

fn place(form: PlaceForm) -> PledgePlace {
    match form {
        PlaceForm::Area(id) => PledgePlace::Area(id.0),
        PlaceForm::Municipality => PledgePlace::Municipality,
        PlaceForm::None => PledgePlace::None,
    }
}

fn actor_rules(forms: Vec<ActorForm>) -> Result<Vec<ActorRule>, String> {
    let rule = |form: ActorForm| ActorRule::new(form.any_of, form.leads);
    let rules: Option<Vec<_>> = forms.into_iter().map(rule).collect();
    rules.ok_or_else(|| "an actor has an empty list any_of; name at least one role".to_string())
}

fn pledge_form(pledge: &Pledge) -> PledgeForm {
    let place = |place: &PledgePlace| match place {
        PledgePlace::Area(id) => PlaceForm::Area(IdForm(id.clone())),
        PledgePlace::Municipality => PlaceForm::Municipality,
        PledgePlace::None => PlaceForm::None,
    };
    let actors = |rules: &[ActorRule]| {
        rules.iter().map(|rule| ActorForm { any_of: rule.any_of().to_vec(), leads: rule.leads() }).collect()
    };
    match pledge {
        Pledge::Activities { kind, count_by, target, actors: rules, place: at } => PledgeForm::Activities {
            kind: kind.clone(),
            count_by: *count_by,
            target: (*target).into(),
            actors: actors(rules),
            place: place(at),
        },
        Pledge::Raise { measure, place: at, baseline } => PledgeForm::Raise {
            measure: match measure {
                Measure::Activity { kind, actors: rules } => {
                    MeasureForm::Activity { kind: kind.clone(), actors: actors(rules) }
                }
                Measure::PerceivedSafety { respondents } => MeasureForm::PerceivedSafety { respondents: *respondents },
            },
            place: place(at),
            baseline: baseline.clone().map(PeriodForm),
        },
        Pledge::Publish { channel, at_most_days } => {
            PledgeForm::Publish { channel: channel.clone(), at_most_days: *at_most_days }
        }
        Pledge::NotMeasurable { reason } => PledgeForm::NotMeasurable { reason: reason.into() },
        Pledge::NothingPromised { area, reason } => {
            PledgeForm::NothingPromised { area: IdForm(area.clone()), reason: reason.into() }
        }
    }
}

fn commitment_out(commitment: &Commitment) -> CommitmentOut {
    CommitmentOut {
        id: IdForm(commitment.id.clone()),
        names: (&commitment.names).into(),
        quote: commitment.quote.clone(),
        promises: id_forms(&commitment.promises),
        promises_basis: commitment.promises_basis,
        responsible: id_forms(&commitment.responsible),
        pledge: pledge_form(&commitment.pledge),
        readings: commitment.readings.iter().map(ReadingForm::from).collect(),
    }
}

fn document_out(document: &PromiseDocument) -> DocumentOut {
    let PromiseHead { id, names, signed, period, source, parties, readings } = document.head();
    let party = |p: &Party| PartyForm {
        id: IdForm(p.id.clone()),
        role: p.role.clone(),
        organisation: p.organisation.clone(),
        signed_as: p.signed_as.clone(),
    };
    let promise = |p: &Promise| PromiseForm {
        id: IdForm(p.id.clone()),
        names: (&p.names).into(),
        quote: p.quote.clone(),
        areas: id_forms(&p.areas),
    };
    DocumentOut {
        id: IdForm(id.clone()),
        names: names.into(),
        signed: *signed,
        period: PeriodForm(period.clone()),
        source: source.clone(),
        parties: parties.iter().map(party).collect(),
        readings: readings.iter().map(ReadingForm::from).collect(),
        promises: document.promises().iter().map(promise).collect(),
        commitments: document.commitments().iter().map(commitment_out).collect(),
    }
}

/// The documents as indented JSON, with a line feed at the end.
pub(super) fn to_json(documents: &[PromiseDocument]) -> String {
    let file = WholeFile { documents: documents.iter().map(document_out).collect() };
    let text = serde_json::to_string_pretty(&file).expect("these types have text keys and finite numbers only");
    text + "\n"
}
