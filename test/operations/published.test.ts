import { expect } from "chai";
import { isPublished, untilPublished } from "../../operations/published.ts";
import { usePublishedFiles } from "../support/published-files.ts";
import { rejection } from "../support/rejection.ts";

const { signal } = new AbortController();
const DECLARED = '"declared":true';

describe("what the markers' website says", () => {
  const site = usePublishedFiles();
  const url = () => `${site.endpoint}declared/site.json`;

  it("is so where the file has the text, and not where it has another, or is not there", async () => {
    expect(await isPublished(url(), DECLARED, signal)).to.equal(false);
    site.files.set("declared/site.json", '{"declared":true,"disaster":"site"}');
    expect(await isPublished(url(), DECLARED, signal)).to.equal(true);
    site.files.set("declared/site.json", '{"declared":false}');
    expect(await isPublished(url(), DECLARED, signal)).to.equal(false);
  });

  it("is not so where an error page has the text", async () => {
    site.files.set("declared/site.json", '{"declared":true}');
    site.status = 500;
    expect(await isPublished(url(), DECLARED, signal)).to.equal(false);
  });

  it("is not known where nobody answers", async () => {
    const failure = await rejection(isPublished("http://127.0.0.1:1/declared/site.json", DECLARED, signal));
    expect(failure.message).to.match(/^http:\/\/127\.0\.0\.1:1\/declared\/site\.json can't be looked at \(.+\)$/);
  });

  it("is waited for until it says so, and until it does not any more", async () => {
    let asked = 0;
    site.onAsked = () => {
      asked += 1;
      if (asked === 2) site.files.set("declared/site.json", '{"declared":true}');
    };
    await untilPublished(url(), DECLARED, true, signal);
    expect(asked).to.equal(2);
    site.onAsked = () => site.files.clear();
    await untilPublished(url(), DECLARED, false, signal);
  });

  it("is waited for while nobody answers, until the wait is ended", async () => {
    const interruption = new AbortController();
    const waited = rejection(untilPublished("http://127.0.0.1:1/", DECLARED, false, interruption.signal));
    setTimeout(() => interruption.abort(), 100);
    expect((await waited).name, "it is not taken for gone").to.equal("AbortError");
  });
});
