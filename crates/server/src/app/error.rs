//! What can go wrong with a use case, once for every door.

use domain::Refusal;
use domain::id::RequestId;
use store::StoreError;

/// What a use case answers.
pub type Outcome<T> = Result<T, AppError>;

/// One field that is not taken, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    /// Such as `items[0].duration`.
    pub field: String,
    /// A sentence that says what to do.
    pub message: String,
}

impl Field {
    /// A field with the sentence behind `key`.
    #[must_use]
    pub fn new(field: &str, message: String) -> Self {
        Self { field: field.to_owned(), message }
    }
}

/// What can go wrong with a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The rules say no.
    #[error("refused: {refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The request it is about.
        request: Option<RequestId>,
    },
    /// What came in is not well formed.
    #[error("{} fields are not taken", .0.len())]
    Invalid(Vec<Field>),
    /// There is no such thing, or the caller may not see it (T10).
    #[error("no such thing, or not for this caller")]
    NotFound,
    /// The caller's roles do not allow it.
    #[error("not allowed")]
    Forbidden,
    /// Nobody is signed in.
    #[error("not signed in")]
    NotSignedIn,
    /// The idempotency key came before with another body (I18).
    #[error("the idempotency key came before with another body")]
    ReusedKey,
    /// Our fault.
    #[error("internal")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// Something that is our fault; its cause is logged once, at the door.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }

    /// One field that is not taken.
    #[must_use]
    pub fn field(field: &str, message: String) -> Self {
        Self::Invalid(vec![Field::new(field, message)])
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal, request: None }
    }
}

/// An error with everything that caused it, in one line for the log.
#[must_use]
pub fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
