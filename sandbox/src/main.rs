//! The program `ocisign-sandbox`.

use std::process::ExitCode;
use std::time::Duration;

use ocisign_sandbox::cli::Command;
use ocisign_sandbox::operating::configuration;
use ocisign_sandbox::server;
use tokio::runtime::Runtime;

/// A call that hangs in a device may hold up the end so long.
const FAREWELL: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let options = configuration::options();
    if let Some(Command::Audit(command)) = &options.command {
        return match command.run() {
            Ok(said) => {
                println!("{said}");
                ExitCode::SUCCESS
            }
            Err(error) => failed(&error.to_string()),
        };
    }
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => return failed(&format!("Cannot start threads. Raise this user's limits. ({cause})")),
    };
    let outcome = runtime.block_on(server::run(options));
    runtime.shutdown_timeout(FAREWELL);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(message: &str) -> ExitCode {
    eprintln!("ocisign-sandbox: {message}");
    ExitCode::FAILURE
}
