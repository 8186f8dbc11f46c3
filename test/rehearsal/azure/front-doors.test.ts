import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { PUBLIC_READING } from "../../../components/standby/public-reading.ts";
import { type Fetch, fetchThrough } from "../../../rehearsal/local/names.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import {
  ASSIGNMENT,
  type Deployed,
  DOMAIN,
  ENDPOINT,
  IDENTITY,
  ORIGIN,
  ORIGIN_GROUP,
  PROFILE,
  ROUTE,
  RULE,
  RULE_SET,
  SCALE_SET,
  useLocalAzure,
} from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";
import { APP_NAME, type Ground, layGround } from "./web-tier.ts";

const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

describe("a Front Door of the local Azure", () => {
  const azure = useLocalAzure();
  let ground: Ground;
  let place: Properties;
  let profile: Deployed;
  let identity: Deployed;
  let reader: Deployed;
  let servers: Deployed;
  let content: Awaited<ReturnType<typeof serve>>;
  let app: Awaited<ReturnType<typeof serve>>;
  let checked: Awaited<ReturnType<typeof serve>>;
  let fetch: Fetch;

  const header = (headerName: string, value: string, name = "ModifyResponseHeader", headerAction = "Overwrite") => ({
    name,
    parameters: { typeName: "DeliveryRuleHeaderActionParameters", headerAction, headerName, value },
  });

  before(async () => {
    ground = await layGround(azure);
    await ground.balancer.update({
      ...ground.balanced(true),
      probes: [{ name: "health", protocol: "Tcp", port: 8443, intervalInSeconds: 5 }],
    });
    servers = await azure.deploy(SCALE_SET, ground.servers(1));
    identity = await azure.deploy(IDENTITY, { resourceGroupName: ground.group, resourceName: "front-door" });
    reader = await letRead();
    profile = await azure.deploy(PROFILE, {
      resourceGroupName: ground.group,
      profileName: "edge",
      location: "global",
      sku: { name: "Standard_AzureFrontDoor" },
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
    });
    place = { resourceGroupName: ground.group, profileName: "edge" };
    const account = ground.container.id.replace(/^.*\/storageAccounts\/([^/]+)\/.*$/, "$1");
    content = await serve("content", {
      group: {
        authentication: {
          type: "UserAssignedIdentity",
          userAssignedIdentity: { id: identity.id },
          scope: "https://storage.azure.com/.default",
        },
      },
      origin: { hostName: new URL(azure.local.blobs.endpointOf(account)).host },
      route: { originPath: "/content" },
      actions: [header("x-ms-version", "2023-11-03", "ModifyRequestHeader")],
    });
    const { fqdn } = ground.address.properties.dnsSettings as { fqdn: string };
    const origin = { hostName: fqdn, originHostHeader: APP_NAME, enforceCertificateNameCheck: false };
    app = await serve("app", { origin });
    checked = await serve("checked", { origin: { ...origin, enforceCertificateNameCheck: true } });
    fetch = fetchThrough(azure.names, azure.certificate.certificate);
  });

  /** Lets Front Door's identity read for everybody, as the standby does. */
  const letRead = () =>
    azure.deploy(ASSIGNMENT, {
      principalId: identity.properties.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: azure.builtInRole(READER),
      scope: ground.container.id,
      condition: PUBLIC_READING,
      conditionVersion: "2.0",
    });

  interface Parts {
    group?: Properties;
    origin: Properties;
    route?: Properties;
    actions?: object[];
  }

  /** An endpoint with its own domain, origin and route. */
  async function serve(name: string, { group = {}, origin, route = {}, actions = [] }: Parts) {
    const endpoint = await azure.deploy(ENDPOINT, { ...place, endpointName: `shop-${name}`, location: "global" });
    const domainName = `${name}.shop.example.com`;
    const domain = await azure.deploy(DOMAIN, {
      ...place,
      customDomainName: name,
      hostName: domainName,
      tlsSettings: { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS12" },
    });
    const grouped = { ...place, originGroupName: name };
    const originGroup = await azure.deploy(ORIGIN_GROUP, { ...grouped, loadBalancingSettings: {}, ...group });
    await azure.deploy(ORIGIN, { ...grouped, originName: name, httpsPort: 443, ...origin });
    const ruleSet = await azure.deploy(RULE_SET, { ...place, ruleSetName: name });
    await azure.deploy(RULE, {
      ...place,
      ruleSetName: name,
      ruleName: "headers",
      order: 0,
      actions: [header("Strict-Transport-Security", "max-age=63072000"), ...actions],
    });
    const inputs: Properties = {
      ...place,
      endpointName: `shop-${name}`,
      routeName: name,
      originGroup: { id: originGroup.id },
      customDomains: [{ id: domain.id }],
      ruleSets: [{ id: ruleSet.id }],
      patternsToMatch: ["/*"],
      supportedProtocols: ["Http", "Https"],
      forwardingProtocol: "HttpsOnly",
      httpsRedirect: "Enabled",
      linkToDefaultDomain: "Enabled",
      ...route,
    };
    const routed = await azure.deploy(ROUTE, inputs);
    return { endpoint, domain, domainName, routed, inputs, host: String(endpoint.properties.hostName) };
  }

  /** Asks until the answer is as it should be; a probe may take its time. */
  async function becomes(ask: () => Promise<Response>, status: number): Promise<Response> {
    let response = await ask();
    for (let tries = 0; tries < 100 && response.status !== status; tries++) {
      await delay(100);
      response = await ask();
    }
    return response;
  }

  it("tells its hosts, its own id, and what proves a domain", () => {
    expect(content.host).to.match(/^shop-content-[a-z0-9]{16}\.z01\.azurefd\.net$/);
    expect(profile.properties.frontDoorId).to.match(/^[0-9a-f-]{36}$/);
    expect(content.domain.properties)
      .to.have.nested.property("validationProperties.validationToken")
      .that.is.a("string");
    expect(content.domain.properties.domainValidationState).to.equal("Pending");
  });

  describe("serves the content", () => {
    it("of a private container, under its own name and under the endpoint's", async () => {
      for (const url of [`https://${content.domainName}/index.html`, `https://${content.host}/index.html`]) {
        const response = await fetch(url, { at: content.host });
        expect(response.status, url).to.equal(200);
        expect(await response.text()).to.equal("welcome");
        expect(response.headers.get("content-type")).to.equal("text/html");
        expect(response.headers.get("strict-transport-security")).to.equal("max-age=63072000");
      }
    });

    it("only as far as the identity may read, whoever asks", async () => {
      await reader.delete();
      const url = `https://${content.domainName}/index.html`;
      expect((await fetch(url, { at: content.host })).status).to.equal(403);
      const own = { authorization: "Bearer somebody-else" };
      expect((await fetch(url, { at: content.host, headers: own })).status).to.equal(403);
      reader = await letRead();
      expect((await fetch(url, { at: content.host, headers: own })).status).to.equal(200);
    });

    it("and not what is gone at the primary, nor a list of what there is", async () => {
      const account = ground.container.id.replace(/^.*\/storageAccounts\/([^/]+)\/.*$/, "$1");
      const headers = { "x-ms-blob-type": "BlockBlob", "x-ms-tags": "dr_gone=yes", "x-ms-meta-dr_gone": "yes" };
      (await azure.local.blobs.blob("PUT", account, "content", "gone.html", { headers })).resume();
      for (const path of [
        "gone.html",
        "?restype=container&comp=list",
        "index.html?snapshot=2026-01-01T00:00:00.0000000Z",
      ]) {
        const response = await fetch(`https://${content.domainName}/${path}`, { at: content.host });
        expect(response.status, path).to.equal(403);
        expect(await response.text()).to.not.include("welcome");
      }
    });

    it("and what is not there is not found, in the container's words", async () => {
      const response = await fetch(`https://${content.domainName}/nothing`, { at: content.host });
      expect(response.status).to.equal(404);
      expect(response.headers.get("x-ms-error-code")).to.equal("BlobNotFound");
    });
  });

  it("serves the app from the servers behind their balancer", async () => {
    const ask = () => fetch(`https://${app.domainName}/content/index.html`, { at: app.host });
    const response = await becomes(ask, 200);
    expect(await response.text()).to.equal("welcome");
    expect(response.headers.get("strict-transport-security")).to.equal("max-age=63072000");
  });

  it("takes a certificate for another name only where it does not compare names", async () => {
    await becomes(() => fetch(`https://${app.domainName}/content/index.html`, { at: app.host }), 200);
    const response = await fetch(`https://${checked.domainName}/content/index.html`, { at: checked.host });
    expect(response.status).to.equal(502);
  });

  it("answers for the app while there are no servers, and not with them", async () => {
    await servers.update(ground.servers(0));
    const ask = () => fetch(`https://${app.domainName}/content/index.html`, { at: app.host });
    expect((await becomes(ask, 502)).status).to.equal(502);
    await ground.balancer.update(ground.balanced(false));
    expect((await ask()).status).to.equal(503);
  });

  it("sends everybody from HTTP to HTTPS", async () => {
    const response = await fetch(`http://${app.domainName}/rows?after=1`, { at: app.host });
    expect(response.status).to.equal(307);
    expect(response.headers.get("location")).to.equal(`https://${app.domainName}/rows?after=1`);
  });

  it("knows no host but its own, and serves nothing by a route that is off", async () => {
    const strange = await fetch(`http://elsewhere.example.com/`, { at: app.host });
    expect(strange.status).to.equal(404);
    const off = { ...content.inputs, enabledState: "Disabled" };
    await content.routed.update(off);
    expect((await fetch(`https://${content.domainName}/index.html`, { at: content.host })).status).to.equal(404);
    await content.routed.update(content.inputs);
    expect((await fetch(`https://${content.domainName}/index.html`, { at: content.host })).status).to.equal(200);
  });

  it("does not let go of what a route uses", async () => {
    expect((await rejection(content.domain.delete())).message).to.match(/is in use by .*\/routes\/content/);
  });

  it("ends with its endpoint", async () => {
    const made = await azure.deploy(ENDPOINT, { ...place, endpointName: "short", location: "global" });
    const host = String(made.properties.hostName);
    expect((await fetch(`https://${host}/`)).status).to.equal(404);
    await made.delete();
    expect((await rejection(fetch(`https://${host}/`))).message).to.match(/nobody answers/);
  });

  describe("is refused", () => {
    const own = (more: Properties) => () => ({ ...place, ...more });
    const refused: [what: string, token: string, inputs: () => Properties, reason: RegExp][] = [
      ["a profile in a region", PROFILE, () => ({ profileName: "p", location: "westeurope" }), /^location: .*"global"/],
      [
        "a classic profile",
        PROFILE,
        () => ({ profileName: "p", location: "Global", sku: { name: "Standard_Microsoft" } }),
        /^sku\.name: .*take no new profiles/,
      ],
      [
        "an identity that the profile does not have",
        ORIGIN_GROUP,
        () => ({
          ...place,
          originGroupName: "g",
          authentication: { scope: "x/.default", userAssignedIdentity: { id: ground.identity.id } },
        }),
        /^authentication\.userAssignedIdentity: the profile does not have/,
      ],
      [
        "a scope that is none",
        ORIGIN_GROUP,
        own({ originGroupName: "g", authentication: { scope: "https://storage.azure.com" } }),
        /^authentication\.scope: /,
      ],
      [
        "more good samples than samples",
        ORIGIN_GROUP,
        own({ originGroupName: "g", loadBalancingSettings: { sampleSize: 1, successfulSamplesRequired: 2 } }),
        /2 of 1 samples/,
      ],
      ["an origin that is no host", ORIGIN, own({ originName: "o", hostName: "https://a.b" }), /^hostName: /],
      ["an origin of priority 6", ORIGIN, own({ originName: "o", hostName: "a.b", priority: 6 }), /^priority: 6/],
      [
        "a domain that is another's",
        DOMAIN,
        own({ customDomainName: "twin", hostName: "app.shop.example.com" }),
        /^hostName: app\.shop\.example\.com is the domain of .*customDomains\/app/,
      ],
      [
        "a redirect without both protocols",
        ROUTE,
        own({ endpointName: "shop-app", routeName: "r", httpsRedirect: "Enabled", supportedProtocols: ["Https"] }),
        /^httpsRedirect: it needs Http and Https/,
      ],
      [
        "a route without a domain",
        ROUTE,
        own({ endpointName: "shop-app", routeName: "r", customDomains: [], linkToDefaultDomain: "Disabled" }),
        /^linkToDefaultDomain: .*no domain at all/,
      ],
      [
        "a pattern without a slash",
        ROUTE,
        own({ endpointName: "shop-app", routeName: "r", patternsToMatch: ["images/*"] }),
        /^patternsToMatch: "images\/\*"/,
      ],
      [
        "a rule set with a hyphen in its name",
        RULE_SET,
        own({ ruleSetName: "security-headers" }),
        /^ruleSetName: "security-headers" is no valid name/,
      ],
      [
        "six actions in a rule",
        RULE,
        () => ({ ...place, ruleSetName: "app", ruleName: "r", order: 1, actions: Array(6).fill(header("a", "b")) }),
        /^actions: 6 actions; at most 5/,
      ],
      [
        "two rules of one order",
        RULE,
        own({ ruleSetName: "app", ruleName: "r", order: 0 }),
        /^order: another rule of the set has the order 0/,
      ],
      [
        "an action that the edge here does not know",
        RULE,
        own({ ruleSetName: "app", ruleName: "r", order: 1, actions: [{ name: "UrlRedirect" }] }),
        /^actions: .*found UrlRedirect/,
      ],
    ];
    for (const [what, token, inputs, reason] of refused) {
      it(what, async () => {
        expect(await azure.refusals(token, inputs())).to.match(reason);
      });
    }

    it("a route that would send a token in the open", async () => {
      const open = { ...content.inputs, forwardingProtocol: "MatchRequest" };
      expect(await azure.refusals(ROUTE, open, content.inputs)).to.match(/^forwardingProtocol: found MatchRequest/);
    });

    it("a route to a group without an origin", async () => {
      const empty = await azure.deploy(ORIGIN_GROUP, { ...place, originGroupName: "empty" });
      const route = { ...place, endpointName: "shop-app", routeName: "r", originGroup: { id: empty.id } };
      expect(await azure.refusals(ROUTE, route)).to.match(/^originGroup: .*has no enabled origin yet/);
    });
  });
});
