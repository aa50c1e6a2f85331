//! The world changes between asking and the last answer: today's directory and today's policy decide.

use insta::assert_snapshot;

use crate::story::story;

/// I3: somebody who approved and was deactivated before the last answer no longer counts.
#[test]
fn an_approver_who_left_no_longer_counts() {
    assert_snapshot!(story("eve joins @sec; fay joins @sec; cyd owns github; dan administers github; ann works here
        policy: @sec, then owners
        ann asks github/write; eve approves; eve is deactivated; cyd approves; fay approves"), @r"
    ann asks github/write: filed → pending 1/2 [@sec]
    eve approves: approved, step 1 done → pending 2/2 [owners]
    (eve is deactivated)
    cyd approves: approved, step 2 done, step 1 open again, without [eve] → pending 1/2 [@sec]
    fay approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I3, S2-27: the same for somebody who left the group, within one step and before it.
#[test]
fn an_approver_who_left_the_group_no_longer_counts() {
    assert_snapshot!(story("eve joins @sec; fay joins @sec; gus joins @sec; cyd owns github; ann works here
        policy: 2 of @sec, then owners
        ann asks github/write; eve approves; eve leaves @sec; fay approves; eve approves; gus approves
        gus leaves @sec; hal joins @sec; cyd approves; hal approves"), @r"
    ann asks github/write: filed → pending 1/2 [2 of @sec]
    eve approves: approved → pending 1/2 [2 of @sec, 1 so far]
    (eve leaves @sec)
    fay approves: approved → pending 1/2 [2 of @sec, 2 so far]
    eve approves: nothing → pending 1/2 [2 of @sec, 2 so far]
    gus approves: approved, step 1 done → pending 2/2 [owners]
    (gus leaves @sec)
    (hal joins @sec)
    cyd approves: approved, step 2 done, step 1 open again, without [eve gus] → pending 1/2 [2 of @sec, 1 so far]
    hal approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I3: an earlier step that needs everyone is open again when somebody joined.
#[test]
fn everyone_includes_those_who_joined_meanwhile() {
    assert_snapshot!(story("eve joins @sec; cyd owns github; ann works here; policy: all of @sec, then owners
        ann asks github/write; eve approves; fay joins @sec; cyd approves; eve approves; fay approves"), @r"
    ann asks github/write: filed → pending 1/2 [all of @sec]
    eve approves: approved, step 1 done → pending 2/2 [owners]
    (fay joins @sec)
    cyd approves: approved, step 2 done, step 1 open again, without [] → pending 1/2 [all of @sec, 1 so far]
    eve approves: nothing → pending 1/2 [all of @sec, 1 so far]
    fay approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I11, liveness: when the only one who is waited for has left, nothing approves by itself; one of those who said yes
/// says it again.
#[test]
fn when_fewer_are_needed_one_who_said_yes_says_it_again() {
    assert_snapshot!(story("eve joins @sec; fay joins @sec; gus joins @sec; ann works here; policy: all of @sec
        ann asks github/write; eve approves; fay approves; gus is deactivated; who may?; 1d pass
        eve denies; eve approves blindly; eve approves"), @r#"
    ann asks github/write: filed → pending 1/1 [all of @sec]
    eve approves: approved → pending 1/1 [all of @sec, 1 so far]
    fay approves: approved → pending 1/1 [all of @sec, 2 so far]
    (gus is deactivated)
    who may?: ann edit/comment/cancel, eve approve/comment, fay approve/comment
    1d pass: nothing is due
    eve denies: no, already-decided: approved by eve
    eve approves blindly: nothing → pending 1/1 [all of @sec, 2 so far]
    eve approves: approved, step 1 done, authorised, assigned to people → approved, manual
    "#);
}

/// I9: a policy that was tightened meanwhile adds its step, and whoever already said yes counts for it.
#[test]
fn a_tightened_policy_adds_its_step() {
    assert_snapshot!(story("bob manages ann; eve joins @sec; dan administers github; policy: manager
        ann asks github/write; policy: manager, then @sec; bob approves; who may?; eve approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    (policy: manager, then @sec)
    bob approves: approved, step 1 done, step [@sec] added by version 2 → pending 2/2 [@sec]
    who may?: ann edit/comment/cancel, bob comment, dan comment, eve approve/deny/edit/comment
    eve approves: approved, step 2 done, authorised, assigned to people → approved, manual
    ");
    assert_snapshot!(story("bob manages ann; bob joins @sec; policy: manager
        ann asks github/write; policy: @sec; bob approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    (policy: @sec)
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I9, T12: a policy that was loosened meanwhile rescues nothing.
#[test]
fn a_loosened_policy_rescues_nothing() {
    assert_snapshot!(story("bob manages ann; eve joins @sec; cyd owns github; policy: manager, then @sec
        ann asks github/write; bob approves; policy: manager; cyd approves; eve approves"), @r"
    ann asks github/write: filed → pending 1/2 [manager]
    bob approves: approved, step 1 done → pending 2/2 [@sec]
    (policy: manager)
    cyd approves: no, not-an-approver
    eve approves: approved, step 2 done, authorised, assigned to people → approved, manual
    ");
    assert_snapshot!(story("bob manages ann; cyd owns github; policy: manager
        ann asks github/write; policy: off owners; cyd approves; bob approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    (policy: off owners)
    cyd approves: no, not-an-approver
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I9: without any policy in force nothing is approved, though it can still be denied.
#[test]
fn without_a_policy_nothing_is_approved() {
    assert_snapshot!(story("bob manages ann; policy: manager
        ann asks github/write; policy is gone; bob approves; who may?; bob denies"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    (policy is gone)
    bob approves: no, no-policy
    who may?: ann edit/comment/cancel, bob deny/edit/comment
    bob denies: step 1 denied → denied
    ");
}

/// T6: what was redefined after it was asked for cannot be approved, only denied, edited or withdrawn.
#[test]
fn what_was_redefined_cannot_be_approved() {
    assert_snapshot!(story("bob manages ann; policy: manager
        ann asks github/write for 7d; github/write is redefined; bob approves; who may?; ann edits to github/write
        bob approves"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    (github/write is redefined)
    bob approves: no, redefined
    who may?: ann edit/comment/cancel, bob deny/edit/comment
    ann edits to github/write: edited → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I3: somebody inactive does nothing at all.
#[test]
fn the_inactive_do_nothing() {
    assert_snapshot!(story("bob manages ann; policy: manager; hal is super_admin
        ann asks github/write; bob is deactivated; bob approves; bob comments; ann is deactivated; ann cancels
        hal approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    (bob is deactivated)
    bob approves: no, inactive
    bob comments: no, inactive
    (ann is deactivated)
    ann cancels: no, inactive
    hal approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}
