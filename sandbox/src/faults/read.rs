//! A rule as it is sent, read strictly: a fault with a typing mistake would be a test that tests nothing.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use super::request_fault::{Answer, Outcome, RequestFault};
use super::rules::{Fault, Matching, Turn, Wanted};
use super::{HEADER, Trouble};
use crate::identity;
use crate::shape::Name;
use crate::status;
use crate::strict_json::{At, Wrong};

/// Longer than a client waits.
const LONGEST_LATENCY: u64 = 10 * 60 * 1_000;
const MANY: u64 = 1_000_000_000;
/// What says how a body is sent is the server's own.
const OWN_HEADERS: [HeaderName; 5] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE, HEADER];

const PARTS: [&str; 3] = ["registry", "disk", "hsm"];
const FAULTS: [&str; 12] = [
    "latencyMs",
    "status",
    "headers",
    "html",
    "takesEffect",
    "reset",
    "slowBody",
    "cutBody",
    "expiredToken",
    "unknownStatus",
    "registry",
    "disk",
];

/// Reads `{ match, fault, times }`.
pub fn rule(written: &Value) -> Result<Wanted, Wrong> {
    let whole = At::whole(written, "rule");
    whole.only(&["match", "fault", "times"])?;
    let fault = read_fault(&whole.needed("fault")?)?;
    let at = whole.field("match");
    if let Some(at) = &at {
        let turns = ["nth", "every", "probability"];
        let all = ["method", "route", "path", "person", "nth", "every", "probability"];
        at.only(if matches!(fault, Fault::Part(_)) { &turns } else { &all })?;
    }
    let field = |name: &str| at.as_ref().and_then(|at| at.field(name));
    let turn = match (field("nth"), field("every")) {
        (None, None) => Turn::Each,
        (Some(nth), None) => Turn::Nth(nth.number(1, MANY)?),
        (None, Some(every)) => Turn::Every(every.number(1, MANY)?),
        (Some(nth), Some(_)) => return Err(nth.wrong("is given beside every", "Give one of them.")),
    };
    Ok(Wanted {
        written: written.clone(),
        matching: Matching {
            method: field("method").map(|at| read_method(&at)).transpose()?,
            route: field("route").map(|at| read_route(&at)).transpose()?,
            path: field("path").map(|at| read_path(&at)).transpose()?,
            person: field("person").map(|at| Ok(identity::normal(at.text()?))).transpose()?,
        },
        turn,
        probability: field("probability").map_or(Ok(1.0), |at| read_probability(&at))?,
        times: whole.field("times").map_or(Ok(u64::MAX), |at| at.number(1, MANY))?,
        fault,
    })
}

fn read_method(at: &At<'_>) -> Result<Method, Wrong> {
    let text = at.one_of(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])?;
    Method::from_bytes(text.as_bytes()).map_err(|_| at.wrong("is no method", "Use GET."))
}

fn read_route(at: &At<'_>) -> Result<Name, Wrong> {
    let text = at.one_of(&Name::ALL.map(Name::as_str))?;
    let found = Name::ALL.into_iter().find(|name| name.as_str() == text);
    found.ok_or_else(|| at.wrong("is no route", "Use a name of the profile."))
}

fn read_path(at: &At<'_>) -> Result<String, Wrong> {
    let text = at.text()?;
    let is_path = text.starts_with('/') && !text.trim_end_matches('*').contains(['*', '?', '#']);
    is_path.then(|| text.to_owned()).ok_or_else(|| {
        at.wrong(
            "is no path",
            "Write it from the first slash, without a query; * at its end stands for any rest.",
        )
    })
}

fn read_probability(at: &At<'_>) -> Result<f64, Wrong> {
    let number = at.value().as_f64().filter(|number| *number > 0.0 && *number <= 1.0);
    number.ok_or_else(|| at.wrong("is no probability", "Write a number above 0, and at most 1."))
}

