//! Into the frame of `<pair-link-frame>` and out again. Inside, [`Page::widget`] is the widget in it.

use crate::{Page, eventually};

/// The frame, wherever it is.
const FRAME: &str = "
return document.querySelector('pair-link-frame')?.shadowRoot?.querySelector('iframe') ?? document.querySelector('iframe');
";

/// The widget's page, with the widget in it or without.
const OURS: &str =
    "return document.title === 'Connect WhatsApp' || document.querySelector('pair-link') !== null";

impl Page {
    /// Looks into the frame from now on, as soon as the widget is in it.
    pub async fn enter_frame(&self) {
        eventually("a widget in a frame", async || {
            self.leave_frame().await;
            self.enter_any_frame().await;
            let there = self
                .run("return document.querySelector('pair-link')?.shadowRoot != null")
                .await;
            if there == true {
                Ok(())
            } else {
                Err(self.frame_address().await)
            }
        })
        .await;
    }

    /// Looks into the frame from now on, whatever is in it.
    pub async fn enter_any_frame(&self) {
        let frame = eventually("a frame", async || {
            let found = self.driver().execute(FRAME, Vec::new()).await.unwrap();
            found.element().map_err(|error| error.to_string())
        })
        .await;
        frame.enter_frame().await.unwrap();
    }

    /// Looks at the page around it from now on.
    pub async fn leave_frame(&self) {
        self.driver().enter_default_frame().await.unwrap();
    }

    async fn frame_address(&self) -> String {
        let address = self.run("return location.href").await;
        address.as_str().unwrap_or_default().to_owned()
    }

    /// Whether what is looked into is the widget's page. Browsers differ in what they put in the place of a page that
    /// refuses to be there, and in the address that they give it.
    pub async fn is_the_widgets(&self) -> bool {
        self.run(OURS).await == true
    }
}
