import { expect } from "chai";
import fc from "fast-check";
import { parseSettings, type Role } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

/** The report with which a configuration is refused; empty when it is accepted. */
function report(config: Record<string, string>, stack = "dr"): string {
  try {
    parseSettings(config, stack);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** The configuration after all commands that a report names as mends. */
function mended(config: Record<string, string>, problems: string): Record<string, string> {
  const next = { ...config };
  for (const [, command, key = "", value = ""] of problems.matchAll(
    /mend {5}pulumi config (set|rm) (?:--secret )?--stack \S+ (\S+) ?(.*)$/gm,
  )) {
    if (command === "set") next[key] = value.replaceAll("'", "");
    else delete next[key];
  }
  return next;
}

describe("a wrong configuration", () => {
  it("is refused with all that is wrong at once", () => {
    const problems = report({
      ...CONFIG.dr,
      "multicloud-dr:workload": "My Shop",
      "multicloud-dr:copyRetentionDays": "0",
      "multicloud-dr:declareDisater": "site",
      "azure-native:location": "",
    });
    expect(problems).to.match(/^4 problems in the configuration of stack dr \(Pulumi.dr.yaml\):/);
    for (const key of ["workload", "copyRetentionDays", "declareDisater"]) {
      expect(problems).to.contain(`\n  multicloud-dr:${key}\n`);
    }
    expect(problems).to.contain("\n  azure-native:location\n");
  });

  it("is told in words what each value may be", () => {
    const problems = report({
      ...CONFIG.dr,
      "multicloud-dr:declareDisaster": "all",
      "multicloud-dr:copyRetentionDays": "0",
      "multicloud-dr:protectData": "yes",
    });
    expect(problems).to.contain("expected the declared disaster: none, database, content, site");
    expect(problems).to.contain("stays restorable, a whole number from 1 to 365");
    expect(problems).to.contain("expected whether what holds data refuses to be deleted, true or false");
  });

  it("is refused when it says nothing at all, beginning with the role", () => {
    const problems = report({});
    expect(problems).to.contain("expected which of the four stacks this is: prod, dr, link, traffic");
    for (const key of ["role", "workload", "environment", "owner", "protectData"]) {
      expect(problems).to.contain(`  multicloud-dr:${key}\n`);
    }
  });

  it("is read as its stack's name suggests when the role is missing, so that nothing else stays unsaid", () => {
    const problems = report(
      { ...CONFIG.traffic, "multicloud-dr:role": "", "multicloud-dr:ttlSeconds": "5" },
      "traffic",
    );
    expect(problems).to.contain("mend     pulumi config set --stack traffic multicloud-dr:role traffic");
    expect(problems).to.contain("  multicloud-dr:ttlSeconds\n");
  });

  it("is mended to the disaster that was meant, not to none", () => {
    const mend = (word: string) =>
      /mend .*declareDisaster (\w+)/.exec(report({ ...CONFIG.dr, "multicloud-dr:declareDisaster": word }))?.[1];
    expect(mend("Content")).to.equal("content");
    expect(mend("sites")).to.equal("site");
  });

  it("is told that only dr reads a declaration", () => {
    const problems = report({ ...CONFIG.prod, "multicloud-dr:declareDisaster": "site" }, "prod");
    expect(problems).to.contain("mend     pulumi config rm --stack prod multicloud-dr:declareDisaster");
  });

  it("is told that a stack with the name of one role has another: it would replace all that it holds", () => {
    const problems = report(CONFIG.dr, "prod");
    expect(problems).to.contain("mend     pulumi config set --stack prod multicloud-dr:role prod");
  });

  describe("with a key that nobody reads", () => {
    it("is asked for the key that was probably meant, and told to remove this one", () => {
      const problems = report({ ...CONFIG.prod, "multicloud-dr:zone": "3" }, "prod");
      expect(problems).to.contain("expected a key of this project; did you mean multicloud-dr:zones?");
      expect(problems).to.contain(
        "mend     pulumi config rm --stack prod multicloud-dr:zone && " +
          "pulumi config set --stack prod multicloud-dr:zones 3",
      );
    });

    it("gets no suggestion when nothing is near", () => {
      const problems = report({ ...CONFIG.prod, "multicloud-dr:somethingElse": "3" }, "prod");
      expect(problems).to.contain("expected a key of this project\n");
    });

    it("may carry keys of other namespaces, and keys that only other roles read", () => {
      const others = {
        "aws:profile": "shop",
        "another-project:zone": "3",
        "multicloud-dr:ttlSeconds": "",
        ...CONFIG.prod,
      };
      expect(report(others, "prod")).to.equal("");
    });
  });

  describe("with ranges that share an address", () => {
    it("is refused, because a VPN joins both sites", () => {
      const problems = report({ ...CONFIG.dr, "multicloud-dr:standbyCidr": "10.16.4.0/22" });
      expect(problems).to.contain("1 problem in the configuration");
      expect(problems).to.contain("\n  multicloud-dr:standbyCidr\n");
      expect(problems).to.contain("shares no address with multicloud-dr:primaryCidr (10.16.0.0/16): a VPN joins both");
    });

    it("is refused in prod as it is in dr", () => {
      expect(report({ ...CONFIG.prod, "multicloud-dr:primaryCidr": "10.32.0.0/16" }, "prod")).to.contain(
        "shares no address",
      );
    });

    it("is not asked about an overlap before both are ranges at all", () => {
      const problems = report({
        ...CONFIG.dr,
        "multicloud-dr:primaryCidr": "10.32.0.0/8",
        "multicloud-dr:standbyCidr": "10.32.0.0/16",
      });
      expect(problems).to.not.contain("shares no address");
    });
  });

  it("is always right once every mend is made, whatever was wrong", () => {
    const value = fc.oneof(
      fc.constantFrom("10.16.0.0/16", "10.32.0.0/16", "10.32.4.0/22", "prod", "dr", "link", "traffic", "3", "true", ""),
      fc.string(),
    );
    const broken = fc.constantFrom<Role>("prod", "dr", "link", "traffic").chain((role) => {
      const keys = [...Object.keys(CONFIG[role]), "multicloud-dr:zone", "multicloud-dr:unknown"];
      return fc
        .dictionary(fc.constantFrom(...keys), fc.option(value, { nil: undefined }))
        .map((changes) => ({ ...CONFIG[role], ...changes }))
        .map((config) => Object.fromEntries(Object.entries(config).filter(([, each]) => each !== undefined)));
    });
    fc.assert(
      fc.property(broken, (config) => {
        let current = config as Record<string, string>;
        // Three rounds at most: the role tells the keys, and good ranges tell whether they overlap.
        for (let round = 0; round < 3; round++) current = mended(current, report(current));
        expect(report(current)).to.equal("");
      }),
      { numRuns: 1000 },
    );
  });
});
