import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { auditStacks, renderAudit, writePicture } from "../../../operations/audit/run.ts";
import { audit } from "../../../operations/commands/audit.ts";
import { dispatch } from "../../../operations/dispatch.ts";
import type { AuditReport } from "../../../policy/audit/report.ts";
import { PEOPLE_TEXT } from "../../support/audited-stacks.ts";
import { captured } from "../../support/captured.ts";
import { deployedDefaults } from "../../support/estates.ts";

const SIGNAL = new AbortController().signal;

describe("npm run dr -- audit", () => {
  let folder: string;
  const people = () => join(folder, "people.yaml");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "multicloud-dr-audit-"));
    await writeFile(people(), PEOPLE_TEXT);
    const all = await deployedDefaults();
    for (const stack of ["prod", "dr", "link"]) {
      const resources = all
        .filter((each) => each.stack === stack)
        .map(({ urn, type, props, protect }) => ({ urn, type, protect, outputs: props }));
      await writeFile(join(folder, `${stack}.json`), JSON.stringify({ version: 3, deployment: { resources } }));
    }
  });
  after(() => rm(folder, { recursive: true }));

  const run = (file = people(), exports = folder): Promise<AuditReport> =>
    auditStacks(file, { folder, exports }, SIGNAL);

  it("reads exports, passes with the defaults, and says so last", async () => {
    const report = await run();
    expect(report.passed).to.equal(true);
    const text = renderAudit(report);
    expect(text).to.match(/prod\/shop-backups-vault +shop content, shop database +governance for 35 days +one/);
    expect(text).to.match(/ci-administrator +human +5 of 7 +link\/shop-dumps-bucket, prod\/shop-backups-vault/);
    expect(text.trimEnd()).to.match(/Passed: nobody alone reaches every copy of shop content or shop database\.$/);
  });

  it("names whoever reaches all, the way to each copy and the mend", async () => {
    const file = join(folder, "one.yaml");
    await writeFile(
      file,
      PEOPLE_TEXT.replace(
        "policies: [AdministratorAccess] }]",
        "policies: [AdministratorAccess] }]\n    azure: [{ role: Owner, scope: standby }]",
      ),
    );
    const report = await run(file);
    const text = renderAudit(report);
    expect(text).to.include("one-person-reaches-all: aws-administrator reaches every copy of shop content");
    expect(text).to.match(/dr\/shop-content-account: aws-administrator can let the account have keys again/);
    expect(text).to.include("mend: close one of these ways:");
    expect(text.trimEnd()).to.match(/Failed: \d+ problems, with 7 copies found\.$/);
  });

  it("draws a picture that needs nothing else, and a page with it", async () => {
    const report = await run();
    const [svg, page] = [join(folder, "audit.svg"), join(folder, "audit.html")];
    await writePicture(report, svg);
    await writePicture(report, page);
    const drawn = await readFile(svg, "utf8");
    expect(drawn).to.match(/^<svg [^>]+>[\s\S]*<\/svg>\n$/);
    expect(drawn).to.not.match(/href=|src=|<script|NaN|undefined/);
    for (const { name } of report.copies) expect(drawn).to.include(name);
    expect(await readFile(page, "utf8"))
      .to.include('<section id="audit" class="passed">')
      .and.to.include("<svg ");
  });

  it("needs every stack with copies, and a people file", async () => {
    await rm(join(folder, "link.json"));
    await expectFailure(
      run(),
      /the audit needs the state of stack link: expected its export in .*link\.json, found none/,
    );
    await expectFailure(run(join(folder, "none.yaml")), /expected the people file .*none\.yaml, found none/);
    const broken = join(folder, "broken.yaml");
    await writeFile(broken, "version: 2\n");
    await expectFailure(run(broken), /so nothing is proved:\n {2}broken\.yaml:1:\d+: version/);
  });

  it("refuses a picture that it cannot draw", async () => {
    const { value, stderr } = await captured(() => dispatch([audit], ["audit", "--graph", "audit.png"]));
    expect(value).to.equal(2);
    expect(stderr).to.include("--graph: expected a file that ends in .svg or .html, found audit.png");
  });
});

async function expectFailure(promise: Promise<unknown>, message: RegExp): Promise<void> {
  const found = await promise.then(
    () => "",
    (error: Error) => error.message,
  );
  expect(found).to.match(message);
}
