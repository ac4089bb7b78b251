//! Keys and whom they are trusted to belong to: three small YAML files.
//!
//! | file | schema | who has it |
//! |---|---|---|
//! | `名字.key` | `qizhen/private-key/1` | the signer alone |
//! | `名字.pub` | `qizhen/public-key/1` | everybody |
//! | `trust.yaml` | `qizhen/trust/1` | whoever checks: the public keys that they believe, with dates |

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::sha256;
use crate::catalog::Broken;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::shape::{self, Each};
use crate::source::yaml::{Data, Node};
use crate::source::{At, SourceMap, yaml};

/// First line of a private key.
pub const PRIVATE: &str = "qizhen/private-key/1";
/// First line of a public key.
pub const PUBLIC: &str = "qizhen/public-key/1";
/// First line of a list of trusted keys.
pub const TRUST: &str = "qizhen/trust/1";

/// In what capacity somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Role {
    /// Who examined on site.
    #[serde(rename = "诊断单位")]
    Assessor,
    /// Who was examined.
    #[serde(rename = "企业")]
    Enterprise,
    /// Who offers services.
    #[serde(rename = "服务商")]
    Provider,
    /// Who supports enterprises for the authorities.
    #[serde(rename = "赋能中心")]
    Centre,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Role::Assessor, Role::Enterprise, Role::Provider, Role::Centre];

    /// The role of this name.
    pub fn named(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.label() == label)
    }

    /// The word people use.
    pub fn label(self) -> &'static str {
        match self {
            Role::Assessor => "诊断单位",
            Role::Enterprise => "企业",
            Role::Provider => "服务商",
            Role::Centre => "赋能中心",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrivateFile {
    #[allow(dead_code)]
    schema: String,
    name: At<String>,
    role: Role,
    key: At<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicFile {
    #[allow(dead_code)]
    schema: String,
    name: At<String>,
    role: Role,
    key: At<String>,
}

/// A list of trusted keys as written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustFile {
    /// Always [`TRUST`].
    #[schemars(extend("const" = TRUST))]
    #[allow(dead_code)]
    schema: String,
    /// The keys.
    keys: Each<TrustedFile>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TrustedFile {
    /// Whose key it is.
    name: At<String>,
    /// In what capacity they sign.
    role: Role,
    /// The public key, as in the `.pub` file.
    key: At<String>,
    /// First day on which a signature counts.
    #[serde(default)]
    from: Option<At<String>>,
    /// Last day on which a signature counts.
    #[serde(default)]
    until: Option<At<String>>,
}

/// A key to sign with.
pub struct Signer {
    /// Whose it is.
    pub name: String,
    /// In what capacity they sign.
    pub role: Role,
    pub(super) key: SigningKey,
}

/// A key that is believed to belong to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// Whose it is.
    pub name: String,
    /// In what capacity they sign.
    pub role: Role,
    /// The key.
    pub key: VerifyingKey,
    /// First day on which a signature counts.
    pub from: Option<String>,
    /// Last day on which a signature counts.
    pub until: Option<String>,
}

impl Signer {
    /// A new key; fails only where the system has no randomness.
    pub fn new(name: &str, role: Role) -> Result<Self, String> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| format!("取不到随机数：{error}"))?;
        Ok(Self {
            name: name.to_owned(),
            role,
            key: SigningKey::from_bytes(&seed),
        })
    }

    /// Reads a private key.
    pub fn read(file: &str, text: &str) -> Result<Self, Broken> {
        read(file, text, |node, problems| {
            let read: PrivateFile = checked(node, PRIVATE, problems)?;
            let seed = bytes(&read.key, problems);
            named(&read.name, problems);
            Some(Self {
                name: read.name.value,
                role: read.role,
                key: SigningKey::from_bytes(&seed?),
            })
        })
    }

    /// The private file.
    pub fn private_file(&self) -> String {
        format!(
            "# 企诊签名私钥：没有密码保护，谁拿到都能以这个名义签名。不要外传，不要放进邮件和网盘。\nschema: {PRIVATE}\n{}key: {}\n",
            self.who(),
            STANDARD.encode(self.key.to_bytes())
        )
    }

    /// The public file.
    pub fn public_file(&self) -> String {
        format!(
            "# 企诊签名公钥：可以公开。核对的人用 qizhen verify 报告 --trust 这个文件。\nschema: {PUBLIC}\n{}key: {}\n",
            self.who(),
            encode(&self.key.verifying_key())
        )
    }

    /// The key by which signatures of this one are checked.
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    fn who(&self) -> String {
        // A JSON string is a YAML string, whatever it holds.
        format!(
            "name: {}\nrole: {}\n",
            serde_json::Value::from(self.name.as_str()),
            self.role.label()
        )
    }
}

