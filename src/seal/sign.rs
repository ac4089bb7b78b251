//! Signatures over a report's data.
//!
//! What is signed is a [`Statement`]: who, as what, on which day, and the digest of the data, which hold the digests of all
//! the rest. Several may sign one report; none of them signs the others' signatures, so the order does not matter.

use ed25519_dalek::{Signature as Ed25519, Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::carriers::Kind;
use super::keys::{Role, Signer, Trusted, encode};
use super::{canonical, sha256};

/// Name and version of a list of signatures.
pub const SCHEMA: &str = "qizhen/signatures/1";
/// Name and version of what is signed: another statement of this program can never be taken for one.
const STATEMENT: &str = "qizhen/signature/1";

/// All signatures of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The signatures, in the order in which they were made.
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Who signed.
    pub name: String,
    /// In what capacity.
    pub role: Role,
    /// On which day, as the signer says.
    pub date: String,
    /// Their public key.
    pub key: String,
    /// The signature itself.
    pub signature: String,
}

#[derive(Serialize)]
struct Statement<'a> {
    schema: &'a str,
    kind: Kind,
    data: String,
    name: &'a str,
    role: Role,
    date: &'a str,
}

/// What is to be thought of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Made with a key that is trusted to be this signer's.
    Trusted,
    /// Made with the key that stands there, and whose that is nobody vouches for; why.
    Untrusted(String),
    /// Not made with that key over these data.
    Invalid,
}

/// A signature and what is to be thought of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The signature.
    pub signature: Signature,
    /// Its key, if it is one.
    pub key: Option<VerifyingKey>,
    /// What is to be thought of it.
    pub judgement: Judgement,
}

impl Default for Signatures {
    fn default() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            signatures: Vec::new(),
        }
    }
}

impl Signatures {
    /// Reads a list as it stands in a file.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let read: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if read.schema != SCHEMA {
            return Err(format!("是 “{}”，这个版本的程序只认得 {SCHEMA}", read.schema));
        }
        Ok(read)
    }
}

fn statement(kind: Kind, data: &[u8], name: &str, role: Role, date: &str) -> Result<Vec<u8>, String> {
    canonical(&Statement {
        schema: STATEMENT,
        kind,
        data: sha256(data),
        name,
        role,
        date,
    })
}

/// Signs data of a file.
pub fn sign(signer: &Signer, kind: Kind, data: &[u8], date: &str) -> Result<Signature, String> {
    let message = statement(kind, data, &signer.name, signer.role, date)?;
    Ok(Signature {
        name: signer.name.clone(),
        role: signer.role,
        date: date.to_owned(),
        key: encode(&signer.public()),
        signature: STANDARD.encode(signer.key.sign(&message).to_bytes()),
    })
}

/// Judges a signature over data of a file by a list of trusted keys.
pub fn judge(signature: &Signature, kind: Kind, data: &[u8], trusted: &[Trusted]) -> Judged {
    let key = decode::<32>(&signature.key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let message = statement(kind, data, &signature.name, signature.role, &signature.date).ok();
    let made = decode::<64>(&signature.signature).map(|bytes| Ed25519::from_bytes(&bytes));
    let valid = match (&key, &message, &made) {
        (Some(key), Some(message), Some(made)) => key.verify_strict(message, made).is_ok(),
        _ => false,
    };
    let judgement = match key.filter(|_| valid) {
        None => Judgement::Invalid,
        Some(key) => trust(signature, &key, trusted),
    };
    Judged {
        signature: signature.clone(),
        key,
        judgement,
    }
}

fn trust(signature: &Signature, key: &VerifyingKey, trusted: &[Trusted]) -> Judgement {
    let mut why = "名单里没有这把密钥".to_owned();
    for entry in trusted.iter().filter(|entry| entry.key == *key) {
        let date = signature.date.as_str();
        if entry.name != signature.name || entry.role != signature.role {
            why = format!("名单里这把密钥属于 {}（{}）", entry.name, entry.role.label());
        } else if entry.from.as_deref().is_some_and(|from| date < from) {
            why = format!("名单里这把密钥从 {} 起有效", entry.from.as_deref().unwrap_or_default());
        } else if entry.until.as_deref().is_some_and(|until| date > until) {
            why = format!(
                "名单里这把密钥到 {} 为止有效",
                entry.until.as_deref().unwrap_or_default()
            );
        } else {
            return Judgement::Trusted;
        }
    }
    Judgement::Untrusted(why)
}

/// Exactly the one way of writing so many bytes: no two texts stand for one signature.
fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes: [u8; N] = STANDARD.decode(text).ok()?.try_into().ok()?;
    (STANDARD.encode(bytes) == text).then_some(bytes)
}
