use proptest::prelude::*;

use super::super::samples::{changes, item};
use super::*;

fn view(uids: &[u32]) -> View {
    View::new(uids.iter().map(|uid| item(*uid, 1)).collect(), 1)
}

fn set(text: &str) -> SequenceSet {
    SequenceSet::try_from(text).unwrap()
}

#[test]
fn sets_find_messages() {
    let view = view(&[10, 20, 30, 40]);
    let by_uid: [(&str, &[u32]); 7] = [
        ("10", &[10]),
        ("1:*", &[10, 20, 30, 40]),
        ("25:*", &[30, 40]),
        ("50:*", &[40]),
        ("*", &[40]),
        ("15,41:49", &[]),
        ("40,10:20,15:30", &[10, 20, 30, 40]),
    ];
    for (text, uids) in by_uid {
        assert_eq!(view.by_uid(&set(text)), uids, "{text}");
    }
    let by_number: [(&str, Result<Vec<u32>, NoSuchNumber>); 6] = [
        ("1", Ok(vec![10])),
        ("2:*", Ok(vec![20, 30, 40])),
        ("*:3", Ok(vec![30, 40])),
        ("4,1,1:2", Ok(vec![10, 20, 40])),
        ("5", Err(NoSuchNumber)),
        ("1:5", Err(NoSuchNumber)),
    ];
    for (text, uids) in by_number {
        assert_eq!(view.by_number(&set(text)), uids, "{text}");
    }
}

#[test]
fn an_empty_folder_has_no_numbers() {
    let view = view(&[]);
    for (text, uids) in [
        ("1:*", Ok(vec![])),
        ("*", Ok(vec![])),
        ("1", Err(NoSuchNumber)),
    ] {
        assert_eq!(view.by_number(&set(text)), uids, "{text}");
    }
    assert_eq!(view.by_uid(&set("1:*")), [0_u32; 0]);
}

#[test]
fn numbers_stay_until_the_client_is_told() {
    let mut view = view(&[10, 20, 30, 40]);
    let news = view.apply(changes(5, vec![item(30, 4), item(50, 5)], &[20, 40, 99]));
    assert_eq!((news.exists, news.marked), (Some(5), vec![30]));
    assert_eq!(view.find(30).map(|found| found.0), Some(3));
    assert!(view.is_gone(20) && !view.is_gone(30));
    let gone = view.tell();
    assert_eq!((gone.numbers, gone.uids), (vec![4, 2], vec![20, 40]));
    assert_eq!(view.find(30).map(|found| found.0), Some(2));
    assert_eq!(view.tell(), Gone::default());
    assert_eq!(view.modseq(), 5);
}

#[test]
fn what_is_known_is_not_told_again() {
    let mut view = view(&[10]);
    assert_eq!(
        view.apply(changes(3, vec![item(10, 1)], &[])),
        News::default()
    );
    view.vanished(&[10]);
    view.tell();
    assert_eq!(view.apply(changes(3, vec![], &[10])), News::default());
    assert_eq!(view.tell(), Gone::default());
}

#[derive(Clone, Debug)]
enum Act {
    Come(u32),
    Mark(usize),
    Go(usize),
    Tell,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let one = prop_oneof![
        (1_u32..4).prop_map(Act::Come),
        any::<usize>().prop_map(Act::Mark),
        any::<usize>().prop_map(Act::Go),
        Just(Act::Tell),
    ];
    prop::collection::vec(one, 0..60)
}

proptest! {
    /// A client that follows what it is told has the same numbers as the server, and in the
    /// end what there is.
    #[test]
    fn client_and_server_agree(acts in acts()) {
        let mut view = view(&[]);
        let mut there: Vec<u32> = Vec::new();
        let mut client = 0_usize;
        let (mut last, mut modseq) = (0, 1);
        for act in acts {
            modseq += 1;
            let news = match act {
                Act::Come(gap) => {
                    last += gap;
                    there.push(last);
                    view.apply(changes(modseq, vec![item(last, modseq)], &[]))
                }
                Act::Mark(at) if !there.is_empty() => {
                    let uid = there[at % there.len()];
                    view.apply(changes(modseq, vec![item(uid, modseq)], &[]))
                }
                Act::Go(at) if !there.is_empty() => {
                    let uid = there.remove(at % there.len());
                    view.apply(changes(modseq, vec![], &[uid]))
                }
                Act::Mark(_) | Act::Go(_) => News::default(),
                Act::Tell => {
                    for number in view.tell().numbers {
                        let number = usize::try_from(number).unwrap();
                        prop_assert!((1..=client).contains(&number));
                        client -= 1;
                    }
                    let known: Vec<u32> = view.items().iter().map(|item| item.uid).collect();
                    prop_assert_eq!(&known, &there);
                    News::default()
                }
            };
            client = news.exists.unwrap_or(client);
            prop_assert_eq!(client, view.items().len());
            for uid in news.marked {
                prop_assert!(view.find(uid).is_some());
            }
        }
    }
}
