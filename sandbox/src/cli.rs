//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::audit::command::AuditCommand;
use crate::rules::Rules;

use crate::faults::FaultOptions;
use crate::keys::pkcs11::PinArgument;
use crate::registry_options::RegistryOptions;
use crate::shape::ShapeOptions;

use crate::operating::OperatingOptions;

const EXAMPLES: &str = "\
Examples:
  ocisign-sandbox --www www/build --print-tokens
      The page, the API and an embedded registry, with tokens to try them.
  ocisign-sandbox --data /tmp/s --listen 127.0.0.1:0 --registry-listen 127.0.0.1:0 --ready-file /tmp/s.json
      For tests: free ports, which /tmp/s.json names once everything listens.
  OCISIGN_REGISTRY_PASSWORD=… ocisign-sandbox --registry http://127.0.0.1:5000 --registry-username ci
      Pushes signatures to another registry.
  ocisign-sandbox --registry https://ACCOUNT.dkr.ecr.REGION.amazonaws.com --registry-username AWS \
      --registry-password-command 'aws ecr get-login-password --region REGION'
      The same for ECR, whose passwords are good for twelve hours.
  ocisign-sandbox --allow-registry https://registry.example
      Pushes to the embedded registry, and to that one; an admin keeps its username and password.
  ocisign-sandbox --www www/build --oidc-issuer https://login.example --oidc-audience api --oidc-client-id page
      People sign in to the page at login.example, beside the people whom the sandbox makes up.
  ocisign-sandbox --pkcs11-module /usr/lib/softhsm/libsofthsm2.so --pin @pin.txt --token-label ocisign
      Makes new keys in a token, which they cannot leave; docs/hsm.md says how.
  OCISIGN_SANDBOX_LOG_FORMAT=json ocisign-sandbox --config sandbox.toml
      Options from a file and from the environment: each has the same name there. Secrets stand in files that options
      name, never on the command line.

  ocisign-sandbox audit verify --data /tmp/s
      Checks that nobody changed the audit log of that folder.

This is a stand-in for development and tests. It is not the service. Without --pkcs11-module keys lie in files.";

/// A local stand-in for the signing service, for development and tests.
#[derive(Debug, Clone, Parser)]
#[command(name = "ocisign-sandbox", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Options {
    /// Folder for everything that is kept; created when missing, private to you
    #[arg(
        long,
        help_heading = "Storage and addresses",
        value_name = "DIR",
        default_value = ".ocisign/sandbox"
    )]
    pub data: PathBuf,

    /// Address of the API and the page; port 0 takes a free one
    #[arg(
        long,
        help_heading = "Storage and addresses",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8088"
    )]
    pub listen: SocketAddr,

    /// Address of the embedded registry; port 0 takes a free one
    #[arg(
        long,
        help_heading = "Storage and addresses",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:5088",
        conflicts_with = "registry"
    )]
    pub registry_listen: SocketAddr,

    /// Use this registry instead of the embedded one, as http://HOST:PORT or https://HOST
    #[arg(long, help_heading = "Registries", value_name = "URL")]
    pub registry: Option<String>,

    /// Let the signer use this registry, too, as https://HOST, or http://HOST:PORT on this machine; may be given again.
    /// It connects to no other registry, whatever a product names
    #[arg(long, help_heading = "Registries", value_name = "URL")]
    pub allow_registry: Vec<String>,

    /// Folder with the page, served at /
    #[arg(long, help_heading = "Page and people", value_name = "DIR")]
    pub www: Option<PathBuf>,

    /// Let pages of this origin use the API and the embedded registry (CORS); may be given again. The page
    /// of --www may read that registry without it
    #[arg(long, help_heading = "Storage and addresses", value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,

    /// The customer in the base path, `/<customer>/api/v1`
    #[arg(long, help_heading = "Page and people", value_name = "NAME", default_value = "sandbox")]
    pub customer: String,

    /// Write URLs, registry and tokens to this file (JSON, only you can read it) once everything listens
    #[arg(long, help_heading = "Page and people", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Print the page's URL and a token for each person
    #[arg(long, help_heading = "Page and people")]
    pub print_tokens: bool,

    /// Listen beyond this machine: everyone who reaches it can use it, over plain HTTP
    #[arg(long, help_heading = "Storage and addresses")]
    pub allow_remote: bool,

    /// How long tokens are good
    #[arg(long, help_heading = "Page and people", value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    pub token_lifetime: u64,

    /// How to get into other registries
    #[command(flatten)]
    pub registries: RegistryOptions,

    /// How it is run
    #[command(flatten)]
    pub operating: OperatingOptions,

    /// Who must approve, who may read
    #[command(flatten)]
    pub rules: Rules,

    /// Where keys are made and kept
    #[command(flatten)]
    pub token: TokenOptions,

    /// Who else may sign people in
    #[command(flatten)]
    pub oidc: OidcOptions,

    /// In what the sandbox differs
    #[command(flatten)]
    pub shape: ShapeOptions,

    /// What goes wrong
    #[command(flatten)]
    pub faults: FaultOptions,

    /// What to do instead of serving
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program does beside serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Work on the audit log of a data folder
    #[command(subcommand)]
    Audit(AuditCommand),
}

