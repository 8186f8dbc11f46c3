import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findChromium } from "../../rehearsal/tools/chromium.ts";

/** A page that is open in a browser, and what it asked for and complained of. */
export interface Opened {
  page: Page;
  /** Its own address. */
  url: string;
  /** Everything that was asked for. */
  requests: string[];
  /** What it wrote to the console, threw, or had a dialog for. */
  complaints: string[];
}

/** What can be seen of a page. */
export interface Sight {
  /** How wide its contents are, in pixels. */
  width: number;
  /** Classes of the drawings that are shown. */
  drawings: string[];
  /** Height of the smallest letters in a drawing, in pixels of the screen. */
  smallest: number;
  /** Lines of a drawing that cover one another, in pairs. */
  covered: string[];
  /** Lines of a drawing that stick out of it. */
  outside: string[];
  /** Lines of a text that is set flush right, and that do not end where its first line does. */
  ragged: string[];
}

export class TestBrowser {
  #browser: Browser | undefined;
  #folder = "";

  async start(): Promise<void> {
    const { executable } = await findChromium(() => {}, new AbortController().signal);
    this.#browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_ARGS });
    this.#folder = await mkdtemp(join(tmpdir(), "page-"));
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Opens a page from a file, as a reader does. */
  async open(html: string): Promise<Opened> {
    if (!this.#browser) throw new Error("the browser is used before it was started: use it inside a test or a hook");
    const file = join(this.#folder, `${crypto.randomUUID()}.html`);
    await writeFile(file, html);
    const page = await this.#browser.newPage();
    const opened: Opened = { page, url: pathToFileURL(file).href, requests: [], complaints: [] };
    page.on("request", (request) => opened.requests.push(request.url()));
    page.on("console", (message) => opened.complaints.push(message.text()));
    page.on("pageerror", ({ message }) => opened.complaints.push(message));
    page.on("dialog", async (dialog) => {
      opened.complaints.push(dialog.message());
      await dialog.dismiss();
    });
    await page.goto(opened.url);
    return opened;
  }
}

/** Starts a browser before the tests of a suite and ends it after them. */
export function useBrowser(): TestBrowser {
  const browser = new TestBrowser();
  before(() => browser.start());
  after(() => browser.end());
  return browser;
}

/** Looks at a page as it is on a screen of a width, or on paper that is so wide between its margins. */
export async function lookAt(page: Page, width: number, media: "screen" | "print" = "screen"): Promise<Sight> {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ media });
  return page.evaluate(see);
}

/** Runs in the page. */
function see(): Sight {
  const drawings = [...document.querySelectorAll("svg")].filter((each) => each.getBoundingClientRect().width > 0);
  const lines = drawings.flatMap((drawing) => {
    const frame = drawing.getBoundingClientRect();
    const scale = frame.width / drawing.viewBox.baseVal.width;
    return [...drawing.querySelectorAll("tspan[y]")].map((line) => ({
      ...{ text: line.textContent, box: line.getBoundingClientRect(), frame },
      letters: Number.parseFloat(getComputedStyle(line).fontSize) * scale,
    }));
  });
  // Boxes are as high as the font's tallest letters: a pixel or two more than any text here.
  const covers = (one: DOMRect, other: DOMRect) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
  const flushRight = drawings.flatMap((drawing) => [...drawing.querySelectorAll("text[text-anchor=end]")]);
  return {
    width: document.documentElement.scrollWidth,
    drawings: drawings.map((drawing) => drawing.getAttribute("class") ?? ""),
    smallest: Math.min(...lines.map(({ letters }) => letters)),
    covered: lines.flatMap(({ text, box }, index) =>
      lines
        .slice(index + 1)
        .filter((other) => covers(box, other.box))
        .map((other) => `${text} | ${other.text}`),
    ),
    outside: lines
      .filter(
        ({ box, frame }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1,
      )
      .map(({ text }) => text),
    ragged: flushRight.flatMap((text) => {
      const [first, ...others] = text.querySelectorAll("tspan[y]");
      const end = first?.getBoundingClientRect().right ?? 0;
      return others
        .filter((line) => Math.abs(line.getBoundingClientRect().right - end) > 1)
        .map((line) => line.textContent);
    }),
  };
}
