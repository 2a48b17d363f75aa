//! What the menus hold, and what choosing something does.

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// The page shows a place.
    Goes(&'static str),
    /// The page opens its search.
    Searches,
    /// The page is loaded anew.
    Reloads,
    /// The window is shown.
    Shows,
    /// This machine is shown, whatever server was.
    ComesHome,
    /// The app ends.
    Quits,
}

/// Something that can be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// What it is called among the others.
    pub id: &'static str,
    /// What is read.
    pub text: &'static str,
    /// Its keys, as Tauri writes them.
    pub keys: Option<&'static str>,
    /// What it does.
    pub does: Does,
}

const fn item(id: &'static str, text: &'static str, keys: &'static str, does: Does) -> Item {
    Item {
        id,
        text,
        keys: Some(keys),
        does,
    }
}

const fn plain(id: &'static str, text: &'static str, does: Does) -> Item {
    Item {
        id,
        text,
        keys: None,
        does,
    }
}

/// The window's menus: a name, and what is in each.
pub const MENUS: [(&str, &[Item]); 2] = [
    (
        "File",
        &[
            item("new", "New mail", "CmdOrCtrl+N", Does::Goes("#/compose")),
            item("search", "Search", "CmdOrCtrl+K", Does::Searches),
            item("reload", "Reload", "CmdOrCtrl+R", Does::Reloads),
            plain("home", "Show this machine", Does::ComesHome),
            item("quit", "Quit", "CmdOrCtrl+Q", Does::Quits),
        ],
    ),
    (
        "Go",
        &[
            item(
                "overview",
                "Overview",
                "CmdOrCtrl+1",
                Does::Goes("#/overview"),
            ),
            item("inbox", "Inbox", "CmdOrCtrl+2", Does::Goes("#/inbox")),
            item("outbox", "Outbox", "CmdOrCtrl+3", Does::Goes("#/outbox")),
            item("domains", "Domains", "CmdOrCtrl+4", Does::Goes("#/domains")),
            item("keys", "Keys", "CmdOrCtrl+5", Does::Goes("#/keys")),
            item(
                "mailboxes",
                "Mailboxes",
                "CmdOrCtrl+6",
                Does::Goes("#/mailboxes"),
            ),
            item(
                "listeners",
                "Listeners",
                "CmdOrCtrl+7",
                Does::Goes("#/listeners"),
            ),
            item(
                "settings",
                "Settings",
                "CmdOrCtrl+Comma",
                Does::Goes("#/settings"),
            ),
        ],
    ),
];

/// The tray's menu.
pub const TRAY: &[Item] = &[
    plain("tray-show", "Open Posthouse", Does::Shows),
    plain("tray-new", "New mail", Does::Goes("#/compose")),
    plain("tray-inbox", "Inbox", Does::Goes("#/inbox")),
    plain("tray-listeners", "Listeners", Does::Goes("#/listeners")),
    plain("tray-quit", "Quit", Does::Quits),
];

/// What choosing this does.
#[must_use]
pub fn does(id: &str) -> Option<Does> {
    let mut all = MENUS.iter().flat_map(|(_, items)| items.iter()).chain(TRAY);
    all.find(|item| item.id == id).map(|item| item.does)
}

/// The script that brings the page to a place. The place is a text in it and nothing else,
/// whatever stands there.
#[must_use]
pub fn goes(place: &str) -> String {
    let text = serde_json::Value::from(place).to_string();
    // What JSON allows in a text and older JavaScript did not.
    let text = text
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    format!("location.hash = {text};")
}

/// The script that opens the page's search, by the keys that open it there.
pub const SEARCHES: &str = "window.dispatchEvent(new KeyboardEvent('keydown', \
    { key: 'k', code: 'KeyK', ctrlKey: true, metaKey: navigator.platform.startsWith('Mac'), \
    bubbles: true, cancelable: true }));";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_is_found_by_its_own_name_and_keys() {
        let all: Vec<&Item> = MENUS
            .iter()
            .flat_map(|(_, items)| items.iter())
            .chain(TRAY)
            .collect();
        let ids: HashSet<&str> = all.iter().map(|item| item.id).collect();
        assert_eq!(ids.len(), all.len());
        let keys: Vec<&str> = all.iter().filter_map(|item| item.keys).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
        assert_eq!(does("new"), Some(Does::Goes("#/compose")));
        assert_eq!(does("nothing"), None);
    }

    #[test]
    fn a_place_is_never_a_script() {
        assert_eq!(goes("#/inbox/7"), "location.hash = \"#/inbox/7\";");
        let hostile = goes("\";alert(1)//\u{2028}");
        assert_eq!(hostile, "location.hash = \"\\\";alert(1)//\\u2028\";");
    }
}
