//! Whether everybody can use the element: axe-core's findings, and what it does not look at.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};

use crate::process::target_folder;
use crate::{Page, eventually};

/// Findings and doubts of axe-core about the element. Its own list of doubts is passed on where it is about contrast:
/// a colour that it cannot see is a colour that nobody has checked.
const RUN: &str = "
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const found = await axe.run(place, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete'], elementRef: false,
});
const all = [...found.violations, ...found.incomplete.filter(({id}) => id === 'color-contrast')];
return all.flatMap(({id, nodes}) => nodes.map(({target, failureSummary, any}) =>
  `${id}: ${target.flat().join(' ')}: ${failureSummary ?? any.map(({message}) => message)}`));
";

/// How much wider the page is than the window.
const BEYOND: &str =
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

const LAYOUT: &str = include_str!("layout.js");

/// Whether the focus is on something in the element, and on nothing that is gone.
const FOCUS: &str = "
const element = document.querySelector('pair-link');
const focused = element.shadowRoot.activeElement;
return document.activeElement === element && focused ? true : (document.activeElement?.localName ?? 'nothing');
";

/// The checker's code: `PAIRLINK_AXE`, or where `cargo xtask test` puts it.
fn axe() -> String {
    let file = env::var_os("PAIRLINK_AXE")
        .map_or_else(|| target_folder().join("axe/axe.min.js"), PathBuf::from);
    fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` brings it", file.display()))
}

impl Page {
    /// Loads axe-core into the page, past its policy, as a browser's own tools are.
    pub async fn bring_axe(&self) {
        self.run(&(axe() + "\nwindow.axe = axe;")).await;
    }

    /// What keeps anybody from using the element as it is now; nothing, if all is well.
    pub async fn barriers(&self) -> Vec<String> {
        let run = format!("const place = document.querySelector('pair-link'); {RUN}");
        let mut barriers = words(&self.run_async(&run).await);
        barriers.extend(self.misplaced().await);
        barriers
    }

    /// The same for a whole page, and whether it is wider than the window.
    pub async fn barriers_of_all(&self) -> Vec<String> {
        let run = format!("const place = document; {RUN}");
        let mut barriers = words(&self.run_async(&run).await);
        let beyond = self.run(BEYOND).await;
        if beyond != 0 {
            barriers.push(format!("{beyond} px stick out to the side"));
        }
        barriers
    }

    /// What sticks out, is cut off or too small.
    pub async fn misplaced(&self) -> Vec<String> {
        words(&self.run(LAYOUT).await)
    }

    /// Waits until the focus is on something in the element.
    pub async fn keeps_focus(&self, after: &str) {
        eventually(
            &format!("the focus in the element after {after}"),
            async || {
                let place = self.run(FOCUS).await;
                if place == true {
                    Ok(())
                } else {
                    Err(format!("it is on {place}"))
                }
            },
        )
        .await;
    }

    /// Shows the element, and the page around it, in a theme.
    pub async fn wear(&self, theme: &str) {
        let script = format!(
            "document.documentElement.dataset.theme = '{theme}';
             document.querySelector('pair-link').setAttribute('theme', '{theme}');"
        );
        self.run(&script).await;
        self.settle().await;
    }

    /// Lets the element speak another language, and waits until it does.
    pub async fn speak(&self, language: &str) {
        let script = format!(
            "const element = document.querySelector('pair-link');
             if (element.getAttribute('locale') !== '{language}') element.setAttribute('locale', '{language}');
             return element.shadowRoot.querySelector('.pairlink, .fallback')?.lang"
        );
        eventually(&format!("words of {language}"), async || {
            match self.run(&script).await {
                spoken if spoken == json!(language) => Ok(()),
                spoken => Err(spoken.to_string()),
            }
        })
        .await;
    }

    /// Waits until what was changed is painted, and every transition is over.
    pub async fn settle(&self) {
        self.run_async(
            "const root = document.querySelector('pair-link')?.shadowRoot ?? document;
             await new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)));
             const moving = root.getAnimations().filter(animation => animation instanceof CSSTransition);
             for (const transition of moving) transition.finish();",
        )
        .await;
    }
}

fn words(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    list.iter()
        .map(|line| line.as_str().unwrap_or_default().to_owned())
        .collect()
}
