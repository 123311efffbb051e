//! stub
#[cfg(target_arch = "wasm32")]
/// stub
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hello() -> String { "hi".into() }
