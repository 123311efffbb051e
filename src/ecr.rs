//! What the name of an Amazon ECR registry says: account and region. Its forms are in `grammar/src/ecr.rs`.

use alloc::string::String;

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
    /// Reads the domain of a registry; anything else than ECR's is none.
    pub(crate) fn of(domain: &str) -> Option<Self> {
        let (begin, end) = ocisign_grammar::ecr_region(domain.as_bytes())?;
        let account = domain.get(..12)?.into();
        Some(Self { account, region: domain.get(begin..end)?.into() })
    }
}
