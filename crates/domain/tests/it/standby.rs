//! Whose turn it is, from facts alone: a store may have looked further than it needed.

use std::collections::BTreeSet;

use domain::id::UserId;
use domain::policy::{Quorum, Standby};
use domain::request::{StandbyFact, StepFact};

fn place(standby: Standby, eligible: u32, member: u128) -> StandbyFact {
    StandbyFact { standby, keys: Vec::new(), eligible, members: BTreeSet::from([UserId::from_bits(member)]) }
}

fn fact(eligible: [u32; 4]) -> StepFact {
    let places = Standby::ORDER.into_iter().zip(eligible).zip(1..);
    StepFact(places.map(|((standby, eligible), member)| place(standby, eligible, member)).collect())
}

/// I10: the first place with enough people has the turn; those before it may answer, those after it may not.
#[test]
fn those_after_the_first_place_with_enough_people_are_not_asked() {
    let asked = |fact: &StepFact, quorum| -> Vec<u128> {
        (1..=4).filter(|member| fact.includes(quorum, &UserId::from_bits(*member))).collect()
    };
    let people = fact([0, 1, 2, 3]);
    assert_eq!(asked(&people, Quorum::Any), [1, 2]);
    assert_eq!(asked(&people, Quorum::All), [1, 2]);
    assert_eq!(asked(&people, Quorum::Of(2)), [1, 2, 3]);
    assert_eq!(asked(&people, Quorum::Of(9)), [1, 2, 3, 4]);
    assert_eq!(asked(&fact([1, 1, 1, 1]), Quorum::Any), [1]);
    assert_eq!(asked(&StepFact::default(), Quorum::Any), []);
}

/// I5, I10: nobody is never enough.
#[test]
fn at_least_one_person_is_needed() {
    for quorum in [Quorum::Any, Quorum::All, Quorum::Of(0), Quorum::Of(1)] {
        assert_eq!(fact([0; 4]).need(quorum), 1, "{quorum:?}");
        assert_eq!(StepFact::default().need(quorum), 1, "{quorum:?}");
    }
    assert_eq!(fact([3, 0, 0, 0]).need(Quorum::All), 3);
    assert_eq!(fact([3, 0, 0, 0]).need(Quorum::Of(7)), 7);
}
