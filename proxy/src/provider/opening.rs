//! Accounts that a provider opens when it is asked to: what it wants to know for that.

use std::collections::BTreeMap;

use super::InvalidCredential;

/// How a provider opens accounts.
#[derive(Debug)]
pub struct Opening {
    /// The credential that names the account: what comes out of it.
    pub credential: &'static str,
    /// What the provider wants to know, all of it.
    pub fields: &'static [FormField],
}

/// One thing that the provider wants to know.
#[derive(Debug)]
pub struct FormField {
    /// The provider's name for it.
    pub name: &'static str,
    /// Whether a value can be one.
    pub admits: fn(&FormValue) -> bool,
}

/// A value of a form.
#[derive(Clone, Debug, PartialEq)]
pub enum FormValue {
    /// Some text.
    Text(String),
    /// A number.
    Number(f64),
}

/// A form that is filled in as the provider wants it: made by [`Opening::form_from`] alone.
#[derive(Clone, Debug)]
pub struct Form(BTreeMap<&'static str, FormValue>);

impl Opening {
    /// Takes in exactly what the provider wants to know.
    pub fn form_from(
        &self,
        mut given: BTreeMap<String, FormValue>,
    ) -> Result<Form, InvalidCredential> {
        let mut form = BTreeMap::new();
        for field in self.fields {
            let value = given.remove(field.name).filter(field.admits);
            let value = value.ok_or_else(|| InvalidCredential(field.name.to_owned()))?;
            form.insert(field.name, value);
        }
        match given.into_keys().next() {
            Some(unknown) => Err(InvalidCredential(unknown)),
            None => Ok(Form(form)),
        }
    }
}

impl Form {
    /// What was filled in, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &FormValue)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

/// Whether it is a text of so many visible characters.
pub(super) fn is_text(value: &FormValue, shortest: usize, longest: usize) -> bool {
    match value {
        FormValue::Text(text) => {
            (shortest..=longest).contains(&text.chars().count())
                && text.trim() == text
                && !text.chars().any(char::is_control)
        }
        FormValue::Number(_) => false,
    }
}
