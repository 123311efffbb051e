//! Where the bearer token comes from. It is asked for once, kept, and asked for again when the service
//! refuses it: tokens live about an hour, and a wait can be longer.

use alloc::{rc::Rc, string::String};
use core::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{
    input,
    support::{JsResult, OcisignError, thrown_because},
};
use crate::{Code, Error, token};

/// Not `Debug`, so that a token cannot be printed.
pub struct TokenSource {
    ask: Option<Function>,
    kept: RefCell<Option<Rc<str>>>,
    /// The question under way, which all waiting calls share: a token command can be slow.
    asking: RefCell<Option<Promise>>,
}

impl TokenSource {
    /// A token, or a function that gives one or a promise of one.
    pub fn new(source: &JsValue) -> JsResult<Self> {
        let ask = source.dyn_ref::<Function>().cloned();
        let kept = match (&ask, source.as_string()) {
            (Some(_), _) => None,
            (None, Some(text)) => Some(Rc::from(token::check(&text)?)),
            (None, None) => {
                let fix = "Pass a string, or a function that returns one or a promise of one.";
                return Err(input::bad("token is neither a string nor a function.".into(), fix));
            }
        };
        Ok(Self { ask, kept: RefCell::new(kept), asking: RefCell::new(None) })
    }

    /// The token to send.
    pub async fn current(&self) -> JsResult<Rc<str>> {
        let kept = self.kept.borrow().clone();
        match kept {
            Some(token) => Ok(token),
            None => self.ask().await,
        }
    }

    /// Another token than the one that was refused, if there is one.
    pub async fn instead_of(&self, refused: &str) -> JsResult<Option<Rc<str>>> {
        let kept = self.kept.borrow().clone();
        let token = match kept {
            Some(token) if &*token != refused => token,
            _ if self.ask.is_none() => return Ok(None),
            _ => self.ask().await?,
        };
        Ok((&*token != refused).then_some(token))
    }

    async fn ask(&self) -> JsResult<Rc<str>> {
        let under_way = self.asking.borrow().clone();
        let promise = match under_way {
            Some(promise) => promise,
            None => {
                let answer =
                    self.ask.as_ref().map_or(Ok(JsValue::UNDEFINED), |ask| ask.call0(&JsValue::UNDEFINED));
                let promise = Promise::resolve(&answer.map_err(|cause| refused(&cause))?);
                *self.asking.borrow_mut() = Some(promise.clone());
                promise
            }
        };
        let answer = JsFuture::from(promise).await;
        *self.asking.borrow_mut() = None;
        let text: String = input::text(&answer.map_err(|cause| refused(&cause))?, "what token() returned")?;
        let token: Rc<str> = Rc::from(token::check(&text)?);
        *self.kept.borrow_mut() = Some(token.clone());
        Ok(token)
    }
}

/// The token function's own failure. Its message is not repeated: it may hold a secret.
fn refused(cause: &JsValue) -> JsValue {
    if cause.is_instance_of::<OcisignError>() {
        return cause.clone();
    }
    let error =
        Error::new(Code::BadToken, "token() failed; its error is the cause of this one.", "Sign in again.");
    thrown_because(error, cause)
}
