//! Reading: any number at once, and no way to change anything.

use std::sync::Arc;

use crate::{
    error::StoreError,
    head::{BEGIN_READ, ReadRow, TimeSource},
    link::Pool,
    lock::Lock,
    tx::Tx,
};

/// Hands out read-only transactions. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    shared: Arc<Shared>,
}

struct Shared {
    pool: Pool,
    time: TimeSource,
    node: Arc<str>,
    /// The folder stays ours for as long as anybody reads from it.
    _lock: Option<Arc<Lock>>,
}

impl Reader {
    pub(crate) fn new(pool: Pool, time: TimeSource, node: Arc<str>, lock: Option<Arc<Lock>>) -> Self {
        Self { shared: Arc::new(Shared { pool, time, node, _lock: lock }) }
    }

    /// Runs `work` on one moment of the database: everything it reads is of the same state. A statement that would change
    /// something fails.
    ///
    /// # Errors
    /// What `work` answers; or that the database cannot be reached, or that all connections are busy.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Tx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let _permit = self.shared.pool.permit().await?;
        let mut tx = self.begin().await?;
        let result = work(&mut tx).await;
        // Somebody who is cut short before this drops the connection, and the transaction with it.
        if !tx.is_broken
            && let Err(error) = self.shared.pool.end(tx.link, "rollback").await
        {
            tracing::debug!(%error, "a reading did not end cleanly");
        }
        result
    }

    async fn begin(&self) -> Result<Tx, StoreError> {
        let Shared { pool, time, node, .. } = &*self.shared;
        let (link, row) = pool.begin::<ReadRow>(BEGIN_READ).await?;
        let (high_water, version, clock) = row.ok_or(StoreError::Corrupt { what: "log head" })?;
        let moment = time.moment(high_water, clock);
        Ok(Tx::new(link, None, moment, version, Arc::clone(node)))
    }

    pub(crate) async fn close(&self) {
        self.shared.pool.close().await;
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
