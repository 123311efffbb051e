//! The status of a signing request. The reference knows one code: 16, "the ECR has the signature".

use crate::{Profile, State, error::Result, words::Problem};

/// A status code and what it means under a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The code as the service sent it.
    pub code: i64,
    /// What it means.
    pub state: State,
}

/// The one code that the reference knows: the registry holds the signature.
pub(crate) const SIGNED: i64 = 16;

impl Status {
    /// Decodes a status code.
    ///
    /// ```
    /// use ocisign::{Profile, State, Status};
    /// let profile = Profile::default();
    /// assert_eq!(Status::decode(16, &profile).state, State::Signed);
    /// assert_eq!(Status::decode(3, &profile).state, State::Unknown);
    /// ```
    #[must_use]
    pub fn decode(code: i64, profile: &Profile) -> Self {
        Self { code, state: profile.state_of(code).unwrap_or(State::Unknown) }
    }

    /// Decodes a code where no profile is given.
    ///
    /// ```
    /// use ocisign::{State, Status};
    /// assert_eq!(Status::usual(16).state, State::Signed);
    /// ```
    #[must_use]
    pub const fn usual(code: i64) -> Self {
        Self { code, state: if code == SIGNED { State::Signed } else { State::Unknown } }
    }

    /// Decodes a JavaScript or JSON number; `None` stands for anything else that was there instead.
    ///
    /// # Errors
    /// `bad-status` for anything but a safe integer.
    pub fn decode_number(code: Option<f64>, profile: &Profile) -> Result<Self> {
        Ok(Self::decode(Self::code_of(code.unwrap_or(f64::NAN))?, profile))
    }

    /// Reads the code of a JavaScript or JSON number.
    ///
    /// # Errors
    /// `bad-status` unless it is an integer of at most 2^53 - 1 in size, which JavaScript calls safe.
    #[allow(clippy::cast_possible_truncation)] // within ±(2^53 - 1) the conversion is exact
    pub(crate) fn code_of(number: f64) -> Result<i64> {
        const SAFE: f64 = 9_007_199_254_740_991.0;
        if number % 1.0 == 0.0 && (-SAFE..=SAFE).contains(&number) {
            return Ok(number as i64);
        }
        Err(Problem::StatusInvalid.into())
    }
}
