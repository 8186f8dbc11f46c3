import { expect } from "chai";
import fc from "fast-check";
import { escapeText, html, Markup } from "../../../rehearsal/report-page/html.ts";

describe("markup from a template", () => {
  it("has what is put into it as text, whatever it is", () => {
    const name = `<script>"&'</script>`;
    expect(html`<p title="${name}">${name}</p>`.text).to.equal(
      '<p title="&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;">&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;</p>',
    );
  });

  it("has numbers, markup, and lists of markup, and nothing for what is not there", () => {
    const list = [html`<li>${1}</li>`, html`<li>${0}</li>`];
    expect(html`<ul>${list}</ul>${false}${undefined}${""}${html`<br>`}`.text).to.equal(
      "<ul><li>1</li>\n<li>0</li></ul><br>",
    );
    expect(html`${new Markup("<b>")}`.text).to.equal("<b>");
  });
});

describe("an escaped text", () => {
  it("shows as unreadable what is not for reading: controls, halves of letters, turns of direction", () => {
    expect(escapeText("a\u0000b\u0007c\ud800d\u202ee\u2066f")).to.equal("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
  });

  it("keeps letters of every kind", () => {
    expect(escapeText("Größe 日本語 👩‍👩‍👧 e\u0301")).to.equal("Größe 日本語 👩‍👩‍👧 e\u0301");
  });

  it("ends neither an element nor an attribute, and reads as it was", () => {
    const plain: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
    const text = fc.string({ unit: fc.constantFrom(..."<>&\"'#;altgqmpuo39 ") });
    fc.assert(
      fc.property(text, (given) => {
        const escaped = escapeText(given);
        expect(escaped).to.not.match(/[<>"']/);
        expect(escaped.replace(/&\S+?;/g, (entity) => plain[entity] ?? "?")).to.equal(given);
      }),
    );
  });
});
