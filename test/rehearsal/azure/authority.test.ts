import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import { expect } from "chai";
import { WebIdentity } from "../../../rehearsal/aws/web-identity.ts";
import { STORAGE_AUDIENCE } from "../../../rehearsal/azure/blob-service.ts";
import { CREDENTIAL, type Deployed, IDENTITY, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const AUDIENCE = "api://AzureADTokenExchange";
const SUBJECT = "arn:aws:iam::111122223333:role/shop-replicator";
const SCOPE = "https://storage.azure.com/.default";

describe("the local Entra", () => {
  const azure = useLocalAzure();
  /** An issuer that the credential trusts too, but whose keys nobody can fetch. */
  const SILENT = "https://nowhere.tokens.sts.global.api.aws";
  let identity: Deployed;

  before(async () => {
    const group = await azure.group();
    identity = await azure.deploy(IDENTITY, { resourceGroupName: group, resourceName: "replicator" });
    for (const [name, issuer] of [
      ["aws", azure.issuer.issuer],
      ["silent", SILENT],
    ]) {
      await azure.deploy(CREDENTIAL, {
        resourceGroupName: group,
        resourceName: "replicator",
        federatedIdentityCredentialResourceName: name,
        issuer,
        subject: SUBJECT,
        audiences: [AUDIENCE],
      });
    }
  });

  /** Asks for a token as the SDK does, over HTTPS. */
  async function exchange(assertion: string, asked: { tenant?: string; client?: string; scope?: string } = {}) {
    const tenant = asked.tenant ?? String(identity.properties.tenantId);
    const response = await fetch(`${azure.local.authority.url}/${tenant}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: asked.client ?? String(identity.properties.clientId),
        client_assertion: assertion,
        scope: asked.scope ?? SCOPE,
      }),
    });
    const body = (await response.json()) as { access_token?: string; error?: string; error_description?: string };
    return { status: response.status, ...body };
  }

  it("gives a token of the identity to whom its credential trusts", async () => {
    const assertion = await azure.issuer.issue(SUBJECT, AUDIENCE, 60);
    const { status, access_token = "" } = await exchange(assertion);
    expect(status).to.equal(200);
    const { authority } = azure.local;
    expect(await authority.principalOf(access_token, STORAGE_AUDIENCE)).to.equal(identity.properties.principalId);
    expect(await authority.principalOf(access_token, "https://management.azure.com"), "for one audience").to.equal(
      undefined,
    );
  });

  it("takes the assertion of Azure's own SDK", async () => {
    const { tenantId, clientId, principalId } = identity.properties as Record<string, string>;
    const credential = new ClientAssertionCredential(
      tenantId ?? "",
      clientId ?? "",
      () => azure.issuer.issue(SUBJECT, AUDIENCE, 60),
      { authorityHost: azure.local.authority.url, disableInstanceDiscovery: true },
    );
    const { token, expiresOnTimestamp } = await credential.getToken(SCOPE);
    expect(await azure.local.authority.principalOf(token, STORAGE_AUDIENCE)).to.equal(principalId);
    expect(expiresOnTimestamp - Date.now()).to.be.within(3_500_000, 3_610_000);
  });

  const refused: [what: string, code: string, make: () => ReturnType<typeof exchange>][] = [
    ["a tenant that is not there", "AADSTS90002", async () => exchange(await good(), { tenant: "another" })],
    ["a client that nobody knows", "AADSTS700016", async () => exchange(await good(), { client: crypto.randomUUID() })],
    ["no assertion", "AADSTS7000218", () => exchange("")],
    ["what is no token at all", "AADSTS50027", () => exchange("not.a.token")],
    [
      "an issuer that no credential names",
      "AADSTS700211",
      async () => exchange(await (await WebIdentity.create()).issue(SUBJECT, AUDIENCE, 60)),
    ],
    ["another subject", "AADSTS700213", async () => exchange(await azure.issuer.issue(`${SUBJECT}-2`, AUDIENCE, 60))],
    [
      "the subject in another case",
      "AADSTS700213",
      async () => exchange(await azure.issuer.issue(SUBJECT.toUpperCase(), AUDIENCE, 60)),
    ],
    [
      "another audience",
      "AADSTS700212",
      async () => exchange(await azure.issuer.issue(SUBJECT, "sts.amazonaws.com", 60)),
    ],
    ["a signature that was tampered with", "AADSTS700027", async () => exchange(await forged())],
    [
      "an assertion that has expired",
      "AADSTS700024",
      async () => exchange(await azure.issuer.issue(SUBJECT, AUDIENCE, -10)),
    ],
    ["an issuer that publishes no keys", "AADSTS50166", async () => exchange(await silent())],
    [
      "a scope that is no resource's default one",
      "AADSTS1002012",
      async () => exchange(await good(), { scope: "https://storage.azure.com" }),
    ],
  ];
  const good = () => azure.issuer.issue(SUBJECT, AUDIENCE, 60);
  /** Says what it should, but another key has signed it. */
  async function forged(): Promise<string> {
    const [header, body] = (await good()).split(".");
    const [, , signature] = (await (await WebIdentity.create()).issue(SUBJECT, AUDIENCE, 60)).split(".");
    return [header, body, signature].join(".");
  }
  async function silent(): Promise<string> {
    const [header, body = "", signature] = (await good()).split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    return [header, Buffer.from(JSON.stringify({ ...claims, iss: SILENT })).toString("base64url"), signature].join(".");
  }

  for (const [what, code, make] of refused) {
    it(`refuses ${what}: ${code}`, async () => {
      const { status, error, error_description, access_token } = await make();
      expect({ status, error, access_token }).to.deep.equal({
        status: 401,
        error: "invalid_client",
        access_token: undefined,
      });
      expect(error_description).to.match(new RegExp(`^${code}: `));
    });
  }

  it("trusts nobody any longer once the credential is gone", async () => {
    const group = await azure.group();
    const short = await azure.deploy(IDENTITY, { resourceGroupName: group, resourceName: "short-lived" });
    const credential = await azure.deploy(CREDENTIAL, {
      resourceGroupName: group,
      resourceName: "short-lived",
      issuer: azure.issuer.issuer,
      subject: SUBJECT,
      audiences: [AUDIENCE],
    });
    const client = String(short.properties.clientId);
    expect((await exchange(await good(), { client })).status).to.equal(200);
    await credential.delete();
    expect((await exchange(await good(), { client })).error_description).to.match(/^AADSTS700211/);
    await short.delete();
    expect((await exchange(await good(), { client })).error_description).to.match(/^AADSTS700016/);
  });

  it("answers 404 to what it does not serve, and goes on serving", async () => {
    const { url } = azure.local.authority;
    expect((await fetch(`${url}/tenant/oauth2/v2.0/devicecode`)).status).to.equal(404);
    expect((await fetch(`${url}//`)).status).to.be.oneOf([404, 500]);
    expect((await exchange(await good())).status).to.equal(200);
  });

  it("takes no token of another authority for its own", async () => {
    const foreign = await (await WebIdentity.create()).issue("somebody", STORAGE_AUDIENCE, 60);
    expect(await azure.local.authority.principalOf(foreign, STORAGE_AUDIENCE)).to.equal(undefined);
  });

  it("gives a token to who has a client secret, by Azure's own SDK, and to nobody with another one", async () => {
    const { authority, resources } = azure.local;
    const principal = crypto.randomUUID();
    const secret = authority.secretOf(principal);
    const options = { authorityHost: authority.url, disableInstanceDiscovery: true };
    const ask = (given: string) =>
      new ClientSecretCredential(resources.tenantId, principal, given, options).getToken(SCOPE);
    expect(await authority.principalOf((await ask(secret)).token, STORAGE_AUDIENCE)).to.equal(principal);
    expect((await rejection(ask("another"))).message).to.include("AADSTS7000215");
  });

  it("says in words what the SDK hands on", async () => {
    const { tenantId, clientId } = identity.properties as Record<string, string>;
    const credential = new ClientAssertionCredential(
      tenantId ?? "",
      clientId ?? "",
      () => azure.issuer.issue("arn:aws:iam::111122223333:role/intruder", AUDIENCE, 60),
      { authorityHost: azure.local.authority.url, disableInstanceDiscovery: true },
    );
    const { message } = await rejection(credential.getToken(SCOPE));
    expect(message).to.match(/AADSTS700213: .*subject 'arn:aws:iam::111122223333:role\/intruder'/);
  });
});
