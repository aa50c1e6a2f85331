//! What happened there in the last weeks, told by those who did it.

use super::Deed::{Approve, Cancel, Comment, Confirm, Deny, GiveBack};
use super::{Deed, Story};

/// What became of each request, in the order in which they were filed.
pub(in crate::demo) const STORIES: &[Story] = &[
    asked(
        600,
        "ines.duarte",
        "aws/read-only",
        "P30D",
        "I compare what the old and the new loaders cost.",
        &[(596, "tomasz.wilk", Approve("")), (590, "oskar.brandt", Confirm(""))],
    ),
    asked(
        596,
        "ines.duarte",
        "github/access",
        "",
        "",
        &[
            (590, "tomasz.wilk", Approve("Welcome aboard.")),
            (520, "leo.bergstrom", Confirm("Invited, and added to the data team.")),
        ],
    ),
    asked(
        590,
        "diego.fuentes",
        "salesforce/account-executive",
        "",
        "I take over the customers in Iberia.",
        &[(520, "rafael.pinto", Approve("")), (400, "noor.rahman", Confirm(""))],
    ),
    asked(
        520,
        "andrei.ionescu",
        "netsuite/accountant",
        "",
        "I close the books of the Lisbon office from now on.",
        &[
            (400, "beatriz.campos", Approve("Agreed with Mei.")),
            (398, "mei.tanaka", Confirm("Subsidiary Portugal only.")),
        ],
    ),
    asked(
        400,
        "anika.sharma",
        "github/maintain",
        "P90D",
        "I set up the branch rules for the new build images.",
        &[
            (398, "priya.raman", Approve("")),
            (300, "henrik.lund", Approve("Fine until the images are out.")),
            (298, "leo.bergstrom", Confirm("")),
        ],
    ),
    asked(
        300,
        "rafael.pinto",
        "salesforce/reports",
        "",
        "Quarterly review of the pipeline.",
        &[
            (298, "samuel.achterberg", Approve("")),
            (200, "noor.rahman", Confirm("")),
            (28, "rafael.pinto", GiveBack("The review is over.")),
        ],
    ),
    asked(
        298,
        "kofi.mensah",
        "looker/explorer",
        "P90D",
        "I look into why churn rose in the north.",
        &[(200, "tomasz.wilk", Approve(""))],
    ),
    asked(
        200,
        "sofia.lindqvist",
        "figma/full-seat",
        "",
        "I draw the new checkout with Amara.",
        &[(198, "ewa.kowalczyk", Approve("Please share the file with the mobile team too."))],
    ),
    asked(
        198,
        "hana.sato",
        "datadog/editor",
        "",
        "I move our alerts to the new services.",
        &[(100, "jonas.okafor", Approve(""))],
    ),
    asked(198, "aiko.mori", "slack/access", "", "", &[(100, "oskar.brandt", Approve(""))]),
    asked(
        100,
        "sofia.lindqvist",
        "pagerduty/responder",
        "P90D",
        "I join the rotation of the web team.",
        &[(98, "sofia.lindqvist", Cancel("The rotation starts next quarter. I ask again then."))],
    ),
    asked(
        98,
        "ben.carver",
        "github/admin",
        "P1D",
        "I want to turn on signing for the mobile repositories.",
        &[(50, "ruth.abebe", Deny("Maintain Access is enough for that. Ownership of the organisation is not needed."))],
    ),
    asked(
        50,
        "diego.fuentes",
        "salesforce/export",
        "P1D",
        "A list of all customers for the trade fair.",
        &[
            (47, "noor.rahman", Comment("The report \"Fair invitations\" has the same columns and needs no download.")),
            (28, "rafael.pinto", Deny("Use the report that Noor names.")),
        ],
    ),
    asked(
        47,
        "milan.novak",
        "looker/developer",
        "P30D",
        "I add the forecast to the revenue model.",
        &[(28, "tomasz.wilk", Approve(""))],
    ),
    asked(
        30,
        "tariq.mansour",
        "github/write",
        "P30D",
        "I help the platform team with the payment retries.",
        &[(28, "ewa.kowalczyk", Approve("Planned work for this month."))],
    ),
    asked(
        28,
        "ines.duarte",
        "snowflake/loader-prod",
        "P30D",
        "I switch the nightly loaders over and check the first runs.",
        &[
            (26, "sana.haddad", Comment("Does the switch need writing, or only reading the landing tables?")),
            (24, "ines.duarte", Comment("Writing: a failed run has to be loaded again by hand.")),
            (22, "tomasz.wilk", Approve("Planned for this week. Please give it back when the loaders are stable.")),
        ],
    ),
    asked(26, "marguerite.osei", "looker/explorer", "P90D", "Numbers for the board meeting.", &[]),
    asked(
        8,
        "hana.sato",
        "aws/power-user",
        "P1D",
        "I replace the certificates of the payment gateway tonight.",
        &[(6, "nadia.benali", Approve("Change CHG-207 is planned and reviewed."))],
    ),
    asked(
        6,
        "luca.moretti",
        "aws/power-user",
        "PT8H",
        "Checkout answers slowly. I have to restart the payment tasks.",
        &[
            (5, "nadia.benali", Approve("Seen on the dashboard.")),
            (4, "viktor.sorensen", Approve("Incident is open.")),
            (3, "jamal.winters", Confirm("")),
        ],
    ),
    asked(5, "kofi.mensah", "snowflake/analyst-prod", "P90D", "The churn report needs the production tables.", &[]),
    Story {
        subject: "lucie.martin",
        ..asked(
            4,
            "jamal.winters",
            "jira/service-desk",
            "P90D",
            "Lucie answers questions about onboarding from Monday on.",
            &[],
        )
    },
    asked(2, "sofia.lindqvist", "datadog/admin", "P7D", "I rotate the keys of the web client.", &[]),
];

/// Somebody asks for something for himself.
const fn asked(
    hours_ago: i64,
    by: &'static str,
    what: &'static str,
    duration: &'static str,
    why: &'static str,
    then: &'static [(i64, &'static str, Deed)],
) -> Story {
    Story { hours_ago, by, subject: "", what, duration, why, then }
}
