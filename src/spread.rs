//! Chance in waits, so that many clients that wait for one service do not ask it all at once.

/// Spreads a wait over its upper half: between 50 % and 100 % of it. `random` is from 0 up to 1.
pub(crate) fn spread(wait_ms: f64, random: f64) -> f64 {
    wait_ms * (0.5 + 0.5 * random)
}
