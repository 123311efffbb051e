//! The log on standard error.

use std::io::stderr;

use tracing_subscriber::EnvFilter;

use super::{LogFormat, OperatingOptions};
use crate::start_error::StartError;

/// What the filter was called before options could come from the environment.
const OLD_VARIABLE: &str = "OCISIGN_LOG";

/// Libraries log what they send at their lowest levels; only our own words are let out by default. The one for tokens
/// reports as an error that a lost session cannot be closed. People at a terminal do not want a line for each request.
const FOR_PEOPLE: &str = "error,cryptoki=off,ocisign_sandbox=info,ocisign_sandbox::requests=off";
const FOR_PROGRAMS: &str = "error,cryptoki=off,ocisign_sandbox=info";

/// Begins to log.
pub fn start(options: &OperatingOptions) -> Result<(), StartError> {
    let filter = filter(options)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match options.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}

fn filter(options: &OperatingOptions) -> Result<EnvFilter, StartError> {
    let usual = match options.log_format {
        LogFormat::Text => FOR_PEOPLE,
        LogFormat::Json => FOR_PROGRAMS,
    };
    match &options.log {
        Some(written) => EnvFilter::try_new(written).map_err(|cause| {
            StartError::because(
                format!("--log {written:?} is not a filter. Write it as debug or info."),
                cause,
            )
        }),
        None => Ok(EnvFilter::try_from_env(OLD_VARIABLE).unwrap_or_else(|_| EnvFilter::new(usual))),
    }
}
