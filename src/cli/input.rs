//! Files and standard input, read in pieces.

use super::{Failure, exit};
use bytes::BufMut;
use std::path::Path;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes read at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// A file, or standard input for `-`.
pub(super) struct Input {
    reader: Box<dyn AsyncRead + Send + Unpin>,
    /// Length, where it is known.
    pub(super) bytes: Option<u64>,
}

impl Input {
    pub(super) async fn open(path: &Path) -> Result<Input, Failure> {
        if path == Path::new("-") {
            return Ok(Input { reader: Box::new(tokio::io::stdin()), bytes: None });
        }
        let file = tokio::fs::File::open(path).await.map_err(|error| unreadable(path, error))?;
        let bytes = file.metadata().await.ok().map(|metadata| metadata.len());
        Ok(Input { reader: Box::new(file), bytes })
    }

    /// The next piece; `None` at the end.
    pub(super) async fn chunk(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        // What has arrived is enough: a pipe may be slow.
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        let read = self.reader.read_buf(&mut (&mut chunk).limit(CHUNK_BYTES)).await?;
        Ok((read > 0).then_some(chunk))
    }
}

/// All of a file, or of standard input for `-`.
pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| unreadable(path, error))
}

pub(super) fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Failure::new(exit::INPUT, anyhow::Error::from(error).context(path.display().to_string()))
}
