//! The options of faults.

use clap::Args;

/// Whether things go wrong on demand.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Faults")]
pub struct FaultOptions {
    /// Let the admin make requests and parts fail, by rules at ocisign-sandbox/faults (docs/sandbox.md, "Faults on
    /// demand")
    #[arg(long)]
    pub faults: bool,

    /// What a rule's probability is drawn from: with the same seed the same requests fail
    #[arg(long, value_name = "NUMBER", default_value_t = 0, requires = "faults")]
    pub fault_seed: u64,
}
