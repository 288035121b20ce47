//! A real browser, one process tree for each page, in a profile of its own: Chromium, Firefox or WebKitGTK.

mod door;
mod engine;
mod gate;
mod page;
mod screen;

use reqwest::Url;

use self::door::Door;
pub use self::door::Trouble;
pub use self::engine::Engine;
pub use self::page::Page;

/// Opens pages in one of the engines.
pub struct Browser {
    engine: Engine,
}

/// How a page is visited.
pub struct Visit {
    /// The size of the window in CSS pixels.
    pub size: (u32, u32),
    /// How far the visitor's clock is ahead of everybody else's.
    pub clock_ahead_hours: i32,
    /// Whether the visitor points with a finger.
    pub touch: bool,
    /// Whether scripts of pages run. What a test runs in the page runs all the same.
    pub scripts: bool,
    /// What becomes of some of its requests.
    pub trouble: Trouble,
}

impl Default for Visit {
    fn default() -> Self {
        Self {
            size: (1280, 1000),
            clock_ahead_hours: 0,
            touch: false,
            scripts: true,
            trouble: Trouble::None,
        }
    }
}

impl Browser {
    /// The engine that was chosen for this run.
    pub fn chosen() -> Self {
        Self {
            engine: Engine::chosen(),
        }
    }

    /// Which it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens a page as somebody at a desk does.
    pub async fn open(&self, address: &str) -> Page {
        self.visit(address, Visit::default()).await
    }

    /// Opens a page.
    pub async fn visit(&self, address: &str, visit: Visit) -> Page {
        let address = Url::parse(address).unwrap();
        let served = address.scheme() == "http";
        // The witness is a script.
        let door = if served && visit.scripts {
            Door::build(&address, &visit).await
        } else {
            None
        };
        let session = self.engine.start(&visit).await;
        let place = door.as_ref().map(|door| door.enter(&address));
        let page = Page::new(session, door);
        page.resize(visit.size).await;
        if visit.touch {
            page.point_with_a_finger().await;
        }
        if !visit.scripts {
            page.forbid_scripts().await;
        }
        let place = place.unwrap_or_else(|| address.to_string());
        page.go(&place).await;
        page
    }
}
