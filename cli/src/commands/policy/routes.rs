//! `policy routes`.
use crate::args::PolicyRoutesArgs;
use crate::failure::Failure;
use crate::input::Inputs;
use crate::report::Report;

pub(crate) fn run(_args: &PolicyRoutesArgs, _inputs: &mut Inputs) -> Result<Report, Failure> {
    Err(Failure::usage("not yet"))
}
