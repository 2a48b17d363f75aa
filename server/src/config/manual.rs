//! The manual, from the comments: flags with their help, and the commented file.

use std::fmt::Write as _;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::layers::Flags;
use super::values::Written;
use super::{KEYS, Key, SECTIONS};

/// Every setting as a flag.
#[derive(Clone, Debug, Default)]
pub struct SettingFlags(pub Flags);

fn about(key: &Key) -> String {
    let lines: Vec<&str> = key.about.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        KEYS.iter().fold(command, |command, key| {
            let default = match key.default {
                "" => String::from("none"),
                default => default.to_owned(),
            };
            let help = format!("{} [default: {default}]", about(key));
            command.arg(
                Arg::new(key.flag())
                    .long(key.flag())
                    .value_name(placeholder(key.written))
                    .help_heading(heading(key.section))
                    .help(help.clone())
                    .long_help(format!("{help} [env: {}]", key.variable())),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

const fn placeholder(written: Written) -> &'static str {
    match written {
        Written::Text => "TEXT",
        Written::Number => "NUMBER",
        Written::Switch => "true|false",
        Written::List => "LIST",
    }
}

fn heading(section: &str) -> String {
    format!("Settings of [{section}]")
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let flags = KEYS
            .iter()
            .map(Key::flag)
            .filter_map(|flag| {
                let text = matches.get_one::<String>(&flag)?.clone();
                Some((flag, text))
            })
            .collect();
        Ok(Self(flags))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The whole file with its comments and defaults.
#[must_use]
pub fn default_file() -> String {
    let mut text = String::from(
        "# Posthouse's settings, with their defaults.\n\
         # A flag of `posthouse serve` comes before the environment, which comes before this file.\n",
    );
    for (section, about) in SECTIONS {
        text.push('\n');
        for line in *about {
            push(&mut text, &format!("#{line}"));
        }
        push(&mut text, &format!("[{section}]"));
        for key in KEYS.iter().filter(|key| key.section == *section) {
            for line in key.about {
                push(&mut text, &format!("#{line}"));
            }
            push(&mut text, &format!("# ({})", key.variable()));
            let value = match key.written {
                Written::Text => format!("{:?}", key.default),
                Written::Number | Written::Switch => key.default.to_owned(),
                Written::List => format!("[{}]", quoted(key.default)),
            };
            push(&mut text, &format!("{} = {value}", key.key));
        }
    }
    text
}

fn quoted(list: &str) -> String {
    let words = list.split(',').map(str::trim).filter(|one| !one.is_empty());
    let words: Vec<String> = words.map(|one| format!("{one:?}")).collect();
    words.join(", ")
}

fn push(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
