//! Calls to the service: what it answers, what it says, and the token that is sent.

use ocisign::{
    Taken,
    exchange::{Event, Exchange, Method, Retry, Step},
    harmless, token as tokens,
};

use super::{
    said::{self, PASSWORD},
    text,
};

/// Whatever the service answers, a POST is not sent twice by mistake, and its words hide and reveal nothing.
pub fn reply(data: &[u8]) {
    let (numbers, words) = data.split_at(data.len().min(24));
    for method in [Method::Get, Method::Post] {
        goes_on(method, numbers);
    }
    let Some(words) = text(words) else { return };
    shows_itself(&harmless(words));
    if !words.contains(PASSWORD) {
        for around in [format!("{words} https://me:{PASSWORD}@registry.example/{words}"), address(words)] {
            assert!(!harmless(&around).contains(PASSWORD), "{around:?}");
        }
    }
    let [high, low, seconds] = [0, 1, 2].map(|place| numbers.get(place).copied().unwrap_or_default());
    let status = u16::from_be_bytes([high, low]);
    let said = harmless(words);
    for method in [Method::Get, Method::Post] {
        let call = Exchange::new(method, Retry::default());
        let error = call.failure("Reading", status, Some(f64::from(seconds)), Some(&said));
        said::plainly(&error);
        assert!(method == Method::Post || error.taken() == Taken::No, "a GET does nothing");
    }
}

fn address(words: &str) -> String {
    let host: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    format!("see https://me:{PASSWORD}@{host}/ please")
}

/// One line, not for ever, of what everybody sees.
fn shows_itself(said: &str) {
    assert!(said.chars().count() <= 301 * "\\u{10ffff}".len());
    let hides = |c: char| {
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{10ffff}')
    };
    assert!(!said.contains(|c: char| c.is_control() || hides(c)), "{said:?}");
}

/// What happened, byte by byte, until it ends.
fn goes_on(method: Method, happened: &[u8]) {
    let retry = Retry { attempts: 4, base_ms: 500.0, max_ms: 30_000.0 };
    let mut call = Exchange::new(method, retry);
    let (mut sent, mut asked) = (1, 0);
    for pair in happened.chunks(2) {
        let event = event_of(pair);
        let step = call.next(event, f64::from(pair[0]) / 256.0);
        match step {
            Step::Wait(ms) => {
                sent += 1;
                assert!((0.0..=30_000.0).contains(&ms), "{ms}");
                let refused = matches!(event, Event::Reply { status: 429, .. });
                assert!(refused || method == Method::Get, "a POST is sent again after {event:?}");
            }
            Step::AskToken => {
                asked += 1;
                assert!(matches!(event, Event::Reply { status: 401, .. }));
            }
            Step::Read => assert!(matches!(event, Event::Reply { status: 200..=299, .. })),
            Step::Fail => break,
        }
    }
    assert!(sent <= 4 && asked <= 1);
}

fn event_of(pair: &[u8]) -> Event {
    const STATUSES: [u16; 16] =
        [0, 200, 204, 302, 400, 401, 403, 404, 408, 409, 429, 429, 500, 502, 503, u16::MAX];
    let [kind, seconds] = [0, 1].map(|place| pair.get(place).copied().unwrap_or_default());
    let retry_after = match seconds {
        0 => None,
        253 => Some(f64::INFINITY),
        254 => Some(f64::NAN),
        255 => Some(-1.0),
        seconds => Some(f64::from(seconds)),
    };
    match STATUSES.get(usize::from(kind)) {
        Some(status) => Event::Reply { status: *status, retry_after },
        None => Event::NoReply,
    }
}

/// A token is sent as it is, or not at all; no error repeats it.
pub fn token(data: &[u8]) {
    let Some(given) = text(data) else { return };
    match tokens::check(given) {
        Ok(token) => {
            assert_eq!(token, given.trim());
            assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
            assert_eq!(tokens::check(token), Ok(token));
        }
        Err(error) => {
            said::well(&error, given.trim());
            assert_eq!(error.code(), "bad-token");
        }
    }
    if !given.contains(PASSWORD) {
        for planted in [[PASSWORD, given].concat(), [given, PASSWORD].concat()] {
            let said = tokens::check(&planted).err().map(|error| format!("{error} {error:?}"));
            assert!(!said.unwrap_or_default().contains(PASSWORD), "{planted:?}");
        }
    }
}
