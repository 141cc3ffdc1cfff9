//! `bindgen MODULE FOLDER`: what wasm-bindgen makes of a module, into a folder.
//!
//! The module alone is used: its exports take and return numbers, so `js/core.js` calls them as
//! they are.

use std::error::Error;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let module = arguments.next().ok_or("which module?")?;
    let folder = arguments.next().ok_or("into which folder?")?;
    let mut made =
        Bindgen::new().input_path(module).bundler(true)?.typescript(false).generate_output()?;
    // For modules that unwind, which this does not.
    for unused in ["__abort_handler", "__instance_terminated"] {
        made.wasm_mut().exports.remove(unused)?;
    }
    made.emit(folder)?;
    Ok(())
}
