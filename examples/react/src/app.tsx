import { useRef, useState } from "react";
import type { PairLinkElement } from "pairlink";
import type {} from "pairlink/react";
import { fetchToken } from "./token";

export function App() {
  const [news, setNews] = useState("Loading");
  const [dark, setDark] = useState(false);
  const [shown, setShown] = useState(true);
  const element = useRef<PairLinkElement>(null);

  return (
    <main>
      <h1>Connect WhatsApp</h1>
      <p id="news" role="status">
        {news}
      </p>
      {shown && (
        <pair-link
          ref={element}
          base="http://127.0.0.1:8401"
          theme={dark ? "dark" : "light"}
          fetchToken={fetchToken}
          onpairlink:ready={() => setNews("Ready")}
          onpairlink:pass={(event) => setNews(`A ${event.detail.method} is there`)}
          onpairlink:connected={() => setNews("Connected")}
          onpairlink:revoked={() => setNews("Revoked")}
          onpairlink:error={(event) => setNews(`Failed: ${event.detail.code}`)}
        />
      )}
      <p>
        <button type="button" id="theme" onClick={() => setDark(!dark)}>
          {dark ? "Light" : "Dark"}
        </button>
        <button type="button" id="toggle" onClick={() => setShown(!shown)}>
          {shown ? "Hide" : "Show"}
        </button>
        <button type="button" id="revoke" onClick={() => element.current?.revoke()}>
          Revoke from outside
        </button>
      </p>
    </main>
  );
}
