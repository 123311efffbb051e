//! The file of faults: a line for each, `FUNCTION WHAT [TIMES [AFTER]]`.
//!
//! WHAT is a return code in hexadecimal, `sleep:MILLISECONDS` (then the real call), `lose-sessions` (then the
//! real call), or `flags:0x…`, which C_GetTokenInfo adds to those of the token. TIMES is how often, and without it for as long as the line stands; AFTER is how many calls go well
//! first. Counting begins anew when the file changes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{env, fs};

use cryptoki_sys::{CK_FLAGS, CK_RV};

/// What a call meets.
pub enum Fault {
    /// It returns this and does nothing.
    Code(CK_RV),
    /// It takes so much longer.
    Sleep(Duration),
    /// It finds that all sessions are gone.
    LoseSessions,
    /// What it tells of the token has these flags, too.
    Flags(CK_FLAGS),
}

#[derive(Default)]
struct Seen {
    text: String,
    calls: HashMap<String, u64>,
}

static SEEN: Mutex<Option<Seen>> = Mutex::new(None);

/// The fault of this call of a function, if it has one.
pub fn of(function: &str) -> Option<Fault> {
    let text = fs::read_to_string(env::var_os("PKCS11_SHIM_FAULTS")?).ok()?;
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.get_or_insert_default();
    if seen.text != text {
        *seen = Seen { text: text.clone(), calls: HashMap::new() };
    }
    let call = seen.calls.entry(function.to_owned()).or_default();
    *call += 1;
    let call = *call;
    text.lines().find_map(|line| meets(line, function, call))
}

fn meets(line: &str, function: &str, call: u64) -> Option<Fault> {
    let mut words = line.split_whitespace();
    if words.next() != Some(function) {
        return None;
    }
    let what = words.next()?;
    let times: u64 = words.next().map_or(Some(u64::MAX), |word| word.parse().ok())?;
    let after: u64 = words.next().map_or(Some(0), |word| word.parse().ok())?;
    if call <= after || call > after.saturating_add(times) {
        return None;
    }
    if let Some(time) = what.strip_prefix("sleep:") {
        return time.parse().ok().map(Duration::from_millis).map(Fault::Sleep);
    }
    if what == "lose-sessions" {
        return Some(Fault::LoseSessions);
    }
    if let Some(flags) = what.strip_prefix("flags:0x") {
        return CK_FLAGS::from_str_radix(flags, 16).ok().map(Fault::Flags);
    }
    CK_RV::from_str_radix(what.trim_start_matches("0x"), 16).ok().map(Fault::Code)
}
