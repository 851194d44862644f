//! Who may call what: a TOML file of clients, told by bearer tokens or by their certificates.

use super::config::ConfigError;
use super::kept::Source;
use super::tls::Identity;
use crate::wire;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use subtle::ConstantTimeEq;

const ACCESS: &str = "access";

/// What everybody may call where the file does not say it: probes have no token.
const ANONYMOUS: &str = "grpc.health.v1.Health/*";

/// Services that are not in our descriptor set.
const OTHER_SERVICES: [&str; 2] = [
    "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// The file of access.
#[derive(Debug, PartialEq, Eq)]
pub struct AccessFile(PathBuf);

impl AccessFile {
    pub(super) fn new(path: PathBuf) -> AccessFile {
        AccessFile(path)
    }
}

impl Source for AccessFile {
    type Made = Access;

    fn files(&self) -> Vec<(&'static str, &Path)> {
        vec![(ACCESS, &self.0)]
    }

    fn make(&self, contents: &[Vec<u8>]) -> Result<Access, ConfigError> {
        let text = contents.first().map_or(&[][..], Vec::as_slice);
        Access::read(text)
            .map_err(|why| ConfigError::new(ACCESS, format!("{}: {why}", self.0.display())))
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sheet {
    anonymous: Option<Vec<String>>,
    #[serde(default)]
    client: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    name: String,
    #[serde(default)]
    tokens_sha256: Vec<String>,
    #[serde(default)]
    certificates: Vec<String>,
    methods: Vec<String>,
}

/// Who may call what.
pub struct Access {
    anonymous: Methods,
    clients: Vec<Client>,
}

struct Client {
    name: Arc<str>,
    tokens: Vec<[u8; 32]>,
    certificates: Vec<String>,
    methods: Methods,
}

/// Methods by pattern: `*`, `package.Service/*`, `package.Service/Method`.
struct Methods(Vec<String>);

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It came with nothing that says who calls.
    Nobody,
    /// What it came with is nobody's.
    Unknown,
    /// Who calls is known, and may not.
    NotAllowed,
}

impl Access {
    fn read(text: &[u8]) -> Result<Access, String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is no UTF-8".to_owned())?;
        // The error alone: with its line of the file it might show a token that was put there.
        let sheet: Sheet = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or("").matches('\n').count() + 1;
            format!("line {line}: {}", error.message())
        })?;
        let anonymous = sheet.anonymous.unwrap_or_else(|| vec![ANONYMOUS.to_owned()]);
        let anonymous = Methods::read(anonymous).map_err(|why| format!("anonymous: {why}"))?;
        let clients: Result<Vec<Client>, String> =
            sheet.client.into_iter().map(Client::read).collect();
        let clients = clients?;
        let mut seen = HashSet::new();
        for client in &clients {
            let name = &*client.name;
            let twice = |what: &str| Err(format!("client {name:?}: {what} stands in it twice"));
            if !seen.insert(name.as_bytes().to_vec()) {
                return twice("this name");
            }
            if client.tokens.iter().any(|token| !seen.insert(token.to_vec())) {
                return twice("one of its tokens-sha256");
            }
            if client.certificates.iter().any(|name| !seen.insert(format!("\0{name}").into())) {
                return twice("one of its certificates");
            }
        }
        Ok(Access { anonymous, clients })
    }

    /// Who calls, where that is known and allowed. `method` is `package.Service/Method`.
    pub(super) fn judge(
        &self,
        method: &str,
        token: Option<&[u8]>,
        identity: Option<&Identity>,
    ) -> Result<Option<Arc<str>>, Refused> {
        if self.anonymous.hold(method) {
            return Ok(None);
        }
        let client = match (token, identity) {
            (Some(token), _) => self.of_token(token).ok_or(Refused::Unknown)?,
            (None, Some(identity)) => self.of_identity(identity).ok_or(Refused::Unknown)?,
            (None, None) => return Err(Refused::Nobody),
        };
        if !client.methods.hold(method) {
            return Err(Refused::NotAllowed);
        }
        Ok(Some(Arc::clone(&client.name)))
    }

    /// Looks at every token, for as long, whether one was found or not.
    fn of_token(&self, token: &[u8]) -> Option<&Client> {
        let given = digest(&SHA256, token);
        let mut found = None;
        for client in &self.clients {
            for known in &client.tokens {
                if given.as_ref().ct_eq(known).into() {
                    found = Some(client);
                }
            }
        }
        found
    }

    fn of_identity(&self, identity: &Identity) -> Option<&Client> {
        let theirs =
            |client: &&Client| client.certificates.iter().any(|name| identity.names.contains(name));
        self.clients.iter().find(theirs)
    }
}

impl fmt::Debug for Access {
    /// The names of the clients, nothing of what they are told by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clients.iter().map(|client| &client.name)).finish()
    }
}

impl Client {
    fn read(entry: Entry) -> Result<Client, String> {
        let Entry { name, tokens_sha256, certificates, methods } = entry;
        let refused = |why: String| format!("client {name:?}: {why}");
        if name.is_empty() || name.len() > 64 || name.chars().any(char::is_control) {
            return Err(refused("a name has 1 to 64 bytes and no control characters".to_owned()));
        }
        if tokens_sha256.is_empty() && certificates.is_empty() {
            return Err(refused("it has neither tokens-sha256 nor certificates".to_owned()));
        }
        if certificates.iter().any(String::is_empty) {
            return Err(refused("certificates: a name is empty".to_owned()));
        }
        let mut tokens = Vec::new();
        for (number, text) in tokens_sha256.iter().enumerate() {
            let token = hexadecimal(text).ok_or_else(|| {
                let why = "is not the SHA-256 of a token in 64 hexadecimal digits";
                refused(format!("tokens-sha256[{number}] {why}"))
            })?;
            tokens.push(token);
        }
        let methods = Methods::read(methods).map_err(|why| refused(format!("methods: {why}")))?;
        Ok(Client { name: name.into(), tokens, certificates, methods })
    }
}

fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != 32 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        *byte = u8::try_from(digit(high)? << 4 | digit(low)?).ok()?;
    }
    Some(bytes)
}

impl Methods {
    /// Refuses what names nothing that is served: it would never hold, and nobody would know.
    fn read(patterns: Vec<String>) -> Result<Methods, String> {
        let known: Vec<String> =
            wire::methods().into_iter().chain(OTHER_SERVICES.map(str::to_owned)).collect();
        for pattern in &patterns {
            if !known.iter().any(|method| matches(pattern, method)) {
                return Err(format!(
                    "{pattern:?} names nothing that is served; it looks like *, \
                     cesura.v1.SegmentationService/* or \
                     cesura.v1.SegmentationService/DetectLanguage"
                ));
            }
        }
        Ok(Methods(patterns))
    }

    fn hold(&self, method: &str) -> bool {
        self.0.iter().any(|pattern| matches(pattern, method))
    }
}

fn matches(pattern: &str, method: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(service) => {
            let rest = service.ends_with('/').then(|| method.strip_prefix(service)).flatten();
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
        }
        None => pattern == method,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: &str = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9";
    const DETECT: &str = "cesura.v1.SegmentationService/DetectLanguage";

    /// A file in which the token `0` and a certificate may do different things.
    fn access() -> Result<Access, String> {
        Access::read(
            format!(
                "[[client]]\nname = \"a\"\ntokens-sha256 = [\"{ZERO}\"]\n\
                 methods = [\"{DETECT}\"]\n\
                 [[client]]\nname = \"b\"\ncertificates = [\"spiffe://x/b\"]\n\
                 methods = [\"cesura.v1.AlignmentService/*\"]\n"
            )
            .as_bytes(),
        )
    }

    #[test]
    fn patterns_hold_for_whole_names_only() {
        assert!(matches("*", "a.B/C") && matches("a.B/*", "a.B/C") && matches("a.B/C", "a.B/C"));
        for pattern in ["a.B*", "a.*", "a.B/C*", "a.B/D", "a.B", "", "/*", "a.B/**"] {
            assert!(!matches(pattern, "a.B/C"), "{pattern}");
        }
        assert!(!matches("a.B/*", "a.B/C/D") && !matches("a.B/*", "a.B/"));
    }

    #[test]
    fn clients_are_told_by_token_or_certificate() -> Result<(), String> {
        let access = access()?;
        let judge = |method: &str, token: Option<&[u8]>, names: Option<&str>| {
            let identity = names.map(|name| Identity { names: vec![name.to_owned()] });
            access
                .judge(method, token, identity.as_ref())
                .map(|name| name.map(|name| name.to_string()))
        };
        assert_eq!(judge(DETECT, Some(b"0"), None), Ok(Some("a".to_owned())));
        assert_eq!(judge(DETECT, Some(b"1"), None), Err(Refused::Unknown));
        assert_eq!(judge(DETECT, Some(b""), None), Err(Refused::Unknown));
        assert_eq!(judge(DETECT, None, None), Err(Refused::Nobody));
        assert_eq!(judge(DETECT, None, Some("spiffe://x/b")), Err(Refused::NotAllowed));
        assert_eq!(judge(DETECT, None, Some("spiffe://x/c")), Err(Refused::Unknown));
        let align = "cesura.v1.AlignmentService/AlignTexts";
        assert_eq!(judge(align, None, Some("spiffe://x/b")), Ok(Some("b".to_owned())));
        // A token that is wrong is not made good by a certificate.
        assert_eq!(judge(align, Some(b"1"), Some("spiffe://x/b")), Err(Refused::Unknown));
        assert_eq!(judge("grpc.health.v1.Health/Check", None, None), Ok(None));
        Ok(())
    }

    #[test]
    fn a_file_that_would_not_do_what_it_says_is_refused_and_shows_no_token() {
        let client = |rest: &str| format!("[[client]]\nname = \"a\"\n{rest}");
        let token = format!("tokens-sha256 = [\"{ZERO}\"]\n");
        for (text, why) in [
            (client("methods = [\"*\"]"), "neither"),
            (client("tokens-sha256 = [\"geheim\"]\nmethods = [\"*\"]"), "64 hexadecimal"),
            (client("tokens-sha256 = [\"geheim\n"), "line 3"),
            (client("token = \"geheim\"\nmethods = []"), "line 3: unknown field"),
            (client(&format!("{token}methods = [\"cesura.v1.Nothing/*\"]")), "nothing"),
            (
                client(&format!(
                    "{token}methods = []\n[[client]]\nname = \"b\"\n{token}methods=[]"
                )),
                "twice",
            ),
            ("anonymous = [\"grpc.health\"]".to_owned(), "anonymous: "),
        ] {
            let said = Access::read(text.as_bytes()).err().unwrap_or_default();
            assert!(said.contains(why) && !said.contains("geheim"), "{text}: {said}");
        }
    }
}
