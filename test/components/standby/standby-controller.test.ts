import { createHash } from "node:crypto";
import { expect } from "chai";
import { ONE_DEPLOY } from "../../../components/standby/one-deploy.ts";
import { COPIES_FOLDER, READY_FOLDER } from "../../../components/standby/own-folder.ts";
import { StandbyController } from "../../../components/standby/standby-controller.ts";
import { type PlanDocument, planDocument } from "../../../lambdas/standby/plan-document.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";
import { planned } from "../../support/standby-plans.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const SUBNET_ID = `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/shop/subnets/functions`;
const WORKSPACE_ID = `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/shop-logs`;
const serverId = `${GROUP_ID}/providers/Microsoft.DBforMySQL/flexibleServers/shop-a1b2c3d4`;
const DUMPS = {
  accountName: "shopdumps",
  containerName: "dumps",
  blobEndpoint: "https://shopdumps.blob.core.windows.net/",
};
const DUMPS_ID = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/shopdumps/blobServices/default/containers/dumps`;
const WEBSITE = {
  containerId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/shopmarker/blobServices/default/containers/$web`,
  containerUrl: "https://shopmarker.blob.core.windows.net/$web",
};
const STOPPED = planned({ serverId, target: "stopped", follows: "dumps" });
const PROMOTED = planned({ serverId, target: "promoted", restore: true, own: true });

function deployController(plan: PlanDocument = STOPPED) {
  return deploy(
    () =>
      new StandbyController("shop-controller", {
        resourceGroupName: "shop-standby",
        resourceGroupId: GROUP_ID,
        workload: "shop",
        functionsSubnetId: SUBNET_ID,
        plan,
        dumps: { ...DUMPS, containerId: DUMPS_ID },
        website: WEBSITE,
        workspaceId: WORKSPACE_ID,
        tags: TAGS,
      }),
  );
}

function settingsOf(resources: Registrations): Record<string, string> {
  return resources.named("shop-controller-app-settings").inputs.properties as Record<string, string>;
}

async function planIn(resources: Registrations): Promise<string> {
  const { source } = resources.named("shop-controller-plan").inputs as { source: { text: Promise<string> } };
  return source.text;
}

