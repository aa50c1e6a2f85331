//! Why something may not happen. The sentences live in the locale files, under `refusal-` and the name.

use crate::id::{RequestId, UserId};
use crate::length::BadLength;
use crate::request::Verdict;

/// Why something may not happen.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", self.name())]
pub enum Refusal {
    /// The request has ended; nothing more can happen to it.
    Closed,
    /// Somebody else has already answered (I8).
    AlreadyDecided {
        /// Who.
        by: UserId,
        /// What they said.
        verdict: Verdict,
    },
    /// The request changed after it was shown (I2, T7).
    StaleDigest,
    /// The entitlement was redefined after the request was filed (T6).
    Redefined,
    /// Nobody answers his own request or one that is for him (I4).
    OwnRequest,
    /// The actor is not among those whose turn it is.
    NotAnApprover,
    /// The actor may not do this.
    NotAllowed,
    /// The actor's account is inactive.
    Inactive,
    /// A comment is required here (S2-23).
    CommentRequired,
    /// A reason is required here (S2-11).
    JustificationRequired,
    /// Not offered to the subject, or not at all (S3-3, S3-7).
    NotRequestable,
    /// The actor may not request for this person (S3-9).
    NotForOthers,
    /// The person the access is for is inactive.
    SubjectInactive,
    /// An open request for the same thing exists.
    DuplicateRequest {
        /// Which.
        request: RequestId,
        /// Its number.
        number: i64,
    },
    /// The length is not allowed.
    BadLength(BadLength),
    /// No policy decides this, so nobody could approve it.
    NoPolicy,
    /// Access is being put in place at this moment.
    Busy,
    /// The edit changes nothing.
    NothingChanged,
    /// Another app's entitlement.
    OtherApp,
    /// The time for which access was asked for is over.
    WindowOver,
    /// The report is about an operation that is no longer wanted (I25).
    Overtaken,
    /// The access has already ended or is being removed.
    AlreadyEnding,
}

impl Refusal {
    /// Its name in the locale files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::AlreadyDecided { .. } => "already-decided",
            Self::StaleDigest => "stale-digest",
            Self::Redefined => "redefined",
            Self::OwnRequest => "own-request",
            Self::NotAnApprover => "not-an-approver",
            Self::NotAllowed => "not-allowed",
            Self::Inactive => "inactive",
            Self::CommentRequired => "comment-required",
            Self::JustificationRequired => "justification-required",
            Self::NotRequestable => "not-requestable",
            Self::NotForOthers => "not-for-others",
            Self::SubjectInactive => "subject-inactive",
            Self::DuplicateRequest { .. } => "duplicate-request",
            Self::BadLength(bad) => match bad {
                BadLength::TooLong(_) => "length-too-long",
                BadLength::NotUnlimited(_) => "length-not-unlimited",
                BadLength::NotPreset => "length-not-preset",
                BadLength::EndsTooSoon => "length-ends-too-soon",
                BadLength::BadStart => "length-bad-start",
            },
            Self::NoPolicy => "no-policy",
            Self::Busy => "busy",
            Self::NothingChanged => "nothing-changed",
            Self::OtherApp => "other-app",
            Self::WindowOver => "window-over",
            Self::Overtaken => "overtaken",
            Self::AlreadyEnding => "already-ending",
        }
    }
}
