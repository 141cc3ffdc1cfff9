//! What `policy test` runs: a policy, and the cases that are asked for.

use crate::args::PolicyTestArgs;
use crate::diagnostics::{self, CaseWarnings};
use crate::documents::{Documents, Held, held};
use crate::failure::Failure;
use crate::input::Inputs;
use crate::load::checked;
use crate::style;
use cog_auth::policy::{Cases, Checked, Policy, TestReport};

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
}

/// A policy, and cases to run on it.
pub(super) struct Suite {
    pub(super) subject: Subject,
    pub(super) cases: Cases,
    pub(super) warnings: CaseWarnings,
    /// How many cases no filter lets through.
    pub(super) left_out: usize,
}

impl Suite {
    pub(super) fn read(args: &PolicyTestArgs, inputs: &mut Inputs) -> Result<Self, Failure> {
        let (subject, mut cases, warnings) = match held(&args.path, args.limits.limits(), inputs)? {
            Held::Documents(documents) => of_documents(documents, args, inputs)?,
            Held::Image(bytes) => of_image(bytes, args, inputs)?,
        };
        let all = cases.len();
        if !args.filters.is_empty() {
            cases.retain(|case| args.filters.iter().any(|text| case.name.contains(text)));
        }
        let left_out = all.saturating_sub(cases.len());
        inputs.note(&warnings.text);
        Ok(Self { subject, cases, warnings, left_out })
    }
}

/// The documents' own cases, or those of `--tests` in their place.
fn of_documents(
    documents: Documents,
    args: &PolicyTestArgs,
    inputs: &mut Inputs,
) -> Result<(Subject, Cases, CaseWarnings), Failure> {
    let checked = checked(&documents)?;
    inputs.note(&documents.notes());
    let (cases, warnings) = if let Some(tests) = Tests::of(args, inputs)? {
        let left = checked.cases().len();
        if left > 0 {
            let note = "cases of the policy itself are not run, because of --tests";
            inputs.note(&style::note(&format!("the {left} {note}")));
        }
        let warnings = tests.warnings(Some(documents));
        (tests.cases, warnings)
    } else {
        (checked.cases().clone(), CaseWarnings::of(&documents, &checked))
    };
    Ok((Subject::Documents(Box::new(checked)), cases, warnings))
}

/// An image has no cases of its own.
fn of_image(
    bytes: Vec<u8>,
    args: &PolicyTestArgs,
    inputs: &mut Inputs,
) -> Result<(Subject, Cases, CaseWarnings), Failure> {
    let name = args.path.name();
    let policy = Policy::from_image(bytes).map_err(|error| Failure::invalid(&name, &error))?;
    let Some(tests) = Tests::of(args, inputs)? else {
        return Err(Failure::usage(format!(
            "{name}: an image has no test cases; say where they are, with --tests PATH"
        )));
    };
    let warnings = tests.warnings(None);
    Ok((Subject::Image(policy.with_limits(args.limits.limits())), tests.cases, warnings))
}

/// Cases from another place than the policy.
struct Tests {
    documents: Documents,
    cases: Cases,
}

impl Tests {
    /// Those of `--tests`, if it was given.
    fn of(args: &PolicyTestArgs, inputs: &mut Inputs) -> Result<Option<Self>, Failure> {
        let Some(place) = &args.tests else { return Ok(None) };
        let documents = Documents::read(place, args.limits.limits(), inputs)?;
        inputs.note(&documents.notes());
        let cases = documents.source().cases();
        let cases = cases.map_err(|errors| diagnostics::failure(&documents, &errors))?;
        Ok(Some(Self { documents, cases }))
    }

    /// What in the cases is probably not meant. That can be told where the policy's documents and
    /// these are valid together, or these are a whole policy themselves.
    fn warnings(&self, policy: Option<Documents>) -> CaseWarnings {
        let together = policy.map(|policy| policy.and(&self.documents));
        let told = |documents: &Documents| {
            let checked = documents.source().check().ok()?;
            Some(CaseWarnings::of(documents, &checked))
        };
        together.as_ref().and_then(told).or_else(|| told(&self.documents)).unwrap_or_default()
    }
}
