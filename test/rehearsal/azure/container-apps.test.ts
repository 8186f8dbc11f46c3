import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { SITE_DOCUMENT_PATH } from "../../../components/site-document.ts";
import { type Fetch, fetchThrough } from "../../../rehearsal/local/names.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { image, Repository } from "../../support/images.ts";
import { ASSIGNMENT, type Deployed, IDENTITY, NETWORK, ROLE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const ENVIRONMENT = "azure-native:app:ManagedEnvironment";
const APP = "azure-native:app:ContainerApp";
const REGISTRY = "azure-native:containerregistry:Registry";
const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

describe("the containers of the local Azure", () => {
  const azure = useLocalAzure();
  let place: { resourceGroupName: string };
  let identity: Deployed;
  let environment: Deployed;
  let server: string;
  let document: object;
  let fetch: Fetch;
  let app: Deployed;

  before(async () => {
    const { group, account, container } = await azure.container();
    place = { resourceGroupName: group };
    const accountName = String(account.properties.accountName);
    const welcome = {
      headers: { "x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": "text/html" },
      body: Buffer.from("welcome"),
    };
    (await azure.local.blobs.blob("PUT", accountName, "content", "index.html", welcome)).resume();
    const delegations = [{ name: "delegation", serviceName: "Microsoft.App/environments" }];
    const network = await azure.deploy(NETWORK, {
      ...{ ...place, virtualNetworkName: "apps", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
      subnets: [{ name: "app", addressPrefix: "10.0.0.0/24", delegations }],
    });
    identity = await azure.deploy(IDENTITY, { ...place, resourceName: "web" });
    const principal = String(identity.properties.principalId);
    await azure.assign(principal, azure.builtInRole(READER), container.id);
    const registry = await azure.deploy(REGISTRY, {
      ...{ ...place, registryName: "shopweb", sku: { name: "Standard" }, adminUserEnabled: false },
    });
    server = String(registry.properties.loginServer);
    await new Repository(await azure.local.registries.originOf("shopweb"), "shop/web").push(
      image([Buffer.from("a layer")]),
      "v1",
    );
    await allowPull(principal, registry.id);
    environment = await azure.deploy(ENVIRONMENT, {
      ...{ ...place, environmentName: "shop-web", zoneRedundant: true },
      vnetConfiguration: { infrastructureSubnetId: `${network.id}/subnets/app`, internal: false },
    });
    document = {
      ...{ workload: "shop", site: "standby", appName: "app.example.com", port: 8080, healthPath: "/healthz" },
      content: { kind: "blob", endpoint: azure.local.blobs.endpointOf(accountName), container: "content" },
      identityClientId: identity.properties.clientId,
    };
    fetch = fetchThrough(azure.names, azure.certificate.certificate);
    app = await azure.deploy(APP, inputs(0));
  });

  async function allowPull(principalId: string, scope: string): Promise<void> {
    const permissions = [{ actions: ["Microsoft.ContainerRegistry/registries/pull/read"] }];
    const group = azure.local.resources.id(`resourceGroups/${place.resourceGroupName}`);
    const role = { scope: group, roleName: crypto.randomUUID(), assignableScopes: [group], permissions };
    const { id: roleDefinitionId } = await azure.deploy(ROLE, role);
    await azure.deploy(ASSIGNMENT, { principalId, principalType: "ServicePrincipal", roleDefinitionId, scope });
  }

  function inputs(replicas: number, more: { image?: string; identityId?: string } = {}): Properties {
    const { image = "shop/web:v1", identityId = identity.id } = more;
    return {
      ...{ ...place, containerAppName: "shop-web", environmentId: environment.id },
      identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
      configuration: {
        registries: [{ server, identity: identityId }],
        secrets: [{ name: "site", value: JSON.stringify(document) }],
        ...(replicas > 0 && { ingress: { external: true, targetPort: 8080 } }),
      },
      template: {
        containers: [
          {
            name: "app",
            image: `${server}/${image}`,
            volumeMounts: [{ volumeName: "site", mountPath: SITE_DOCUMENT_PATH.replace(/\/[^/]*$/, "") }],
            // It has no database, and so is never well by its health.
            probes: [{ type: "Readiness", httpGet: { path: "/content/index.html", port: 8080 }, periodSeconds: 1 }],
          },
        ],
        volumes: [{ name: "site", secrets: [{ secretRef: "site", path: "site.json" }] }],
        scale: { minReplicas: replicas, maxReplicas: 3 },
      },
    };
  }

  const host = () => `shop-web.${environment.properties.defaultDomain}`;
  const replicas = () => azure.local.containerApps.replicasOf(app.id);
  const idsOf = () => replicas().map(({ target }) => target.id);

  async function becomes(status: number): Promise<Response> {
    for (let tries = 0; tries < 100; tries++) {
      const response = await fetch(`https://${host()}/content/index.html`).catch(() => undefined);
      if (response?.status === status) return response;
      await delay(100);
    }
    throw new Error(`expected the app to answer ${status}, it never did`);
  }

  it("are none, and nobody is let in, while the least is none", async () => {
    expect(replicas()).to.deep.equal([]);
    expect((await rejection(fetch(`https://${host()}/`))).message).to.match(/nobody answers/);
  });

  it("answer at the app's own name, over TLS, and read the content as its identity", async () => {
    await app.update(inputs(2));
    expect(replicas()).to.have.length(2);
    expect(azure.local.running().machines).to.equal(2);
    expect(await (await becomes(200)).text()).to.equal("welcome");
    const { version } = (await (await fetch(`https://${host()}/healthz`)).json()) as { version: string };
    expect(version, "which image it was started from").to.equal("shop/web:v1");
    azure.names.set("app.example.com", 443, azure.names.lookup(host(), 443) ?? { host: "", port: 0 });
    const other = await rejection(fetch("https://app.example.com/"));
    expect(other.message, "it knows no other name").to.match(/not match certificate/);
    azure.names.delete("app.example.com", 443);
  });

  it("stay as they are while only their number changes, and are all replaced with another image", async () => {
    const [first] = idsOf();
    await app.update(inputs(1));
    expect(idsOf()).to.deep.equal([first]);
    await new Repository(await azure.local.registries.originOf("shopweb"), "shop/web").push(
      image([Buffer.from("another layer")]),
      "v2",
    );
    await app.update(inputs(1, { image: "shop/web:v2" }));
    expect(idsOf()).to.have.length(1).and.not.include(first);
  });

  it("are refused without an image that is there and may be pulled, and those that run stay", async () => {
    const standing = idsOf();
    expect((await rejection(app.update(inputs(3, { image: "shop/web:v9" })))).message).to.match(/MANIFEST_UNKNOWN/);
    const stranger = await azure.deploy(IDENTITY, { ...place, resourceName: "stranger" });
    const refused = await rejection(app.update(inputs(3, { identityId: stranger.id })));
    expect(refused.message).to.match(/UNAUTHORIZED: the identity may not pull it/);
    expect(idsOf()).to.deep.equal(standing);
  });

  it("die with Azure, and come back with it", async () => {
    await azure.local.kill();
    await rejection(fetch(`https://${host()}/content/index.html`));
    await azure.local.revive();
    expect(await (await becomes(200)).text()).to.equal("welcome");
  });

  it("end when there are to be none, and with the app", async () => {
    await app.update(inputs(0));
    expect(replicas()).to.deep.equal([]);
    expect((await rejection(fetch(`https://${host()}/`))).message).to.match(/nobody answers/);
    await app.delete();
    expect(await app.refresh()).to.equal(undefined);
  });
});
