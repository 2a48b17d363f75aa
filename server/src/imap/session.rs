//! A client's dialogue: commands and answers go in, steps come out.

mod any;
mod append;
mod auth;
mod copy;
mod expunge;
mod fetch;
mod folders;
mod idle;
mod list;
mod orders;
mod quota;
mod search;
mod select;
mod speaking;
mod status;
mod store;

use std::collections::VecDeque;
use std::sync::Arc;

use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::mailbox::Mailbox;
use imap_codec::imap_types::sequence::SequenceSet;
use posthouse::clock::Timestamp;
use posthouse::ids::FolderId;
use posthouse::model::folder::{Changes, INBOX};

use super::command::{Order, Request, Wrong, parse};
use super::frame::{Fault, Sender};
use super::limits::MISTAKES;
use super::set::{is_saved, shown};
use super::show::Names;
use super::show::message::{Known, Want, message};
use super::step::{Answer, Ending, Question, Refusal, Step, Wants};
use super::utf7;
use super::view::View;
use super::words;
use crate::net::manner::Manner;

/// What the client switched on (RFC 5161).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Modes {
    condstore: bool,
    qresync: bool,
    rev2: bool,
}

impl Modes {
    fn names(self) -> Names {
        if self.rev2 { Names::Utf8 } else { Names::Utf7 }
    }
}

/// How far a client has come (RFC 9051 section 3).
#[derive(Debug)]
enum Stage {
    Stranger,
    SignedIn,
    Selected(Box<Open>),
    Over,
}

/// The selected folder.
#[derive(Debug)]
struct Open {
    folder: FolderId,
    access: Access,
    view: View,
}

/// Whether the selected folder may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// SELECT.
    Whole,
    /// EXAMINE.
    Looking,
}

/// A command that is under way.
#[derive(Debug)]
struct Doing {
    tag: String,
    task: Task,
}

#[derive(Debug)]
enum Task {
    /// What changed before the command is asked for.
    Catch(Order),
    /// What changed by the command is asked for; then its result is told.
    Settle(String),
    /// Nothing but the answer matters.
    Plain(&'static str),
    /// The client is asked for credentials.
    Sasl,
    SignIn,
    Select(select::Selecting),
    List(Box<super::command::Listing>),
    Status(status::Asked),
    Append,
    Fetch(Box<fetch::Fetching>),
    Search(Box<search::Searching>),
    Store(store::Storing),
    Copy,
    Move,
    Expunge(expunge::Then),
    Quota(quota::Asked),
    Idle,
}

/// Whether sequence numbers may change at the end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    Stay,
    Change,
}

/// A client's dialogue.
#[derive(Debug)]
pub struct Session {
    manner: Arc<Manner>,
    secured: bool,
    stage: Stage,
    modes: Modes,
    /// What the last SEARCH saved, by uid (RFC 5182).
    saved: Vec<u32>,
    steps: VecDeque<Step>,
    doing: Option<Doing>,
    /// A question is not answered yet.
    asked: bool,
    now: Timestamp,
    mistakes: u32,
    wrong_passwords: u32,
}

impl Session {
    /// A dialogue that has not begun; `secured` where TLS is on.
    #[must_use]
    pub fn new(manner: Arc<Manner>, secured: bool) -> Self {
        let mut session = Self {
            manner,
            secured,
            stage: Stage::Stranger,
            modes: Modes::default(),
            saved: Vec::new(),
            steps: VecDeque::new(),
            doing: None,
            asked: false,
            now: Timestamp(0),
            mistakes: 0,
            wrong_passwords: 0,
        };
        session.greet();
        session
    }

    /// What is to be done next, if anything is.
    pub fn step(&mut self) -> Option<Step> {
        if self.steps.is_empty() && !self.asked {
            self.go_on();
        }
        self.steps.pop_front()
    }

    /// What can come in, once there is no step.
    #[must_use]
    pub fn wants(&self) -> Wants {
        match (&self.stage, &self.doing) {
            (Stage::Over, _) => Wants::Nothing,
            _ if self.asked => Wants::Nothing,
            (_, None) => Wants::Command,
            (_, Some(doing)) => match doing.task {
                Task::Sasl | Task::Idle => Wants::Line,
                _ => Wants::Nothing,
            },
        }
    }

    /// Whether the client waits for what happens.
    #[must_use]
    pub fn is_idling(&self) -> bool {
        let idle = |doing: &Doing| matches!(doing.task, Task::Idle);
        !self.asked && self.doing.as_ref().is_some_and(idle)
    }

    /// Whose commands come.
    #[must_use]
    pub fn sender(&self) -> Sender {
        match self.stage {
            Stage::Stranger | Stage::Over => Sender::Stranger,
            Stage::SignedIn | Stage::Selected(_) => Sender::Known,
        }
    }

    /// TLS is on.
    pub fn secured(&mut self) {
        self.secured = true;
    }

    /// Takes a whole command.
    pub fn command(&mut self, frame: Vec<u8>, now: Timestamp) {
        self.now = now;
        match parse(frame) {
            Ok(Request { tag, order }) => {
                self.mistakes = 0;
                match &self.stage {
                    Stage::Selected(open) => {
                        let news = Question::News {
                            folder: open.folder,
                            since: open.view.modseq(),
                        };
                        self.ask(tag, Task::Catch(order), news);
                    }
                    Stage::Stranger | Stage::SignedIn => self.begin(tag, order),
                    Stage::Over => {}
                }
            }
            Err(Wrong { tag, words }) => self.mistaken(&tag, words),
        }
    }

