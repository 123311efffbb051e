//! The options of shapes.

use std::path::PathBuf;

use clap::Args;

/// In what the sandbox differs from itself, so that profiles can be tested.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Shape")]
pub struct ShapeOptions {
    /// Differ from the sandbox's own API in what this file says (JSON; docs/sandbox.md, "Shapes")
    #[arg(long, value_name = "FILE")]
    pub shape: Option<PathBuf>,

    /// People and their groups (JSON), for tokens that say none; people who are not in it get 403
    #[arg(long, value_name = "FILE")]
    pub directory: Option<PathBuf>,
}
