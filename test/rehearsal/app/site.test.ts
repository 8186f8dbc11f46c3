import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readSite } from "../../../rehearsal/app/site.ts";
import { rejection } from "../../support/rejection.ts";

describe("the site document of a server", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "site-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function documentOf(text: string): Promise<string> {
    const file = join(folder, "site.json");
    await writeFile(file, text);
    return file;
  }

  it("is read as it is", async () => {
    const names = { workload: "shop", site: "primary", appName: "app.example.com" };
    const document = { ...names, port: 8080, healthPath: "/healthz", content: { kind: "s3" } };
    expect(await readSite(await documentOf(JSON.stringify(document)))).to.deep.equal(document);
  });

  it("says what is wrong with it", async () => {
    const why = async (file: string) => (await rejection(readSite(file))).message;
    expect(await why(join(folder, "nothing"))).to.match(/^there is no site document at .*nothing \(ENOENT\)/);
    expect(await why(await documentOf("{"))).to.match(/site\.json is no JSON/);
    expect(await why(await documentOf('{"port": 1, "site": "standby"}'))).to.match(
      /lacks workload, appName, healthPath, content$/,
    );
  });
});
