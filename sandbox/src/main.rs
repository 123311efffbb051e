//! The program `ocisign-sandbox`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use ocisign_sandbox::cli::{Command, Options};
use ocisign_sandbox::server;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

/// A call that hangs in a device may hold up the end so long.
const FAREWELL: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Command::Audit(command)) = &options.command {
        return match command.run() {
            Ok(said) => {
                println!("{said}");
                ExitCode::SUCCESS
            }
            Err(error) => failed(&error.to_string()),
        };
    }
    // Libraries log what they send at their lowest levels; only our own words are let out by default. The
    // one for tokens reports as an error that a lost session cannot be closed.
    let filter = EnvFilter::try_from_env("OCISIGN_LOG")
        .unwrap_or_else(|_| EnvFilter::new("error,cryptoki=off,ocisign_sandbox=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
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
