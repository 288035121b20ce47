//! The embedded element as a visitor meets it: words, buttons, a code to scan. Nothing of its inner structure.

use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

use crate::{Page, decode_qr, eventually};

/// The words on everything that can be seen in the element.
const WORDS: &str = "
const root = document.querySelector('pair-link')?.shadowRoot;
return root ? [...root.children].map(child => child.innerText ?? '').join('\\n') : '';
";

/// The button whose name has `arguments[0]` in it, if it can be pressed.
const BUTTON: &str = "
const root = document.querySelector('pair-link')?.shadowRoot;
const named = new RegExp(arguments[0], 'i');
return [...(root?.querySelectorAll('button, a[href]') ?? [])].find(button =>
  button.checkVisibility({checkVisibilityCSS: true}) && !button.disabled && button.ariaDisabled !== 'true' &&
  named.test(button.ariaLabel ?? button.innerText)) ?? null;
";

/// What it says of a problem, if it has one.
const PROBLEM: &str = "
const root = document.querySelector('pair-link')?.shadowRoot;
return root?.querySelector('[data-stage=error] [role=status]')?.innerText ?? '';
";

/// The radio button whose label is `arguments[0]`.
const CHOICE: &str = "
const root = document.querySelector('pair-link')?.shadowRoot;
const named = new RegExp(arguments[0], 'i');
return [...(root?.querySelectorAll('label') ?? [])].find(label =>
  label.checkVisibility() && named.test(label.innerText.trim()) &&
  label.querySelector('input[type=radio]:enabled')) ?? null;
";

/// Where the Tab key goes among the methods.
const FOCUS_CHOICE: &str = "document.querySelector('pair-link')?.shadowRoot.querySelector('input[type=radio]:checked').focus()";

/// The field for a phone's number.
const NUMBER: &str = "return document.querySelector('pair-link')?.shadowRoot?.querySelector('input[type=tel]') ?? null";

/// The pairing code that can be read.
const CODE: &str = "return document.querySelector('pair-link')?.shadowRoot?.querySelector('output')?.innerText ?? ''";

/// The API token that can be read.
const TOKEN: &str = "return document.querySelector('pair-link')?.shadowRoot?.querySelector('[role=textbox]')?.innerText ?? null";

/// Whether the focus is on `arguments[0]`, in the light or the shadow DOM.
const FOCUSED: &str = "
let focused = document.activeElement;
while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
return focused === arguments[0];
";

/// More stops for the Tab key than any page of ours has.
const MOST_STOPS: usize = 40;

/// More characters than any phone's number is typed with.
const LONGEST_NUMBER: usize = 24;

/// The element of a page.
pub struct Widget<'a>(&'a Page);

impl Page {
    /// The embedded element.
    pub fn widget(&self) -> Widget<'_> {
        Widget(self)
    }
}

