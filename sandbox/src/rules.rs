//! The rules that deployments differ in, as a start sets them.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::approval::Needs;

/// Who must approve, who may read, and where keys are shown.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Rules")]
pub struct Rules {
    /// Which of a rule's approvalGroups must approve, where the rule itself has no `approvals`
    #[arg(long, value_name = "GROUPS", value_enum, default_value_t)]
    pub approvals: Needs,

    /// Let requesters approve their own requests, and admins the products that they made
    #[arg(long)]
    pub allow_self_approval: bool,

    /// Reject a request that has waited for so long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    pub request_lifetime: Option<u64>,

    /// Let an admin approve each new and each changed product before it can be used; with COUNT, so many admins
    #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "1", require_equals = true,
          default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u8).range(0..=9))]
    pub product_approval: u8,

    /// Let only these groups read a product (productReaderGroups); everybody may without it
    #[arg(long, value_name = "UUID,…", value_delimiter = ',', value_parser = group)]
    pub product_reader_groups: Option<Vec<String>>,

    /// Let only these groups list products (productListReaderGroups); everybody may without it
    #[arg(long, value_name = "UUID,…", value_delimiter = ',', value_parser = group)]
    pub product_list_reader_groups: Option<Vec<String>>,

    /// Where a product's public keys are shown: in the product, in its secrets document, or in both
    #[arg(long, value_name = "PLACE", value_enum, default_value_t)]
    pub keys_in: KeysIn,
}

/// Where public keys are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum KeysIn {
    /// In `productOperations[].token.publicKey` of the product.
    Product,
    /// In `tokenInfo[].publicKey` of the product's secrets document.
    Secrets,
    /// In both.
    #[default]
    Both,
}

impl KeysIn {
    /// Whether products show keys.
    pub fn product(self) -> bool {
        self != Self::Secrets
    }

    /// Whether secrets documents show keys.
    pub fn secrets(self) -> bool {
        self != Self::Product
    }
}

impl Rules {
    /// For how long a request waits.
    pub fn lifetime(&self) -> Option<Duration> {
        self.request_lifetime.map(Duration::from_secs)
    }

    /// For the audit log.
    pub fn shown(&self) -> Value {
        json!({
            "approvals": self.approvals.as_str(),
            "allowSelfApproval": self.allow_self_approval,
            "requestLifetime": self.request_lifetime,
            "productApproval": self.product_approval,
            "productReaderGroups": self.product_reader_groups,
            "productListReaderGroups": self.product_list_reader_groups,
        })
    }
}

/// A group in its one spelling, as people's tokens are read.
fn group(text: &str) -> Result<String, String> {
    Uuid::try_parse(text).map(|id| id.to_string()).map_err(|_| "it is not a UUID".to_owned())
}
