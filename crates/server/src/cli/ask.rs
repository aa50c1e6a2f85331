//! Questions to the person at the terminal.

use dialoguer::{Confirm, Input, Password, Select, theme::ColorfulTheme};

use super::failure::{Failure, Result};

/// Somebody who answers questions.
pub(super) trait Ask {
    /// One line of text, which may be empty.
    fn line(&mut self, question: &str) -> Result<String>;
    /// One line that is not shown while it is typed.
    fn hidden(&mut self, question: &str) -> Result<String>;
    /// Yes or no; no, unless the person says yes.
    fn yes(&mut self, question: &str) -> Result<bool>;
    /// The position of one of the options; `at` is offered first.
    fn choose(&mut self, question: &str, options: &[String], at: usize) -> Result<usize>;
}

/// The person at this process's terminal. Questions are written to standard error.
pub(super) struct Terminal;

impl Ask for Terminal {
    fn line(&mut self, question: &str) -> Result<String> {
        let theme = ColorfulTheme::default();
        let input = Input::with_theme(&theme).with_prompt(question).allow_empty(true);
        answered(input.interact_text())
    }

    fn hidden(&mut self, question: &str) -> Result<String> {
        answered(Password::new().with_prompt(question).allow_empty_password(true).interact())
    }

    fn yes(&mut self, question: &str) -> Result<bool> {
        answered(Confirm::new().with_prompt(question).default(false).interact())
    }

    fn choose(&mut self, question: &str, options: &[String], at: usize) -> Result<usize> {
        let theme = ColorfulTheme::default();
        let select = Select::with_theme(&theme).with_prompt(question).items(options).default(at);
        answered(select.interact())
    }
}

fn answered<T>(answer: dialoguer::Result<T>) -> Result<T> {
    answer.map_err(|error| Failure::Failed(format!("nothing was done, because the question was not answered: {error}")))
}