impl Widget<'_> {
    /// The words that can be read in it.
    pub async fn words(&self) -> String {
        let words = self.0.run(WORDS).await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until it says something that holds one of these, in whatever case.
    pub async fn says(&self, expected: &[&str]) -> String {
        let wanted = format!("the element to say one of {expected:?}");
        eventually(&wanted, async || {
            let words = self.words().await;
            let lower = words.to_lowercase();
            if expected
                .iter()
                .any(|part| lower.contains(&part.to_lowercase()))
            {
                Ok(words)
            } else {
                Err(words)
            }
        })
        .await
    }

    /// Waits until it says that something went wrong, and returns the words.
    pub async fn problem(&self) -> String {
        eventually("words about a problem", async || {
            let problem = self.0.run(PROBLEM).await;
            match problem.as_str() {
                Some(words) if !words.trim().is_empty() => Ok(words.to_owned()),
                Some(_) | None => Err(self.words().await),
            }
        })
        .await
    }

    /// The button with this in its name, once it can be pressed.
    pub async fn button(&self, name: &str) -> WebElement {
        eventually(&format!("a button named {name}"), async || {
            match self.find_button(name).await {
                Some(button) => Ok(button),
                None => Err(self.words().await),
            }
        })
        .await
    }

    /// The button with this in its name, if it can be pressed now.
    pub async fn find_button(&self, name: &str) -> Option<WebElement> {
        self.find(BUTTON, name).await
    }

    async fn find(&self, script: &str, name: &str) -> Option<WebElement> {
        let argument = serde_json::Value::from(name);
        let found = self.0.driver().execute(script, vec![argument]).await;
        found.unwrap().element().ok()
    }

    /// Presses a button as a person does, once it can be reached.
    pub async fn press(&self, name: &str) {
        eventually(&format!("a button named {name} in reach"), async || {
            let pressed = self.button(name).await.click().await;
            match pressed.map_err(WebDriverError::into_inner) {
                Ok(()) => Ok(()),
                // A frame has no height before what is in it says how tall it is.
                Err(WebDriverErrorInner::ElementNotInteractable(_)) => Err(self.words().await),
                Err(other) => panic!("{name} cannot be pressed: {other}"),
            }
        })
        .await;
    }

    /// Chooses a way to connect.
    pub async fn choose(&self, name: &str) {
        let choice = eventually(&format!("a choice named {name}"), async || {
            match self.find(CHOICE, name).await {
                Some(choice) => Ok(choice),
                None => Err(self.words().await),
            }
        })
        .await;
        choice.click().await.unwrap();
    }

    /// Puts the focus on the method that is chosen.
    pub async fn focus_the_choice(&self) {
        self.0.run(FOCUS_CHOICE).await;
    }

    /// Types the number of a phone, in place of what stands there.
    pub async fn type_number(&self, number: &str) {
        let field = eventually("a field for a phone's number", async || {
            match self.find(NUMBER, "").await {
                Some(field) => Ok(field),
                None => Err(self.words().await),
            }
        })
        .await;
        // As a person does: a field that is cleared by a script tells nobody.
        let keys = Key::Backspace.value().to_string().repeat(LONGEST_NUMBER) + number;
        field.send_keys(keys).await.unwrap();
    }

    /// The pairing code, once one can be read.
    pub async fn code(&self) -> String {
        eventually("a pairing code", async || {
            match self.0.run(CODE).await.as_str() {
                Some(code) if !code.is_empty() => Ok(code.to_owned()),
                Some(_) | None => Err(self.words().await),
            }
        })
        .await
    }

    /// The API token, if it can be read.
    pub async fn readable_token(&self) -> Option<String> {
        let text = self.0.run(TOKEN).await;
        let text = text.as_str().filter(|text| !text.contains('•'));
        text.map(str::to_owned)
    }

    /// Goes from stop to stop until a button has the focus, and presses it.
    pub async fn press_by_keyboard(&self, name: &str) {
        let button = self.button(name).await.to_json().unwrap();
        for _stop in 0..MOST_STOPS {
            let focused = self.0.driver().execute(FOCUSED, vec![button.clone()]);
            if focused.await.unwrap().json() == true {
                self.0.press_key(Key::Enter).await;
                return;
            }
            self.0.press_key(Key::Tab).await;
        }
        panic!("{name:?} is not among the first {MOST_STOPS} stops");
    }

    /// The text of the code in a screenshot of the page, if there is one now.
    pub async fn code_now(&self) -> Option<String> {
        decode_qr(&self.0.screenshot().await)
    }

    /// Waits until a screenshot of the page holds one code that can be scanned, and returns its text.
    pub async fn scan(&self) -> String {
        eventually("a code that can be scanned", async || {
            match self.code_now().await {
                Some(text) => Ok(text),
                None => Err(self.words().await),
            }
        })
        .await
    }

    /// Waits until a screenshot of the page holds one code that is not this one, and returns its text.
    pub async fn scans_other_than(&self, earlier: &str) -> String {
        eventually("another code", async || match self.scan().await {
            text if text == earlier => Err("the earlier code".to_owned()),
            text => Ok(text),
        })
        .await
    }

    /// Waits until no code can be scanned from a screenshot of the page.
    pub async fn covers_its_code(&self) {
        eventually("no code that can be scanned", async || {
            match self.code_now().await {
                Some(_text) => Err("a code".to_owned()),
                None => Ok(()),
            }
        })
        .await;
    }
}