impl Trusted {
    /// Reads a list of trusted keys, or one public key.
    pub fn read(file: &str, text: &str) -> Result<Vec<Self>, Broken> {
        read(file, text, |node, problems| {
            if matches!(node.get("schema").map(|schema| &schema.data), Some(Data::Str(schema)) if schema == PUBLIC) {
                let read: PublicFile = checked(node, PUBLIC, problems)?;
                let entry = TrustedFile {
                    name: read.name,
                    role: read.role,
                    key: read.key,
                    from: None,
                    until: None,
                };
                return Some(vec![Self::entry(entry, problems)?]);
            }
            let read: TrustFile = checked(node, TRUST, problems)?;
            let entries = read.keys.0.into_iter();
            Some(entries.filter_map(|entry| Self::entry(entry, problems)).collect())
        })
    }

    fn entry(read: TrustedFile, problems: &mut Vec<Diagnostic>) -> Option<Self> {
        named(&read.name, problems);
        let day = |day: Option<At<String>>, problems: &mut Vec<Diagnostic>| {
            let day = day?;
            if day.parse::<jiff::civil::Date>().is_err() || day.len() != 10 {
                let message = format!("“{}” 不是日期，应写作 2026-11-20", day.value);
                problems.push(Diagnostic::error(Code::BadDate, day.span, message));
            }
            Some(day.value)
        };
        let (from, until) = (day(read.from, problems), day(read.until, problems));
        let seed = bytes(&read.key, problems)?;
        match VerifyingKey::from_bytes(&seed) {
            Ok(key) => Some(Self {
                name: read.name.value,
                role: read.role,
                key,
                from,
                until,
            }),
            Err(_) => {
                problems.push(wrong_key(&read.key));
                None
            }
        }
    }
}

/// A public key as text.
pub fn encode(key: &VerifyingKey) -> String {
    STANDARD.encode(key.to_bytes())
}

/// A key in a few digits, for people to read out to each other.
pub fn fingerprint(key: &VerifyingKey) -> String {
    let digest = sha256(key.as_bytes());
    let groups: Vec<&str> = (0..16).step_by(4).filter_map(|at| digest.get(at..at + 4)).collect();
    groups.join(" ")
}

fn read<T>(
    name: &str,
    text: &str,
    understand: impl FnOnce(&Node, &mut Vec<Diagnostic>) -> Option<T>,
) -> Result<T, Broken> {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    let mut problems = Vec::new();
    let found = match yaml::parse(file, text) {
        Ok(node) => understand(&node, &mut problems),
        Err(found) => {
            problems.extend(found);
            None
        }
    };
    diagnostic::sort(&mut problems);
    match found {
        Some(found) if !diagnostic::has_errors(&problems) => Ok(found),
        _ => Err(Broken { problems, sources }),
    }
}

fn checked<T: DeserializeOwned>(node: &Node, schema: &str, problems: &mut Vec<Diagnostic>) -> Option<T> {
    if let Err(problem) = yaml::expect_schema(node, schema) {
        problems.push(problem);
        return None;
    }
    shape::read(node, problems)
}

fn named(name: &At<String>, problems: &mut Vec<Diagnostic>) {
    if let Err(why) = check_name(name) {
        problems.push(Diagnostic::error(Code::WrongType, name.span, why));
    }
}

/// Whether a name can stand in a signature: something, in one line, not endless.
pub fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("签名人的名称不能为空".to_owned());
    }
    if name.chars().any(char::is_control) || name.chars().count() > 100 {
        return Err("签名人的名称应是一行字，不超过 100 字".to_owned());
    }
    Ok(())
}

fn bytes(key: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<[u8; 32]> {
    let bytes = STANDARD.decode(key.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    if bytes.is_none() {
        problems.push(wrong_key(key));
    }
    bytes
}

fn wrong_key(key: &At<String>) -> Diagnostic {
    Diagnostic::error(Code::WrongType, key.span, "这不是密钥")
        .hint("密钥是 44 个字符的 Base64，以 = 结尾；从 qizhen key new 写出的 .pub 文件里整行复制")
}
