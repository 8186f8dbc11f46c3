import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../../../rehearsal/project.ts";
import { outputNames, recordedOutputs } from "../../../rehearsal/provider/recorded.ts";

const ARN = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/front/50dc6c495c0c9188";
const ID =
  "/subscriptions/00000000-1111-4222-8333-444455556666/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/safe";

interface SdkType {
  token: string;
  /** Properties of the class that its arguments don't have, as the declarations list them. */
  outputs: string[];
}

/** Every type of an SDK, out of its declarations: another source than the one that is tested. */
function typesOf(pkg: string): SdkType[] {
  const root = join(ROOT, "node_modules/@pulumi", pkg);
  const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith(".d.ts"));
  return files.flatMap((file) => {
    if (file.startsWith("node_modules")) return [];
    const declarations = readFileSync(join(root, file), "utf8");
    if (!declarations.includes("extends pulumi.CustomResource")) return [];
    const source = readFileSync(join(root, file.replace(/\.d\.ts$/, ".js")), "utf8");
    const [, token = ""] = /__pulumiType = '([^']+)'/.exec(source) ?? [];
    const args = names(declarations, /export interface \w+Args \{/, /^ {4}(\w+)\??:/gm);
    const own = names(
      declarations,
      /export declare class \w+ extends pulumi\.CustomResource/,
      /^ {4}readonly (\w+):/gm,
    );
    return token === "" ? [] : [{ token, outputs: own.filter((name) => !args.includes(name)) }];
  });
}

function names(declarations: string, from: RegExp, name: RegExp): string[] {
  const start = declarations.search(from);
  if (start < 0) return [];
  return [...declarations.slice(start, declarations.indexOf("\n}", start)).matchAll(name)].map(
    ([, found = ""]) => found,
  );
}

describe("what the SDK says that only the cloud fills in", () => {
  const known: [string, string[]][] = [
    ["aws:ec2/internetGateway:InternetGateway", ["arn", "ownerId", "tagsAll"]],
    ["random:index/randomUuid:RandomUuid", ["result"]],
    ["azure-native:resources:ResourceGroup", ["azureApiVersion", "name", "properties", "type"]],
    // A folder that has a module of the type's name already, and a file that is not written like its type.
    ["aws:resourceexplorer/index:Index", ["arn", "tagsAll"]],
    ["aws:datasync/s3Location:S3Location", ["arn", "tagsAll", "uri"]],
  ];
  for (const [token, outputs] of known) {
    it(`of ${token}`, () => {
      expect(outputNames(token)).to.have.members(outputs);
    });
  }

  it("has no input in it", () => {
    expect(outputNames("azure-native:storage:StorageAccount")).to.include("primaryEndpoints").and.not.include("sku");
    expect(outputNames("aws:lb/loadBalancer:LoadBalancer")).to.include("dnsName").and.not.include("subnets");
  });

  it("is nothing for what the SDK does not have, and for what is no type at all", () => {
    for (const token of [
      "aws:ec2/nothing:Nothing",
      "nowhere:index:Thing",
      "multicloud-dr:standby:Network",
      "",
      ":",
      "::",
    ]) {
      expect(outputNames(token), token).to.deep.equal([]);
    }
  });

  for (const pkg of ["aws", "azure-native", "random"]) {
    it(`is right for every single type of ${pkg}`, () => {
      const types = typesOf(pkg);
      expect(types.length, "types found").to.be.greaterThan(pkg === "random" ? 5 : 1000);
      const wrong = types
        .map(({ token, outputs }) => ({ token, found: outputNames(token).sort(), expected: [...outputs].sort() }))
        .filter(({ found, expected }) => found.join() !== expected.join());
      expect(wrong).to.deep.equal([]);
    });
  }
});

describe("the outputs of a resource that is only recorded", () => {
  it("have an ARN, an id, a name and hosts of the real form", () => {
    const outputs = recordedOutputs("aws:lb/loadBalancer:LoadBalancer", { tags: { Name: "a" } }, { id: ARN, arn: ARN });
    expect(outputs).to.deep.include({
      arn: ARN,
      dnsName: "50dc6c495c0c9188.recorded.invalid",
      tagsAll: { Name: "a" },
    });
    const vault = recordedOutputs("azure-native:keyvault:Vault", {}, { id: ID, arn: ID });
    expect(vault).to.include({ name: "safe" });
  });

  it("leave out what has no such form, rather than make something up", () => {
    const outputs = recordedOutputs("azure-native:keyvault:Vault", {}, { id: ID, arn: ID });
    expect(outputs).to.not.have.any.keys("type", "systemData", "azureApiVersion");
  });

  it("never say anything of an input", () => {
    const outputs = recordedOutputs("aws:ec2/vpc:Vpc", { arn: "mine", tags: {} }, { id: "vpc-1", arn: ARN });
    expect(outputs).to.not.have.any.keys("arn", "tags", "cidrBlock");
  });
});
