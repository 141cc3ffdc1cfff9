//! Policies: documents, images, requests, decisions and what is missing.

mod absence;
mod addresses;
mod answers;
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
mod learning;
mod limits;
mod missing;
mod names;
mod oracle;
mod properties;
mod regressions;
mod requests;
mod resource_types;
mod routes;
mod times;
mod values;
