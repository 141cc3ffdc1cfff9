//! `demo`.
use crate::failure::Failure;
use crate::output::Report;
pub(crate) fn run() -> Result<Report, Failure> {
    Err(Failure::usage("not yet"))
}