/// The token that new keys are made in, instead of the database.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Keys in an HSM (PKCS #11)")]
pub struct TokenOptions {
    /// Make new keys in a token, through this PKCS #11 module; the token's user PIN comes from --pin or
    /// OCISIGN_PKCS11_PIN
    #[arg(long, value_name = "FILE")]
    pub pkcs11_module: Option<PathBuf>,

    /// File that holds the token's user PIN. The PIN itself is refused here: every user of a machine can read
    /// the command lines of its processes
    #[arg(long, value_name = "@FILE", requires = "pkcs11_module")]
    pub pin: Option<PinArgument>,

    /// Use the token with this label, when the module has several
    #[arg(long, value_name = "LABEL", requires = "pkcs11_module", value_parser = NonEmptyStringValueParser::new())]
    pub token_label: Option<String>,

    /// Use the token in this slot, by its id, when the module has several
    #[arg(long, value_name = "ID", requires = "pkcs11_module")]
    pub slot: Option<u64>,
}

/// An OpenID Connect issuer whose tokens are accepted beside the sandbox's own.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "OpenID Connect")]
pub struct OidcOptions {
    /// Accept this issuer's tokens too, and let the page sign in there; https, or http on this machine
    #[arg(long, value_name = "URL", requires = "oidc_audience", requires = "oidc_client_id")]
    pub oidc_issuer: Option<String>,

    /// What must stand in `aud` of a token: the API's name at the issuer; for ID tokens, the client id
    #[arg(long, value_name = "AUDIENCE", requires = "oidc_issuer", value_parser = NonEmptyStringValueParser::new())]
    pub oidc_audience: Option<String>,

    /// The page's client id at the issuer: a public client with PKCE, which returns to /callback.html
    #[arg(long, value_name = "ID", requires = "oidc_issuer", value_parser = NonEmptyStringValueParser::new())]
    pub oidc_client_id: Option<String>,

    /// The claim that says who a person is; a token without it is refused. It is compared exactly, a UUID without case
    #[arg(long, value_name = "CLAIM", default_value = "sub", requires = "oidc_issuer", value_parser = NonEmptyStringValueParser::new())]
    pub oidc_identity_claim: String,

    /// What the page asks the issuer for
    #[arg(long, value_name = "SCOPES", default_value = "openid profile", requires = "oidc_issuer")]
    pub oidc_scope: String,

    /// Which of the issuer's tokens the page sends
    #[arg(long, value_name = "TOKEN", value_enum, default_value_t, requires = "oidc_issuer")]
    pub oidc_token: OidcToken,
}

/// The tokens that an issuer gives at a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OidcToken {
    /// Made for the API.
    #[default]
    #[value(name = "access_token")]
    AccessToken,
    /// Made for the page.
    #[value(name = "id_token")]
    IdToken,
}
