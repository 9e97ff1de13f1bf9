//! Request words as flags: the table that the service checks is the table that `--help` shows.

use std::marker::PhantomData;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::wire::{BadWord, Word, Words};

/// Names a table of words.
pub(super) trait Table: Clone + Send + Sync + 'static {
    const WORDS: &'static [&'static [Word]];
}

/// The flags of a table as they were given.
#[derive(Clone, Debug)]
pub(super) struct Flags<T> {
    pairs: Vec<(String, String)>,
    table: PhantomData<T>,
}

impl<T: Table> Flags<T> {
    /// The words, for the same reader the service uses.
    pub(super) fn words(&self) -> Result<Words, BadWord> {
        Words::new(self.pairs.clone(), T::WORDS)
    }
}

impl<T: Table> Args for Flags<T> {
    fn augment_args(command: Command) -> Command {
        let args = T::WORDS.iter().flat_map(|words| words.iter()).map(|word| {
            Arg::new(word.name)
                .long(word.name.replace('_', "-"))
                .alias(word.name)
                .value_name(word.name.to_uppercase())
                .action(ArgAction::Append)
                .help(format!("{}: {}", word.meaning, word.accepted))
        });
        command.args(args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: Table> FromArgMatches for Flags<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let pairs = T::WORDS.iter().flat_map(|words| words.iter()).flat_map(|word| {
            let values = matches.get_many::<String>(word.name).into_iter().flatten();
            values.map(|value| (word.name.to_string(), value.clone()))
        });
        Ok(Self { pairs: pairs.collect(), table: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