describe("StandbyController", () => {
  let resources: Registrations;
  let controller: StandbyController;
  let account: string;
  let identityId: string;

  before(async () => {
    ({ resources, result: controller } = await deployController());
    account = String(resources.named("shop-controller-store-account").inputs.accountName);
    identityId = `${GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-controller`;
  });

  const site = () => resources.named("shop-controller-app-site");

  it("keeps the rules of the house, and protects nothing: it holds no data of the workload", () => {
    expectHouseRules(resources, "shop-controller", "multicloud-dr:standby:StandbyController");
    expectProtected(resources, []);
  });

  it("holds no secret", () => {
    for (const { name, secrets } of resources.customs) expect(secrets, name).to.be.empty;
  });

  describe("its plan", () => {
    it("is a document that the controller understands, in the control container", async () => {
      expect(resources.named("shop-controller-plan").inputs).to.include({
        accountName: account,
        containerName: "control",
        blobName: "plan.json",
        contentType: "application/json",
      });
      expect(planDocument.parse(JSON.parse(await planIn(resources)))).to.deep.equal(STOPPED);
    });

    it("changes the document, and the one setting that wakes the app, and nothing else", async () => {
      const { resources: other } = await deployController(PROMOTED);
      expect(JSON.parse(await planIn(other))).to.deep.equal(PROMOTED);
      const { PLAN_DIGEST: before, ...rest } = settingsOf(resources);
      const { PLAN_DIGEST: after, ...otherRest } = settingsOf(other);
      expect(before).to.equal(createHash("sha256").update(JSON.stringify(STOPPED)).digest("hex"));
      expect(after).to.not.equal(before);
      expect(otherRest).to.deep.equal(rest);
      expect(other.names).to.deep.equal(resources.names);
    });

    it("is written before the app is woken", () => {
      expect(site().dependencies).to.include("shop-controller-plan");
    });
  });

  describe("its rights", () => {
    it("are to look at database servers of the group, to start, stop and configure them", () => {
      const actions = ["read", "start/action", "stop/action", "configurations/write", "resetGtid/action"];
      expect(resources.named("shop-controller-control-role").inputs.permissions).to.deep.equal([
        { actions: actions.map((each) => `Microsoft.DBforMySQL/flexibleServers/${each}`), dataActions: [] },
      ]);
      expect(resources.named("shop-controller-control-assignment").inputs.scope).to.equal(GROUP_ID);
    });

    it("are to read the dumps, to write copies of the standby's own database, and to delete nothing there", () => {
      const { dataActions, condition } = COPIES_FOLDER;
      expect(dataActions.filter((action) => action.endsWith("/delete"))).to.be.empty;
      expect(resources.named("shop-controller-dumps-role").inputs.permissions).to.deep.equal([
        { actions: [], dataActions },
      ]);
      expect(resources.named("shop-controller-dumps-assignment").inputs).to.include({
        scope: DUMPS_ID,
        condition,
        conditionVersion: "2.0",
      });
    });

    it("are to say on the markers' website what is ready, and to declare nothing there", () => {
      expect(resources.named("shop-controller-ready-role").inputs.permissions).to.deep.equal([
        { actions: [], dataActions: READY_FOLDER.dataActions },
      ]);
      expect(resources.named("shop-controller-ready-assignment").inputs).to.include({
        scope: WEBSITE.containerId,
        condition: READY_FOLDER.condition,
        conditionVersion: "2.0",
      });
    });

    it("are to own the blobs of its own account, as the host of Functions demands", () => {
      expect(resources.named("shop-controller-storage-assignment").inputs).to.include({
        roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        scope: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/${account}`,
      });
    });

    it("are its identity's, are no more than these, and stand before it starts", async () => {
      const assignments = resources.ofType("azure-native:authorization:RoleAssignment");
      expect(assignments).to.have.lengthOf(4);
      for (const { name, inputs } of assignments) {
        expect(inputs).to.include({
          principalId: await settled(controller.principalId),
          principalType: "ServicePrincipal",
        });
        expect(site().dependencies).to.include(name);
      }
    });
  });

  describe("its app", () => {
    it("runs on Flex Consumption, in the subnet, on one instance with a whole processor, over HTTPS", () => {
      expect(resources.named("shop-controller-app-plan").inputs).to.deep.include({
        sku: { name: "FC1", tier: "FlexConsumption" },
        reserved: true,
      });
      expect(site().inputs).to.deep.include({
        kind: "functionapp,linux",
        virtualNetworkSubnetId: SUBNET_ID,
        httpsOnly: true,
      });
      expect(site().inputs).to.deep.nested.include({
        "functionAppConfig.runtime": { name: "node", version: "22" },
        "functionAppConfig.scaleAndConcurrency": { instanceMemoryMB: 2048, maximumInstanceCount: 1 },
      });
    });

    it("has a name that is unique in the world", async () => {
      expect(await settled(controller.functionAppName)).to.match(/^shop-standby-[a-z0-9]{8}$/);
    });

    it("signs in to its storage as its identity, for its host and for its code", async () => {
      expect(site().inputs.identity).to.deep.equal({ type: "UserAssigned", userAssignedIdentities: [identityId] });
      expect(settingsOf(resources)).to.include({
        AzureWebJobsStorage__accountName: account,
        AzureWebJobsStorage__credential: "managedidentity",
      });
      expect(site().inputs).to.deep.nested.include({
        "functionAppConfig.deployment.storage": {
          type: "blobContainer",
          value: `https://${account}.blob.core.windows.net/deployments`,
          authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identityId },
        },
      });
    });

    it("is told where plan, state, dumps and website are, and who it is", () => {
      const { AZURE_CLIENT_ID, AzureWebJobsStorage__clientId, ...settings } = settingsOf(resources);
      expect(settings).to.include({
        CONTROL_BLOB_ENDPOINT: `https://${account}.blob.core.windows.net/`,
        CONTROL_CONTAINER: "control",
        DUMPS_CONTAINER: "https://shopdumps.blob.core.windows.net/dumps",
        READY_CONTAINER: WEBSITE.containerUrl,
      });
      expect(AZURE_CLIENT_ID).to.match(/^[0-9a-f-]{36}$/);
      expect(AzureWebJobsStorage__clientId).to.equal(AZURE_CLIENT_ID);
    });

    it("has no setting that Flex Consumption has taken out of use, nor the site's, among which the SDK mixes one", () => {
      expect(settingsOf(resources)).to.not.have.any.keys(
        ...["FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE"],
        ...["AzureWebJobsStorage", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"],
      );
      expect(site().inputs).to.not.have.property("siteConfig");
    });

    it("takes code from no password, and tells the workspace what it does", () => {
      expect(resources.named("shop-controller-app-publishing").inputs).to.include({ allow: false });
      expect(resources.named("shop-controller-app-log").inputs).to.deep.include({
        workspaceId: WORKSPACE_ID,
        logs: [{ category: "FunctionAppLogs", enabled: true }],
      });
    });
  });

  describe("its code", () => {
    it("lies in the store under a name that tells its contents", () => {
      const { inputs } = resources.named("shop-controller-app-package");
      expect(inputs).to.include({ accountName: account, containerName: "packages", contentType: "application/zip" });
      expect(inputs.blobName).to.match(/^[0-9a-f]{64}\.zip$/);
    });

    it("is taken by the app whenever that name is another, once the app has its settings", async () => {
      const { inputs, dependencies } = resources.named("shop-controller-app-deployment");
      expect(dependencies).to.include("shop-controller-app-settings");
      expect(inputs.properties).to.deep.equal({
        mode: "Incremental",
        template: ONE_DEPLOY,
        parameters: {
          app: { value: await settled(controller.functionAppName) },
          account: { value: account },
          blobEndpoint: { value: `https://${account}.blob.core.windows.net/` },
          blob: { value: `packages/${resources.named("shop-controller-app-package").inputs.blobName}` },
        },
      });
    });
  });

  it("tells where plan and state are read", async () => {
    expect(await settled(controller.controlEndpoint)).to.equal(`https://${account}.blob.core.windows.net/control`);
  });
});
