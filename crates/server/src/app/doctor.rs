//! What an operator asks: is the log whole, and do the rows say what the log says.

use audit::verify::{Finding, Report};
use store::doctor::Diagnosis;

use super::App;
use super::error::Outcome;

impl App {
    /// Folds the log and compares with every row (I21).
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn doctor(&self) -> Outcome<Diagnosis> {
        Ok(store::doctor::check(&self.reader).await?)
    }

    /// Recomputes every leaf, text and the root.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn verify_log(&self) -> Outcome<Result<Report, Finding>> {
        Ok(store::log::verify(&self.reader).await?)
    }
}
