import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { ASSET, SIGNATURE } from "../../../rehearsal/provider/assets.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import {
  ACCOUNT,
  BLOB,
  type Deployed,
  ENDPOINT,
  IDENTITY,
  PROFILE,
  SCALE_SET,
  SECRET,
  SERVER,
  useLocalAzure,
  VAULT,
  WEBSITE,
} from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";
import { type Ground, layGround } from "./web-tier.ts";

const PASSWORD = "Correct-horse-7";
const DATABASE_SERVER = {
  administratorLogin: "shopadmin",
  administratorLoginPassword: PASSWORD,
  version: "8.4",
  sku: { name: "Standard_B2s", tier: "Burstable" },
  storage: { storageSizeGB: 20 },
};

describe("the local Azure", () => {
  const azure = useLocalAzure();
  let ground: Ground;
  let servers: Deployed;
  let database: Deployed;
  let edge: string;
  let vault: string;
  let vaultUri: string;
  let site: { place: Properties; url: string; contentAccount: string };

  const asset = (text: string) => ({ [SIGNATURE]: ASSET, text });
  const marker = (blobName: string, text: string) =>
    azure.deploy(BLOB, { ...site.place, containerName: "$web", blobName, source: asset(text) });

  before(async () => {
    ground = await layGround(azure);
    const place = { resourceGroupName: ground.group };
    servers = await azure.deploy(SCALE_SET, ground.servers(1));
    database = await azure.deploy(SERVER, { ...DATABASE_SERVER, ...place, serverName: "outage" });
    await ask("CREATE DATABASE app");
    await ask("CREATE TABLE app.notes (text VARCHAR(20))");
    await azure.deploy(PROFILE, {
      ...place,
      profileName: "edge",
      location: "global",
      sku: { name: "Standard_AzureFrontDoor" },
    });
    const endpoint = { ...place, profileName: "edge", endpointName: "shop", location: "global" };
    edge = String((await azure.deploy(ENDPOINT, endpoint)).properties.hostName);
    vault = `vault-${crypto.randomUUID().slice(0, 8)}`;
    const made = await azure.deploy(VAULT, {
      ...place,
      vaultName: vault,
      properties: {
        tenantId: azure.local.resources.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    ({ vaultUri } = made.properties.properties as { vaultUri: string });
    await azure.deploy(SECRET, { ...place, vaultName: vault, secretName: "a", properties: { value: "kept" } });
    const accountName = `w${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const own = { ...place, accountName };
    const account = await azure.deploy(ACCOUNT, {
      ...own,
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      allowSharedKeyAccess: true,
    });
    await azure.deploy(WEBSITE, own);
    const { web } = account.properties.primaryEndpoints as { web: string };
    const contentAccount = ground.container.id.replace(/^.*\/storageAccounts\/([^/]+)\/.*$/, "$1");
    site = { place: own, url: web, contentAccount };
  });

  async function ask(sql: string): Promise<RowDataPacket[]> {
    const { fullyQualifiedDomainName: host, administratorLogin: user } = database.properties as Record<string, string>;
    const connection = await createConnection({
      host,
      user,
      password: PASSWORD,
      ssl: { verifyIdentity: true } as object,
    });
    try {
      return (await connection.query<RowDataPacket[]>(sql))[0];
    } finally {
      await connection.end();
    }
  }

  const contentOf = async (name: string) => {
    const reply = await azure.local.blobs.blob("GET", site.contentAccount, "content", name);
    return (await reply.toArray()).join("");
  };

  /** Every place at which this Azure is met. */
  const places = () => {
    const [machine] = azure.local.scaleSets.machinesOf(servers.id);
    const { ipAddress } = azure.local.resources.get(ground.address.id)?.properties ?? {};
    const at = (url: string) => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
    return {
      "its sign-in": at(azure.local.authority.url),
      "its control plane": at(azure.local.management.url),
      "its blobs": at(azure.local.blobs.endpointOf(site.contentAccount)),
      "its website": at(site.url),
      "its vault": at(vaultUri),
      "its identities": at(azure.local.identities.environmentFor([]).IDENTITY_ENDPOINT),
      "its edge": azure.names.lookup(edge, 443),
      "its load balancer": azure.names.lookup(String(ipAddress), 443),
      "its machine": machine?.target,
      "its database": { host: String(database.properties.fullyQualifiedDomainName), port: 3306 },
    };
  };
  describe("dies", () => {
    let before: ReturnType<typeof places>;

    it("everywhere and at once: whoever comes is refused, and the provider reaches nothing", async () => {
      await ask("INSERT INTO app.notes VALUES ('kept')");
      await marker("declared/site.json", "true");
      before = places();
      for (const [name, place] of Object.entries(before)) expect(await codeOfConnecting(place), name).to.equal("");
      await azure.local.kill();
      for (const [name, place] of Object.entries(before)) {
        expect(await codeOfConnecting(place), name).to.equal("ECONNREFUSED");
      }
      const identity = { resourceGroupName: ground.group, resourceName: "unborn" };
      expect((await rejection(azure.deploy(IDENTITY, identity))).message).to.match(/connection refused/);
      expect((await rejection(servers.refresh())).message).to.match(/connection refused/);
      await azure.local.kill();
    });

    it("and comes back at the same places with what it had", async () => {
      await azure.local.revive();
      const { "its identities": _, ...others } = before;
      expect(places()).to.deep.include(others);
      for (const [name, place] of Object.entries(before)) expect(await codeOfConnecting(place), name).to.equal("");
      expect(await contentOf("index.html")).to.equal("welcome");
      expect(await (await fetch(`${site.url}declared/site.json`)).text()).to.equal("true");
      expect((await ask("SELECT text FROM app.notes")).map(({ text }) => text)).to.deep.equal(["kept"]);
      expect(azure.local.running()).to.deep.equal({ machines: 1, databases: 1 });
      await azure.deploy(IDENTITY, { resourceGroupName: ground.group, resourceName: "born" });
      const [{ target } = { target: { host: "", port: 0 } }] = azure.local.scaleSets.machinesOf(servers.id);
      const answer = await fetch(`https://127.0.0.1:${target.port}`).catch((error) => error);
      expect(answer).to.be.an("error");
      await marker("declared/content.json", "true");
    });
  });

  describe("without its Front Door", () => {
    it("refuses at the edges, and at no origin, until that is over", async () => {
      azure.local.faults.killFrontDoor();
      const { "its edge": dead, ...others } = places();
      expect(await codeOfConnecting(dead)).to.equal("ECONNREFUSED");
      for (const [name, place] of Object.entries(others)) expect(await codeOfConnecting(place), name).to.equal("");
      await azure.local.faults.reviveFrontDoor();
      expect(await codeOfConnecting(dead)).to.equal("");
    });
  });

  describe("that takes no markers", () => {
    it("refuses whoever writes to $web or deletes from it, and shows what is there", async () => {
      const written = await marker("ready/site.json", "true");
      azure.local.faults.refuseMarkers();
      const refused = /This request is not authorized to perform this operation \(AuthorizationFailure\)/;
      expect((await rejection(marker("ready/content.json", "true"))).message).to.match(refused);
      expect((await rejection(written.delete())).message).to.match(refused);
      expect(await (await fetch(`${site.url}ready/site.json`)).text()).to.equal("true");
      (
        await azure.local.blobs.blob("PUT", site.contentAccount, "content", "other", {
          headers: { "x-ms-blob-type": "BlockBlob" },
        })
      ).resume();
      azure.local.faults.acceptMarkers();
      await marker("ready/content.json", "true");
      await written.delete();
    });

    it("says so to programs with Azure's own code", async () => {
      const owner = await azure.deploy(IDENTITY, { resourceGroupName: ground.group, resourceName: "owner" });
      const principalId = String(owner.properties.principalId);
      const account = ground.container.id.replace(/\/blobServices\/.*$/, "");
      await azure.assign(principalId, azure.builtInRole("b7e6dc6d-f1e8-4753-8033-0f276bb0955b"), account);
      azure.local.faults.refuseMarkers();
      const { token } = (await azure.credential(principalId).getToken("")) ?? { token: "" };
      const url = `${azure.local.blobs.endpointOf(site.contentAccount)}$web/ready/site.json`;
      const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03", "x-ms-blob-type": "BlockBlob" };
      const answer = await fetch(url, { method: "PUT", headers, body: "true" });
      expect([answer.status, answer.headers.get("x-ms-error-code")]).to.deep.equal([403, "AuthorizationFailure"]);
      await azure.local.faults.lift();
    });
  });

  describe("that has no more machines of a size", () => {
    const size = "Standard_D2as_v5";

    it("says so in Azure's words, keeps those that run, and gives machines of another size", async () => {
      azure.local.faults.exhaust(size);
      const none = /Code="SkuNotAvailable" .*Capacity Restrictions: Standard_D2as_v5' is currently not available/;
      expect((await rejection(servers.update(ground.servers(2)))).message).to.match(none);
      expect(azure.local.running().machines).to.equal(1);
      azure.local.faults.exhaust(size, "AllocationFailed");
      const failed = /Code="AllocationFailed" Message="Allocation failed. We do not have sufficient capacity/;
      const other = { vmScaleSetName: "other" };
      expect((await rejection(azure.deploy(SCALE_SET, ground.servers(1, other)))).message).to.match(failed);
      const sku = { name: "Standard_D2s_v5", capacity: 1 };
      await (await azure.deploy(SCALE_SET, ground.servers(1, { ...other, sku }))).delete();
      azure.local.faults.restock(size);
      await servers.update(ground.servers(2));
      await until(() => azure.local.running().machines === 2, "there are two machines");
    });
  });
});

/** The error with which a connection fails; empty when it does not. */
async function codeOfConnecting(place: { host: string; port: number } | undefined): Promise<string | undefined> {
  const socket = connect({ host: "nowhere", port: 0, ...place });
  try {
    return await Promise.race([
      new Promise<string>((resolve) => socket.once("connect", () => resolve(""))),
      new Promise<string | undefined>((resolve) => {
        socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
      }),
      delay(5000, "nothing in 5 s", { ref: false }),
    ]);
  } finally {
    socket.destroy();
  }
}
