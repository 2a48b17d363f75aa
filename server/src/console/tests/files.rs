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
    let mut lines = zone.body.lines();
    let is_plain = |line: &str| line.is_empty() || line.starts_with(';');
    assert!(lines.all(|line| is_plain(line) || line.contains("shop.test. ")));
    // What people's programs look for is in it, as in what the command prints.
    assert!(
        zone.body.contains("\n_imaps._tcp.shop.test. SRV 0 0 0 .\n"),
        "{}",
        zone.body
    );
    assert!(
        zone.body
            .contains("\n; DKIM key, needed to send: not looked yet\n"),
        "{}",
        zone.body
    );
    let shown = house
        .done(&ada, "domain.show", json!({"host": "shop.test"}))
        .await;
    for record in shown["records"].as_array().unwrap() {
        let line = record["line"].as_str().unwrap();
        assert!(zone.body.lines().any(|one| one == line), "{line}");
    }
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

#[tokio::test]
async fn another_organization_gets_nothing_of_the_machines() {
    let house = House::open().await;
    house.owner().await;
    house.engine.create_organization("other").await.unwrap();
    let other = house.engine.operator(Some("other")).await.unwrap();
    let way = house.engine.invite_user(&other, "eve", Role::Owner);
    let eve = house.welcome(&way.await.unwrap().token, "").await;
    let made = house.call(&eve, "backup.make", json!({})).await;
    assert_eq!(made.refusal().2, "role");
    let copy = house.get(&eve, "/console/files/backup").await;
    assert_eq!(copy.refusal().2, "role");
    let settings = house.done(&eve, "settings.show", json!({})).await;
    assert_eq!(
        (&settings["name"], &settings["file"]),
        (&json!("other"), &json!([]))
    );
    // Nor of the first organization's.
    let domains = house.done(&eve, "domain.list", json!({})).await;
    assert_eq!(domains["rows"], json!([]));
    let shop = json!({"host": "shop.test"});
    let shown = house.call(&eve, "domain.show", shop).await;
    assert_eq!(shown.refusal(), (404, "missing".into(), "domain".into()));
    let people = house.done(&eve, "user.list", json!({})).await;
    assert_eq!(people["rows"].as_array().unwrap().len(), 1);
    let told = house.done(&eve, "audit.list", json!({})).await;
    assert_eq!(told["rows"].as_array().unwrap().len(), 1);
}
