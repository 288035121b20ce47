//! What a visitor, an operator and a customer live through, in a real browser against the real processes.

mod accessibility;
mod clock;
mod crash;
mod customer;
mod ends;
mod every_provider;
mod expected;
mod faults;
mod framed;
mod history;
mod hosted;
mod keyboard;
mod link;
mod loader;
mod methods;
mod network;
mod pictures;
mod policy;
mod races;
mod reference;
mod scenes;
mod secrets;

use pairlink_e2e::{Browser, Page, System, Visit};

/// Names of the element's buttons, as patterns.
mod button {
    pub(crate) const ISSUE: &str = "make a link|new link";
    pub(crate) const REVOKE: &str = "revoke";
    pub(crate) const COPY: &str = "copy";
    pub(crate) const RETRY: &str = "try again";
}

/// The provider's call that makes a link.
const MINT: &str = "wawp.temp_link.mint";

/// A system and a browser in front of it.
struct Stage {
    system: System,
    browser: Browser,
}

impl Stage {
    async fn set() -> Self {
        Self::around(System::start().await)
    }

    fn around(system: System) -> Self {
        let browser = Browser::chosen();
        Self { system, browser }
    }

    async fn dashboard(&self) -> Page {
        self.browser.open(&self.system.dashboard()).await
    }

    async fn visit_dashboard(&self, visit: Visit) -> Page {
        self.browser.visit(&self.system.dashboard(), visit).await
    }

    /// A dashboard that shows a link, and that link.
    async fn dashboard_with_link(&self) -> (Page, String) {
        let page = self.dashboard().await;
        page.widget().press(button::ISSUE).await;
        let link = page.widget().scan().await;
        (page, link)
    }
}
