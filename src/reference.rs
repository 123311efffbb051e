//! An image reference that was read: `domain[:port]/path[:tag]@digest`. Its grammar is a crate of its own (`grammar/`).

use alloc::string::String;
use core::{fmt, str::FromStr};

use ocisign_grammar::{OFFICIAL, Parts};

use crate::{
    domain,
    ecr::Ecr,
    error::{Error, Result},
    fault::error_of,
};

/// An image in a registry, by digest: the thing that a signature binds.
///
/// ```
/// use ocisign::Reference;
///
/// let digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
/// let image = Reference::parse(&format!("Registry.Example:5000/team/app:1.2@{digest}"))?;
/// assert_eq!(image.registry(), "registry.example:5000");
/// assert_eq!(image.repository(), "team/app");
/// assert_eq!(image.tag(), Some("1.2"));
/// assert_eq!(image.canonical(), format!("registry.example:5000/team/app@{digest}"));
/// # Ok::<(), ocisign::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: String,
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// The first thing that is wrong, read from left to right, with its byte offset: any code from
    /// `empty-reference` to `digest-invalid` in [`crate::Code`].
    pub fn parse(text: &str) -> Result<Self> {
        match ocisign_grammar::reference(text.as_bytes()) {
            Ok(parts) => Ok(Self::of(text, &parts)),
            Err(fault) => Err(error_of(fault, text, 0)),
        }
    }

    /// The reference whose parts are there in this text.
    pub(crate) fn of(text: &str, parts: &Parts) -> Self {
        let part = |begin, end| text.get(begin..end).unwrap_or_default();
        let path = part(parts.registry + 1, parts.path);
        Self {
            registry: domain::canonical(part(0, parts.registry)),
            repository: [if parts.is_official { OFFICIAL } else { "" }, path].concat(),
            tag: parts.tag().map(|(begin, end)| part(begin, end).into()),
            digest: part(parts.digest, text.len()).into(),
        }
    }

    /// The registry: its domain in lower case, with the port if one was written; Docker Hub is `docker.io`.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository within the registry: the path, without domain and tag. Of Docker Hub's official images, with the
    /// `library/` that may be left out.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, if one was written. It is only a note: the signature binds the digest.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, `algorithm:hex`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// `registry/repository`, which a signature names as its `docker-reference`.
    #[must_use]
    pub fn name(&self) -> String {
        [&self.registry, "/", &self.repository].concat()
    }

    /// `registry/repository@digest`: one spelling for each image.
    #[must_use]
    pub fn canonical(&self) -> String {
        [&self.registry, "/", &self.repository, "@", &self.digest].concat()
    }

    /// Account and region, when the registry is Amazon ECR.
    #[must_use]
    pub fn ecr(&self) -> Option<Ecr> {
        Ecr::of(&self.registry)
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

/// The canonical form.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}
