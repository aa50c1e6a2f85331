//! Checks a whole log again, leaf by leaf, and names the first one that is not as it was written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    canonical, commitment,
    hash::Hash,
    leaf::{self, DecodeError, Header},
    tree::Frontier,
};

/// A leaf as it was kept, with the texts beside it that have not been erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The index it was kept under.
    pub sequence: u64,
    /// The header's text.
    pub header: String,
    /// The body's text.
    pub body: String,
    /// The leaf hash it was kept with.
    pub leaf: Hash,
    /// The texts its body has commitments to; erased ones are absent.
    pub texts: Vec<TextRecord>,
}

/// A text kept beside the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRecord {
    /// Where its commitment stands in the body, as [`commitment::field`] writes it.
    pub field: String,
    /// The salt of the commitment.
    pub salt: [u8; 32],
    /// The text itself.
    pub text: String,
}

/// The first thing that is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("leaf {index}: {what}")]
pub struct Finding {
    /// The first leaf that cannot be relied on; all before it are sound.
    pub index: u64,
    /// What is wrong with it.
    pub what: What,
}

/// What can be wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// A leaf is missing, repeated or in another order.
    #[error("in its place stands the leaf kept under index {found}, so leaves are missing, repeated or out of order")]
    OutOfOrder {
        /// The index under which the record was kept.
        found: u64,
    },
    /// Header, body or leaf hash was changed.
    #[error("its header and body hash to {found}, it was kept with {kept}, so one of the three was changed")]
    LeafDiffers {
        /// The hash of the kept header and body.
        found: Hash,
        /// The hash that was kept.
        kept: Hash,
    },
    /// The header is of a format this release does not know.
    #[error("it has format {version}, which this release cannot check: use a newer one")]
    FormatUnknown {
        /// The format it names.
        version: u32,
    },
    /// The header is not RFC 8785 text.
    #[error("its header is not canonical JSON")]
    HeaderNotCanonical,
    /// The header lacks a field or has one of another type.
    #[error("its header lacks a field or has one of the wrong type")]
    HeaderMalformed,
    /// The body is not RFC 8785 text.
    #[error("its body is not canonical JSON")]
    BodyNotCanonical,
    /// The header was written for another index.
    #[error("its header says it was written as leaf {found}, so the log was renumbered")]
    SequenceDiffers {
        /// The index in the header.
        found: u64,
    },
    /// Effective now is before that of the leaf before, in microseconds.
    #[error("its effective time, {found} µs, is before {before} µs, that of the leaf before it")]
    EffectiveNowWentBack {
        /// The time of the leaf before.
        before: i64,
        /// The time of this leaf.
        found: i64,
    },
    /// The epoch is smaller than that of the leaf before.
    #[error("its epoch {found} is smaller than {before}, that of the leaf before it")]
    EpochWentBack {
        /// The epoch of the leaf before.
        before: u64,
        /// The epoch of this leaf.
        found: u64,
    },
    /// A text, its salt or its field was changed.
    #[error("the text kept for {field:?} is not the one its body has the commitment to")]
    TextDiffers {
        /// Where the commitment stands.
        field: String,
    },
    /// A text was added or its field was changed.
    #[error("a text is kept for {field:?}, where its body has no commitment")]
    TextWithoutCommitment {
        /// The field it was kept for.
        field: String,
    },
    /// Two texts for one commitment.
    #[error("more than one text is kept for {field:?}")]
    TextRepeated {
        /// The field they were kept for.
        field: String,
    },
    /// The log ends too early.
    #[error("the log ends before it, though it should have {expected} leaves")]
    Truncated {
        /// The size the log should have.
        expected: u64,
    },
    /// The log goes on where it should have ended.
    #[error("the log goes on with it, though it should have only {expected} leaves")]
    Surplus {
        /// The size the log should have.
        expected: u64,
    },
    /// Every leaf agrees with itself, all together are not the log that was promised. Which leaf was rewritten along with
    /// its hash cannot be known from one root, so none can be relied on.
    #[error(
        "it or a later one was rewritten along with its hash: all leaves together have the root {found}, not {expected}"
    )]
    RootDiffers {
        /// The root the log should have.
        expected: Hash,
        /// The root of the leaves that were read.
        found: Hash,
    },
}

/// What a sound log holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The number of leaves.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// How many leaves there are of each kind.
    pub kinds: BTreeMap<String, u64>,
    /// How many texts beside the log agree with their commitments.
    pub texts_checked: u64,
    /// How many commitments have no text any more.
    pub texts_erased: u64,
}

