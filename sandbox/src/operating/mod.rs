//! What the people who run the sandbox need: options from a file and the environment, a log, metrics and health.

pub mod configuration;
pub mod health;
pub mod log;
pub mod metrics;
pub mod observer;

use std::path::PathBuf;

use axum::Router;
use axum::routing::get;
use clap::{Args, ValueEnum};

use health::Health;

/// How the sandbox is run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Operation")]
pub struct OperatingOptions {
    /// Take options from this file: TOML, or JSON if its name ends in .json. Its keys are the options without dashes
    /// in front. Command line and environment come first
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// How the log on standard error is written: text for people, or json, which also tells of each request
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,

    /// What is logged, in tracing's words, such as debug or error,ocisign_sandbox=info
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,

    /// Print the description of the API (OpenAPI 3.1, as JSON), and end
    #[arg(long)]
    pub print_openapi: bool,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// `/healthz`, `/readyz` and `/metrics`, beside the API.
pub fn router(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .with_state(health)
}
