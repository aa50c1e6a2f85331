//! What is held, and how it ends.

use insta::assert_snapshot;

use crate::story::story;

/// S1-26: the holder gives it back; the request to end it stands beside it.
#[test]
fn the_holder_gives_it_back() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write; bob approves; target gives; ann gives it back; ann gives it back; target removes it
        ann gives it back; who may?"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted without end → approved, granted
    ann gives it back: given back → ending, target: take github/write
    ann gives it back: no, already-ending
    target removes it: removed → revoked
    ann gives it back: no, already-ending
    who may?: ann comment
    ");
}

/// S1-26: owners, admins of the app and the admins of Keyfob may take it away; strangers, approvers and the help desk not.
#[test]
fn those_responsible_take_it_away_and_strangers_do_not() {
    for who in ["cyd", "dan", "hal", "ivy"] {
        let told = story(&format!(
            "bob manages ann; cyd owns github; dan administers github; hal is super_admin
            ivy is access_request_admin; policy: manager; connector: sim
            ann asks github/write; bob approves; target gives; {who} revokes it"
        ));
        assert!(told.ends_with(&format!("{who} revokes it: taken away → ending, target: take github/write")), "{told}");
    }
    assert_snapshot!(story("bob manages ann; gus is helpdesk; eve works here; jon is auditor; cyd owns github
        policy: manager; connector: sim
        ann asks github/write; bob approves; target gives; bob revokes it; gus revokes it; eve revokes it; jon revokes it
        cyd is deactivated; cyd revokes it"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted without end → approved, granted
    bob revokes it: no, not-allowed
    gus revokes it: no, not-allowed
    eve revokes it: no, not-allowed
    jon revokes it: no, not-allowed
    (cyd is deactivated)
    cyd revokes it: no, inactive
    ");
}

/// I28: ending one of two overlapping grants takes nothing; ending the last takes it.
#[test]
fn overlapping_grants_are_a_union() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write for 7d; bob approves; target gives
        ann asks github/write for 30d; bob approves; target gives
        7d pass; ann gives it back on grant 2; target removes it on grant 2"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted until 2026-01-12T09:00:00Z → approved, granted
    ann asks github/write for 30d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted until 2026-02-04T09:00:00Z → approved, granted
    7d pass: time is over since 2026-01-12T09:00:00Z, nothing taken, another gives it → revoked
    ann gives it back on grant 2: given back → ending, target: take github/write
    target removes it on grant 2: removed → revoked
    ");
}

/// I28: so do those that are done by hand.
#[test]
fn overlapping_grants_by_hand_make_one_removal_task() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write for 7d; bob approves; dan confirms
        ann asks github/write for 7d; bob approves; dan confirms
        7d pass; dan removes it on grant 1; dan removes it"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted until 2026-01-12T09:00:00Z → approved, granted
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted until 2026-01-12T09:00:00Z → approved, granted
    7d pass: time is over since 2026-01-12T09:00:00Z, nothing taken, another gives it → revoked; time is over since 2026-01-12T09:00:00Z, removal assigned to people → ending
    dan removes it on grant 1: no, closed
    dan removes it: removed → revoked_unverified
    ");
}

/// I28: a renewal that is in place before the removal of the old grant has run keeps the access.
#[test]
fn a_renewal_in_place_in_time_keeps_the_access() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write for 7d; bob approves; target gives; ann asks github/write for 30d; bob approves
        7d pass; worker looks first on grant 1; target gives; worker looks first on grant 1
        target removes it on grant 1; 30d pass; worker looks first"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted until 2026-01-12T09:00:00Z → approved, granted
    ann asks github/write for 30d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    7d pass: time is over since 2026-01-12T09:00:00Z → ending, target: take github/write
    worker looks first on grant 1: no, overtaken
    target gives: granted until 2026-02-11T09:00:00Z → approved, granted
    worker looks first on grant 1: nothing taken, another gives it → revoked
    target removes it on grant 1: no, overtaken
    30d pass: time is over since 2026-02-11T09:00:00Z → ending, target: take github/write
    worker looks first: no, overtaken
    ");
}

/// Removal by hand: a task for the app's admins, whose word is not a look at the target (I29).
#[test]
fn removal_by_hand_is_a_task_and_stays_unverified() {
    assert_snapshot!(story("bob manages ann; dan administers github; cyd owns github; eve administers github
        policy: manager; settings: comments
        ann asks github/write; bob approves; dan confirms; cyd revokes it; ann removes it; bob removes it
        dan removes it silently; dan is deactivated; dan removes it; dan is reactivated
        dan removes it; dan removes it; eve removes it"), @r#"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted without end → approved, granted
    cyd revokes it: taken away, removal assigned to people → ending
    ann removes it: no, not-allowed
    bob removes it: no, not-allowed
    dan removes it silently: no, comment-required
    (dan is deactivated)
    dan removes it: no, inactive
    (dan is reactivated)
    dan removes it: removed → revoked_unverified
    dan removes it: nothing → revoked_unverified
    eve removes it: no, already-decided: confirmed by dan
    "#);
}

/// I29: a connector that cannot look leaves it unverified.
#[test]
fn a_removal_that_was_not_seen_stays_unverified() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write; bob approves; target gives; ann gives it back; target removes it unseen"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted without end → approved, granted
    ann gives it back: given back → ending, target: take github/write
    target removes it unseen: removed → revoked_unverified
    ");
}

/// I30: removal never gives up: the connector tries on, and when it cannot, people do it.
#[test]
fn removal_never_gives_up() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager; connector: sim
        ann asks github/write for 1d; bob approves; target gives; 1d pass
        target keeps it: down; target keeps it: down; 400d pass; target keeps it: still down
        target cannot remove it: no such right; 400d pass; target removes it; dan removes it"), @r"
    ann asks github/write for 1d: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted until 2026-01-06T09:00:00Z → approved, granted
    1d pass: time is over since 2026-01-06T09:00:00Z → ending, target: take github/write
    target keeps it: down: still there because of down → ending
    target keeps it: down: nothing → ending
    400d pass: nothing is due
    target keeps it: still down: still there because of still down → ending
    target cannot remove it: no such right: removal assigned to people because of no such right → ending
    400d pass: nothing is due
    target removes it: no, overtaken
    dan removes it: removed → revoked_unverified
    ");
}

/// I25: only the wanted operation can report a removal.
#[test]
fn a_removal_that_nobody_wanted_is_refused() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/read; bob approves; target gives; ann gives it back; target removes it
        ann asks github/write; bob approves; target gives; target removes it"), @r"
    ann asks github/read: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/read
    target gives: granted without end → approved, granted
    ann gives it back: given back → ending, target: take github/read
    target removes it: removed → revoked
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted without end → approved, granted
    target removes it: no, overtaken
    ");
}

/// S1-26: "Unlimited" lasts until somebody revokes it.
#[test]
fn unlimited_has_no_end() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write; bob approves; target gives; 3650d pass; 36500d pass"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted without end → approved, granted
    3650d pass: nothing is due
    36500d pass: nothing is due
    ");
}
