//! How long to wait between two looks at a request's status: longer each time, spread by chance, and
//! from the beginning again when something has changed.

use crate::spread::spread;

/// The waits of one observer.
///
/// ```
/// let mut poll = ocisign::poll::Poll::new(500.0, 10_000.0);
/// assert_eq!(poll.wait(false, 1.0), 500.0);
/// assert_eq!(poll.wait(false, 1.0), 750.0);
/// assert_eq!(poll.wait(true, 1.0), 500.0, "something changed");
/// ```
#[derive(Clone, Debug)]
pub struct Poll {
    first_ms: f64,
    longest_ms: f64,
    next_ms: f64,
}

impl Poll {
    const GROWTH: f64 = 1.5;

    /// Waits from `first_ms` up to `longest_ms`, both in milliseconds.
    #[must_use]
    pub const fn new(first_ms: f64, longest_ms: f64) -> Self {
        Self { first_ms, longest_ms, next_ms: first_ms }
    }

    /// The wait before the next look, in milliseconds. `random` is from 0 up to 1.
    pub fn wait(&mut self, changed: bool, random: f64) -> f64 {
        if changed {
            self.next_ms = self.first_ms;
        }
        let wait = self.next_ms.min(self.longest_ms);
        self.next_ms = (wait * Self::GROWTH).min(self.longest_ms);
        spread(wait, random)
    }
}
