//! What `policy test` runs: a policy, and the cases that are asked for.

use crate::args::PolicyTestArgs;
use crate::diagnostics;
use crate::documents::{Documents, Held, held};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::load::checked;
use crate::place::Place;
use crate::style;
use cog_auth::policy::{Cases, Checked, Limits, Policy, TestReport};

/// What cases are run on. Of documents more can be told than of an image.
pub(super) enum Subject {
    Documents(Box<Checked>),
    Image(Policy),
}

impl Subject {
    pub(super) fn policy(&self) -> &Policy {
        match self {
            Self::Documents(checked) => checked.policy(),
            Self::Image(policy) => policy,
        }
    }

    pub(super) fn run(&self, cases: &Cases) -> TestReport {
        match self {
            Self::Documents(checked) => checked.run(cases),
            Self::Image(policy) => cases.run(policy),
        }
    }

    /// The cases that it brings along.
    fn cases(&self) -> Option<&Cases> {
        match self {
            Self::Documents(checked) => Some(checked.cases()),
            Self::Image(_) => None,
        }
    }
}

/// A policy, and cases to run on it.
pub(super) struct Suite {
    pub(super) subject: Subject,
    pub(super) cases: Cases,
    /// How many cases no filter lets through.
    pub(super) left_out: usize,
}

impl Suite {
    pub(super) fn read(args: &PolicyTestArgs, inputs: &mut Inputs) -> Result<Self, Failure> {
        let limits = args.limits.limits();
        let subject = subject(&args.path, limits, inputs)?;
        let mut cases = match (&args.tests, subject.cases()) {
            (Some(place), own) => {
                if let Some(own) = own.filter(|own| !own.is_empty()) {
                    let left = own.len();
                    inputs.note(&style::note(&format!(
                        "the {left} cases of the policy itself are not run, because of --tests"
                    )));
                }
                cases(place, limits, inputs)?
            }
            (None, Some(own)) => own.clone(),
            (None, None) => {
                return Err(Failure::usage(format!(
                    "{}: an image has no test cases; say where they are, with --tests PATH",
                    args.path.name()
                )));
            }
        };
        let all = cases.len();
        if !args.filters.is_empty() {
            cases.retain(|case| args.filters.iter().any(|text| case.name.contains(text)));
        }
        let left_out = all.saturating_sub(cases.len());
        Ok(Self { subject, cases, left_out })
    }
}

fn subject(place: &Place, limits: Limits, inputs: &mut Inputs) -> Result<Subject, Failure> {
    match held(place, limits, inputs)? {
        Held::Image(bytes) => match Policy::from_image(bytes) {
            Ok(policy) => Ok(Subject::Image(policy.with_limits(limits))),
            Err(error) => Err(Failure::invalid(&place.name(), &error)),
        },
        Held::Documents(documents) => {
            let checked = checked(&documents)?;
            inputs.note(&documents.notes());
            Ok(Subject::Documents(Box::new(checked)))
        }
    }
}

/// The cases of a folder or document.
fn cases(place: &Place, limits: Limits, inputs: &mut Inputs) -> Result<Cases, Failure> {
    let documents = Documents::read(place, limits, inputs)?;
    inputs.note(&documents.notes());
    documents.source().cases().map_err(|errors| diagnostics::failure(&documents, &errors))
}
