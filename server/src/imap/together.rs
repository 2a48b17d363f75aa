//! Two clients in the same folders, whatever they do in whatever order, and changes by other
//! doors: real sessions and a real engine against a simple model.

mod client;
mod elsewhere;
mod model;
mod scene;

use proptest::prelude::*;
use proptest::sample::select;

use scene::Scene;

/// The folders that there are.
const FOLDERS: [&str; 2] = ["INBOX", "Trash"];

/// Bits of marks, and their words.
const MARKS: [(u8, &str); 6] = [
    (1, "\\Seen"),
    (2, "\\Answered"),
    (4, "\\Flagged"),
    (8, DELETED.1),
    (16, "\\Draft"),
    (32, "$Work"),
];
const DELETED: (u8, &str) = (8, "\\Deleted");

/// Whether messages are named by sequence numbers or by uids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Number,
    Uid,
}

/// Where in what a client knows: a start, and how many.
type Stretch = (usize, usize);

/// How a folder is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    Select,
    Examine,
}

/// How marks are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Add,
    Remove,
    Replace,
}

/// What a client does.
#[derive(Clone, Debug)]
enum Deed {
    Open(Opening, usize),
    Append(usize, u8),
    Store(Stretch, By, Change, u8, &'static str),
    Fetch(Stretch, By),
    Search(By),
    Copy(Stretch, By, usize),
    Move(Stretch, By, usize),
    Expunge,
    ExpungeOnly(Stretch),
    Noop,
    Check,
    Idle,
    Close,
    Unselect,
}

/// What happens by another door.
#[derive(Clone, Debug)]
enum Elsewhere {
    /// A message comes.
    Comes(usize),
    /// One is marked as read, or not.
    Marked(usize, usize, u8),
    /// One is put into another folder, as an API does it.
    Moved(usize, usize),
    /// One is removed.
    Removed(usize, usize),
}

#[derive(Clone, Debug)]
enum Turn {
    Client(usize, Deed),
    Elsewhere(Elsewhere),
}

fn stretch() -> impl Strategy<Value = Stretch> {
    (0..12_usize, 1..4_usize)
}

fn by() -> impl Strategy<Value = By> {
    select(vec![By::Number, By::Uid])
}

fn marks() -> impl Strategy<Value = u8> {
    prop_oneof![0..64_u8, Just(DELETED.0)]
}

fn folder() -> impl Strategy<Value = usize> {
    0..FOLDERS.len()
}

fn deed() -> impl Strategy<Value = Deed> {
    let opening = prop_oneof![4 => Just(Opening::Select), 1 => Just(Opening::Examine)];
    let change = select(vec![
        Change::Add,
        Change::Add,
        Change::Remove,
        Change::Replace,
    ]);
    let silent = select(vec!["", ".SILENT"]);
    prop_oneof![
        2 => (opening, folder()).prop_map(|(opening, at)| Deed::Open(opening, at)),
        4 => (folder(), marks()).prop_map(|(at, marks)| Deed::Append(at, marks)),
        6 => (stretch(), by(), change, marks(), silent)
            .prop_map(|(at, by, change, marks, silent)| Deed::Store(at, by, change, marks, silent)),
        3 => (stretch(), by()).prop_map(|(at, by)| Deed::Fetch(at, by)),
        2 => by().prop_map(Deed::Search),
        3 => (stretch(), by(), folder()).prop_map(|(at, by, to)| Deed::Copy(at, by, to)),
        3 => (stretch(), by(), folder()).prop_map(|(at, by, to)| Deed::Move(at, by, to)),
        3 => Just(Deed::Expunge),
        2 => stretch().prop_map(Deed::ExpungeOnly),
        4 => Just(Deed::Noop),
        1 => Just(Deed::Check),
        2 => Just(Deed::Idle),
        1 => Just(Deed::Close),
        1 => Just(Deed::Unselect),
    ]
}

fn elsewhere() -> impl Strategy<Value = Elsewhere> {
    prop_oneof![
        folder().prop_map(Elsewhere::Comes),
        (folder(), 0..12_usize, marks())
            .prop_map(|(at, one, marks)| Elsewhere::Marked(at, one, marks)),
        (folder(), 0..12_usize).prop_map(|(at, one)| Elsewhere::Moved(at, one)),
        (folder(), 0..12_usize).prop_map(|(at, one)| Elsewhere::Removed(at, one)),
    ]
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        5 => (0..2_usize, deed()).prop_map(|(who, deed)| Turn::Client(who, deed)),
        1 => elsewhere().prop_map(Turn::Elsewhere),
    ]
}

/// What a client switches on.
fn enabled() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "CONDSTORE",
        "QRESYNC",
        "IMAP4rev2",
        "IMAP4rev2 QRESYNC",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_clients_believe_is_so(
        enabled in [enabled(), enabled()],
        turns in prop::collection::vec(turn(), 20..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let mut scene = Scene::new(enabled).await;
            for turn in turns {
                scene.turn(turn).await;
            }
            scene.ends().await;
        });
    }
}