fn read_fault(at: &At<'_>) -> Result<Fault, Wrong> {
    let known: Vec<&str> = FAULTS.into_iter().chain(["hsm"]).collect();
    at.only(&known)?;
    let fields = at.fields()?;
    if fields.is_empty() {
        return Err(at.wrong("does nothing", "Say what goes wrong."));
    }
    if let Some((name, part)) = fields.iter().find(|(name, _)| PARTS.contains(name)) {
        if fields.len() > 1 {
            return Err(part.wrong("is not alone", "Make a rule of its own for each part."));
        }
        return read_trouble(name, part).map(Fault::Part);
    }
    let number = |name: &str, least, most| at.field(name).map(|at| at.number(least, most)).transpose();
    let fault = RequestFault {
        latency: number("latencyMs", 1, LONGEST_LATENCY)?.map(Duration::from_millis),
        slow: number("slowBody", 1, MANY)?.and_then(|rate| u32::try_from(rate).ok()),
        cut: number("cutBody", 0, MANY)?,
        outcome: read_outcome(at)?,
    };
    let has_body = fault.slow.is_some() || fault.cut.is_some();
    if has_body && matches!(fault.outcome, Outcome::Reset { .. }) {
        return Err(
            at.wrong("resets the connection, and there is no body then", "Leave slowBody and cutBody out.")
        );
    }
    Ok(Fault::Request(Box::new(fault)))
}

fn read_trouble(name: &str, at: &At<'_>) -> Result<Trouble, Wrong> {
    match name {
        "registry" => at.one_of(&["down"]).map(|_| Trouble::RegistryDown),
        "disk" => at.one_of(&["full"]).map(|_| Trouble::DiskFull),
        _ => Ok(if at.one_of(&["busy", "gone"])? == "busy" { Trouble::HsmBusy } else { Trouble::HsmGone }),
    }
}

fn read_outcome(at: &At<'_>) -> Result<Outcome, Wrong> {
    let flag = |name: &str| at.field(name).map(|at| at.truth()).transpose().map(Option::unwrap_or_default);
    let (html, takes_effect, expired) = (flag("html")?, flag("takesEffect")?, flag("expiredToken")?);
    let status = at.field("status").map(|at| read_status(&at)).transpose()?;
    let headers = at.field("headers").map(|at| read_headers(&at)).transpose()?;
    let reset = at.field("reset").map(|at| at.one_of(&["before", "after"])).transpose()?;
    let code = at.field("unknownStatus").map(|at| read_code(&at)).transpose()?;
    let answers = html || status.is_some();
    if (headers.is_some() || takes_effect) && !answers {
        return Err(at.wrong("has headers or takesEffect, but no answer of its own", "Add status or html."));
    }
    let outcomes = [answers, reset.is_some(), expired, code.is_some()];
    if outcomes.iter().filter(|is_given| **is_given).count() > 1 {
        return Err(at.wrong(
            "says in several ways how a request ends",
            "Give one of status or html, reset, expiredToken, and unknownStatus.",
        ));
    }
    Ok(match (reset, code) {
        (Some(when), _) => Outcome::Reset { after: when == "after" },
        (_, Some(code)) => Outcome::UnknownStatus(code),
        _ if expired => Outcome::ExpiredToken,
        _ if answers => {
            Outcome::Answer(Answer { status, headers: headers.unwrap_or_default(), html, takes_effect })
        }
        _ => Outcome::Pass,
    })
}

fn read_status(at: &At<'_>) -> Result<StatusCode, Wrong> {
    let number = u16::try_from(at.number(200, 599)?).unwrap_or_default();
    // These have no body, so nothing of the fault would be seen.
    let status = StatusCode::from_u16(number).ok().filter(|_| !matches!(number, 204 | 205 | 304));
    status.ok_or_else(|| at.wrong("is a status without a body", "Write another."))
}

fn read_headers(at: &At<'_>) -> Result<HeaderMap, Wrong> {
    let mut headers = HeaderMap::new();
    for (name, at) in at.fields()? {
        let parsed = HeaderName::from_bytes(name.as_bytes()).ok().filter(|name| !OWN_HEADERS.contains(name));
        let parsed = parsed.ok_or_else(|| at.wrong("is no header to set", "Leave it out."))?;
        let value = HeaderValue::from_str(at.text()?).map_err(|_| {
            at.wrong("is no value of a header", "Write printable ASCII, such as \"2\" for Retry-After.")
        })?;
        headers.insert(parsed, value);
    }
    Ok(headers)
}

fn read_code(at: &At<'_>) -> Result<i64, Wrong> {
    let code = at.value().as_i64().ok_or_else(|| at.wrong("is no status code", "Write a whole number."))?;
    match status::all().find(|(known, _)| *known == code) {
        None => Ok(code),
        Some((_, name)) => {
            Err(at.wrong(&format!("is known: it means {name}"), "Write a code that is not in the table."))
        }
    }
}
