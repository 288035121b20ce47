//! Whoever looks before a person does: previews of messengers, scanners of mail, search machines.

use reqwest::Method;

use crate::harness::{Setup, World};
use crate::hosted::{assert_page, open, share};

/// As they call themselves, or as the browsers that they pretend to be.
const ROBOTS: [(&str, &str); 44] = [
    ("WhatsApp", "WhatsApp/2.23.20.0"),
    ("WhatsApp on iOS", "WhatsApp/2.24.1.78 i"),
    (
        "Facebook",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    ),
    ("Facebook's catalogue", "facebookcatalog/1.0"),
    ("Meta", "meta-externalagent/1.1"),
    (
        "Instagram",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Instagram 330.0",
    ),
    (
        "Slack's previews",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ),
    ("Slack", "Slackbot 1.0 (+https://api.slack.com/robots)"),
    (
        "Slack's pictures",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
    ),
    ("X", "Twitterbot/1.0"),
    ("Telegram", "TelegramBot (like TwitterBot)"),
    (
        "Discord",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    ),
    (
        "LinkedIn",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)",
    ),
    ("Skype", "SkypeUriPreview Preview/0.5"),
    (
        "Skype for Business",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    ),
    (
        "Teams",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    ),
    ("Viber", "Viber/20.3.0.1"),
    ("Line", "facebookexternalhit/1.1;line-poker/1.0"),
    ("Signal", "WhatsApp/2"),
    ("Mattermost", "mattermost-server/9.5.0"),
    (
        "Rocket.Chat",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) Rocket.Chat",
    ),
    (
        "Google Chat",
        "Mozilla/5.0 (compatible; Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/))",
    ),
    (
        "iMessage",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 \
         Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    ),
    (
        "Apple",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1 Safari/605.1.15 (Applebot/0.1)",
    ),
    (
        "Pinterest",
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    ),
    (
        "Reddit",
        "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    ),
    (
        "Snapchat",
        "Mozilla/5.0 (compatible; Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots)",
    ),
    (
        "Outlook SafeLinks",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.130 Safari/537.36",
    ),
    (
        "Defender",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
    ),
    (
        "Outlook",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)",
    ),
    (
        "Proofpoint",
        "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    ),
    ("Mimecast", "Mozilla/5.0 (compatible; Mimecast URL Protect)"),
    (
        "Barracuda",
        "BarracudaCentral/1.0 (Barracuda Sentinel (EE))",
    ),
    (
        "Symantec",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) Symantec",
    ),
    ("Sophos", "Mozilla/5.0 (compatible; SophosXL URL Scanner)"),
    ("Cisco", "Mozilla/5.0 (compatible; CiscoUmbrella; IronPort)"),
    ("Trend Micro", "Mozilla/4.0 (compatible; MSIE 8.0; TMUFE)"),
    (
        "FireEye",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/110.0.0.0",
    ),
    (
        "VirusTotal",
        "AppEngine-Google; (+http://code.google.com/appengine; appid: s~virustotalcloud)",
    ),
    (
        "Gmail's pictures",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    ),
    (
        "Google",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ),
    (
        "Bing",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    ),
    (
        "Yandex",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    ),
    ("a program", "curl/8.5.0"),
];

#[tokio::test]
async fn robots_that_follow_everything_change_nothing() {
    let world = World::start_with(Setup {
        still: true,
        ..Setup::default()
    })
    .await;
    let path = share(&world).await;
    let read = async || {
        let request = world.of_connection(Method::GET, "/share-link");
        world.send(request).await.json(200)
    };
    let link = read().await;
    let mut books = world.books().await;
    let before = books.everything().await;
    for (name, agent) in ROBOTS {
        for method in [Method::GET, Method::HEAD] {
            let look = |path: &str| {
                let request = world.at(method.clone(), path);
                world.send(request.header("user-agent", agent))
            };
            for query in ["", "?fbclid=x&utm_source=mail", "?method=qr"] {
                let page = look(&format!("{path}{query}")).await;
                assert_page(&page, 200);
                assert!(!page.headers.contains_key("set-cookie"), "{name}");
            }
            // Where the forms of all pages lead, and where the page leads that they have no cookie for.
            let refuse = format!("{path}/refuse");
            for form in [
                refuse.as_str(),
                "/connect/pass",
                "/connect/refuse",
                "/connect/token",
            ] {
                let answer = look(form).await;
                assert_eq!(answer.status, 405, "{name}: {form}");
            }
            assert_page(&look("/connect").await, 410);
        }
    }
    assert_eq!(books.everything().await, before);
    assert!(read().await == link);
    assert_eq!(world.all_calls(), 0, "somebody was asked");
    // Every place is still there, and not one more than that.
    for _browser in 0..3 {
        assert_page(&world.send(open(&world, &path)).await, 200);
    }
    assert_page(&world.send(open(&world, &path)).await, 410);
}

#[tokio::test]
async fn what_a_messenger_shows_of_the_address_names_nobody() {
    let world = World::start().await;
    let page = world
        .send(world.at(Method::GET, &share(&world).await))
        .await;
    let head = page.text.split("<body>").next().unwrap();
    assert!(head.contains("<title>Connect WhatsApp</title>"), "{head}");
    assert!(!head.contains("Acme"), "{head}");
    assert!(page.text.contains("Acme support line"));
}
