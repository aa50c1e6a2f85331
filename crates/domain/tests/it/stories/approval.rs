//! Who answers, in which order, and how many of them.

use insta::assert_snapshot;

use crate::story::story;

/// S0-2, S0-6, S1-13, S1-27, S2-28, S2-30: the main job by hand, from asking to the end.
#[test]
fn the_manager_approves_the_admin_confirms_and_access_ends_by_itself() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager
        ann asks github/write for 7d; who may?; bob approves; who may?; dan confirms; 6d pass; 1d pass; dan removes it"), @r"
    ann asks github/write for 7d: filed → pending 1/1 [manager]
    who may?: ann edit/comment/cancel, bob approve/deny/edit/comment, dan comment
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    who may?: ann edit/comment/cancel, bob comment, dan confirm/deny_provisioning/edit/comment
    dan confirms: confirmed, granted until 2026-01-12T09:00:00Z → approved, granted
    6d pass: nothing is due
    1d pass: time is over since 2026-01-12T09:00:00Z, removal assigned to people → ending
    dan removes it: removed → revoked_unverified
    ");
}

/// S0-1, S0-5: the main job by a connector; it is told once to give and once to take.
#[test]
fn the_connector_gives_and_takes() {
    assert_snapshot!(story("bob manages ann; policy: manager; connector: sim
        ann asks github/write for 8h; bob approves; target gives; 8h pass; target removes it"), @r"
    ann asks github/write for 8h: filed → pending 1/1 [manager]
    bob approves: approved, step 1 done, authorised, queued → approved, queued, target: give github/write
    target gives: granted until 2026-01-05T17:00:00Z → approved, granted
    8h pass: time is over since 2026-01-05T17:00:00Z → ending, target: take github/write
    target removes it: removed → revoked
    ");
}

/// I5, S1-20: n of m counts distinct persons; the same person twice is harmless and changes nothing.
#[test]
fn two_of_a_group_are_two_distinct_people() {
    assert_snapshot!(story("ann works here; eve joins @sec; fay joins @sec; gus joins @sec; policy: 2 of @sec or eve
        ann asks github/write; gus opens it; eve approves; eve approves; fay opens it; fay approves; gus approves"), @r"
    ann asks github/write: filed → pending 1/1 [2 of @sec or eve]
    gus opens it: pending 1/1 [2 of @sec or eve]
    eve approves: approved → pending 1/1 [2 of @sec or eve, 1 so far]
    eve approves: nothing → pending 1/1 [2 of @sec or eve, 1 so far]
    fay opens it: pending 1/1 [2 of @sec or eve, 1 so far]
    fay approves: approved, step 1 done, authorised, assigned to people → approved, manual
    gus approves: no, already-decided: approved by fay
    ");
}

/// I2: the same card answered twice is answered once, even by somebody whose turn comes again at the next step.
#[test]
fn a_card_is_answered_once() {
    assert_snapshot!(story("eve works here; cyd owns github; ann works here; policy: eve, then eve or cyd, then cyd
        ann asks github/write; eve approves blindly; eve approves; eve approves again; eve denies again; cyd approves"), @r#"
    ann asks github/write: filed → pending 1/3 [eve]
    eve approves blindly: no, stale-digest
    eve approves: approved, step 1 done → pending 2/3 [eve or cyd]
    eve approves again: nothing → pending 2/3 [eve or cyd]
    eve denies again: no, already-decided: approved by eve
    cyd approves: approved, step 2 done → pending 3/3 [cyd]
    "#);
}

/// I10: as long as too few can answer, those who can may say yes already, and the step waits for the rest.
#[test]
fn too_few_may_answer_already_and_the_rest_is_waited_for() {
    assert_snapshot!(story("ann works here; eve joins @sec; fay joins @sec; policy: 3 of @sec
        ann asks github/write; eve approves; fay approves; eve approves; gus joins @sec; gus approves"), @r#"
    ann asks github/write: filed → pending 1/1 [3 of @sec]
    eve approves: approved → pending 1/1 [3 of @sec, 1 so far]
    fay approves: approved → pending 1/1 [3 of @sec, 2 so far]
    eve approves: nothing → pending 1/1 [3 of @sec, 2 so far]
    (gus joins @sec)
    gus approves: approved, step 1 done, authorised, assigned to people → approved, manual
    "#);
}

/// Quorum "all": everyone who can, and those who leave are not waited for.
#[test]
fn all_of_a_group_means_everyone_who_can() {
    assert_snapshot!(story("eve joins @sec; fay joins @sec; ann joins @sec; hal joins @sec; hal is deactivated
        policy: all of @sec
        ann asks github/write; fay approves; eve approves"), @r"
    ann asks github/write: filed → pending 1/1 [all of @sec]
    fay approves: approved → pending 1/1 [all of @sec, 1 so far]
    eve approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// S0-4: a later step is silent until the earlier one is done; steps that are off or name nobody are skipped.
#[test]
fn steps_follow_one_another_and_empty_ones_are_skipped() {
    assert_snapshot!(story("bob manages ann; eve joins @sec; cyd owns github
        policy: manager, then off owners, then nobody, then @sec
        ann asks github/write; who may?; eve approves; bob approves; who may?; cyd approves; eve approves"), @r"
    ann asks github/write: filed → pending 1/2 [manager]
    who may?: ann edit/comment/cancel, bob approve/deny/edit/comment, cyd comment
    eve approves: no, not-an-approver
    bob approves: approved, step 1 done → pending 2/2 [@sec]
    who may?: ann edit/comment/cancel, bob comment, cyd comment, eve approve/deny/edit/comment
    cyd approves: no, not-an-approver
    eve approves: approved, step 4 done, authorised, assigned to people → approved, manual
    ");
}

/// I10, S0-4: a plan of which nothing is left approves nothing; the owner is asked instead.
#[test]
fn a_plan_that_is_skipped_entirely_goes_to_the_owner() {
    assert_snapshot!(story("bob manages ann; cyd owns github; policy: off manager, then nobody
        ann asks github/write; bob approves; cyd approves"), @r"
    ann asks github/write: filed → pending 1/1 [Owner]
    bob approves: no, not-an-approver
    cyd approves: approved, step 3 done, authorised, assigned to people → approved, manual
    ");
}

/// I10: with neither owner nor plan the admins are asked.
#[test]
fn a_plan_that_is_skipped_entirely_goes_to_the_admins_when_nobody_owns_the_app() {
    assert_snapshot!(story("hal is access_request_admin; ann works here; policy: nobody
        ann asks github/write; hal approves"), @r"
    ann asks github/write: filed → pending 1/1 [Owner]
    hal approves: approved, step 2 done, authorised, assigned to people → approved, manual
    ");
}

/// S0-24, S2-20: a denial ends the chain; nobody later is asked.
#[test]
fn a_denial_ends_the_chain() {
    assert_snapshot!(story("bob manages ann; eve joins @sec; policy: manager, then @sec
        ann asks github/write; eve opens it; bob denies; eve approves; who may?; bob denies; bob approves; ann cancels"), @r"
    ann asks github/write: filed → pending 1/2 [manager]
    eve opens it: pending 1/2 [manager]
    bob denies: step 1 denied → denied
    eve approves: no, already-decided: denied by bob
    who may?: ann comment, bob comment
    bob denies: nothing → denied
    bob approves: no, already-decided: denied by bob
    ann cancels: no, closed
    ");
}

/// I10, S0-2: no manager → fallback → owners → admins, each only when those before cannot answer.
#[test]
fn without_a_manager_others_stand_in_one_after_the_other() {
    assert_snapshot!(story("ann works here; fay joins @it; cyd owns github; hal is super_admin; policy: manager, else @it
        ann asks github/write; who may?
        fay is deactivated; who may?; fay approves
        cyd is deactivated; who may?
        hal approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager, else @it]
    who may?: ann edit/comment/cancel, cyd comment, fay approve/deny/edit/comment, hal edit/comment/cancel
    (fay is deactivated)
    who may?: ann edit/comment/cancel, cyd approve/deny/edit/comment, hal edit/comment/cancel
    fay approves: no, inactive
    (cyd is deactivated)
    who may?: ann edit/comment/cancel, hal approve/deny/edit/comment/cancel
    hal approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I10: an inactive manager is as good as none.
#[test]
fn an_inactive_manager_is_stood_in_for() {
    assert_snapshot!(story("bob manages ann; cyd owns github; bob is deactivated; policy: manager
        ann asks github/write; cyd approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I5, I10: where too few can answer those who stand in make up the number.
#[test]
fn stand_ins_make_up_the_number() {
    assert_snapshot!(story("ann works here; eve joins @sec; cyd owns github; cat owns github; policy: 2 of @sec
        ann asks github/write; eve approves; cyd approves"), @r"
    ann asks github/write: filed → pending 1/1 [2 of @sec]
    eve approves: approved → pending 1/1 [2 of @sec, 1 so far]
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I10: nobody at all can answer, so nothing is approved, however long it takes; the end of its time ends it.
#[test]
fn nobody_at_all_means_waiting_and_not_approval() {
    assert_snapshot!(story("ann works here; policy: manager
        ann asks github/write until 2026-03-01; ann approves; who may?; 30d pass; 30d pass; who may?"), @r"
    ann asks github/write until 2026-03-01: filed → pending 1/1 [manager]
    ann approves: no, own-request
    who may?: ann edit/comment/cancel
    30d pass: nothing is due
    30d pass: expired → expired
    who may?: ann comment
    ");
}

/// I10: a manager of oneself and a circle of managers are nobody.
#[test]
fn circles_of_managers_lead_to_the_stand_ins() {
    assert_snapshot!(story("ann manages ann; cyd owns github; policy: manager
        ann asks github/write; ann approves; cyd approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    ann approves: no, own-request
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
    assert_snapshot!(story("bob manages ann; ann manages bob; cyd owns github; policy: manager's-manager
        ann asks github/write; bob approves; ann approves; cyd approves"), @r"
    ann asks github/write: filed → pending 1/1 [manager's-manager]
    bob approves: no, not-an-approver
    ann approves: no, own-request
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I4: no role and no group lets anybody answer for himself, whether he asked or gets it.
#[test]
fn nobody_answers_what_he_asked_for_or_gets() {
    assert_snapshot!(story("ann manages bob; ann owns github; ann administers github; ann joins @sec; ann is super_admin
        cyd joins @sec; policy: manager or owners or admins or @sec or ann
        ann asks github/write on behalf of bob; ann approves; ann denies; who may?; cyd approves
        ann asks github/read; ann approves; cyd approves"), @r"
    ann asks github/write on behalf of bob: filed → pending 1/1 [manager or owners or admins or @sec or ann]
    ann approves: no, own-request
    ann denies: no, own-request
    who may?: ann edit/comment/cancel, bob edit/comment/cancel, cyd approve/deny/edit/comment
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ann asks github/read: filed → pending 1/1 [manager or owners or admins or @sec or ann]
    ann approves: no, own-request
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
    assert_snapshot!(story("ann joins @sec; cyd joins @sec; hal is helpdesk; policy: @sec
        hal asks github/write on behalf of ann; ann approves; hal approves; cyd approves"), @r"
    hal asks github/write on behalf of ann: filed → pending 1/1 [@sec]
    ann approves: no, own-request
    hal approves: no, own-request
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// I53: programs cannot approve, even where a rule names them, and are not counted as able to.
#[test]
fn a_service_account_is_no_approver() {
    assert_snapshot!(story("ann works here; bot is a service; cyd owns github; policy: bot
        ann asks github/write; bot approves; cyd approves"), @r"
    ann asks github/write: filed → pending 1/1 [bot]
    bot approves: no, not-an-approver
    cyd approves: approved, step 1 done, authorised, assigned to people → approved, manual
    ");
}

/// S2-23: a comment where the settings demand one.
#[test]
fn comments_are_demanded_where_settings_say_so() {
    assert_snapshot!(story("bob manages ann; dan administers github; policy: manager; settings: comments
        ann asks github/write; bob approves silently; bob denies silently; bob approves
        dan confirms silently; dan confirms"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    bob approves silently: no, comment-required
    bob denies silently: no, comment-required
    bob approves: approved, step 1 done, authorised, assigned to people → approved, manual
    dan confirms silently: no, comment-required
    dan confirms: confirmed, granted without end → approved, granted
    ");
}

/// S1-34: those who have a part may comment, strangers may not.
#[test]
fn those_who_have_a_part_may_comment() {
    assert_snapshot!(story("bob manages ann; dan administers github; cyd owns github; eve works here; hal is helpdesk
        gus is auditor; policy: manager
        ann asks github/write; ann comments; bob comments; dan comments; cyd comments; hal comments; eve comments
        gus comments; bob denies; bob comments"), @r"
    ann asks github/write: filed → pending 1/1 [manager]
    ann comments: commented → pending 1/1 [manager]
    bob comments: commented → pending 1/1 [manager]
    dan comments: commented → pending 1/1 [manager]
    cyd comments: commented → pending 1/1 [manager]
    hal comments: commented → pending 1/1 [manager]
    eve comments: no, not-allowed
    gus comments: no, not-allowed
    bob denies: step 1 denied → denied
    bob comments: commented → denied
    ");
}
