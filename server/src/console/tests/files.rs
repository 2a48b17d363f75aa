//! What is put away as a file.

use axum::http::StatusCode;
use posthouse::model::organization::Role;
use serde_json::json;

use super::house::House;

#[tokio::test]
async fn records_and_lists_are_files() {
    let house = House::open().await;
    let ada = house.owner().await;
    let zone = house
        .get(&ada, "/console/files/domain/shop.test/zone")
        .await;
    assert_eq!(zone.status, StatusCode::OK);
    assert!(
        zone.body
            .lines()
            .all(|line| line.contains(".shop.test. ") || line.starts_with("shop.test. "))
    );
    assert_eq!(
        zone.header("content-disposition"),
        "attachment; filename=\"shop.test.zone\""
    );
    let absent = house.get(&ada, "/console/files/domain/far.test/zone").await;
    assert_eq!(absent.refusal().0, 404);
    let add = json!({"address": "gone@far.test", "domain": null, "detail": null});
    house.done(&ada, "suppression.add", add).await;
    let sheet = house.get(&ada, "/console/files/suppressions").await;
    assert!(sheet.body.contains("gone@far.test"));
    assert_eq!(sheet.body.lines().count(), 2);
}

#[tokio::test]
async fn a_copy_of_the_database_is_an_owners() {
    let house = House::open().await;
    let ada = house.owner().await;
    let kim = house.person("kim", Role::Member).await;
    let none = house.get(&ada, "/console/files/backup").await;
    assert_eq!(none.refusal().2, "elsewhere");
    let made = house.done(&ada, "backup.make", json!({})).await;
    let denied = house.get(&kim, "/console/files/backup").await;
    assert_eq!(denied.refusal().2, "role");
    let copy = house.get(&ada, made["url"].as_str().unwrap()).await;
    assert_eq!(copy.status, StatusCode::OK);
    assert!(copy.body.starts_with("SQLite format 3"));
    let path = house.folder.path().join("console-backup.db");
    let about = std::fs::metadata(path).unwrap();
    assert_eq!(Some(about.len()), made["size_bytes"].as_u64());
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
}
