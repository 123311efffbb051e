//! Sessions with the token: a few, reused, and opened anew when they or the token were lost.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::ObjectHandle;
use cryptoki::session::Session;
use cryptoki::slot::Slot;

use super::error::{CallError, Remedy};
use super::find_token::{self, Identity};
use super::login::{Login, is_logged_in};
use super::module::Module;
use super::objects;
use crate::keys::{FaultKind, KeyFault};
use crate::start_error::StartError;

/// Calls to one token, which outlast the loss of sessions and of the token.
pub struct Sessions {
    module: Module,
    identity: Identity,
    login: Login,
    /// Calls hold it for reading; who connects anew, for writing.
    connection: RwLock<Connection>,
}

struct Connection {
    /// Grows with each new connection: a caller sees whether another has connected since its own call.
    generation: u64,
    open: Option<Open>,
}

struct Open {
    slot: Slot,
    idle: Mutex<Vec<Worker>>,
    /// The login ends with the last session. This one is never worked with, so that none of its calls can
    /// spoil it.
    anchor: Mutex<Session>,
}

/// A session, and the handles of the keys that it has found.
pub struct Worker {
    session: Session,
    keys: HashMap<Vec<u8>, ObjectHandle>,
}

impl Sessions {
    /// Logs in to the token in a slot.
    pub fn open(module: Module, slot: Slot, identity: Identity, login: Login) -> Result<Self, StartError> {
        let connection = RwLock::new(Connection { generation: 0, open: None });
        let sessions = Self { module, identity, login, connection };
        let open = sessions.log_in(slot).map_err(|fault| StartError::new(fault.to_string()))?;
        sessions.write().open = Some(open);
        Ok(sessions)
    }

    /// Works with a session. What was lost is opened anew, and the work done again: `work` must bear that.
    pub fn with<T>(
        &self,
        doing: &str,
        mut work: impl FnMut(&mut Worker) -> Result<T, CallError>,
    ) -> Result<T, KeyFault> {
        for least in [Remedy::NewSessions, Remedy::NewStart] {
            let (generation, cause) = match self.attempt(&mut work) {
                Ok(done) => return Ok(done),
                Err(lost) => lost,
            };
            let Some(remedy) = cause.remedy() else { return Err(cause.explain(doing)) };
            tracing::debug!("the token has to be connected anew, while {doing}: {cause:?}");
            self.connect(generation, remedy.max(least))?;
        }
        self.attempt(&mut work).map_err(|(_, cause)| cause.explain(doing))
    }

    fn attempt<T>(
        &self,
        work: &mut impl FnMut(&mut Worker) -> Result<T, CallError>,
    ) -> Result<T, (u64, CallError)> {
        let connection = self.read();
        let mut attempt = || {
            let open = connection.open.as_ref().ok_or_else(not_present)?;
            let mut worker = open.worker(&self.module)?;
            let done = work(&mut worker)?;
            // Only now: a session whose call failed may be in the middle of it.
            open.idle().push(worker);
            Ok(done)
        };
        attempt().map_err(|cause| (connection.generation, cause))
    }

    /// Connects anew, unless another caller has since that generation.
    fn connect(&self, generation: u64, remedy: Remedy) -> Result<(), KeyFault> {
        self.login.check()?;
        let mut connection = self.write();
        if connection.generation != generation && connection.open.is_some() {
            return Ok(());
        }
        connection.generation += 1;
        if remedy == Remedy::NewSessions && self.renew(&mut connection)? {
            return Ok(());
        }
        // Its sessions end before the module does.
        connection.open = None;
        let gone = |cause: Error| CallError::from(cause).explain("looking for the token");
        self.module.restart().map_err(gone)?;
        let slot = find_token::find_again(&self.module, &self.identity).map_err(gone)?;
        let slot = slot.ok_or_else(|| not_present().explain("looking for the token"))?;
        connection.open = Some(self.log_in(slot)?);
        Ok(())
    }

    /// Gives up the sessions that worked, and logs in again if the login went with them. False when that does
    /// not help.
    fn renew(&self, connection: &mut Connection) -> Result<bool, KeyFault> {
        let Some(open) = &connection.open else { return Ok(false) };
        open.idle().clear();
        if open.is_logged_in() {
            return Ok(true);
        }
        let slot = open.slot;
        connection.open = None;
        match self.log_in(slot) {
            Ok(open) => {
                connection.open = Some(open);
                Ok(true)
            }
            Err(fault) if fault.kind == FaultKind::PinRefused => Err(fault),
            Err(_) => Ok(false),
        }
    }

    /// Opens the first session. The PIN is for our token only: another in the same slot would count a try.
    fn log_in(&self, slot: Slot) -> Result<Open, KeyFault> {
        let gone = |cause: Error| CallError::from(cause).explain("opening a session");
        let token = self.module.context().get_token_info(slot).map_err(gone)?;
        if Identity::of(&token) != self.identity {
            return Err(not_present().explain("opening a session"));
        }
        let session = self.module.context().open_rw_session(slot).map_err(gone)?;
        self.login.log_in(&session, &token)?;
        Ok(Open { slot, idle: Mutex::default(), anchor: Mutex::new(session) })
    }

    fn read(&self) -> RwLockReadGuard<'_, Connection> {
        self.connection.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Connection> {
        self.connection.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_present() -> CallError {
    CallError::Token(Error::Pkcs11(RvError::TokenNotPresent, Function::OpenSession))
}

impl Open {
    fn worker(&self, module: &Module) -> Result<Worker, CallError> {
        if let Some(worker) = self.idle().pop() {
            return Ok(worker);
        }
        let session = module.context().open_rw_session(self.slot)?;
        Ok(Worker { session, keys: HashMap::new() })
    }

    fn is_logged_in(&self) -> bool {
        let anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        is_logged_in(&anchor).unwrap_or(false)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    /// The session itself.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The private key with an id. It is looked for once a session: that takes longer than signing.
    pub fn private_key(&mut self, id: &[u8]) -> Result<ObjectHandle, CallError> {
        if let Some(known) = self.keys.get(id) {
            return Ok(*known);
        }
        let found = objects::private_key(&self.session, id)?;
        self.keys.insert(id.to_vec(), found);
        Ok(found)
    }

    /// Signs.
    pub fn sign(&self, how: &Mechanism<'_>, key: ObjectHandle, data: &[u8]) -> Result<Vec<u8>, CallError> {
        match self.session.sign(how, key, data) {
            // It was deleted since it was found.
            Err(Error::Pkcs11(RvError::KeyHandleInvalid | RvError::ObjectHandleInvalid, _)) => {
                Err(CallError::NoKey)
            }
            other => Ok(other?),
        }
    }
}
