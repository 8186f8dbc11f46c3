import { expect } from "chai";
import { FrontDoor, type FrontDoorArgs } from "../../../components/standby/front-door.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const PROFILE_ID = `${GROUP_ID}/providers/Microsoft.Cdn/profiles/shop-door`;
const CONTAINER_ID = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/shopcopies/blobServices/default/containers/content`;
const DOMAINS = { app: "app.shop.example.com", content: "content.shop.example.com" };
const PARTS = ["app", "content"] as const;

function deployDoor(args: Partial<FrontDoorArgs> = {}) {
  const defaults = {
    resourceGroupName: "shop-standby",
    resourceGroupId: GROUP_ID,
    workload: "shop",
    appHost: "shop-a1b2c3d4.germanywestcentral.cloudapp.azure.com",
    content: {
      blobEndpoint: "https://shopcopies.blob.core.windows.net/",
      containerName: "content",
      containerId: CONTAINER_ID,
    },
    domains: DOMAINS,
    tags: TAGS,
  };
  return deploy(() => new FrontDoor("shop-door", { ...defaults, ...args }));
}

interface HeaderAction {
  name: string;
  parameters: { headerAction: string; headerName: string; value: string };
}

describe("FrontDoor", () => {
  let resources: Registrations;
  let door: FrontDoor;

  before(async () => {
    ({ resources, result: door } = await deployDoor());
  });

  const inputsOf = (name: string) => resources.named(`shop-door-${name}`).inputs;
  const headersOf = (part: string) =>
    (inputsOf(`${part}-headers`).actions as HeaderAction[]).map(({ name, parameters: { headerName, value } }) => [
      name,
      headerName,
      value,
    ]);

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-door", "multicloud-dr:standby:FrontDoor");
    expectProtected(resources, []);
  });

  it("is a profile, its identity and that one's right to read, and the same parts for both names", () => {
    const parts = ["domain", "endpoint", "headers", "origin", "origins", "route", "rules"];
    expect(resources.names).to.have.members([
      "shop-door-identity",
      "shop-door-profile",
      ...["role", "role-id", "assignment", "assignment-id"].map((part) => `shop-door-reader-${part}`),
      ...PARTS.flatMap((name) => parts.map((part) => `shop-door-${name}-${part}`)),
    ]);
    expect(inputsOf("profile")).to.deep.include({ sku: { name: "Standard_AzureFrontDoor" }, location: "global" });
  });

  it("has both names proved by their owner, and certificates that Azure makes and renews", async () => {
    for (const part of PARTS) {
      expect(inputsOf(`${part}-domain`)).to.deep.include({
        hostName: DOMAINS[part],
        tlsSettings: { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS12" },
      });
      expect(await settled(door.validationTokens[part])).to.match(/^_\w+$/);
    }
    expect(await settled(door.validationTokens.app)).to.not.equal(await settled(door.validationTokens.content));
  });

  it("answers under the user's name and under Azure's, over HTTPS only, at the origin too", () => {
    for (const part of PARTS) {
      expect(inputsOf(`${part}-route`)).to.deep.include({
        customDomains: [{ id: `${PROFILE_ID}/customDomains/${part}` }],
        originGroup: { id: `${PROFILE_ID}/originGroups/${part}` },
        ruleSets: [{ id: `${PROFILE_ID}/ruleSets/${part}` }],
        linkToDefaultDomain: "Enabled",
        httpsRedirect: "Enabled",
        forwardingProtocol: "HttpsOnly",
        patternsToMatch: ["/*"],
      });
    }
  });

  it("makes no route before its origin and its rules stand", () => {
    for (const part of PARTS) {
      expect(resources.named(`shop-door-${part}-route`).dependencies).to.include.members([
        `shop-door-${part}-origin`,
        `shop-door-${part}-headers`,
      ]);
    }
  });

  describe("for the app", () => {
    it("asks the web tier for the name that users know, whose certificate it has", () => {
      expect(inputsOf("app-origin")).to.include({
        hostName: "shop-a1b2c3d4.germanywestcentral.cloudapp.azure.com",
        originHostHeader: DOMAINS.app,
        enforceCertificateNameCheck: false,
      });
    });

    it("keeps no answer, probes nothing and signs in as nobody", () => {
      expect(inputsOf("app-route")).to.not.have.any.keys("cacheConfiguration", "originPath");
      expect(inputsOf("app-origins")).to.not.have.any.keys("healthProbeSettings", "authentication");
    });
  });

  describe("for the content", () => {
    it("asks the container's blob service, inside the container", () => {
      const host = "shopcopies.blob.core.windows.net";
      expect(inputsOf("content-origin")).to.include({
        hostName: host,
        originHostHeader: host,
        enforceCertificateNameCheck: true,
      });
      expect(inputsOf("content-route").originPath).to.equal("/content");
    });

    it("signs in as its identity, which Azure takes with HTTPS probes only", () => {
      const identityId = `${GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-door`;
      expect(inputsOf("profile").identity).to.deep.equal({
        type: "UserAssigned",
        userAssignedIdentities: [identityId],
      });
      expect(inputsOf("content-origins")).to.deep.include({
        authentication: {
          type: "UserAssignedIdentity",
          userAssignedIdentity: { id: identityId },
          scope: "https://storage.azure.com/.default",
        },
      });
      expect(inputsOf("content-origins").healthProbeSettings).to.include({ probeProtocol: "Https" });
    });

    it("signs in only once it may read", () => {
      expect(resources.named("shop-door-content-origins").dependencies).to.include("shop-door-reader-assignment");
    });

    it("may read that container for everybody: as it is, and without a list", () => {
      expect(inputsOf("reader-assignment")).to.include({ scope: CONTAINER_ID, conditionVersion: "2.0" });
    });

    it("keeps an answer for the very same query only", () => {
      expect(inputsOf("content-route").cacheConfiguration).to.deep.include({
        queryStringCachingBehavior: "UseQueryString",
      });
    });

    it("names a version of the blob service that knows of identities", () => {
      expect(headersOf("content")).to.deep.include(["ModifyRequestHeader", "x-ms-version", "2023-11-03"]);
      expect(headersOf("app").map(([name]) => name)).to.not.include("ModifyRequestHeader");
    });
  });

  it("adds the security headers to every answer, in no more actions than a rule may have", () => {
    for (const part of PARTS) {
      expect(headersOf(part)).to.deep.include.members([
        ["ModifyResponseHeader", "Strict-Transport-Security", "max-age=63072000; includeSubDomains"],
        ["ModifyResponseHeader", "X-Content-Type-Options", "nosniff"],
        ["ModifyResponseHeader", "X-Frame-Options", "SAMEORIGIN"],
        ["ModifyResponseHeader", "Referrer-Policy", "strict-origin-when-cross-origin"],
      ]);
      expect(headersOf(part)).to.have.lengthOf.at.most(5);
    }
  });

  it("tells under which names Azure answers, and how an origin knows it", async () => {
    expect(await settled(door.appEndpointHost)).to.match(/^shop-app-\w+\.z01\.azurefd\.net$/);
    expect(await settled(door.contentEndpointHost)).to.match(/^shop-content-\w+\.z01\.azurefd\.net$/);
    expect(await settled(door.profileId)).to.equal(PROFILE_ID);
    expect(await settled(door.frontDoorId)).to.match(/^[0-9a-f-]{36}$/);
  });
});
