//! The program `ocisign-sandbox`.

use std::process::ExitCode;

use clap::Parser;
use ocisign_sandbox::cli::{Command, Options};
use ocisign_sandbox::server;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Command::Audit(command)) = &options.command {
        return match command.run() {
            Ok(said) => {
                println!("{said}");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("ocisign-sandbox: {error}");
                ExitCode::FAILURE
            }
        };
    }
    // Libraries log what they send at their lowest levels; only our own words are let out by default.
    let filter = EnvFilter::try_from_env("OCISIGN_LOG")
        .unwrap_or_else(|_| EnvFilter::new("error,ocisign_sandbox=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match server::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ocisign-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}
