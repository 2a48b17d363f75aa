//! Which mail is news, of lists that are looked at again and again.

use serde_json::Value;

/// How many new mails are told one by one; more are told as a number.
const EACH: usize = 3;

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who wrote, or how many did.
    pub title: String,
    /// What about.
    pub body: String,
    /// Where the page shows it.
    pub place: String,
}

/// The newest mail that is known.
#[derive(Debug, Default)]
pub struct News {
    newest: Option<i64>,
}

impl News {
    /// What is new in a list of messages, the newest first (`message.list`). The first list is
    /// where the news begin, so nothing of it is.
    pub fn of(&mut self, list: &Value) -> Vec<Notice> {
        let rows = list["rows"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let id = |row: &Value| row["id"].as_i64().unwrap_or_default();
        let newest = rows.iter().map(id).max().unwrap_or_default();
        let Some(known) = self
            .newest
            .replace(newest.max(self.newest.unwrap_or_default()))
        else {
            return Vec::new();
        };
        let is_news =
            |row: &&Value| id(row) > known && row["seen"] == false && row["folder"] == "inbox";
        let new: Vec<&Value> = rows.iter().filter(is_news).collect();
        if new.len() > EACH {
            return vec![Notice {
                title: String::from("New mail"),
                body: match new.len() == rows.len() {
                    true => format!("{} or more messages", new.len()),
                    false => format!("{} messages", new.len()),
                },
                place: String::from("#/inbox"),
            }];
        }
        new.into_iter().rev().map(notice).collect()
    }
}

fn notice(row: &Value) -> Notice {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    Notice {
        title: one_line(text("from")),
        body: one_line(text("subject")),
        place: format!("#/inbox/{}", row["id"]),
    }
}

/// What a stranger wrote, in one line of a size that is read.
fn one_line(text: &str) -> String {
    let plain = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one });
    plain.take(120).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(id: i64, seen: bool, folder: &str) -> Value {
        json!({"id": id, "seen": seen, "folder": folder, "from": "Kim\n<kim@x.test>",
            "subject": format!("Order {id}")})
    }

    #[test]
    fn only_what_came_since_is_told() {
        let mut news = News::default();
        assert!(
            news.of(&json!({"rows": [row(7, false, "inbox")]}))
                .is_empty()
        );
        let list = json!({"rows": [row(11, false, "spam"), row(10, true, "inbox"),
            row(9, false, "inbox"), row(8, false, "inbox"), row(7, false, "inbox")]});
        let told = news.of(&list);
        let places: Vec<&str> = told.iter().map(|one| one.place.as_str()).collect();
        assert_eq!(places, ["#/inbox/8", "#/inbox/9"]);
        assert_eq!(told[0].title, "Kim <kim@x.test>");
        assert_eq!(told[0].body, "Order 8");
        assert!(news.of(&list).is_empty());
    }

    #[test]
    fn many_are_told_as_one() {
        let mut news = News::default();
        assert!(news.of(&json!({"rows": []})).is_empty());
        let rows: Vec<Value> = (1..=5).rev().map(|id| row(id, false, "inbox")).collect();
        let told = news.of(&json!({ "rows": rows }));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].body, "5 or more messages");
    }
}
