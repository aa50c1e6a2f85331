//! Edits, withdrawals, and two people at once.

use insta::assert_snapshot;

use crate::story::story;

/// I2, S1-17, S1-28, S1-30: an edit voids approvals, and what was shown before can no longer be answered.
#[test]
fn an_edit_voids_approvals_and_the_old_digest() {
    assert_snapshot!(story("bob manages ann; eve joins @sec; dan administers github; policy: manager, then @sec
        ann asks github/admin for 30d; bob approves; eve opens it; ann edits to github/write
        eve approves; bob approves; eve edits to 7d; bob approves; eve approves; dan confirms"), @r"
    ann asks github/admin for 30d: filed → pending 1/2 [manager]
    bob approves: approved, step 1 done → pending 2/2 [@sec]
    eve opens it: pending 2/2 [@sec]
    ann edits to github/write: edited → pending 1/2 [manager]
    eve approves: no, stale-digest
    bob approves: approved, step 1 done → pending 2/2 [@sec]
    eve edits to 7d: edited → pending 1/2 [manager]
    bob approves: approved, step 1 done → pending 2/2 [@sec]
    eve approves: approved, step 2 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted until 2026-01-12T09:00:00Z → approved, granted
    ");
}

/// I2: editing there and back again makes a new revision all the same.
#[test]
fn an_edit_and_its_reverse_are_two_revisions() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write for 7d; bob opens it; ann edits to 3d; ann edits to 7d; bob approves; bob approves"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    bob opens it: pending 1/1 [manager]
    ann edits to 3d: edited → pending 1/1 [manager]
    ann edits to 7d: edited → pending 1/1 [manager]
    bob approves: no, stale-digest
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// S1-17, S1-30, S1-31: edits are allowed until access is in place; each starts routing again.
#[test]
fn edits_are_allowed_until_access_is_in_place() {
    assert_snapshot!(story("bob manages ann; dan administers github; eve works here; policy: manager
        ann asks github/admin for 7d; eve edits to 3d; ann edits to 7d; ann edits to jira/read; bob approves
        dan opens it; dan edits to github/write; dan confirms; bob approves; dan confirms; ann edits to 3d; ann cancels"), @r"
    ann asks github/admin for 7d: filed → pending 1/1 [manager]
    eve edits to 3d: no, not-allowed
    ann edits to 7d: no, nothing-changed
    ann edits to jira/read: no, other-app
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan opens it: approved, manual
    dan edits to github/write: edited → pending 1/1 [manager]
    dan confirms: no, closed
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms: confirmed, granted until 2026-01-12T09:00:00Z → approved, granted
    ann edits to 3d: no, closed
    ann cancels: no, closed
    ");
}

/// S1-17: an edit is checked like a new request.
#[test]
fn an_edit_is_checked_like_a_new_request() {
    assert_snapshot!(story("bob manages ann; policy: manager; github/secret is unlisted; settings: at most 30d
        ann asks github/write for 7d; ann edits to 31d; ann edits to github/secret
        ann asks github/read for 7d; ann edits to github/write; policy is gone; ann edits to 3d"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    ann edits to 31d: no, length-too-long
    ann edits to github/secret: no, not-requestable
    ann asks github/read for 7d: filed → pending 1/1 [manager]
    ann edits to github/write: no, duplicate-request: KF-1
    (policy is gone)
    ann edits to 3d: no, no-policy
    ");
}

/// While the connector is being called, nothing changes what it does.
#[test]
fn nothing_changes_during_the_call() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write until 2026-01-06; bob approves; the target is being called
        ann edits to 3d; ann cancels; 2d pass; who may?; the call is over; ann cancels"), @r"
    ann asks github/write until 2026-01-06: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    (the target is being called)
    ann edits to 3d: no, busy
    ann cancels: no, busy
    2d pass: nothing is due
    who may?: ann comment, bob comment
    (the call is over)
    ann cancels: cancelled → cancelled, target: take github/write
    ");
}

/// I8: the first answer counts and the second person is told whose it was.
#[test]
fn the_second_of_two_answers_is_told_whose_was_first() {
    assert_snapshot!(story("eve joins @sec; fay joins @sec; ann works here; policy: @sec
        ann asks github/write; eve opens it; fay opens it; eve approves; fay approves
        ann asks github/read; eve opens it; fay opens it; fay denies; eve approves"), @r"
    ann asks github/write: filed → pending 1/1 [@sec]
    eve opens it: pending 1/1 [@sec]
    fay opens it: pending 1/1 [@sec]
    eve approves: approved, step 1 done, authorised, assigned to people → approved, manual
    fay approves: no, already-decided: approved by eve
    ann asks github/read: filed → pending 1/1 [@sec]
    eve opens it: pending 1/1 [@sec]
    fay opens it: pending 1/1 [@sec]
    fay denies: step 1 denied → denied
    eve approves: no, already-decided: denied by fay
    ");
    assert_snapshot!(story("dan administers github; eve administers github; bob manages ann; policy: manager
        ann asks github/write; bob approves; dan opens it; eve opens it; dan confirms; eve denies; eve confirms
        dan confirms; dan denies"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan opens it: approved, manual
    eve opens it: approved, manual
    dan confirms: confirmed, granted without end → approved, granted
    eve denies: no, already-decided: confirmed by dan
    eve confirms: no, already-decided: confirmed by dan
    dan confirms: nothing → approved, granted
    dan denies: no, already-decided: confirmed by dan
    ");
}

/// I8: an answer and a withdrawal at once; one wins and the other is told.
#[test]
fn an_answer_after_the_withdrawal_is_refused() {
    assert_snapshot!(story("bob manages ann; hal is access_request_admin; eve works here; policy: manager
        ann asks github/write; bob opens it; eve cancels; ann cancels; bob approves; ann cancels
        ann asks github/read; bob approves; hal cancels; who may?"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob opens it: pending 1/1 [manager]
    eve cancels: no, not-allowed
    ann cancels: cancelled → cancelled
    bob approves: no, closed
    ann cancels: no, closed
    ann asks github/read: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    hal cancels: cancelled → cancelled
    who may?: ann comment, bob comment, hal comment
    ");
}

/// S3-9: the person who gets it may withdraw it too (T4).
#[test]
fn the_beneficiary_may_withdraw_what_others_asked_for_him() {
    assert_snapshot!(story("bob manages ann; hal is helpdesk; policy: manager
        hal asks github/write on behalf of ann; ann cancels"), @r"
    hal asks github/write on behalf of ann: filed → pending 1/1 [manager]
    ann cancels: cancelled → cancelled
    ");
}
