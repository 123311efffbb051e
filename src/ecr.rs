//! What the name of an Amazon ECR registry says: account and region.
//! The forms are those of the AWS General Reference, "Amazon ECR endpoints and quotas".

use alloc::{borrow::ToOwned, string::String};

/// An Amazon ECR registry's account and region, read from its domain.
///
/// ```
/// let image = ocisign::Reference::parse(
///     "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test\
///      @sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79",
/// )?;
/// assert_eq!(image.ecr().map(|ecr| ecr.account).as_deref(), Some("656666598317"));
/// # Ok::<(), ocisign::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Ecr {
    /// The AWS account, twelve digits.
    pub account: String,
    /// The AWS region, such as `eu-west-1`.
    pub region: String,
}

impl Ecr {
    /// Reads `<account>.dkr.ecr[-fips].<region>.amazonaws.com[.cn]` or
    /// `<account>.dkr-ecr[-fips].<region>.on.aws`, whole; anything else is not ECR.
    pub(crate) fn of(domain: &str) -> Option<Self> {
        let (account, rest) = domain.split_once('.')?;
        let region = rest
            .strip_prefix("dkr.ecr.")
            .or_else(|| rest.strip_prefix("dkr.ecr-fips."))
            .and_then(|rest| {
                rest.strip_suffix(".amazonaws.com").or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
            })
            .or_else(|| {
                let rest = rest.strip_prefix("dkr-ecr.").or_else(|| rest.strip_prefix("dkr-ecr-fips."))?;
                rest.strip_suffix(".on.aws")
            })?;
        let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        let is_region = !region.is_empty() && !region.contains(['.', ':']);
        (is_account && is_region).then(|| Self { account: account.to_owned(), region: region.to_owned() })
    }
}
