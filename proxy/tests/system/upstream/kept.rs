//! What Pairlink keeps to itself, whatever it is called.

use super::Scene;
use crate::harness::world::Setup;

const KEPT: &[(&str, &[&str])] = &[
    (
        "enablex",
        &[
            "whatsapp/v1/token",
            "whatsapp/v1/token/",
            "whatsapp/v1/token/x",
            "WhatsApp/V1/Token",
            "whatsapp/v1/%74oken",
            "whatsapp/v1/%2574oken",
            "whatsapp/v1/token;x=y",
            "whatsapp/v1/token%3Fx",
            "whatsapp/v1/token%20",
            "whatsapp/v1/token.",
            "whatsapp/v2/token",
            "whatsapp/v1/token?x=y",
        ],
    ),
    (
        "wazzup",
        &[
            "v2/oauth/token",
            "v2/oauth",
            "V2/OAUTH/TOKEN",
            "v2/o%61uth/token",
            "v2/oauth;a/token",
            "v3/oauth/token",
            "v2/accounts",
            "v2/accounts/1",
        ],
    ),
    (
        "wawp",
        &[
            "v2/session/temp-link",
            "v2/session/temp%2Dlink",
            "v2/Session/Temp-Link/",
            "v2/auth/qr",
            "v2/auth/request-code",
            "v1/auth/qr-image",
        ],
    ),
    (
        "green-api",
        &[
            "qr",
            "QR",
            "%71r",
            "getAuthorizationCode",
            "scanqrcode",
            "updateApiToken",
            "updateapitoken;x",
        ],
    ),
];

#[tokio::test]
async fn what_gives_out_credentials_or_passes_is_not_to_be_had() {
    for (provider, paths) in KEPT {
        let scene = Scene::open_at(provider, Setup::default()).await;
        for path in *paths {
            for method in ["GET", "POST", "DELETE"] {
                let heard = scene.raw(method, path, "content-length: 0\r\n").await;
                assert!(heard.starts_with("HTTP/1.1 403"), "{path}: {heard}");
                assert!(heard.contains("\"code\":\"action_not_allowed\""), "{heard}");
            }
        }
        assert_eq!(scene.station.heard().len(), 0, "{provider}");
        // Not even a token was asked for.
        assert_eq!(scene.station.tokens().len(), 0, "{provider}");
        let mut books = scene.world.books().await;
        let written = "SELECT action FROM audit WHERE action LIKE 'upstream%'";
        assert_eq!(books.column(written).await, [""; 0]);
    }
}
