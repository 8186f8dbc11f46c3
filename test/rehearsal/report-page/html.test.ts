import { expect } from "chai";
import { html, Markup } from "../../../rehearsal/report-page/html.ts";

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
