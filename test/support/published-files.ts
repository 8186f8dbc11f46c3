import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A website of small files, as the one that markers are on. */
export class PublishedFiles {
  /** Texts by path. @example "declared/site.json" */
  readonly files = new Map<string, string>();
  /** Answers so, whatever is asked, when it is given. */
  status: number | undefined;
  /** Called at each question, with its path. */
  onAsked: (path: string) => void = () => {};
  readonly #server = createServer(({ url = "" }, outgoing) => {
    const path = url.slice(1);
    this.onAsked(path);
    const text = this.files.get(path);
    outgoing.writeHead(this.status ?? (text === undefined ? 404 : 200)).end(text);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  clear(): void {
    this.files.clear();
    this.status = undefined;
    this.onAsked = () => {};
  }

  /** Where it answers, with a slash at the end. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }
}

/** A website that is empty before each test of a suite. */
export function usePublishedFiles(): PublishedFiles {
  const site = new PublishedFiles();
  before(() => site.start());
  beforeEach(() => site.clear());
  after(() => site.stop());
  return site;
}
