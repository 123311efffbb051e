//! The part of the command line that says how to get into other registries.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::signature_format::SignatureFormat;

/// How to get into the registries that signatures are pushed to.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Registries")]
pub struct RegistryOptions {
    /// User of --registry; the password comes from OCISIGN_REGISTRY_PASSWORD, --registry-password-file or
    /// --registry-password-command
    #[arg(long, value_name = "NAME", requires = "registry")]
    pub registry_username: Option<String>,

    /// File that holds the password of --registry-username; read again when the registry no longer accepts it
    #[arg(long, value_name = "FILE", requires = "registry_username")]
    pub registry_password_file: Option<PathBuf>,

    /// Shell command that prints the password of --registry-username; run again when the registry no longer accepts
    /// it. For ECR: `aws ecr get-login-password`, with the username AWS
    #[arg(
        long,
        value_name = "COMMAND",
        requires = "registry_username",
        conflicts_with = "registry_password_file",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub registry_password_command: Option<String>,

    /// Trust registries whose certificates this CA issued, beside those that the system trusts; PEM or DER, may be
    /// given again. It holds for token services of registries, too
    #[arg(long, value_name = "FILE")]
    pub registry_ca: Vec<PathBuf>,

    /// Sign with an index each manifest that it names, too; without it, only what was requested
    #[arg(long)]
    pub sign_platforms: bool,

    /// How signatures are written down: cosign's simple signing under the .sig tag, a Sigstore bundle v0.3 that refers
    /// to the image, or both
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "simple-signing")]
    pub signature_format: SignatureFormat,
}
