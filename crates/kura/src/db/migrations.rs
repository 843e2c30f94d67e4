//! The migrations, in their order: what each version of the program adds to the database.
//!
//! They are listed here rather than found by sqlx's macro: that would build the database's drivers twice.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),*]
    };
}

/// Names and texts. A migration that was published never changes: its digest is in every database.
const FILES: [(&str, &str); 32] = files![
    "0001_foundation",
    "0002_log_keys",
    "0003_packaged",
    "0004_upload_person",
    "0005_sessions",
    "0006_passkeys",
    "0007_codes",
    "0008_search",
    "0009_invitations",
    "0010_views",
    "0011_openings_by_place",
    "0012_accounts",
    "0013_devices",
    "0014_policy",
    "0015_same_content",
    "0016_duties",
    "0017_acknowledgements",
    "0018_resolutions",
    "0019_derivatives",
    "0020_denials",
    "0021_witness_records",
    "0022_mail",
    "0023_occurrences_by_day",
    "0024_attempts",
    "0025_rulings",
    "0026_evaluations",
    "0027_self_inspections",
    "0028_violations",
    "0029_terms",
    "0030_requirements",
    "0031_changes",
    "0032_effect",
];

fn migration((name, sql): (&'static str, &'static str)) -> Option<Migration> {
    let (version, description) = name.split_once('_')?;
    let description = Cow::Owned(description.replace('_', " "));
    let version = version.parse().ok()?;
    Some(Migration::new(version, description, MigrationType::Simple, sql.into_sql_str(), false))
}

/// All of them.
pub(super) fn migrator() -> Migrator {
    Migrator::with_migrations(FILES.into_iter().filter_map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_of_the_folder_is_listed_in_its_order() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
        let mut there: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        there.sort();
        let listed: Vec<String> = FILES.iter().map(|(name, _)| format!("{name}.sql")).collect();
        assert_eq!(listed, there);
        let versions: Vec<i64> = migrator().iter().map(|migration| migration.version).collect();
        assert_eq!(versions, (1..=FILES.len() as i64).collect::<Vec<_>>());
    }
}
