import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { renderAsked } from "../../../operations/smoke/render.ts";

describe("what smoke prints", () => {
  it("is a line for each question, and under it where it went and what was wrong", () => {
    const [url, at] = ["https://app.example.com/healthz", "shop-app.azurefd.net"];
    const asked = [
      { id: "app", title: "the app, by its health", url, at, ok: true, status: 200, milliseconds: 34 },
      {
        ...{ id: "marker-site", title: "the site's marker", url: "https://marker.example/declared/site.json" },
        ...{ ok: false, problem: "no connection" },
      },
      {
        id: "content",
        title: "the content",
        url,
        at,
        ok: false,
        status: 503,
        milliseconds: 1200,
        problem: "it is down",
      },
    ];
    expect(stripVTControlCharacters(renderAsked(asked)).split("\n")).to.deep.equal([
      "  ok    app          200     34 ms  the app, by its health",
      "  FAIL  marker-site    -      - ms  the site's marker",
      "        https://marker.example/declared/site.json",
      "        no connection",
      "  FAIL  content      503   1200 ms  the content",
      "        https://app.example.com/healthz at shop-app.azurefd.net",
      "        it is down",
    ]);
  });
});
