//! A signature, what it is over, and what that has to say.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    key::Key,
    name::Name,
    refusal::{Refusal, Result, refuse, require},
};

/// A signature that was found; nothing of it is believed.
pub struct Evidence {
    /// What was signed.
    pub message: Vec<u8>,
    pub signature: Vec<u8>,
    /// What it says.
    pub content: Vec<u8>,
    /// Compares the content with the image.
    pub check: fn(&[u8], &Name) -> Result<()>,
    /// Does its content name the repository?
    pub names_repository: bool,
}

impl Evidence {
    /// Whose signature it is, if it counts.
    ///
    /// First the signature, and only then what it says (docs/verify.md, "What is checked", steps 4 and 5).
    pub fn signer<'a>(&self, keys: &'a [Key], image: &Name, needs_repository: bool) -> Result<&'a Key> {
        let Some(key) = keys.iter().find(|key| key.made(&self.signature, &self.message)) else {
            return refuse("made with none of the keys");
        };
        (self.check)(&self.content, image)?;
        require(self.names_repository || !needs_repository, "names no repository")?;
        Ok(key)
    }
}

/// A signature in base64, which may be wrapped: nothing else is forgiven.
pub fn signature_in(text: &str) -> Result<Vec<u8>> {
    let whole: String = text.chars().filter(|it| !matches!(it, '\r' | '\n')).collect();
    let signature =
        STANDARD.decode(whole).map_err(|error| Refusal(format!("the signature is no base64: {error}")))?;
    require(!signature.is_empty(), "an empty signature")?;
    Ok(signature)
}
