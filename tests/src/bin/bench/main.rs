//! What this machine does, in one run: `make bench`.
//!
//! Ratios between the lines of one run mean something; figures of different runs or
//! machines hardly do.

mod accept;
mod batch;
mod deliver;
mod desktop;
mod imap;
mod lists;
mod raw;
mod report;
mod smtp;

use std::path::Path;
use std::time::Duration;

use raw::Insert;

/// How long each figure is measured.
const MEASURE: Duration = Duration::from_secs(4);
/// The size of a mail's text, in bytes.
const MAIL_BYTES: usize = 4096;
/// How many act at once.
const CLIENTS: [usize; 3] = [1, 8, 64];

/// The app by itself.
fn desktop() {
    let profile = match cfg!(debug_assertions) {
        true => "debug",
        false => "release",
    };
    let found = desktop::run();
    println!("desktop, {profile} build");
    println!("first start to the overview  {:>6} ms", found.first_ms);
    println!("later starts                 {:>6} ms", found.start_ms);
    println!(
        "memory, the program alone    {:>6.1} MB (PSS)",
        found.own_mb
    );
    println!(
        "memory, with the web view    {:>6.1} MB (PSS)",
        found.all_mb
    );
}

#[tokio::main]
async fn main() {
    // It says its profile: for the app, making a release takes longer than all the rest.
    if std::env::args().any(|word| word == "desktop") {
        return desktop();
    }
    if cfg!(debug_assertions) {
        eprintln!("bench: this is a debug build; its figures say nothing. Use `make bench`.");
        std::process::exit(2);
    }
    let posthouse = report::binary();
    // Alone where it is named: the rest takes minutes.
    if std::env::args().any(|word| word == "imap") {
        let folders = reading(&posthouse).await;
        println!();
        return report::imap_aims(&folders);
    }
    println!(
        "Posthouse bench: {MAIL_BYTES}-byte mails, {} s a figure",
        MEASURE.as_secs()
    );
    let mut ceilings = Vec::new();
    for (insert, words) in [
        (Insert::Row, "one 4 kB row       "),
        (Insert::Message, "a message's 4 rows "),
    ] {
        for writers in CLIENTS {
            let per_second = raw::inserts(insert, writers).await;
            println!("raw grouped inserts  {words} {writers:>3} writers  {per_second:>8.0} /s");
            if writers == CLIENTS[CLIENTS.len() - 1] {
                ceilings.push((words.trim(), per_second));
            }
        }
    }
    let run = accept::run(&posthouse).await;
    for one in &run.rounds {
        println!(
            "accepted over HTTP   {:>3} clients  {:>8.0} /s   p50 {:>7.2} ms   p99 {:>7.2} ms",
            one.clients, one.per_second, one.p50_ms, one.p99_ms
        );
    }
    let batches = batch::run(&posthouse).await;
    for (size, per_second) in &batches {
        println!(
            "accepted in batches  {:>3} clients  {per_second:>8.0} /s   {size:>3} a batch",
            batch::CLIENTS
        );
    }
    println!("memory at rest       {:>8.1} MB", run.rest_mb);
    println!("memory under load    {:>8.1} MB (highest)", run.peak_mb);
    println!(
        "database             {:>8.0} bytes a message ({} messages)",
        run.bytes_a_message, run.messages
    );
    let deliveries = deliver::per_second().await;
    println!(
        "delivered, signed    {deliveries:>8.0} /s to a sink on loopback (RSA-2048 and Ed25519)"
    );
    let (taken, lists) = receiving(&posthouse).await;
    let folders = reading(&posthouse).await;
    println!();
    if let Some(last) = run.rounds.last() {
        report::aims(&ceilings, last, run.peak_mb);
    }
    report::batch_aim(&run.rounds, &batches);
    report::smtp_aims(&taken);
    report::list_aims(&lists);
    report::imap_aims(&folders);
}

/// What comes in, and reading it.
async fn receiving(posthouse: &Path) -> (Vec<smtp::Round>, Vec<lists::Figures>) {
    let taken = smtp::run(posthouse).await;
    for one in &taken {
        println!(
            "taken over SMTP      {:>3} connections {:>5.0} /s   postfix {:>5.0} /s",
            one.connections, one.ours, one.postfix
        );
    }
    let mut lists = Vec::new();
    for stored in lists::SIZES {
        let figures = lists::run(stored).await;
        for (what, times) in [
            ("20 of a mailbox", figures.mailbox),
            ("20 of all      ", figures.all),
            ("a message      ", figures.read),
        ] {
            println!(
                "read {what} {stored:>9} stored   p50 {:>7.3} ms   p99 {:>7.3} ms",
                times.0, times.1
            );
        }
        lists.push(figures);
    }
    (taken, lists)
}

/// People who read theirs.
async fn reading(posthouse: &Path) -> imap::Figures {
    let figures = imap::run(posthouse).await;
    for one in &figures.rounds {
        println!(
            "{:<36} first {:>7.1} ms, again {:>7.1} ms   dovecot {:>7.1} ms, {:>7.1} ms",
            one.what, one.ours.first, one.ours.again, one.dovecot.first, one.dovecot.again
        );
    }
    println!(
        "{} wait by IDLE        {:>8.1} MB, {:.1} MB before them ({} messages in the folder)",
        imap::WAITING,
        figures.waiting_mb,
        figures.before_mb,
        imap::WAITED_FOR
    );
    figures
}
