//! What is made of files and made anew when they change, without a restart.
//!
//! The files are read every few seconds and compared by their digests. That needs no signal, which
//! nobody can send into most containers, and it sees what times of modification do not: a mounted
//! secret changes by a link being swapped. What cannot be made of the new files is told once, and
//! the old stays.

use super::config::ConfigError;
use ring::digest::{Context, SHA256};
use std::convert::Infallible;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Bytes that a file of certificates or of access may have.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Files, and what is made of them.
pub trait Source: fmt::Debug + PartialEq + Send + Sync + 'static {
    /// What is made.
    type Made: Send + Sync + 'static;

    /// Setting and path of each file.
    fn files(&self) -> Vec<(&'static str, &Path)>;

    /// Makes it of the contents of the files, in the order of [`Source::files`].
    ///
    /// # Errors
    /// Contents that are not what they should be. The error names the setting, and no secret.
    fn make(&self, contents: &[Vec<u8>]) -> Result<Self::Made, ConfigError>;
}

/// The newest that could be made. Clones share it.
pub struct Kept<S: Source> {
    source: Arc<S>,
    made: Arc<watch::Sender<Arc<S::Made>>>,
    digest: Digest,
}

type Digest = [u8; 32];

impl<S: Source> Kept<S> {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// A file that cannot be read, or whose contents are not what they should be.
    pub(super) fn read(source: S) -> Result<Kept<S>, ConfigError> {
        let (contents, digest) = read(&source)?;
        let made = Arc::new(source.make(&contents)?);
        let (made, _) = watch::channel(made);
        Ok(Kept { source: Arc::new(source), made: Arc::new(made), digest })
    }

    /// The newest.
    pub(super) fn now(&self) -> Arc<S::Made> {
        Arc::clone(&self.made.borrow())
    }

    /// Looks at the files again and again.
    pub(super) async fn follow(self, interval: Duration) -> Infallible {
        let mut current = self.digest;
        let mut told = None;
        loop {
            tokio::time::sleep(interval).await;
            let source = Arc::clone(&self.source);
            let looked = tokio::task::spawn_blocking(move || look(&*source, current)).await;
            // A panic of the look is a mistake of ours; the old stays.
            match looked {
                Ok(Ok(Some((made, digest)))) => {
                    self.made.send_replace(Arc::new(made));
                    (current, told) = (digest, None);
                    tracing::info!(files = ?self.source, "files were read again");
                }
                Ok(Ok(None)) => told = None,
                Ok(Err(error)) if told.as_ref() != Some(&error) => {
                    tracing::warn!(%error, "changed files are not taken; the old ones stay");
                    told = Some(error);
                }
                Ok(Err(_)) | Err(_) => {}
            }
        }
    }
}

/// What is made of the files, if they are others than those of `current`.
fn look<S: Source>(source: &S, current: Digest) -> Result<Option<(S::Made, Digest)>, ConfigError> {
    let (contents, digest) = read(source)?;
    if digest == current {
        return Ok(None);
    }
    Ok(Some((source.make(&contents)?, digest)))
}

/// The contents of all files, and one digest of them.
fn read<S: Source>(source: &S) -> Result<(Vec<Vec<u8>>, Digest), ConfigError> {
    let mut context = Context::new(&SHA256);
    let mut contents = Vec::new();
    for (setting, path) in source.files() {
        let refused = |why: String| ConfigError::new(setting, format!("{}: {why}", path.display()));
        let mut content = Vec::new();
        let file = std::fs::File::open(path).map_err(|error| refused(error.to_string()))?;
        file.take(FILE_BYTES_MAX + 1)
            .read_to_end(&mut content)
            .map_err(|error| refused(error.to_string()))?;
        if content.len() as u64 > FILE_BYTES_MAX {
            return Err(refused(format!("it is longer than {FILE_BYTES_MAX} bytes")));
        }
        context.update(&(content.len() as u64).to_be_bytes());
        context.update(&content);
        contents.push(content);
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    Ok((contents, digest))
}

impl<S: Source> Clone for Kept<S> {
    fn clone(&self) -> Kept<S> {
        let (source, made) = (Arc::clone(&self.source), Arc::clone(&self.made));
        Kept { source, made, digest: self.digest }
    }
}

impl<S: Source> PartialEq for Kept<S> {
    /// Two settings are the same where they name the same files.
    fn eq(&self, other: &Kept<S>) -> bool {
        self.source == other.source
    }
}

impl<S: Source> fmt::Debug for Kept<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}
