//! Texts that are handed over as bytes, and where their parts are as numbers: no object crosses the boundary, and nothing
//! is allocated. JavaScript writes a text into the room, calls, and reads what was found from there (`pkg/src/texts.ts`).

extern crate std;

use alloc::string::String;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocisign_grammar::{Lines, OFFICIAL, Parts, ecr_region, reference};
use wasm_bindgen::prelude::*;

use super::{
    error::{JsResult, OcisignError},
    input,
};
use crate::{Reference, artifact_uri, domain::DOCKER_HUB};

/// How many bytes a text in the room may have. A reference has less than 800.
const TEXT: usize = 1 << 14;
/// How many numbers are said of it. Those of a list come in fives.
const FOUND: usize = 2 + 5 * 1000;

/// Its numbers come first; `pkg/src/texts.ts` knows that, and both sizes.
#[repr(C)]
struct Room {
    found: [u16; FOUND],
    text: [u8; TEXT],
}

// No two calls are in it at once: none of them calls JavaScript.
static ROOM: Mutex<Room> = Mutex::new(Room { found: [0; FOUND], text: [0; TEXT] });

fn room() -> MutexGuard<'static, Room> {
    ROOM.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the room is in the module's memory.
#[wasm_bindgen(js_name = roomAt)]
pub fn room_at() -> *const u16 {
    room().found.as_ptr()
}

/// Reads the reference in the room, of so many bytes. Returns 0 if it is wrong, and 1 if it is right as it is written. If
/// its name has another spelling, that stands in the room now, and its length is returned.
///
/// It finds where the registry and the path end in the name, where the tag and the digest begin in the text, and where
/// the region of an ECR registry begins and ends.
#[wasm_bindgen(js_name = readReference)]
pub fn read_reference(length: usize) -> usize {
    let room = &mut *room();
    let text = room.text.get_mut(..length).unwrap_or_default();
    let Ok(parts) = reference(text) else { return 0 };
    let mut name = (parts.registry, parts.path);
    let mut result = 1;
    if parts.is_respelled || parts.is_official {
        name = respell(&mut room.text, &parts);
        result = name.1;
    }
    let (region, region_end) = ecr_region(room.text.get(..name.0).unwrap_or_default()).unwrap_or_default();
    let found = [name.0, name.1, parts.path + 1, parts.digest, region, region_end];
    for (place, number) in room.found.iter_mut().zip(found) {
        *place = short(number);
    }
    result
}

/// Puts the name of a reference into its one spelling, and says where its registry and its path end now.
fn respell(text: &mut [u8], parts: &Parts) -> (usize, usize) {
    let front = [DOCKER_HUB, "/", if parts.is_official { OFFICIAL } else { "" }];
    let path = parts.registry + 1..parts.path;
    if !parts.is_docker_hub {
        text.get_mut(..parts.registry).unwrap_or_default().make_ascii_lowercase();
        return (parts.registry, parts.path);
    }
    let length = path.len();
    let begin = front.iter().map(|part| part.len()).sum();
    text.copy_within(path, begin);
    write(text, &front);
    (DOCKER_HUB.len(), begin + length)
}

/// Reads the lines in the room, of so many bytes, and returns how many of them hold something. It finds how many bytes
/// and how many lines it has read; then for each line its number, where it begins, where its name ends, where its digest
/// begins, and where it ends. All places count from the beginning of the room. No name ends at 0: such a line is wrong,
/// or its name has another spelling.
#[wasm_bindgen(js_name = readLines)]
pub fn read_lines(length: usize) -> usize {
    let room = &mut *room();
    let mut lines = Lines::of(room.text.get(..length).unwrap_or_default());
    let Some((read, places)) = room.found.split_first_chunk_mut::<2>() else { return 0 };
    let mut count = 0;
    for place in places.as_chunks_mut::<5>().0 {
        let Some(line) = lines.next() else { break };
        let (name, digest) = match line.found {
            Ok(parts) if !parts.is_respelled && !parts.is_official => {
                (line.begin + parts.path, line.begin + parts.digest)
            }
            _ => (0, 0),
        };
        *place = [line.number, line.begin, name, digest, line.end].map(short);
        count += 1;
    }
    *read = [lines.begin.min(length), lines.number].map(short);
    count
}

/// Says what is wrong with the reference in the room, of so many bytes: its code, message and fix stand there then, a
/// line each, and the offset is the first of the numbers. Returns how many bytes they have.
#[wasm_bindgen(js_name = whyWrong)]
pub fn why_wrong(length: usize) -> usize {
    let room = &mut *room();
    let text = core::str::from_utf8(room.text.get(..length).unwrap_or_default()).unwrap_or_default();
    let Err(error) = Reference::parse(text) else { return 0 };
    if let Some(place) = room.found.first_mut() {
        *place = short(error.offset().unwrap_or_default());
    }
    write(&mut room.text, &[error.code(), "\n", &error.message(), "\n", &error.fix()])
}

/// Writes one text behind the other, and says how long they are.
fn write(room: &mut [u8], texts: &[&str]) -> usize {
    let bytes = texts.iter().flat_map(|text| text.bytes());
    room.iter_mut().zip(bytes).map(|(place, byte)| *place = byte).count()
}

/// Decodes the artifact URI in the room, of so many bytes. Returns the length of the text that stands there then and one
/// more, or 0 if it is wrong.
#[wasm_bindgen(js_name = readArtifact)]
pub fn read_artifact(length: usize) -> usize {
    let room = &mut *room();
    let encoded = room.text.get_mut(..length).unwrap_or_default();
    artifact_uri::decode_in_place(encoded).map_or(0, |length| length + 1)
}

/// All that is said of the room is smaller.
fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

// What has no room there, or is no text.

/// Says what is wrong with a reference, or with a list of some.
///
/// @param what how a message calls what is no text.
#[wasm_bindgen(js_name = wrongReference, unchecked_return_type = "OcisignErrorOf<ReferenceErrorCode>")]
pub fn wrong_reference(
    #[wasm_bindgen(unchecked_param_type = "unknown")] text: &JsValue,
    what: &str,
) -> Option<OcisignError> {
    input::text(text, what).and_then(|text| Reference::parse(&text)).err().map(Into::into)
}

/// Writes a reference as an artifact URI, whatever the reference is.
#[wasm_bindgen(js_name = encodeArtifactUri)]
pub fn encode_artifact_uri(
    #[wasm_bindgen(unchecked_param_type = "string | ImageReference")] reference: &JsValue,
) -> JsResult<String> {
    Ok(artifact_uri::encode(&input::reference(reference)?))
}

/// Reads an artifact URI into the text that it holds, or says what is wrong.
#[wasm_bindgen(js_name = decodeArtifactUri)]
pub fn decode_artifact_uri(
    #[wasm_bindgen(unchecked_param_type = "string")] encoded: &JsValue,
) -> JsResult<String> {
    Ok(artifact_uri::decode(&input::text(encoded, "artifact URI")?)?)
}
