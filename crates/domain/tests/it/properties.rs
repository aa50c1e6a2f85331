//! What holds in every company, whatever anybody tries.

mod company;
mod run;
mod total;

use proptest::prelude::*;

use self::company::{churn, company, moves};
use self::run::Run;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(200))]

    /// I2, I3, I4, I5, I8, I9, I10, I11, I16, I21, I28, I36: see [`Run`] for each.
    #[test]
    fn no_company_and_no_order_of_events_breaks_a_rule(company in company(), moves in moves(120)) {
        let mut run = Run::new(company.build());
        for step in &moves {
            run.step(step);
        }
        run.settle();
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// I2, I3, I5, I9, I10: people come and go, and only answers that still hold are counted.
    #[test]
    fn only_answers_that_still_hold_are_counted(company in company(), moves in churn(80)) {
        let mut run = Run::new(company.build());
        for step in &moves {
            run.step(step);
        }
        run.settle();
    }
}

proptest! {
    #![proptest_config(config(40))]

    /// S2-22: what is offered is accepted, and what is not offered is refused, for everybody at every moment.
    #[test]
    fn what_is_offered_is_what_is_accepted(company in company(), moves in moves(40)) {
        let mut run = Run::new(company.build());
        for step in &moves {
            run.step(step);
            run.offers_agree();
        }
    }
}
