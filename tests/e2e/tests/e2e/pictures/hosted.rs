//! Pictures of everything that the page behind a share link can show.

use pairlink_e2e::{Browser, Page, Visit, eventually};

use super::{LANGUAGES, THEMES, WIDTHS, folder, write_sheet};
use crate::Stage;
use crate::hosted::{GO_ON, NOT_ME, go_on, runs};
use crate::methods::{QR, SHOW_QR};

/// A page in one language: in each theme and width, as the visitor finds it and whole.
type Portraits = Vec<Vec<u8>>;

/// Pages of one language, by what they show.
struct Album {
    language: &'static str,
    pages: Vec<(String, Portraits)>,
}

impl Album {
    async fn open(&self, stage: &Stage, link: &str, scripts: bool) -> Page {
        let visit = Visit {
            scripts,
            ..Visit::default()
        };
        let page = stage.browser.visit(link, visit).await;
        page.ask_for(self.language).await;
        page
    }

    async fn take(&mut self, name: &str, page: &Page) {
        let mut portraits = Vec::new();
        for theme in THEMES {
            for (width, ..) in WIDTHS {
                // Without motion nothing has to be waited for, which takes scripts.
                let wishes = [
                    ("prefers-color-scheme", theme),
                    ("prefers-reduced-motion", "reduce"),
                ];
                page.prefer(&wishes).await;
                page.resize((width, 740)).await;
                let whole = "return Math.max(740, document.documentElement.scrollHeight)";
                let height = page.run(whole).await.as_u64().unwrap();
                page.resize((width, u32::try_from(height).unwrap())).await;
                portraits.push(page.screenshot().await);
            }
        }
        self.pages.push((name.to_owned(), portraits));
    }
}

/// `cargo xtask screenshots` runs it, beside the other.
#[tokio::test]
#[ignore = "it tests nothing"]
async fn of_every_hosted_page() {
    let folder = folder();
    for language in LANGUAGES {
        let mut album = Album {
            language,
            pages: Vec::new(),
        };
        asking_to_connected(&mut album).await;
        by_the_other_ways(&mut album).await;
        ended(&mut album).await;
        let table = Browser::chosen().open("about:blank").await;
        let themes_and_widths = THEMES
            .into_iter()
            .flat_map(|theme| WIDTHS.map(|width| (theme, width)));
        for (index, (theme, (width, columns, scale))) in themes_and_widths.enumerate() {
            let pictures: Vec<_> = album
                .pages
                .iter()
                .map(|(name, portraits)| (name.clone(), portraits.get(index).unwrap().clone()))
                .collect();
            let sheet = table
                .sheet(&pictures, columns, scale, theme == "dark")
                .await;
            write_sheet(
                &folder,
                &format!("hosted-{language}-{theme}-{width}"),
                &sheet,
            );
        }
        table.close().await;
    }
}

async fn asking_to_connected(album: &mut Album) {
    let stage = Stage::set().await;
    let link = stage.system.share_link("counter").await;
    let page = album.open(&stage, &link, true).await;
    album.take("asks first", &page).await;
    go_on(&page).await;
    runs(&page).await;
    album.take("nothing alive", &page).await;
    page.vanish();
    let (dashboard, scanned) = stage.dashboard_with_link().await;
    let page = album.open(&stage, &link, true).await;
    go_on(&page).await;
    runs(&page).await;
    assert_eq!(page.widget().scan().await, scanned);
    album.take("link", &page).await;
    let phone = stage.browser.open(&scanned).await;
    phone.click("button").await;
    page.widget().covers_its_code().await;
    album.take("connected", &page).await;
    for page in [phone, dashboard, page] {
        page.vanish();
    }
}

async fn by_the_other_ways(album: &mut Album) {
    let stage = Stage::set().await;
    let link = stage.system.share_link("deliveries").await;
    let plain = album.open(&stage, &link, false).await;
    go_on(&plain).await;
    album.take("nothing, no JavaScript", &plain).await;
    plain.vanish();
    let dashboard = stage
        .browser
        .open(&stage.system.channel("deliveries"))
        .await;
    dashboard.widget().choose(QR).await;
    dashboard.widget().press(SHOW_QR).await;
    dashboard.widget().scan().await;
    for (scripts, name) in [(true, "QR code"), (false, "QR code, no JavaScript")] {
        let page = album.open(&stage, &link, scripts).await;
        go_on(&page).await;
        page.widget().scan().await;
        if scripts {
            runs(&page).await;
        }
        album.take(name, &page).await;
        page.vanish();
    }
    dashboard.vanish();
}

/// Presses a button, and waits for the page that it leads to.
async fn leave(page: &Page, button: &str) {
    page.run("window.left = false").await;
    page.click(button).await;
    eventually("another page", async || {
        let is_there = "return window.left === undefined && document.readyState === 'complete'";
        if page.run(is_there).await == true {
            Ok(())
        } else {
            Err("the same page".to_owned())
        }
    })
    .await;
}

async fn ended(album: &mut Album) {
    let stage = Stage::set().await;
    let link = stage.system.share_link("counter").await;
    let mut opened = Vec::new();
    for _browser in 0..3 {
        let page = album.open(&stage, &link, true).await;
        go_on(&page).await;
        runs(&page).await;
        opened.push(page);
    }
    let late = album.open(&stage, &link, true).await;
    leave(&late, GO_ON).await;
    album.take("opened too often", &late).await;
    late.vanish();
    let late = album.open(&stage, &link, true).await;
    let first = opened.first().unwrap();
    leave(first, NOT_ME).await;
    album.take("this wasn't me", first).await;
    leave(&late, GO_ON).await;
    album.take("ended", &late).await;
    let unknown = album.open(&stage, &(link + "x"), true).await;
    album.take("unknown", &unknown).await;
}
