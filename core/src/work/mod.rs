//! Background steps. Each is given the time and says when it wants to run next.

mod attempt;
mod deliver;
mod expire;
mod index;
mod lanes;
mod notify;
mod play;
mod pool;
mod provision;
mod recover;
mod render;
mod retain;
mod route;
mod seen;
mod settle;
mod signing;
mod verify;

pub use recover::Recovered;

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::feed::Change;

/// No step sleeps longer: another process (a command beside a running server) may have
/// written something that no feed here tells of.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// After a failed step, before the next.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The background work of one engine.
pub struct Workers {
    stop: watch::Sender<bool>,
    loops: Vec<JoinHandle<()>>,
    deliverer: deliver::Deliverer,
    notifier: notify::Notifier,
}

impl Posthouse {
    /// Settles what the last run left open, then delivers, notifies, provisions, verifies and
    /// cleans until stopped. One process at a time does this for a database.
    ///
    /// # Errors
    /// As the store says.
    pub async fn work(&self) -> Result<(Workers, Recovered)> {
        let recovered = recover::recover(self).await?;
        let (stop, stopped) = watch::channel(false);
        let deliverer = deliver::Deliverer::new(self.clone(), stopped.clone());
        let notifier = notify::Notifier::new(self.clone());
        let loops = vec![
            self.start(
                ("deliver", |change| matches!(change, Change::Due)),
                &stopped,
                deliverer.clone(),
                |deliverer, now| async move { deliverer.step(now).await },
            ),
            self.start(
                ("notify", |change| {
                    matches!(change, Change::Event(_) | Change::WebhookDue)
                }),
                &stopped,
                notifier.clone(),
                |notifier, now| async move { notifier.step(now).await },
            ),
            self.start(
                ("provision", |change| matches!(change, Change::Task(_))),
                &stopped,
                self.clone(),
                provision::step,
            ),
            self.start(
                ("verify", |_| false),
                &stopped,
                verify::Verifier::new(self.clone()),
                |verifier, now| async move { verifier.step(now).await },
            ),
            self.start(("index", |_| false), &stopped, self.clone(), index::step),
            self.start(
                ("expire", |_| false),
                &stopped,
                expire::Cleaner::new(self.clone()),
                |cleaner, now| async move { cleaner.step(now).await },
            ),
            self.start(
                ("retain", |_| false),
                &stopped,
                retain::Keeper::new(self.clone()),
                |keeper, now| async move { keeper.step(now).await },
            ),
        ];
        Ok((
            Workers {
                stop,
                loops,
                deliverer,
                notifier,
            },
            recovered,
        ))
    }

    /// Runs the steps of `work` in a loop of their own.
    fn start<T, F>(
        &self,
        (name, wakes): (&'static str, fn(&Change) -> bool),
        stopped: &watch::Receiver<bool>,
        work: T,
        step: fn(T, Timestamp) -> F,
    ) -> JoinHandle<()>
    where
        T: Clone + Send + 'static,
        F: Future<Output = Result<Option<Timestamp>>> + Send + 'static,
    {
        let step = move |now| step(work.clone(), now);
        tokio::spawn(run(self.clone(), name, wakes, stopped.clone(), step))
    }
}

impl Workers {
    /// Takes on nothing new, gives what is under way `grace` to end, and cuts off the rest:
    /// the ledger has it, and the next start settles it. How many were cut off.
    pub async fn stop(self, grace: Duration) -> usize {
        // Nobody left to tell means that the loops have ended.
        let _ = self.stop.send(true);
        for one in self.loops {
            if let Err(error) = one.await {
                tracing::error!(%error, "background work ended badly");
            }
        }
        let cut = self.deliverer.drain(grace).await;
        self.notifier.drain(grace.min(Duration::from_secs(5))).await;
        cut
    }
}

/// Runs `step` when it wants to, when a change `wakes` it, and at least every
/// `LONGEST_SLEEP`, until stopped. A failure is logged and the step tried again.
async fn run<S, F>(
    engine: Posthouse,
    name: &'static str,
    wakes: fn(&Change) -> bool,
    mut stopped: watch::Receiver<bool>,
    step: S,
) where
    S: Fn(Timestamp) -> F,
    F: Future<Output = Result<Option<Timestamp>>>,
{
    let mut changes = engine.feed().subscribe();
    while !*stopped.borrow() {
        let now = engine.now();
        let sleep = match step(now).await {
            Ok(Some(next)) => next.since(engine.now()).min(LONGEST_SLEEP),
            Ok(None) => LONGEST_SLEEP,
            Err(error) => {
                tracing::error!(work = name, %error, "background work failed and is tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            () = woken(&mut changes, wakes) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn woken(changes: &mut broadcast::Receiver<Change>, wakes: fn(&Change) -> bool) {
    loop {
        match changes.recv().await {
            Ok(change) if wakes(&change) => break,
            Ok(_) => {}
            // Whatever was missed may have been it.
            Err(RecvError::Lagged(_)) => break,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
    // One step sees all that is due; what piled up meanwhile needs no step each.
    while let Ok(_) | Err(broadcast::error::TryRecvError::Lagged(_)) = changes.try_recv() {}
}
