import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import program from "../../index.ts";
import type { Role } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";
import { ACCOUNT } from "../support/mock-outputs.ts";
import { deploy } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";

const SURROUNDINGS = {
  stacks: {
    "organization/multicloud-dr/prod": { outputs: PROD_OUTPUTS },
    "organization/multicloud-dr/dr": { outputs: DR_OUTPUTS },
  },
  functions: {
    "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
  },
};

function deployWith(config: Record<string, string>) {
  pulumi.runtime.setAllConfig(config);
  // Only a preview of traffic asks nobody about its health checks, which nobody has made.
  return deploy(program, { ...SURROUNDINGS, preview: config["multicloud-dr:role"] === "traffic" });
}

describe("the program", () => {
  after(() => pulumi.runtime.setAllConfig({}));

  /** For each role a resource that only its stack has, and an output that only its stack tells. */
  const TELLTALE: Record<Role, [string, string]> = {
    prod: ["shop-network-vpc", "contentBucketName"],
    dr: ["shop-network-vnet", "declaredDisaster"],
    link: ["shop-objects-queue", "objectsQueueUrl"],
    traffic: ["shop-app-proof", "names"],
  };
  for (const [role, [resource, output]] of Object.entries(TELLTALE) as [Role, [string, string]][]) {
    it(`is the one of ${role} when config says so`, async () => {
      const { resources, result } = await deployWith(CONFIG[role]);
      expect(resources.names).to.include(resource);
      expect(result).to.have.property(output);
      for (const [other, [foreign]] of Object.entries(TELLTALE)) {
        if (other !== role) expect(resources.names).to.not.include(foreign);
      }
    });
  }

  it("registers anew each time it is called", async () => {
    const first = await deployWith(CONFIG.dr);
    const second = await deployWith(CONFIG.dr);
    expect(second.resources.names).to.deep.equal(first.resources.names);
  });

  it("tells the outputs of each of several workloads under its name, and runs them without stack traces", async () => {
    const { "multicloud-dr:workload": _, ...common } = CONFIG.dr;
    const billing = { appName: "billing.shop.example.com", contentName: "files.shop.example.com" };
    const listed = { shop: {}, billing };
    const limit = Error.stackTraceLimit;
    try {
      const { result } = await deployWith({ ...common, "multicloud-dr:workloads": JSON.stringify(listed) });
      expect(result).to.have.all.keys("shop", "billing").and.nested.property("billing.declaredDisaster", "none");
      expect(Error.stackTraceLimit).to.equal(0);
    } finally {
      Error.stackTraceLimit = limit;
    }
  });

  it("registers nothing when the configuration is wrong, and says what is", async () => {
    const error = await rejection(deployWith({ ...CONFIG.prod, "multicloud-dr:role": "production" }));
    expect(error).to.be.instanceOf(pulumi.RunError);
    expect(error.message).to.contain("in the configuration of stack test");
    expect(error.message).to.contain('found    "production"');
  });

  it("loads nothing of AWS for dr: in a disaster not even its plugin may be asked for", async () => {
    // In a process of its own, because this one has loaded the other stacks.
    const script = `
      import { createRequire } from "node:module";
      await import("./stacks/dr.ts");
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify({
        aws: loaded.filter((file) => /@pulumi\\/aws\\/|@aws-sdk/.test(file)).length,
        azure: loaded.filter((file) => file.includes("@pulumi/azure-native/")).length,
      }));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    const { aws, azure } = JSON.parse(stdout) as { aws: number; azure: number };
    expect(azure).to.be.greaterThan(0);
    expect(aws).to.equal(0);
  });
});
