//! Who works there, level by level, so that everybody's manager is there first; and the groups.

use super::{Person, Team};

/// The people from the top down.
pub(in crate::demo) const LEVELS: [&[Person]; 4] = [&TOP, &HEADS, &LEADS, &STAFF];

const TOP: [Person; 1] = [Person::new("marguerite.osei", "Marguerite Osei", ["Leadership", "Chief Executive"], "")];

const HEADS: [Person; 7] = [
    Person::new("henrik.lund", "Henrik Lund", ["Engineering", "Chief Technology Officer"], "marguerite.osei"),
    Person::new("admin", "Lin Chow", ["IT", "Head of IT"], "marguerite.osei").with(&["super_admin"]),
    Person::new("ruth.abebe", "Ruth Abebe", ["Security", "Head of Security"], "marguerite.osei"),
    Person::new("beatriz.campos", "Beatriz Campos", ["Finance", "Chief Financial Officer"], "marguerite.osei"),
    Person::new("samuel.achterberg", "Samuel Achterberg", ["Sales", "Head of Sales"], "marguerite.osei"),
    Person::new("naomi.feld", "Naomi Feld", ["People", "Head of People"], "marguerite.osei"),
    Person::new("clara.whitcombe", "Clara Whitcombe", ["Marketing", "Head of Marketing"], "marguerite.osei"),
];

const LEADS: [Person; 8] = [
    Person::new("tomasz.wilk", "Tomasz Wilk", ["Data", "Data Platform Lead"], "henrik.lund"),
    Person::new("priya.raman", "Priya Raman", ["Engineering", "Platform Lead"], "henrik.lund"),
    Person::new("jonas.okafor", "Jonas Okafor", ["Engineering", "Site Reliability Lead"], "henrik.lund"),
    Person::new("ewa.kowalczyk", "Ewa Kowalczyk", ["Engineering", "Product Engineering Lead"], "henrik.lund"),
    Person::new("oskar.brandt", "Oskar Brandt", ["IT", "IT Operations Lead"], "admin"),
    Person::new("mei.tanaka", "Mei Tanaka", ["Finance", "Financial Controller"], "beatriz.campos"),
    Person::new("rafael.pinto", "Rafael Pinto", ["Sales", "Sales Lead"], "samuel.achterberg"),
    Person::new("grace.mwangi", "Grace Mwangi", ["Support", "Support Lead"], "samuel.achterberg"),
];

const STAFF: [Person; 26] = [
    Person::new("ines.duarte", "Ines Duarte", ["Data", "Data Engineer"], "tomasz.wilk"),
    Person::new("kofi.mensah", "Kofi Mensah", ["Data", "Data Analyst"], "tomasz.wilk"),
    Person::new("milan.novak", "Milan Novak", ["Data", "Data Scientist"], "tomasz.wilk"),
    Person::new("sana.haddad", "Sana Haddad", ["Data", "Warehouse Engineer"], "tomasz.wilk"),
    Person::new("leo.bergstrom", "Leo Bergström", ["Engineering", "Platform Engineer"], "priya.raman"),
    Person::new("anika.sharma", "Anika Sharma", ["Engineering", "Platform Engineer"], "priya.raman"),
    Person {
        kind: "service",
        ..Person::new("release.bot", "Release Bot", ["Engineering", "Service account"], "priya.raman")
    },
    Person::new("hana.sato", "Hana Sato", ["Engineering", "Site Reliability Engineer"], "jonas.okafor"),
    Person::new("luca.moretti", "Luca Moretti", ["Engineering", "Site Reliability Engineer"], "jonas.okafor"),
    Person::new("tariq.mansour", "Tariq Mansour", ["Engineering", "Backend Engineer"], "ewa.kowalczyk"),
    Person::new("sofia.lindqvist", "Sofia Lindqvist", ["Engineering", "Frontend Engineer"], "ewa.kowalczyk"),
    Person::new("ben.carver", "Ben Carver", ["Engineering", "Mobile Engineer"], "ewa.kowalczyk"),
    Person::new("nadia.benali", "Nadia Benali", ["Security", "Security Engineer"], "ruth.abebe"),
    Person::new("viktor.sorensen", "Viktor Sørensen", ["Security", "Security Analyst"], "ruth.abebe"),
    Person::new("elif.kaya", "Elif Kaya", ["Security", "Compliance Analyst"], "ruth.abebe").with(&["auditor"]),
    Person::new("jamal.winters", "Jamal Winters", ["IT", "Help Desk Technician"], "oskar.brandt").with(&["helpdesk"]),
    Person::new("paula.reyes", "Paula Reyes", ["IT", "Access Coordinator"], "oskar.brandt")
        .with(&["access_request_admin"]),
    Person::new("stefan.vogel", "Stefan Vogel", ["IT", "Integration Engineer"], "oskar.brandt")
        .with(&["connector_admin"]),
    Person::new("andrei.ionescu", "Andrei Ionescu", ["Finance", "Accountant"], "mei.tanaka"),
    Person::new("fatima.elamrani", "Fatima El Amrani", ["Finance", "Financial Analyst"], "mei.tanaka"),
    Person::new("diego.fuentes", "Diego Fuentes", ["Sales", "Account Executive"], "rafael.pinto"),
    Person::new("noor.rahman", "Noor Rahman", ["Sales", "Sales Operations Analyst"], "rafael.pinto"),
    Person::new("marcus.bell", "Marcus Bell", ["Support", "Support Specialist"], "grace.mwangi"),
    Person::new("aiko.mori", "Aiko Mori", ["Support", "Support Specialist"], "grace.mwangi"),
    Person::new("lucie.martin", "Lucie Martin", ["People", "People Partner"], "naomi.feld"),
    Person::new("amara.nwosu", "Amara Nwosu", ["Marketing", "Brand Designer"], "clara.whitcombe"),
];

/// The groups.
pub(in crate::demo) const GROUPS: [Team; 9] = [
    Team {
        name: "engineering",
        members: &[
            "henrik.lund",
            "priya.raman",
            "jonas.okafor",
            "ewa.kowalczyk",
            "leo.bergstrom",
            "anika.sharma",
            "hana.sato",
            "luca.moretti",
            "tariq.mansour",
            "sofia.lindqvist",
            "ben.carver",
            "release.bot",
        ],
    },
    Team { name: "data", members: &["tomasz.wilk", "ines.duarte", "kofi.mensah", "milan.novak", "sana.haddad"] },
    Team { name: "security", members: &["ruth.abebe", "nadia.benali", "viktor.sorensen"] },
    Team { name: "it-operations", members: &["oskar.brandt", "jamal.winters", "paula.reyes", "stefan.vogel"] },
    Team { name: "finance", members: &["beatriz.campos", "mei.tanaka", "andrei.ionescu", "fatima.elamrani"] },
    Team { name: "sales", members: &["samuel.achterberg", "rafael.pinto", "diego.fuentes", "noor.rahman"] },
    Team { name: "people-team", members: &["naomi.feld", "lucie.martin"] },
    Team { name: "support", members: &["grace.mwangi", "marcus.bell", "aiko.mori"] },
    Team { name: "on-call", members: &["jonas.okafor", "hana.sato", "luca.moretti", "leo.bergstrom"] },
];
