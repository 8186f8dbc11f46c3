import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { parseSettings } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

type Scalar = string | number | boolean;

/** A key as Pulumi.yaml declares it. */
interface Declaration {
  type?: string;
  default?: Scalar;
  description?: string;
}

const ROLES = ["prod", "dr", "link", "traffic"] as const;

const NAMESPACE = "multicloud-dr:";

function readYaml<T>(name: string): T {
  return parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")) as T;
}

describe("Pulumi.yaml", () => {
  const { name, runtime, config } = readYaml<{
    name: string;
    runtime: { name: string; options: { typescript: boolean } };
    config: Record<string, Declaration>;
  }>("Pulumi.yaml");

  it("is the project of the namespace, and runs TypeScript as Node takes it", () => {
    expect(`${name}:`).to.equal(NAMESPACE);
    expect(runtime).to.deep.equal({ name: "nodejs", options: { typescript: false } });
  });

  it("declares exactly the keys that some stack reads", () => {
    const read = ROLES.flatMap((role) =>
      parseSettings(CONFIG[role], role).workloads.flatMap((settings) => Object.keys(settings)),
    );
    const own = read.filter((key) => !key.includes(":"));
    expect(Object.keys(config)).to.have.members([...new Set(own)]);
  });

  for (const [key, declaration] of Object.entries(config)) {
    it(`declares ${key} with a type, a default of that type, and a description`, () => {
      expect(declaration.description).to.match(/\S.{10,}\.$/);
      const types = { string: "string", integer: "number", boolean: "boolean" };
      expect(types).to.have.property(declaration.type ?? "", typeof declaration.default);
    });
  }

  it("has defaults that a stack can live with; what is empty must be set, or may stay so", () => {
    const empty = Object.entries(config)
      .filter(([, declaration]) => declaration.default === "")
      .map(([key]) => key);
    expect(empty).to.have.members([
      ...["role", "workload", "owner", "domain", "appName", "contentName"],
      ...[
        "alertEmail",
        "declareWhy",
        "declareBy",
        "databaseGivenUp",
        "databasePassword",
        "containerRepositories",
        "containerImage",
        "vpnKeys",
      ],
      ...["lastDrill", "otherMarkers", "standbyShare", "databaseHostName"],
    ]);
  });

  for (const role of ROLES) {
    describe(`with Pulumi.${role}.yaml`, () => {
      const file = readYaml<{ config: Record<string, Scalar> }>(`Pulumi.${role}.yaml`);
      const defaults = Object.entries(config).map(([key, declaration]) => [`${NAMESPACE}${key}`, declaration.default]);
      const merged = Object.fromEntries(
        Object.entries({ ...Object.fromEntries(defaults), ...file.config }).map(([key, value]) => [key, String(value)]),
      ) as Record<string, string>;

      it(`is a good configuration of a stack of role ${role}`, () => {
        expect(parseSettings(merged, role).workloads[0]).to.include({ role, workload: "shop", owner: "platform-team" });
      });

      it("says what the stack does not, and the program reads nothing that neither says", () => {
        const settings = parseSettings(merged, role);
        const expected = parseSettings(CONFIG[role], role);
        expect(settings).to.deep.equal(expected);
      });
    });
  }

  it("never ships a declared disaster, or data that may be deleted", () => {
    for (const role of ROLES) {
      const { config: values } = readYaml<{ config: Record<string, Scalar> }>(`Pulumi.${role}.yaml`);
      expect(values["multicloud-dr:declareDisaster"] ?? "none").to.equal("none");
      expect(String(values["multicloud-dr:protectData"] ?? true)).to.equal("true");
    }
  });
});
