//! Nobody can add a sealed column without the rotation knowing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pairlink_proxy::secret::Secret;
use pairlink_proxy::vault::{MasterKey, Place, SEALED_COLUMNS, Vault, VaultError};

use crate::harness::World;

/// The columns whose comments in the migrations say that they are sealed.
fn declared(database: &str) -> BTreeSet<(String, String)> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("migrations")
        .join(database);
    let mut declared = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.is_dir() {
            // The same, in the words of another database.
            continue;
        }
        let text = std::fs::read_to_string(file).unwrap();
        let mut table = String::new();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => table = String::from(*name),
                ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] if is_sealed(line) => {
                    declared.insert(((*name).to_owned(), (*column).to_owned()));
                }
                [column, ..] if is_sealed(line) => {
                    declared.insert((table.clone(), (*column).to_owned()));
                }
                _other => {}
            }
        }
    }
    declared
}

fn is_sealed(line: &str) -> bool {
    line.split_once("--").is_some_and(|(code, comment)| {
        !code.trim().is_empty() && comment.trim().starts_with("sealed")
    })
}

fn listed() -> BTreeSet<(String, String)> {
    SEALED_COLUMNS
        .iter()
        .map(|listed| (listed.table.to_owned(), listed.column.to_owned()))
        .collect()
}

#[test]
fn every_column_that_is_declared_sealed_is_in_the_inventory_and_no_other() {
    for database in ["sqlite", "postgres"] {
        assert_eq!(declared(database), listed(), "{database}");
    }
}

#[tokio::test]
async fn every_column_that_holds_a_sealed_value_is_in_the_inventory() {
    let world = World::start().await;
    world.furnish().await;
    let mut books = world.books().await;
    let mut holding = BTreeSet::new();
    let columns = books
        .column(
            "SELECT m.name || ' ' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table'",
        )
        .await;
    for column in columns {
        let (table, column) = column.split_once(' ').unwrap();
        let query =
            format!("SELECT '1' FROM \"{table}\" WHERE \"{column}\" LIKE 'v1.dek%' LIMIT 1");
        if !books.answers(query).await.is_empty() {
            holding.insert((table.to_owned(), column.to_owned()));
        }
    }
    books.close().await;
    assert!(holding.is_subset(&listed()), "{holding:?}");
    assert!(
        holding.len() >= 5,
        "the world has something in most: {holding:?}"
    );
}

#[test]
fn nothing_is_sealed_for_a_place_that_is_not_listed() {
    let master = MasterKey::random(&mut rand::rng());
    let keys = Vault::new_keys(&master, &mut rand::rng()).unwrap();
    let vault = Vault::unlock(&master, &keys).unwrap();
    let place = Place {
        tenant: "acme",
        table: "connections",
        row: "con_1",
        column: "label",
    };
    let refused = vault.seal(place, &Secret::new("hush"), &mut rand::rng());
    assert!(matches!(
        refused,
        Err(VaultError::Unlisted {
            table: "connections",
            column: "label"
        })
    ));
}
