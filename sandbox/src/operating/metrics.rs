//! `/metrics`, in Prometheus' text format.

use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::interval;

use super::health::Health;
use crate::api_error::ApiError;
use crate::start_error::StartError;
use crate::{status, store};

/// Requests that were answered.
pub const REQUESTS: &str = "ocisign_sandbox_http_requests_total";
/// How long answers took.
pub const REQUEST_SECONDS: &str = "ocisign_sandbox_http_request_duration_seconds";
/// Attempts to sign, by how they ended.
pub const ATTEMPTS: &str = "ocisign_sandbox_signing_attempts_total";
/// How long an attempt took, from begin to outcome.
pub const ATTEMPT_SECONDS: &str = "ocisign_sandbox_signing_attempt_duration_seconds";
/// How long a commit of the store took.
pub const COMMIT_SECONDS: &str = "ocisign_sandbox_store_commit_duration_seconds";
/// How many steps were committed together.
pub const COMMIT_STEPS: &str = "ocisign_sandbox_store_commit_steps";
const SIGNINGS: &str = "ocisign_sandbox_signing_requests";
const INFO: &str = "ocisign_sandbox_build_info";

const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const STEPS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// What was recorded is put in order that often, whether anybody asks or not.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count.
pub fn start() -> Result<(), StartError> {
    let cannot = |cause| StartError::because("The metrics cannot be set up. Please report it.", cause);
    let of = |name: &str| Matcher::Full(name.to_owned());
    let builder = PrometheusBuilder::new()
        .set_buckets(&SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(of(COMMIT_STEPS), &STEPS));
    let recorder = builder.and_then(|builder| builder.install_recorder()).map_err(cannot)?;
    let upkeep = recorder.clone();
    let _ = RECORDER.set(recorder);
    tokio::spawn(async move {
        let mut turns = interval(UPKEEP);
        loop {
            turns.tick().await;
            upkeep.run_upkeep();
        }
    });
    describe();
    Ok(())
}

fn describe() {
    describe_counter!(REQUESTS, "Requests that were answered.");
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "From the head of a request to the head of its answer."
    );
    describe_counter!(ATTEMPTS, "Attempts to sign, by their outcome.");
    describe_histogram!(ATTEMPT_SECONDS, Unit::Seconds, "From the begin of an attempt to its outcome.");
    describe_histogram!(
        COMMIT_SECONDS,
        Unit::Seconds,
        "One transaction of the store, with its wait for the disk."
    );
    describe_histogram!(COMMIT_STEPS, "Steps that were committed together.");
    describe_gauge!(SIGNINGS, "Signing requests that are kept, by their state.");
    describe_gauge!(INFO, "Always 1; the label tells the version.");
    gauge!(INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// `GET /metrics`.
pub async fn show(State(health): State<Health>) -> Result<impl IntoResponse, ApiError> {
    let counts = health.database.read::<_, ApiError, _>(|store| Ok(store::counts(store)?)).await?;
    for (code, name) in status::all() {
        let count = counts.iter().find(|(found, _)| *found == code).map_or(0, |(_, count)| *count);
        gauge!(SIGNINGS, "state" => name).set(count as f64);
    }
    let text = RECORDER.get().map(PrometheusHandle::render).unwrap_or_default();
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