/// Takes the records of a log one after another, from the first; holds no more than the frontier and the counts.
#[derive(Debug, Default)]
pub struct Verifier {
    frontier: Frontier,
    before: Option<Moment>,
    kinds: BTreeMap<String, u64>,
    texts_checked: u64,
    texts_erased: u64,
    found: Option<Finding>,
}

#[derive(Clone, Copy, Debug)]
struct Moment {
    effective_now: i64,
    epoch: u64,
}

impl Verifier {
    /// Expects the first leaf of a log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves have been read and found sound.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root of the leaves read so far, to compare with a checkpoint of that size.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Checks the next record. After a finding every further call answers that same finding.
    pub fn push(&mut self, record: &Record) -> Result<(), Finding> {
        if let Some(found) = &self.found {
            return Err(found.clone());
        }
        self.take(record).map_err(|what| {
            let finding = Finding { index: self.size(), what };
            self.found = Some(finding.clone());
            finding
        })
    }

    /// Checks that the log has the expected size and root, which must come from elsewhere than the records.
    pub fn finish(self, size: u64, root: Hash) -> Result<Report, Finding> {
        if let Some(found) = self.found {
            return Err(found);
        }
        let read = self.frontier.size();
        if read < size {
            return Err(Finding { index: read, what: What::Truncated { expected: size } });
        }
        if read > size {
            return Err(Finding { index: size, what: What::Surplus { expected: size } });
        }
        let found = self.frontier.root();
        if found != root {
            return Err(Finding { index: 0, what: What::RootDiffers { expected: root, found } });
        }
        let Self { kinds, texts_checked, texts_erased, .. } = self;
        Ok(Report { size, root, kinds, texts_checked, texts_erased })
    }

    fn take(&mut self, record: &Record) -> Result<(), What> {
        if record.sequence != self.size() {
            return Err(What::OutOfOrder { found: record.sequence });
        }
        // First the bytes: only once they are known to be those that were written is their form worth a word.
        let found = leaf::rehash(&record.header, &record.body);
        if found != record.leaf {
            return Err(What::LeafDiffers { found, kept: record.leaf });
        }
        let header = read_header(&record.header)?;
        self.follow(&header)?;
        if !canonical::is_canonical(&record.body) {
            return Err(What::BodyNotCanonical);
        }
        let texts = check_texts(&record.body, &record.texts)?;

        self.frontier.push(found);
        self.before = Some(Moment { effective_now: header.effective_now, epoch: header.epoch });
        *self.kinds.entry(header.kind).or_default() += 1;
        self.texts_checked += texts.checked;
        self.texts_erased += texts.erased;
        Ok(())
    }

    fn follow(&self, header: &Header) -> Result<(), What> {
        if header.sequence != self.size() {
            return Err(What::SequenceDiffers { found: header.sequence });
        }
        let Some(before) = self.before else {
            return Ok(());
        };
        if header.effective_now < before.effective_now {
            return Err(What::EffectiveNowWentBack { before: before.effective_now, found: header.effective_now });
        }
        if header.epoch < before.epoch {
            return Err(What::EpochWentBack { before: before.epoch, found: header.epoch });
        }
        Ok(())
    }
}

fn read_header(text: &str) -> Result<Header, What> {
    match leaf::decode(text) {
        // Another format may have other rules, so nothing else can be said about it.
        Err(DecodeError::Version(version)) => Err(What::FormatUnknown { version }),
        _ if !canonical::is_canonical(text) => Err(What::HeaderNotCanonical),
        decoded => decoded.map_err(|_| What::HeaderMalformed),
    }
}

struct Texts {
    checked: u64,
    erased: u64,
}

fn check_texts(body: &str, texts: &[TextRecord]) -> Result<Texts, What> {
    let commitments = commitment::kept_commitments(body);
    let mut seen = BTreeSet::new();
    for TextRecord { field, salt, text } in texts {
        let Some(commitment) = commitments.get(field) else {
            return Err(What::TextWithoutCommitment { field: field.clone() });
        };
        if commitment::commit(salt, text) != *commitment {
            return Err(What::TextDiffers { field: field.clone() });
        }
        if !seen.insert(field) {
            return Err(What::TextRepeated { field: field.clone() });
        }
    }
    // Every text has a commitment of its own, so what is left over has been erased.
    let checked = seen.len() as u64;
    Ok(Texts { checked, erased: commitments.len() as u64 - checked })
}
