//! Origins of pages (RFC 6454), as settings name them and as browsers send them.

use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// One value of the setting `grpc-web-origins`: an origin such as `https://cat.example`, or `*`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

/// A value that no browser sends as an origin. Says what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub struct OriginError(String);

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for OriginError {}

impl FromStr for Origin {
    type Err = OriginError;

    /// Reads `scheme://host` or `scheme://host:port`; letters may be capitals.
    fn from_str(text: &str) -> Result<Origin, OriginError> {
        let refused = |why: &str| Err(OriginError(format!("{text:?} is no origin: {why}")));
        if text == "*" {
            return Ok(Origin(text.to_owned()));
        }
        if text == "null" {
            return refused("every file and every sandboxed frame is `null`, whoever made it");
        }
        let Some((scheme, place)) = text.split_once("://") else {
            return refused("it looks like https://cat.example or http://localhost:8080");
        };
        let named = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(named) {
            return refused("the scheme before :// is not one");
        }
        if place.contains(['/', '?', '#']) {
            return refused("it ends with the host or the port, without a slash or a path");
        }
        // Browsers send names in other scripts as `xn--…`.
        if place.is_empty() || !place.chars().all(|c| c.is_ascii_graphic() && !"@*,\"".contains(c))
        {
            return refused("the host is not one; names in other scripts are written as xn--…");
        }
        let text = text.to_ascii_lowercase();
        let usual = (text.starts_with("http://") && text.ends_with(":80"))
            || (text.starts_with("https://") && text.ends_with(":443"));
        if usual {
            return refused("browsers leave the usual port of the scheme out");
        }
        Ok(Origin(text))
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Origin, OriginError> {
        text.parse()
    }
}

/// Whose pages may call by gRPC-Web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Those of these origins; of none where there are none. Callers that are no page send no
    /// origin and may call.
    Listed(Vec<Origin>),
    /// Those of any.
    Any,
}

impl Origins {
    /// Origins of a setting, where `*` stands alone.
    ///
    /// # Errors
    /// `*` beside others.
    pub(super) fn new(given: Vec<Origin>) -> Result<Origins, OriginError> {
        if !given.iter().any(|origin| origin.0 == "*") {
            return Ok(Origins::Listed(given));
        }
        match given.len() {
            1 => Ok(Origins::Any),
            _ => Err(OriginError("`*` allows every origin: leave the others out".to_owned())),
        }
    }

    /// Whether pages of `origin`, which is the header of a browser, may call.
    pub(super) fn allow(&self, origin: &[u8]) -> bool {
        match self {
            Origins::Any => true,
            Origins::Listed(listed) => listed.iter().any(|allowed| allowed.0.as_bytes() == origin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_what_browsers_send() {
        for good in [
            "https://cat.example",
            "http://localhost:8080",
            "http://[::1]:80800",
            "chrome-extension://abcdef",
            "http://a.example:8080",
        ] {
            assert_eq!(good.parse(), Ok(Origin(good.to_owned())));
        }
        let read: Result<Origin, _> = "HTTPS://Cat.Example:8443".parse();
        assert_eq!(read, Ok(Origin("https://cat.example:8443".to_owned())));
        for (bad, why) in [
            ("null", "sandboxed"),
            ("cat.example", "looks like"),
            ("https://cat.example/", "without a slash"),
            ("https://città.example", "xn--"),
            ("https://*.cat.example", "host"),
            ("https://cat.example:443", "usual port"),
            ("http://cat.example:80", "usual port"),
            ("://cat.example", "scheme"),
            ("https://", "host"),
        ] {
            let read: Result<Origin, _> = bad.parse();
            let said = read.map_or_else(|error| error.to_string(), |_| "good".to_owned());
            assert!(said.contains(why), "{bad}: {said}");
        }
    }

    #[test]
    fn any_origin_has_to_be_said_alone() -> Result<(), OriginError> {
        assert_eq!(Origins::new(vec!["*".parse()?]), Ok(Origins::Any));
        assert!(Origins::new(vec!["*".parse()?, "https://a.example".parse()?]).is_err());
        let listed = Origins::new(vec!["https://a.example".parse()?])?;
        assert!(listed.allow(b"https://a.example"));
        for foreign in ["https://a.example.evil.example", "http://a.example", "null", ""] {
            assert!(!listed.allow(foreign.as_bytes()), "{foreign}");
        }
        Ok(())
    }
}
