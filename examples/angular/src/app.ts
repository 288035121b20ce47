import { Component, CUSTOM_ELEMENTS_SCHEMA, effect, type ElementRef, signal, viewChild } from "@angular/core";
import type { PairLinkElement, PairLinkEventMap } from "pairlink";
import { fetchToken } from "./token";

@Component({
  selector: "app-root",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <main>
      <h1>Connect WhatsApp</h1>
      <p id="news" role="status">{{ news() }}</p>
      @if (shown()) {
        <pair-link
          #element
          base="http://127.0.0.1:8401"
          [attr.theme]="dark() ? 'dark' : 'light'"
          [fetchToken]="fetchToken"
        ></pair-link>
      }
      <p>
        <button type="button" id="theme" (click)="dark.set(!dark())">{{ dark() ? "Light" : "Dark" }}</button>
        <button type="button" id="toggle" (click)="shown.set(!shown())">{{ shown() ? "Hide" : "Show" }}</button>
        <button type="button" id="revoke" (click)="element()?.nativeElement?.revoke()">Revoke from outside</button>
      </p>
    </main>
  `,
})
export class App {
  protected readonly news = signal("Loading");
  protected readonly dark = signal(false);
  protected readonly shown = signal(true);
  protected readonly element = viewChild<ElementRef<PairLinkElement>>("element");
  protected readonly fetchToken = fetchToken;

  constructor() {
    // A template cannot name these events: what is before a colon is a global target there, such as "window:resize".
    effect((onCleanup) => {
      const element = this.element()?.nativeElement;
      if (!element) return;
      const heard = new AbortController();
      onCleanup(() => heard.abort());
      const hear = <Name extends keyof PairLinkEventMap>(name: Name, news: (event: PairLinkEventMap[Name]) => string) =>
        element.addEventListener(name, (event) => this.news.set(news(event)), { signal: heard.signal });
      hear("pairlink:ready", () => "Ready");
      hear("pairlink:pass", ({ detail }) => `A ${detail.method} is there`);
      hear("pairlink:connected", () => "Connected");
      hear("pairlink:revoked", () => "Revoked");
      hear("pairlink:error", ({ detail }) => `Failed: ${detail.code}`);
    });
  }
}
