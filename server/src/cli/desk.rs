//! What a command works with: settings, an open engine, and the operator.

use crate::config::{Config, Flags, Layers};
use crate::data::Data;
use crate::refusal::{Exit, Refusal};

use super::Place;

/// Settings and where they came from.
pub struct Found {
    /// The data folder.
    pub data: Data,
    /// The settings.
    pub config: Config,
    /// What was said of them, and where.
    pub layers: Layers,
}

/// Reads the settings that hold for this place.
///
/// # Errors
/// `Exit::Usage`, with the place of what is wrong.
pub fn settings(place: &Place, flags: Flags) -> Result<Found, Refusal> {
    let data = Data::at(&place.data);
    let beside = data.config_file();
    let file = match &place.config {
        Some(path) => Some(path.as_path()),
        None => beside.is_file().then_some(beside.as_path()),
    };
    // A variable that is no text cannot be one of ours.
    let environment = std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
    let wrong = |wrong: crate::config::Wrong| {
        Refusal::new(Exit::Usage, wrong.to_string())
            .hint("`posthouse config` prints every setting with its comment.")
    };
    let layers = Layers::gather(flags, environment, file).map_err(wrong)?;
    let config = Config::load(&layers).map_err(wrong)?;
    Ok(Found {
        data,
        config,
        layers,
    })
}
