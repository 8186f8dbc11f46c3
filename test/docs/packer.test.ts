import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { z } from "zod";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";

const settings = z.record(z.string(), z.unknown());

/** What the template must be made of, by Packer's own words for its parts. */
const template = z.strictObject({
  "//": z.string(),
  packer: z.strictObject({
    required_plugins: z.record(z.string(), z.strictObject({ source: z.string(), version: z.string() })),
  }),
  variable: z.record(
    z.string(),
    z.strictObject({ type: z.literal("string"), description: z.string().optional(), default: z.string().optional() }),
  ),
  source: z.record(z.string(), z.record(z.string(), settings)),
  build: z.strictObject({ sources: z.array(z.string()), provisioner: z.array(settings) }),
});

describe("the template of both clouds' images", () => {
  const text = readFileSync(join(PROJECT_FOLDER, "docs/images/packer.pkr.json"), "utf8");
  const read = template.parse(JSON.parse(text));

  it("builds exactly the sources that it has, one for each cloud, by a plugin that it asks for", () => {
    const sources = Object.entries(read.source).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `source.${type}.${name}`),
    );
    expect(read.build.sources).to.have.members(sources);
    const clouds = sources.map((source) => source.split(".")[1]?.split("-")[0]);
    expect(Object.keys(read.packer.required_plugins)).to.have.members(clouds);
  });

  it("uses every variable that it has, and none that it has not", () => {
    const used = [...text.matchAll(/\$\{var\.(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(used)]).to.have.members(Object.keys(read.variable));
  });

  it("runs the same steps for both, but for what one cloud alone wants", () => {
    const steps = read.build.provisioner.flatMap((each) => Object.values(each) as { only?: string[] }[]);
    expect(steps.flatMap(({ only = [] }) => only)).to.deep.equal(["azure-arm.standby"]);
  });
});
