import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { expect } from "chai";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { judgeSecret } from "../../../lambdas/secrets/failure.ts";
import { Vault } from "../../../lambdas/secrets/vault.ts";
import { SECRET_ACTIONS } from "../../../rehearsal/azure/access.ts";
import { VAULT_AUDIENCE } from "../../../rehearsal/azure/key-vault.ts";
import { type Deployed, useLocalAzure, VAULT } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const CANARY = "canary-5e1f";
const TAGS = { "source-name": "api", "source-version": "v1" };

/** The rights that the product gives its writer. */
const WRITER = [SECRET_ACTIONS.set, SECRET_ACTIONS.list, SECRET_ACTIONS.change];

/** All that a log could make of an error. */
function toldOf(error: Error): string {
  return [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join(
    "\n",
  );
}

describe("the copies in a vault", () => {
  const azure = useLocalAzure();
  let made: Deployed;
  let uri: string;

  before(async () => {
    made = await azure.deploy(VAULT, {
      ...{ resourceGroupName: await azure.group(), vaultName: `v${crypto.randomUUID().slice(0, 8)}` },
      properties: {
        tenantId: azure.local.resources.tenantId,
        sku: { family: "A", name: "standard" },
        ...{ enableRbacAuthorization: true, enablePurgeProtection: true },
      },
    });
    uri = (made.properties.properties as { vaultUri: string }).vaultUri;
  });

  /** Somebody who may do just this in the vault. */
  function whoMay(...dataActions: readonly string[]): string {
    const { resources } = azure.local;
    const principalId = crypto.randomUUID();
    const roleDefinitionId = resources.id(`providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`);
    resources.put(roleDefinitionId, { permissions: [{ actions: [], dataActions: [...dataActions] }] });
    const assignment = `${made.id}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    resources.put(assignment, { principalId, roleDefinitionId, scope: made.id });
    return principalId;
  }

  const vaultOf = (dataActions: readonly string[] = WRITER) =>
    new Vault(uri, azure.credential(whoMay(...dataActions), VAULT_AUDIENCE));

  /** What the vault answers to somebody who may do just this. */
  async function answerTo(action: string, name: string, method = "GET") {
    const headers = { authorization: `Bearer ${await azure.local.authority.issue(whoMay(action), VAULT_AUDIENCE)}` };
    const response = await fetch(`${uri}secrets/${name}?api-version=7.4`, { method, headers });
    return { status: response.status, body: (await response.json()) as { value?: string; contentType?: string } };
  }
  const told = (name: string) => answerTo(SECRET_ACTIONS.get, name);

  it("are written, told without their values, and disabled, by whom the writer's role lets", async () => {
    const vault = vaultOf();
    await vault.set("api--key", { value: "one", contentType: "text/plain" }, TAGS);
    expect((await told("api--key")).body).to.include({ value: "one", contentType: "text/plain" });
    expect(await vault.list()).to.deep.include({ name: "api--key", enabled: true, tags: TAGS });
    await vault.change("api--key", false);
    expect(await told("api--key")).to.include({ status: 403 });
    expect(await vault.list()).to.deep.include({ name: "api--key", enabled: false, tags: TAGS });
    await vault.change("api--key", true, { ...TAGS, Owner: "team" });
    expect((await told("api--key")).body).to.include({ value: "one" });
    expect(await vault.list()).to.deep.include({ name: "api--key", enabled: true, tags: { ...TAGS, Owner: "team" } });
  });

  it("are listed over several pages", async () => {
    const vault = vaultOf();
    const names = Array.from({ length: 60 }, (_, index) => `many-${index}`);
    for (const name of names) await vault.set(name, { value: "x", contentType: "text/plain" }, TAGS);
    expect((await vault.list()).map(({ name }) => name)).to.include.members(names);
  });

  it("wait as long as a busy vault asks, and are written then", async () => {
    const vault = vaultOf();
    azure.local.faults.throttleVaults(2);
    const started = performance.now();
    await vault.set("busy", { value: "one", contentType: "text/plain" }, TAGS);
    expect(performance.now() - started, "two waits of a second").to.be.at.least(2000);
    expect((await told("busy")).body).to.include({ value: "one" });
  });

  it("are for a later try where the vault stays busy", async () => {
    const vault = vaultOf();
    azure.local.faults.throttleVaults(100);
    try {
      const error = await rejection(vault.set("busier", { value: CANARY, contentType: "text/plain" }, TAGS));
      expect(error).to.include({ status: 429, code: "Throttled", retryAfter: 1 });
      expect(judgeSecret(error)).to.deep.equal({
        fault: "transient",
        reason: "PUT was answered with Throttled (status 429)",
      });
      expect(toldOf(error)).not.to.include(CANARY);
    } finally {
      azure.local.faults.throttleVaults(0);
    }
  });

  it("are refused without the right, which somebody has to mend", async () => {
    const vault = vaultOf([]);
    for (const attempt of [
      vault.list(),
      vault.change("api--key", false),
      vault.set("api--key", { value: CANARY, contentType: "text/plain" }, TAGS),
    ]) {
      const error = await rejection(attempt);
      expect(error).to.be.instanceOf(RefusedError).and.include({ status: 403, code: "ForbiddenByRbac" });
      expect(judgeSecret(error).fault).to.equal("denied");
      expect(toldOf(error)).not.to.include(CANARY);
    }
  });

  it("are set aside with the mend where somebody deleted one", async () => {
    const vault = vaultOf();
    await vault.set("deleted", { value: "one", contentType: "text/plain" }, TAGS);
    expect(await answerTo(SECRET_ACTIONS.delete, "deleted", "DELETE")).to.include({ status: 200 });
    const error = await rejection(vault.set("deleted", { value: "two", contentType: "text/plain" }, TAGS));
    expect(judgeSecret(error)).to.deep.equal({
      fault: "permanent",
      reason: "somebody deleted the copy, and its name is taken until it is recovered: az keyvault secret recover",
    });
  });

  // What answers here is no vault: it repeats what it was sent, breaks off, or leads elsewhere.
  describe("that misbehaves", () => {
    let server: Server | undefined;
    afterEach(() => {
      server?.closeAllConnections();
      server?.close();
    });

    async function vaultThat(answers: RequestListener): Promise<Vault> {
      const { certificate: cert, key } = azure.certificate;
      server = createServer({ cert, key }, answers);
      await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      return new Vault(`https://127.0.0.1:${port}`, azure.credential(crypto.randomUUID(), VAULT_AUDIENCE));
    }
    const write = (vault: Vault) => rejection(vault.set("api", { value: CANARY, contentType: "text/plain" }, TAGS));

    for (const status of [400, 403, 409]) {
      it(`tells its status ${status}, and not what it repeats of the request`, async () => {
        let sent = "";
        const vault = await vaultThat(async (request, response) => {
          sent = await text(request);
          const error = { code: sent, message: sent, innererror: { code: sent } };
          response.writeHead(status).end(JSON.stringify({ error, echo: sent }));
        });
        const error = await write(vault);
        expect(sent, "the value is in the request").to.include(CANARY);
        expect(error)
          .to.be.instanceOf(RefusedError)
          .and.include({ status, code: `status ${status}` });
        expect(toldOf(error)).not.to.include(CANARY);
      });
    }

    it("tells nothing of the request that it broke off", async () => {
      let sent = "";
      const vault = await vaultThat(async (request) => {
        sent = await text(request);
        request.socket.destroy();
      });
      const error = await write(vault);
      expect(sent).to.include(CANARY);
      expect(error.message).to.match(/^PUT of "api" had no answer: /);
      expect(toldOf(error)).not.to.include(CANARY);
    }).timeout(30_000);

    it("gets no token for where it leads", async () => {
      const nextLink = "https://elsewhere.example/secrets?api-version=7.4";
      const vault = await vaultThat((_, response) => response.end(JSON.stringify({ value: [], nextLink })));
      expect((await rejection(vault.list())).message).to.match(
        /^expected the next page of .* there, found it elsewhere$/,
      );
    });
  });
});
