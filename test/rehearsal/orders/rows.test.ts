import { expect } from "chai";
import type { Fetch, FetchOptions } from "../../../rehearsal/local/names.ts";
import { readRows } from "../../../rehearsal/orders/rows.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const row = (id: number) => ({ id, key: `order-${id}`, text: `text of order-${id}`, site: "standby" });

describe("the rows of a site", () => {
  it("are read page by page at the host that DNS gives, until there are no more", async () => {
    const asked: [string, FetchOptions | undefined][] = [];
    const pages = [[row(1), row(3)], [row(7)], []];
    const fetch: Fetch = async (url, options) => {
      asked.push([String(url), options]);
      return Response.json({ count: 3, rows: pages[asked.length - 1] });
    };
    expect(await readRows(fetch, "app.example.com", "edge.example", signal)).to.deep.equal([row(1), row(3), row(7)]);
    expect(asked).to.deep.equal([
      ["https://app.example.com/rows?after=0", { at: "edge.example", signal }],
      ["https://app.example.com/rows?after=3", { at: "edge.example", signal }],
      ["https://app.example.com/rows?after=7", { at: "edge.example", signal }],
    ]);
  });

  it("are not taken from an answer other than 200, which is told in short", async () => {
    const fetch: Fetch = async () => new Response("no database".padEnd(2000, "!"), { status: 503 });
    const { message } = await rejection(readRows(fetch, "app.example.com", "edge.example", signal));
    expect(message).to.match(/^the rows at edge\.example: expected 200, found 503: no database!+$/);
    expect(message.length).to.be.below(600);
  });
});