    /// A command was not taken.
    pub fn refused(&mut self, tag: &str, fault: Fault) {
        match words::fault(fault) {
            (Some(refusal), _) => self.no(tag, &refusal),
            (None, words) => self.mistaken(tag, words),
        }
    }

    /// What comes cannot be told apart any more.
    pub fn broken(&mut self, fault: Fault) {
        let (refusal, words) = words::fault(fault);
        let words = refusal.map_or(words.into(), |refusal| refusal.words);
        self.bye(&words);
    }

    /// Takes a line that is no command.
    pub fn line(&mut self, line: &[u8]) {
        let Some(Doing { tag, task }) = self.doing.take() else {
            return;
        };
        match task {
            Task::Sasl => self.credentials(tag, line),
            Task::Idle => self.idle_ends(tag, line),
            task => self.doing = Some(Doing { tag, task }),
        }
    }

    /// The server ends the dialogue.
    pub fn end(&mut self, ending: Ending) {
        self.bye(words::ending(ending));
    }

    fn begin(&mut self, tag: String, order: Order) {
        if let Err(words) = self.may(&order) {
            return self.mistaken(&tag, words);
        }
        match order {
            Order::List(listing) => self.list(tag, listing),
            Order::Search(seeking) => self.search(tag, seeking),
            Order::Append(appending) => self.append(tag, appending),
            Order::Other(body) => self.other(tag, *body),
        }
    }

    /// Whether the client has come far enough for a command.
    fn may(&self, order: &Order) -> Result<(), &'static str> {
        let Order::Other(body) = order else {
            return match (&self.stage, order) {
                (Stage::Stranger | Stage::Over, _) => Err(words::SIGN_IN_FIRST),
                (Stage::SignedIn, Order::Search(_)) => Err(words::SELECT_FIRST),
                (Stage::SignedIn | Stage::Selected(_), _) => Ok(()),
            };
        };
        let stage = &self.stage;
        match &**body {
            CommandBody::Capability
            | CommandBody::Noop
            | CommandBody::Logout
            | CommandBody::Id { .. } => Ok(()),
            CommandBody::StartTLS
            | CommandBody::Authenticate { .. }
            | CommandBody::Login { .. } => match stage {
                Stage::Stranger => Ok(()),
                Stage::SignedIn | Stage::Selected(_) | Stage::Over => Err(words::SIGNED_IN),
            },
            _ if matches!(stage, Stage::Stranger) => Err(words::SIGN_IN_FIRST),
            CommandBody::Check
            | CommandBody::Close
            | CommandBody::Unselect
            | CommandBody::Expunge
            | CommandBody::ExpungeUid { .. }
            | CommandBody::Fetch { .. }
            | CommandBody::Store { .. }
            | CommandBody::Copy { .. }
            | CommandBody::Move { .. } => match stage {
                Stage::Selected(_) => Ok(()),
                Stage::SignedIn | Stage::Stranger | Stage::Over => Err(words::SELECT_FIRST),
            },
            _ => Ok(()),
        }
    }

    /// The answer to the last question.
    pub fn answer(&mut self, answer: Answer) {
        self.asked = false;
        let Some(Doing { tag, task }) = self.doing.take() else {
            return;
        };
        match (task, answer) {
            (Task::Catch(order), answer) => {
                self.caught_up(answer);
                self.begin(tag, order);
            }
            (Task::Settle(result), answer) => {
                self.caught_up(answer);
                self.settled(&tag, &result);
            }
            (Task::Idle, answer) => {
                self.caught_up(answer);
                self.tell_gone();
                self.doing = Some(Doing {
                    tag,
                    task: Task::Idle,
                });
            }
            (Task::SignIn, Answer::Done) => self.signed_in(&tag),
            (Task::SignIn, Answer::No(refusal)) => self.not_signed_in(&tag, &refusal),
            (Task::Fetch(fetching), answer) => self.fetched(tag, fetching, answer),
            (Task::Search(searching), answer) => self.sought(tag, searching, answer),
            (_, Answer::No(refusal)) => self.no(&tag, &refusal),
            (task, answer) => self.answered(tag, task, answer),
        }
    }

    /// A command of one question has its answer.
    fn answered(&mut self, tag: String, task: Task, answer: Answer) {
        match (task, answer) {
            (Task::Plain(words), Answer::Done) => self.ok(&tag, words),
            (Task::Select(selecting), Answer::Selected(selected)) => {
                self.selected(&tag, &selecting, *selected);
            }
            (Task::List(listing), Answer::Folders(folders, left)) => {
                self.listed(&tag, &listing, &folders, &left);
            }
            (Task::Status(asked), Answer::Folder(standing)) => {
                self.status_told(&tag, &asked, &standing);
            }
            (Task::Append, Answer::Appended { uid_validity, uid }) => {
                self.settle(tag, words::appended(uid_validity, uid));
            }
            (Task::Store(storing), Answer::Marked { items, unchanged }) => {
                self.stored(&tag, &storing, items, &unchanged);
            }
            (
                Task::Copy,
                Answer::Copied {
                    uid_validity,
                    pairs,
                },
            ) => self.settle(tag, words::copied(uid_validity, &pairs, "Copied")),
            (
                Task::Move,
                Answer::Copied {
                    uid_validity,
                    pairs,
                },
            ) => self.moved(tag, uid_validity, &pairs),
            (Task::Expunge(then), Answer::Expunged(uids)) => self.expunged(tag, then, &uids),
            (Task::Quota(asked), Answer::Allowance { used, most }) => {
                self.quota_told(&tag, &asked, used, most);
            }
            (task, answer) => {
                tracing::error!(?task, ?answer, "an answer does not fit its question");
                self.no(&tag, &words::server_bug());
            }
        }
    }
}

#[cfg(test)]
mod tests;
