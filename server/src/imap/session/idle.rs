//! IDLE (RFC 2177).

use super::*;

impl Session {
    pub(super) fn idle(&mut self, tag: String) {
        self.tell_gone();
        self.say_line("+ Waiting");
        let task = Task::Idle;
        self.doing = Some(Doing { tag, task });
    }

    /// Something may have changed.
    pub fn stirred(&mut self) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let news = Question::News {
            folder: open.folder,
            since: open.view.modseq(),
        };
        if let Some(Doing { tag, .. }) =
            self.doing.take_if(|doing| matches!(doing.task, Task::Idle))
        {
            self.ask(tag, Task::Idle, news);
        }
    }

    pub(super) fn idle_ends(&mut self, tag: String, line: &[u8]) {
        match line.eq_ignore_ascii_case(b"DONE") {
            true => self.ok(&tag, words::DONE),
            false => self.mistaken(&tag, "IDLE ends with DONE"),
        }
    }
}
