//! Into the frame of `<pair-link-frame>` and out again. Inside, [`Page::widget`] is the widget in it.

use crate::{Page, eventually};

/// The frame, wherever it is.
const FRAME: &str = "
return document.querySelector('pair-link-frame')?.shadowRoot.querySelector('iframe') ?? document.querySelector('iframe');
";

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

    /// Waits until the frame holds what browsers show in the place of a page that refuses to be there.
    pub async fn refuses_frame(&self) {
        eventually("a frame that the browser refuses", async || {
            self.leave_frame().await;
            self.enter_any_frame().await;
            match self.frame_address().await {
                address if address.starts_with("chrome-error:") => Ok(()),
                address => Err(address),
            }
        })
        .await;
        self.leave_frame().await;
    }
}
