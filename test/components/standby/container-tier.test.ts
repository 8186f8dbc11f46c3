import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { SITE_DOCUMENT_PATH } from "../../../components/site-document.ts";
import type { ContainerRegistry } from "../../../components/standby/container-registry.ts";
import { ContainerTier, type ContainerTierArgs } from "../../../components/standby/container-tier.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const DOCUMENT: ContainerTierArgs["siteDocument"] = {
  workload: "shop",
  site: "standby",
  appName: "app.example.com",
  port: 8080,
  healthPath: "/ready",
  content: { kind: "blob", endpoint: "https://shopcopies.blob.core.windows.net/", container: "content" },
};

function deployTier(changes: Partial<ContainerTierArgs> = {}) {
  return deploy(() => {
    const registry = {
      loginServer: pulumi.output("shop1a2b3c4d.azurecr.io"),
    } as ContainerRegistry;
    return new ContainerTier("shop-web", {
      ...{ resourceGroupName: "shop-standby", resourceGroupId: GROUP_ID, registry, image: "shop/web:latest" },
      ...{ subnetId: `${GROUP_ID}/subnets/app`, servers: { min: 0, max: 0 }, healthPath: "/ready" },
      ...{ siteDocument: DOCUMENT, workspaceId: `${GROUP_ID}/workspaces/shop-logs`, tags: TAGS },
      ...changes,
    });
  });
}

describe("ContainerTier", () => {
  let resources: Registrations;
  let tier: ContainerTier;
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: tier } = await deployTier());
  });

  it("keeps the rules of the house, and protects nothing: it is made anew at will", () => {
    expectHouseRules(resources, "shop-web", "multicloud-dr:standby:ContainerTier");
    expectProtected(resources, []);
  });

  it("stands in the standby's network, over all zones, and is paid by what runs", () => {
    expect(inputsOf("shop-web-environment")).to.deep.include({
      vnetConfiguration: { infrastructureSubnetId: `${GROUP_ID}/subnets/app`, internal: false },
      workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }],
      zoneRedundant: true,
    });
  });

  it("has no replica, and nobody who could start one, while there are no servers in the plan", () => {
    const { configuration, template } = inputsOf("shop-web-app") as Record<string, Record<string, unknown>>;
    expect(configuration).to.not.have.property("ingress");
    expect(template?.scale).to.deep.include({ minReplicas: 0, maxReplicas: 1 });
  });

  it("has as many as the plan says, behind TLS alone, and changes nothing else for it", async () => {
    const { resources: serving } = await deployTier({ servers: { min: 3, max: 12 } });
    const { configuration, template } = serving.named("shop-web-app").inputs as Record<string, Record<string, unknown>>;
    expect(configuration?.ingress).to.deep.include({ external: true, allowInsecure: false, targetPort: 8080 });
    expect(template?.scale).to.deep.include({ minReplicas: 3, maxReplicas: 12 });
    const others = ({ customs }: Registrations) =>
      customs.filter(({ name }) => name !== "shop-web-app").map(({ name, inputs }) => [name, inputs]);
    expect(others(serving)).to.deep.equal(others(resources));
  });

  it("runs the image of the standby's registry, which it may pull from and nothing else", () => {
    const { configuration, template } = inputsOf("shop-web-app") as Record<string, Record<string, unknown>>;
    expect(template).to.have.nested.property("containers[0].image", "shop1a2b3c4d.azurecr.io/shop/web:latest");
    expect(configuration).to.have.nested.property("registries[0].server", "shop1a2b3c4d.azurecr.io");
    expect(inputsOf("shop-web-pull-role").permissions).to.deep.equal([
      { actions: ["Microsoft.ContainerRegistry/registries/pull/read"], dataActions: [] },
    ]);
    expect(inputsOf("shop-web-pull-assignment").scope, "not below the registry's lock").to.equal(GROUP_ID);
    expect(resources.named("shop-web-app").dependencies).to.include("shop-web-pull-assignment");
  });

  it("is ready when the health path says so", () => {
    expect(inputsOf("shop-web-app")).to.have.nested.property("template.containers[0].probes[0].type", "Readiness");
    expect(inputsOf("shop-web-app")).to.have.nested.property("template.containers[0].probes[0].httpGet.path", "/ready");
  });

  it("tells a replica what a server is told, at the same place, and as whom to sign in", () => {
    const { configuration, template } = inputsOf("shop-web-app") as Record<string, Record<string, unknown>>;
    const { secrets } = configuration as { secrets: { name: string; value: string }[] };
    expect(JSON.parse(secrets[0]?.value ?? ""))
      .to.deep.include({ ...DOCUMENT })
      .and.to.have.property("identityClientId");
    const { containers, volumes } = template as {
      containers: { volumeMounts: { mountPath: string }[] }[];
      volumes: { secrets: { path: string }[] }[];
    };
    const file = `${containers[0]?.volumeMounts[0]?.mountPath}/${volumes[0]?.secrets[0]?.path}`;
    expect(file).to.equal(SITE_DOCUMENT_PATH);
  });

  it("answers at a name that is known before anybody reaches it", async () => {
    expect(await settled(tier.host)).to.match(/^shop-web\.[0-9a-f]{8}\.germanywestcentral\.azurecontainerapps\.io$/);
  });
});
