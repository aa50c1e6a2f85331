//! One process owns a data folder.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::Path,
    sync::Arc,
};

use crate::error::StoreError;

/// The file whose lock is the ownership of its folder.
const FILE: &str = "keyfob.lock";

/// Ownership of a data folder. It ends when this is dropped, or with the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the folder, or says at once who cannot have it. Makes the folder when `create` says so.
    ///
    /// # Errors
    /// When another process owns the folder, or it cannot be made or written.
    pub fn take(folder: &Path, create: bool) -> Result<Self, StoreError> {
        let unusable = |source: io::Error| StoreError::Folder { folder: folder.to_owned(), source: Arc::new(source) };
        if create {
            make(folder).map_err(unusable)?;
        }
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(FILE)).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { folder: folder.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }
}

/// Makes the folder for this user alone: it will hold the directory of a company.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
