import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { ONE_DEPLOY } from "../../../../components/standby/one-deploy.ts";
import { ARCHIVE, ASSET, SIGNATURE } from "../../../../rehearsal/provider/assets.ts";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { BLOB, CONTAINER, type Deployed, hostStorage, IDENTITY, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

const DEPLOYMENT = "azure-native:resources:Deployment";
const BLOB_DATA_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** How Pulumi writes the package of an app that says one word. */
function packageSaying(word: string): Properties {
  const text = (content: string) => ({ [SIGNATURE]: ASSET, text: content });
  const assets = {
    "index.js": text(`console.log("says ${word}")`),
    "package.json": text('{"main":"index.js"}'),
    "host.json": text('{"version":"2.0"}'),
  };
  return { [SIGNATURE]: ARCHIVE, assets };
}

describe("the local Azure's deployment of templates", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  let accountName: string;
  let app: Deployed;

  before(async () => {
    const made = await azure.container({ allowSharedKeyAccess: true });
    resourceGroupName = made.group;
    accountName = String(made.account.properties.accountName);
    for (const containerName of ["packages", "deployments"]) {
      await azure.deploy(CONTAINER, { resourceGroupName, accountName, containerName });
    }
    const identity = await azure.deploy(IDENTITY, { resourceGroupName, resourceName: "controller" });
    await azure.assign(String(identity.properties.principalId), azure.builtInRole(BLOB_DATA_OWNER), made.account.id);
    const plan = await azure.deploy("azure-native:web:AppServicePlan", {
      resourceGroupName,
      sku: { name: "FC1" },
      reserved: true,
    });
    app = await azure.deploy("azure-native:web:WebApp", {
      resourceGroupName,
      name: "shop-standby",
      kind: "functionapp,linux",
      serverFarmId: plan.id,
      identity: { userAssignedIdentities: [identity.id] },
      functionAppConfig: {
        deployment: {
          storage: {
            type: "blobContainer",
            value: `${azure.local.blobs.endpointOf(accountName)}deployments`,
            authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity.id },
          },
        },
        runtime: { name: "node", version: "22" },
      },
    });
    await azure.deploy("azure-native:web:WebAppApplicationSettings", {
      resourceGroupName,
      name: "shop-standby",
      properties: hostStorage(accountName, identity),
    });
  });

  /** The inputs as the product's component has them. */
  function inputs(blobName: string, more: Properties = {}): Properties {
    const parameters = {
      app: { value: "shop-standby" },
      account: { value: accountName },
      blobEndpoint: { value: azure.local.blobs.endpointOf(accountName) },
      blob: { value: `packages/${blobName}` },
    };
    const properties = { mode: "Incremental", template: ONE_DEPLOY, parameters, ...more };
    return { resourceGroupName, deploymentName: "code", properties };
  }

  async function lay(blobName: string, word: string): Promise<void> {
    const source = packageSaying(word);
    await azure.deploy(BLOB, { resourceGroupName, accountName, containerName: "packages", blobName, source });
  }

  async function says(word: string): Promise<void> {
    const { logFile } = azure.local.functions.app(app.id);
    for (let tries = 0; tries < 100; tries++, await delay(100)) {
      if ((await readFile(logFile, "utf8").catch(() => "")).includes(`says ${word}`)) return;
    }
    throw new Error(`the app never said ${word}`);
  }

  it("has an app take a package, and another one when the template is given another", async () => {
    await lay("one.zip", "one");
    const made = await azure.deploy(DEPLOYMENT, inputs("one.zip"));
    await says("one");
    await lay("two.zip", "two");
    await made.update(inputs("two.zip"));
    await says("two");
    await made.delete();
  });

  it("fails where Azure would: no package, no app, a signature that the account forbids", async () => {
    const failure = async (given: Properties) => (await rejection(azure.deploy(DEPLOYMENT, given))).message;
    const withParameters = (more: Properties) => {
      const given = inputs("one.zip");
      const { parameters } = given.properties as { parameters: object };
      return inputs("one.zip", { parameters: { ...parameters, ...more } });
    };
    expect(await failure(inputs("none.zip"))).to.match(/none\.zip was answered with 404/);
    expect(await failure(withParameters({ app: { value: "nobody" } }))).to.match(/no function app .*nobody/);
    expect(await failure(withParameters({ app: {} }))).to.match(/InvalidTemplate: .*the parameter app has no value/);
    expect(await failure(withParameters({ account: { value: "nowhere" } }))).to.match(/nowhere was not found/);
    const { account } = await azure.container();
    const keyless = { resourceGroupName, accountName: account.properties.accountName };
    azure.local.resources.put(`${account.id.replace(/resourceGroups\/[^/]+/, `resourceGroups/${resourceGroupName}`)}`, {
      ...keyless,
      allowSharedKeyAccess: false,
    });
    expect(await failure(withParameters({ account: { value: keyless.accountName } }))).to.match(/forbids keys/);
  });

  const refused: [what: string, more: () => Properties, reason: RegExp][] = [
    ["the mode that deletes", () => ({ mode: "Complete" }), /^properties\.mode: /],
    [
      "a template of other things",
      () => ({ template: { resources: [{ type: "Microsoft.Storage/storageAccounts", name: "more" }] } }),
      /^properties\.template\.resources: more of Microsoft\.Storage/,
    ],
    ["a parameter that the template has not", () => ({ parameters: { ap: { value: "x" } } }), /ap is no parameter/],
  ];
  for (const [what, more, reason] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await azure.refusals(DEPLOYMENT, inputs("one.zip", more()))).to.match(reason);
    });
  }
});
