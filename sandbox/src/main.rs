//! The program `ocisign-sandbox`.

use std::process::ExitCode;

use ocisign_sandbox::operating::configuration;
use ocisign_sandbox::server;

#[tokio::main]
async fn main() -> ExitCode {
    match server::run(configuration::options()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ocisign-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}
