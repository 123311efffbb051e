//! Keys as objects of the token: made there so that they cannot leave it, and found again by their id.

use std::ffi::c_ulong;

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use ocisign::KeyType;

use super::error::CallError;
use super::login::is_logged_in;
use super::public_key::{self, EcCurve, Kind};
use super::sessions::Worker;

const F4: [u8; 3] = [1, 0, 1];

/// Makes a key pair and gives its public half, as SubjectPublicKeyInfo.
pub fn generate(worker: &Worker, id: &[u8], key_type: KeyType) -> Result<Vec<u8>, CallError> {
    let session = worker.session();
    let made = match public_key::kind(key_type) {
        Kind::Rsa(bits) => generate_rsa(session, id, bits),
        Kind::Ec(curve) => generate_ec(session, id, curve),
    };
    let (public, private) = made?;
    let checked = check_private(session, private).and_then(|()| read_public(session, public, key_type));
    if checked.is_err() {
        // Best effort: the first error says more than a second would.
        let _ = session.destroy_object(private);
        let _ = session.destroy_object(public);
    }
    checked
}

fn generate_rsa(session: &Session, id: &[u8], bits: u32) -> Result<(ObjectHandle, ObjectHandle), CallError> {
    let mut public = public_template(id);
    public.push(Attribute::ModulusBits(c_ulong::from(bits).into()));
    public.push(Attribute::PublicExponent(F4.to_vec()));
    let mut private = private_template(id);
    private.push(Attribute::Decrypt(false));
    Ok(session.generate_key_pair(&Mechanism::RsaPkcsKeyPairGen, &public, &private)?)
}

fn generate_ec(
    session: &Session,
    id: &[u8],
    curve: EcCurve,
) -> Result<(ObjectHandle, ObjectHandle), CallError> {
    let mut public = public_template(id);
    public.push(Attribute::EcParams(curve.parameters()?));
    let mut private = private_template(id);
    private.push(Attribute::Derive(false));
    Ok(session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)?)
}

fn public_template(id: &[u8]) -> Vec<Attribute> {
    let mut template = named(id);
    template.extend([Attribute::Token(true), Attribute::Private(false), Attribute::Verify(true)]);
    template
}

fn private_template(id: &[u8]) -> Vec<Attribute> {
    let mut template = named(id);
    template.extend([
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
    ]);
    template
}

/// The id twice: in CKA_ID for programs, in CKA_LABEL for people. 36 letters fit into every token's label.
fn named(id: &[u8]) -> Vec<Attribute> {
    vec![Attribute::Id(id.to_vec()), Attribute::Label(id.to_vec())]
}

/// A token that does not heed the template would hand the key out.
fn check_private(session: &Session, private: ObjectHandle) -> Result<(), CallError> {
    let told = session.get_attributes(private, &[AttributeType::Sensitive, AttributeType::Extractable])?;
    let open = |attribute: &Attribute| {
        matches!(attribute, Attribute::Sensitive(false) | Attribute::Extractable(true))
    };
    if told.iter().any(open) {
        return Err(CallError::Unfit("The token made a key that could leave it."));
    }
    Ok(())
}

/// The public half of a key in the token, if it is there.
pub fn public_key(worker: &Worker, id: &[u8], key_type: KeyType) -> Result<Option<Vec<u8>>, CallError> {
    let session = worker.session();
    if find(session, ObjectClass::PRIVATE_KEY, id)?.is_empty() {
        return Ok(None);
    }
    match find(session, ObjectClass::PUBLIC_KEY, id)?.first() {
        Some(public) => read_public(session, *public, key_type).map(Some),
        None => Ok(None),
    }
}

fn read_public(session: &Session, public: ObjectHandle, key_type: KeyType) -> Result<Vec<u8>, CallError> {
    let (mut modulus, mut exponent, mut point) = (None, None, None);
    let wanted: &[AttributeType] = match public_key::kind(key_type) {
        Kind::Rsa(_) => &[AttributeType::Modulus, AttributeType::PublicExponent],
        Kind::Ec(_) => &[AttributeType::EcPoint],
    };
    for attribute in session.get_attributes(public, wanted)? {
        match attribute {
            Attribute::Modulus(value) => modulus = Some(value),
            Attribute::PublicExponent(value) => exponent = Some(value),
            Attribute::EcPoint(value) => point = Some(value),
            _ => {}
        }
    }
    let der = match (public_key::kind(key_type), modulus, exponent, point) {
        (Kind::Rsa(_), Some(modulus), Some(exponent), _) => public_key::rsa_spki(&modulus, &exponent)?,
        (Kind::Ec(curve), _, _, Some(point)) => public_key::ec_spki(curve, &point)?,
        _ => return Err(CallError::Unfit("The token does not show the public key.")),
    };
    public_key::check(&der, key_type)?;
    Ok(der)
}

/// The private key with an id.
pub fn private_key(session: &Session, id: &[u8]) -> Result<ObjectHandle, CallError> {
    if let Some(found) = find(session, ObjectClass::PRIVATE_KEY, id)?.first() {
        return Ok(*found);
    }
    // Without a login private objects are not there, rather than forbidden.
    if !is_logged_in(session)? {
        return Err(Error::Pkcs11(RvError::UserNotLoggedIn, Function::FindObjects).into());
    }
    Err(CallError::NoKey)
}

/// By CKA_ID. Some tokens keep only a few bytes of it, so then by the label.
fn find(session: &Session, class: ObjectClass, id: &[u8]) -> Result<Vec<ObjectHandle>, CallError> {
    let by_id = session.find_objects(&[Attribute::Class(class), Attribute::Id(id.to_vec())])?;
    if !by_id.is_empty() {
        return Ok(by_id);
    }
    Ok(session.find_objects(&[Attribute::Class(class), Attribute::Label(id.to_vec())])?)
}

/// Deletes both halves of a key.
pub fn destroy(worker: &Worker, id: &[u8]) -> Result<(), CallError> {
    for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
        for object in find(worker.session(), class, id)? {
            worker.session().destroy_object(object)?;
        }
    }
    Ok(())
}
