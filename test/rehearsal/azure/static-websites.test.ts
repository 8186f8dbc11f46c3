import { expect } from "chai";
import { ARCHIVE, ASSET, SIGNATURE } from "../../../rehearsal/provider/assets.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { ACCOUNT, BLOB, CONTAINER, type Deployed, useLocalAzure, WEBSITE } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const SITE = { kind: "StorageV2", sku: { name: "Standard_ZRS" }, allowSharedKeyAccess: true };
const textAsset = (text: string) => ({ [SIGNATURE]: ASSET, text });

describe("the static website of the local Azure", () => {
  const azure = useLocalAzure();

  /** An account of its own with its website, and what names it. */
  async function site(documents: Properties = {}): Promise<{ place: Properties; url: string; website: Deployed }> {
    const place = {
      resourceGroupName: await azure.group(),
      accountName: `w${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`,
    };
    const account = await azure.deploy(ACCOUNT, { ...place, ...SITE });
    const website = await azure.deploy(WEBSITE, { ...place, ...documents });
    const { web } = account.properties.primaryEndpoints as { web: string };
    return { place, url: web, website };
  }

  const put = (place: Properties, blobName: string, text: string, more: Properties = {}) =>
    azure.deploy(BLOB, { ...place, containerName: "$web", blobName, source: textAsset(text), ...more });

  it("serves a blob of $web to anybody, with its content type", async () => {
    const { place, url, website } = await site();
    expect(website.properties.containerName).to.equal("$web");
    await put(place, "declared/site.json", '{"declared":true}', { contentType: "application/json" });
    const response = await fetch(`${url}declared/site.json`);
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("application/json");
    expect(await response.json()).to.deep.equal({ declared: true });
    expect((await fetch(`${url}declared/site.json`, { method: "HEAD" })).status).to.equal(200);
  });

  it("answers 404 for what is not there, and with the page for it where there is one", async () => {
    const { place, url } = await site({ indexDocument: "index.html", error404Document: "lost.html" });
    expect((await fetch(`${url}nothing`)).status).to.equal(404);
    await put(place, "lost.html", "lost");
    await put(place, "index.html", "home");
    await put(place, "docs/index.html", "docs");
    const answer = async (path: string) => {
      const response = await fetch(url + path);
      return `${response.status} ${await response.text()}`;
    };
    expect(await answer("nothing")).to.equal("404 lost");
    expect(await answer("")).to.equal("200 home");
    expect(await answer("docs/")).to.equal("200 docs");
    expect(await answer("docs")).to.equal("404 lost");
  });

  it("shows no other container, and takes no writes", async () => {
    const { place, url } = await site();
    await azure.deploy(CONTAINER, { ...place, containerName: "secrets" });
    await azure.deploy(BLOB, { ...place, containerName: "secrets", blobName: "a", source: textAsset("secret") });
    for (const path of ["secrets/a", "%2e%2e/secrets/a", "x/%2E./%2e%2e/secrets/a"]) {
      expect((await fetch(url + path)).status, path).to.equal(404);
    }
    expect((await fetch(`${url}a`, { method: "PUT", body: "x" })).status).to.equal(405);
  });

  it("is gone when it is disabled, and comes back with what was in it", async () => {
    const { place, url, website } = await site();
    await put(place, "a", "text");
    await website.delete();
    expect((await fetch(`${url}a`)).status).to.equal(404);
    await azure.deploy(WEBSITE, place);
    expect(await (await fetch(`${url}a`)).text()).to.equal("text");
  });

  describe("a blob of the program's", () => {
    it("is written, changed, missed when it is gone, and removed", async () => {
      const { place, url } = await site();
      const made = await put(place, "a folder/ü.txt", "one", { metadata: { why: "test" } });
      expect(made.id).to.match(/\/containers\/\$web\/blobs\/a folder\/ü\.txt$/);
      expect(made.properties).to.deep.include({ name: "a folder/ü.txt", type: "Block" });
      const inputs = { ...place, containerName: "$web", blobName: "a folder/ü.txt", source: textAsset("one") };
      expect(made.replacedBy({ ...inputs, metadata: { why: "test" }, source: textAsset("two") })).to.deep.equal([
        "source",
      ]);
      await made.update({ ...inputs, contentType: "text/x" });
      const response = await fetch(`${url}a folder/ü.txt`);
      expect(response.headers.get("content-type")).to.equal("text/x");
      expect(await response.text()).to.equal("one");
      expect(await made.refresh()).to.not.equal(undefined);
      (await azure.local.blobs.blob("DELETE", String(place.accountName), "$web", "a%20folder/%C3%BC.txt")).resume();
      expect(await made.refresh()).to.equal(undefined);
      await made.delete();
      expect((await fetch(`${url}a folder/ü.txt`)).status).to.equal(404);
    });

    it("is refused where the account forbids keys, which the provider writes with; the website too", async () => {
      const { group, account } = await azure.container();
      const place = { resourceGroupName: group, accountName: account.properties.accountName };
      for (const [token, more] of [
        [BLOB, { containerName: "content", blobName: "a" }],
        [WEBSITE, {}],
      ] as const) {
        const refusals = await azure.refusals(token, { ...place, ...more });
        expect(refusals, token).to.match(/^accountName: .*KeyBasedAuthenticationNotPermitted/);
      }
    });

    it("needs its container to be there when it is written", async () => {
      const { place } = await site();
      const call = azure.deploy(BLOB, { ...place, containerName: "nowhere", blobName: "a" });
      expect((await rejection(call)).message).to.match(/there is no container nowhere .*ContainerNotFound/);
    });

    const refused: [what: string, more: Properties, reason: RegExp][] = [
      ["an unknown type", { type: "Page" }, /^type: "Page" is no type/],
      [
        "a source of an append blob",
        { type: "Append", source: textAsset("x") },
        /^source: an Append blob begins empty/,
      ],
      ["an unknown tier", { accessTier: "Tepid" }, /^accessTier: "Tepid" is no tier/],
      ["a name with a backslash", { blobName: "a\\b" }, /^blobName: "a\\b" is no valid name/],
    ];
    for (const [what, more, reason] of refused) {
      it(`is refused with ${what}`, async () => {
        const inputs = { resourceGroupName: "unknown", containerName: "$web", blobName: "a", ...more };
        expect(await azure.refusals(BLOB, inputs)).to.match(reason);
      });
    }

    it("may be an archive, which is zipped, but nothing that is somewhere else", async () => {
      const { place } = await site();
      await put(place, "a", "", { source: { [SIGNATURE]: ARCHIVE, assets: { "a.txt": textAsset("a") } } });
      for (const [mark, reason] of [
        [ARCHIVE, /^expected an archive of assets or of a ZIP file's path as source of b, found one with uri/],
        [ASSET, /^expected an asset of text or of a path as source of b/],
      ] as const) {
        const call = put(place, "b", "", { source: { [SIGNATURE]: mark, uri: "https://elsewhere.example/x" } });
        expect((await rejection(call)).message).to.match(reason);
      }
    });
  });
});
