//! Turns the compiled module into the module and glue that the package loads.
//!
//! It is wasm-bindgen's own tool as a library: one lock file then keeps tool and library at one version, and
//! nobody has to install anything.

mod panics;

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

/// The only module that the loaders have to provide.
const GLUE: &str = "./ocisign_bg.js";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: ocisign-bindgen <module.wasm> <folder>");
        return ExitCode::from(2);
    };
    match generate(module.as_ref(), folder.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ocisign-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn generate(module: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    // The target "bundler" is the only one whose glue does not load the module itself, which leaves loading to
    // the package: one way for browsers and another for Node, over the same two files.
    let mut output = Bindgen::new()
        .input_path(module)
        .out_name("ocisign")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;

    // For this target the module imports functions of numbers straight from our own JavaScript, whose path holds
    // a hash. Passing them through the glue spares the loaders from knowing it.
    let mut direct = String::from("export {};\n");
    for (index, import) in output.wasm_mut().imports.iter_mut().enumerate() {
        if import.module != GLUE {
            writeln!(direct, "export {{ {} as __direct_{index} }} from {:?};", import.name, import.module)?;
            import.module = GLUE.to_owned();
            import.name = format!("__direct_{index}");
        }
    }

    if panics::silence(output.wasm_mut()) < 10 {
        return Err("the module has no reports of panics: were its names stripped?".into());
    }
    panics::blank_paths(output.wasm_mut());
    output.emit(folder)?;
    fs::write(folder.join("direct.js"), direct)?;
    Ok(())
}
