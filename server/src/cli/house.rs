//! Posthouse inside another program, for whoever has the machine: the desktop.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use posthouse::Posthouse;
use posthouse::ids::OrganizationId;
use posthouse::seal::MasterKey;
use posthouse::work::Workers;

use super::Place;
use super::desk::{self, Found};
use super::first::ORGANIZATION;
use super::log;
use super::serve::tell_recovered;
use super::switches::{Switched, Switches, remembered};
use crate::boot;
use crate::config::{Config, Flags};
use crate::console::wire::{Kind, SettingRow};
use crate::console::{Place as ConsolePlace, Table};
use crate::data::{Data, Lock};
use crate::refusal::Refusal;

/// A data folder that is this program's, and the settings in it.
pub struct Ground {
    found: Found,
    lock: Lock,
}

impl Ground {
    /// Takes a folder, made where there is none. Settings are those of `posthouse.toml` in it,
    /// and of the environment.
    ///
    /// # Errors
    /// `Exit::Busy` when another program has the folder; a setting that is wrong.
    pub fn take(folder: &Path) -> Result<Self, Refusal> {
        let place = Place {
            data: folder.to_owned(),
            config: None,
            json: false,
            org: None,
        };
        let found = desk::settings(&place, Flags::new())?;
        found.data.create()?;
        let lock = found.data.lock()?;
        Ok(Self { found, lock })
    }

    /// The folder.
    #[must_use]
    pub const fn data(&self) -> &Data {
        &self.found.data
    }

    /// The proof that it is this program's.
    #[must_use]
    pub const fn lock(&self) -> &Lock {
        &self.lock
    }

    /// The settings.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.found.config
    }
}

/// Logs from here on, to standard error: as `POSTHOUSE_LOG` says, else what is worth telling.
/// Once a program.
pub fn log() {
    log::told("info");
}

/// Something beside the settings that its console tells.
pub struct Setting {
    /// Such as `desktop.master_key`.
    pub name: &'static str,
    /// What holds.
    pub value: String,
    /// What it is for.
    pub about: &'static str,
}

/// Posthouse, open and at work.
pub struct House {
    table: Table,
    switches: Arc<Switches>,
    workers: Mutex<Option<Workers>>,
    grace: Duration,
    _lock: Lock,
}

impl House {
    /// Opens what is in the folder, or makes it, and begins to work. A first start makes an
    /// organization and no key: nothing sends before somebody makes one.
    ///
    /// # Errors
    /// Whatever stands in the way, such as a key that is not this database's.
    pub async fn open(ground: Ground, key: MasterKey, more: Vec<Setting>) -> Result<Self, Refusal> {
        let Ground { found, lock } = ground;
        let (data, config) = (&found.data, &found.config);
        // Only fails when there is one already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        data.make_database()?;
        let listens = super::switches::only(config, &remembered(data));
        let engine = boot::open(data, key, config, desk::places(&listens)).await?;
        if engine.organizations(OrganizationId(0), 1).await?.is_empty() {
            engine.create_organization(ORGANIZATION).await?;
        }
        let (workers, recovered) = engine.work().await?;
        tell_recovered(recovered);
        let switches = Switches::new(data.clone(), config.clone(), engine.clone());
        let switches = Arc::new(switches);
        switches.resume().await;
        let settings = found.layers.told().into_iter();
        let settings = settings.map(|(name, value, about)| SettingRow { name, value, about });
        let more = more.into_iter().map(|one| SettingRow {
            name: one.name.to_owned(),
            value: one.value,
            about: one.about.to_owned(),
        });
        let place = ConsolePlace {
            kind: Kind::Desktop,
            listeners: Box::new(Switched(switches.clone())),
            settings: settings.chain(more).collect(),
            backups: Some(data.folder().to_owned()),
        };
        Ok(Self {
            table: Table::new(engine, place),
            switches,
            workers: Mutex::new(Some(workers)),
            grace: config.server.shutdown_grace.0,
            _lock: lock,
        })
    }

    /// The commands, for whoever is here.
    #[must_use]
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// The engine.
    #[must_use]
    pub const fn engine(&self) -> &Posthouse {
        self.table.engine()
    }

    /// Finishes what is under way, within `grace` or what the settings say where that is less.
    pub async fn close(&self, grace: Duration) {
        self.switches.close().await;
        let workers = self
            .workers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(workers) = workers {
            workers.stop(grace.min(self.grace)).await;
        }
        self.engine().close().await;
    }
}
