//! A PKCS #11 module that stands between a program and a real one: it counts calls, and lets them fail as a
//! file says. Tests set it up through the environment of the program:
//!
//! - `PKCS11_SHIM_MODULE`: the real module.
//! - `PKCS11_SHIM_CALLS`: a file that gets a line for each call, with the function's name and the return code.
//! - `PKCS11_SHIM_FAULTS`: a file of faults, read before each call, see [`faults`].
//!
//! All unsafe code of the workspace's own is in this crate. It is sound as long as both sides keep to the
//! standard: arguments are passed on as they came, and the real module stays loaded until the process ends.

mod faults;

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::OnceLock;
use std::{env, thread};

use cryptoki_sys::*;
use faults::Fault;

/// The real module with its functions, and the list that is handed out in its place.
struct Shim {
    _library: Pkcs11,
    real: CK_FUNCTION_LIST,
    own: CK_FUNCTION_LIST,
}

// SAFETY: the lists hold a version and function pointers; nobody writes to them after they are made.
unsafe impl Send for Shim {}
// SAFETY: as above.
unsafe impl Sync for Shim {}

static SHIM: OnceLock<Option<Shim>> = OnceLock::new();

/// The one symbol that a program looks for.
///
/// # Safety
/// `list` must point to where a pointer can be written, as the standard says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    let Some(shim) = shim() else { return CKR_GENERAL_ERROR };
    // SAFETY: the caller keeps to the standard. The list lives as long as the process, and is only read.
    unsafe { *list = (&raw const shim.own).cast_mut() };
    CKR_OK
}

fn shim() -> Option<&'static Shim> {
    SHIM.get_or_init(load).as_ref()
}

fn load() -> Option<Shim> {
    let path = env::var_os("PKCS11_SHIM_MODULE")?;
    // SAFETY: the test names a real PKCS #11 module, whose initialisers are as harmless as its calls.
    let library = unsafe { Pkcs11::new(path) }.ok()?;
    let get_list = *library.C_GetFunctionList.as_ref().ok()?;
    let mut list = std::ptr::null_mut();
    // SAFETY: as the standard says; the list that comes back is copied while the library is loaded.
    let real = unsafe {
        if get_list(&raw mut list) != CKR_OK || list.is_null() {
            return None;
        }
        *list
    };
    let mut own = real;
    own.C_GetFunctionList = Some(C_GetFunctionList);
    intercept(&mut own);
    Some(Shim { _library: library, real, own })
}

/// Writes down a call, and gives what it gave.
fn noted(function: &str, code: CK_RV) -> CK_RV {
    if let Some(path) = env::var_os("PKCS11_SHIM_CALLS") {
        let file = OpenOptions::new().create(true).append(true).open(path);
        // One write a line, so that lines of several threads do not mix.
        let _ = file.and_then(|mut file| file.write_all(format!("{function} {code:#x}\n").as_bytes()));
    }
    code
}

/// Functions that look for a fault first, then call the real one. Their arguments are passed on untouched.
macro_rules! interceptors {
    ($($function:ident($($argument:ident: $type:ty),*);)*) => {
        $(
            #[allow(non_snake_case)]
            unsafe extern "C" fn $function($($argument: $type),*) -> CK_RV {
                let function = stringify!($function);
                match faults::of(function) {
                    Some(Fault::Code(code)) => return noted(function, code),
                    Some(Fault::Sleep(time)) => thread::sleep(time),
                    Some(Fault::LoseSessions) => lose_sessions(),
                    Some(Fault::Flags(_)) | None => {}
                }
                let real = shim().and_then(|shim| shim.real.$function);
                let Some(real) = real else { return CKR_FUNCTION_NOT_SUPPORTED };
                // SAFETY: the program called with arguments for this very function.
                noted(function, unsafe { real($($argument),*) })
            }
        )*

        fn intercept(list: &mut CK_FUNCTION_LIST) {
            $(list.$function = Some($function);)*
            list.C_GetTokenInfo = Some(C_GetTokenInfo);
        }
    };
}

interceptors! {
    C_Initialize(arguments: *mut std::ffi::c_void);
    C_Finalize(reserved: *mut std::ffi::c_void);
    C_GetSlotList(present: CK_BBOOL, slots: *mut CK_SLOT_ID, count: *mut CK_ULONG);
    C_OpenSession(
        slot: CK_SLOT_ID,
        flags: CK_FLAGS,
        application: *mut std::ffi::c_void,
        notify: CK_NOTIFY,
        session: *mut CK_SESSION_HANDLE
    );
    C_Login(session: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: *mut CK_UTF8CHAR, length: CK_ULONG);
    C_GenerateKeyPair(
        session: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        public: *mut CK_ATTRIBUTE,
        public_count: CK_ULONG,
        private: *mut CK_ATTRIBUTE,
        private_count: CK_ULONG,
        public_key: *mut CK_OBJECT_HANDLE,
        private_key: *mut CK_OBJECT_HANDLE
    );
    C_FindObjectsInit(session: CK_SESSION_HANDLE, template: *mut CK_ATTRIBUTE, count: CK_ULONG);
    C_GetAttributeValue(
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: *mut CK_ATTRIBUTE,
        count: CK_ULONG
    );
    C_DestroyObject(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE);
    C_SignInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE);
    C_Sign(
        session: CK_SESSION_HANDLE,
        data: *mut CK_BYTE,
        length: CK_ULONG,
        signature: *mut CK_BYTE,
        signature_length: *mut CK_ULONG
    );
}

/// Tells of a token what the fault adds to it.
#[allow(non_snake_case)]
unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO) -> CK_RV {
    let function = "C_GetTokenInfo";
    let fault = faults::of(function);
    if let Some(Fault::Code(code)) = fault {
        return noted(function, code);
    }
    let Some(real) = shim().and_then(|shim| shim.real.C_GetTokenInfo) else {
        return CKR_FUNCTION_NOT_SUPPORTED;
    };
    // SAFETY: the program called with arguments for this very function.
    let code = unsafe { real(slot, info) };
    if let (CKR_OK, Some(Fault::Flags(flags))) = (code, fault) {
        // SAFETY: the real function has just filled what the program's pointer leads to.
        unsafe { (*info).flags |= flags };
    }
    noted(function, code)
}

/// What an HSM does that restarts: all sessions of the process are gone, and with them the login.
fn lose_sessions() {
    let Some(shim) = shim() else { return };
    let (Some(list), Some(close)) = (shim.real.C_GetSlotList, shim.real.C_CloseAllSessions) else { return };
    let mut slots = [0; 16];
    let mut count = slots.len() as CK_ULONG;
    // SAFETY: the buffer has room for as many as it says.
    if unsafe { list(CK_TRUE, slots.as_mut_ptr(), &raw mut count) } == CKR_OK {
        for slot in slots.into_iter().take(count as usize) {
            // SAFETY: a slot that the module named.
            unsafe { close(slot) };
        }
    }
}
