//! Policies: documents, images, requests, decisions and what is missing.

mod authzen;
mod cases;
mod conditions;
mod declarations;
mod derived_sets;
mod diagnostics;
mod documents;
mod errors;
mod image;
mod image_records;
mod json;
mod limits;
mod matrix;
mod missing;
mod names;
mod oracle;
mod properties;
mod regressions;
mod requests;
mod routes;
mod values;
