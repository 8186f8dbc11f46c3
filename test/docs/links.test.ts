import { existsSync, readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";

/** Pages that people read. */
const PAGES = ["*.md", "docs/**/*.md"];

/** A heading as its anchor: letters, digits and underscores stay, spaces become hyphens. */
function anchorOf(heading: string): string {
  const text = heading.replaceAll(/[^\p{L}\p{N} _-]/gu, "");
  return text.toLowerCase().replaceAll(" ", "-");
}

/** Everything but code, in which nothing is a link or a heading. */
function withoutCode(text: string): string {
  return text.replaceAll(/^ *```[\s\S]*?^ *```/gm, "");
}

function anchorsIn(page: string): string[] {
  const headings = withoutCode(readFileSync(page, "utf8")).matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = ""]) => anchorOf(heading));
}

describe("the links of the documentation", () => {
  it("lead somewhere, and to headings that are there", async () => {
    const broken: string[] = [];
    for (const page of await Array.fromAsync(glob(PAGES, { cwd: PROJECT_FOLDER }))) {
      const file = join(PROJECT_FOLDER, page);
      for (const [, link = ""] of withoutCode(readFileSync(file, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? file : resolve(dirname(file), path);
        const there = existsSync(target) && (anchor === undefined || anchorsIn(target).includes(anchor));
        if (!there) broken.push(`${page}: ${link}`);
      }
    }
    expect(broken).to.deep.equal([]);
  });
});
