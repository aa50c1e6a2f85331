//! Migrations are embedded: a new file in either folder means a new build.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
