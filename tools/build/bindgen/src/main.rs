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

use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;

/// The only module that the loaders have to provide.
const MODULE: &str = "o";

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
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;

    if panics::silence(output.wasm_mut()) < 10 {
        return Err("the module has no reports of panics: were its names stripped?".into());
    }
    panics::blank_paths(output.wasm_mut());
    let imports = shorten_imports(output.wasm_mut())?;
    output.emit(folder)?;
    fs::write(folder.join("imports.js"), imports)?;
    fs::write(folder.join("imports.d.ts"), "export const imports: WebAssembly.Imports;\n")?;
    declare_bindings(folder)
}

/// Puts the declarations beside the file that they describe: wasm-bindgen writes them for an entry file that would load
/// the module, and that the package does without.
fn declare_bindings(folder: &Path) -> Result<(), Box<dyn Error>> {
    let entry = folder.join("ocisign.d.ts");
    let mut text = fs::read_to_string(&entry)?;
    text.push_str("\n/** Takes the exports of the instance that a loader made. */\n");
    text.push_str("export function __wbg_set_wasm(exports: WebAssembly.Exports): void;\n");
    fs::write(folder.join("ocisign_bg.d.ts"), text)?;
    for unused in ["ocisign.js", "ocisign.d.ts", "ocisign_bg.wasm.d.ts"] {
        fs::remove_file(folder.join(unused))?;
    }
    Ok(())
}

/// Numbers what the module imports, and writes down in JavaScript which function each number stands for. The names
/// hold hashes, which no compression makes smaller; some hold the path of our own JavaScript.
fn shorten_imports(module: &mut Module) -> Result<String, Box<dyn Error>> {
    let (mut found, mut table) = (String::new(), String::new());
    for (index, import) in module.imports.iter_mut().enumerate() {
        writeln!(found, "import {{ {} as i{index} }} from {:?};", import.name, import.module)?;
        writeln!(table, "  {index}: i{index},")?;
        import.module = MODULE.to_owned();
        import.name = index.to_string();
    }
    Ok(format!("{found}export const imports = {{ {MODULE}: {{\n{table}}} }};\n"))
}
