//! Runs wasm-bindgen tests in Node and in a browser.
//!
//! It is wasm-bindgen's own test runner as a library, for the reason that `tools/build/bindgen` gives.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args;

fn main() -> ExitCode {
    match run_cli_with_args(env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
