import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { AcrAuthorization, REGISTRY_SCOPE } from "../../../lambdas/containers/acr.ts";
import { ANYBODY, type Authorization } from "../../../lambdas/containers/authorization.ts";
import { EcrAuthorization } from "../../../lambdas/containers/ecr.ts";
import { OCI_MANIFEST } from "../../../lambdas/containers/manifest.ts";
import { Registry } from "../../../lambdas/containers/registry.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { digestOf } from "../../support/images.ts";
import { rejection } from "../../support/rejection.ts";

type Answering = (incoming: IncomingMessage, outgoing: ServerResponse, body: string) => void;

const BYTES = Buffer.from("the bytes of a layer");
const DIGEST = digestOf(BYTES);

describe("a registry, as it is spoken to", () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function serve(answer: Answering): Promise<string> {
    const server = createServer(async (incoming, outgoing) => {
      const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>)).toString();
      answer(incoming, outgoing, body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const asking = (authorization: string): Authorization => ({ header: async () => authorization, forget: () => {} });
  const all = async (body: AsyncIterable<Buffer> | undefined) => Buffer.concat(await Array.fromAsync(body ?? []));

  it("is left where it sends us on, and the place is not told who we are", async () => {
    const told: (string | undefined)[] = [];
    const store = await serve(({ headers }, outgoing) => {
      told.push(headers.authorization);
      outgoing.end(BYTES);
    });
    const origin = await serve(({ headers }, outgoing) => {
      told.push(headers.authorization);
      // Another host by its name: ECR's layers are in S3, ACR's in a storage account.
      outgoing.writeHead(307, { location: store.replace("127.0.0.1", "localhost") }).end();
    });
    const body = await new Registry(origin, asking("Basic secret")).readBlob("shop/web", DIGEST, 0);
    expect(await all(body)).to.deep.equal(BYTES);
    expect(told).to.deep.equal(["Basic secret", undefined]);
  });

  it("may send all of a layer to whoever asks for a part", async () => {
    const origin = await serve((_, outgoing) => outgoing.end(BYTES));
    const body = await new Registry(origin, ANYBODY).readBlob("shop/web", DIGEST, 4);
    expect(await all(body)).to.deep.equal(BYTES.subarray(4));
  });

  it("is asked again with another token when it takes one no longer, once", async () => {
    let forgotten = 0;
    const authorization = { header: async () => `Bearer ${forgotten}`, forget: () => void forgotten++ };
    const origin = await serve(({ headers }, outgoing) => {
      outgoing.writeHead(headers.authorization === "Bearer 1" ? 200 : 401).end();
    });
    expect(await new Registry(origin, authorization).hasBlob("shop/web", DIGEST)).to.equal(true);
    const closed = await serve((_, outgoing) => outgoing.writeHead(401).end());
    const error = await rejection(new Registry(closed, authorization).hasBlob("shop/web", DIGEST));
    expect(error).to.be.instanceOf(RefusedError).with.property("status", 401);
    expect(forgotten).to.equal(2);
  });

  it("is waited for as long as it asks to, and not where that is too long for here", async () => {
    let asked = 0;
    const origin = await serve((_, outgoing) => {
      asked++;
      if (asked > 1) outgoing.writeHead(200).end();
      else outgoing.writeHead(429, { "retry-after": "1" }).end('{"errors":[{"code":"TOOMANYREQUESTS"}]}');
    });
    const started = performance.now();
    expect(await new Registry(origin, ANYBODY).hasBlob("shop/web", DIGEST)).to.equal(true);
    expect(performance.now() - started).to.be.within(990, 5000);

    const busy = await serve((_, outgoing) => outgoing.writeHead(429, { "retry-after": "600" }).end());
    const error = await rejection(new Registry(busy, ANYBODY).tags("shop/web").next());
    expect(error).to.be.instanceOf(RefusedError).with.property("retryAfter", 600);
  });

  it("lists its tags page by page", async () => {
    const origin = await serve(({ url }, outgoing) => {
      const page = new URL(url ?? "", "http://registry").searchParams.get("last");
      if (page) return void outgoing.end('{"tags":["c"]}');
      outgoing.writeHead(200, { link: '</v2/shop/web/tags/list?n=2&last=b>; rel="next"' }).end('{"tags":["a","b"]}');
    });
    expect(await Array.fromAsync(new Registry(origin, ANYBODY).tags("shop/web"))).to.deep.equal(["a", "b", "c"]);
  });

  it("is not believed when a manifest is not what its digest says", async () => {
    const origin = await serve((_, outgoing) =>
      outgoing.writeHead(200, { "content-type": OCI_MANIFEST }).end("damaged"),
    );
    const error = await rejection(new Registry(origin, ANYBODY).manifest("shop/web", DIGEST));
    expect(error.message).to.include(`expected a manifest of digest ${DIGEST}`).and.to.include("it was damaged");
  });

  it("is spoken to without TLS on this machine only", () => {
    expect(() => new Registry("http://registry.example.com", ANYBODY)).to.throw("expected an https URL");
  });

  describe("of Azure's", () => {
    const credential = (token: string) => ({
      getToken: async (scope: string | string[]) =>
        scope === REGISTRY_SCOPE ? { token, expiresOnTimestamp: Date.now() + 3_600_000 } : null,
    });

    it("gives for Entra's token one of its own for each repository, which is used again", async () => {
      const asked: Record<string, string | string[]>[] = [];
      const origin = await serve(({ url, headers }, outgoing, body) => {
        const form = new URLSearchParams(body);
        if (url === "/oauth2/exchange") {
          asked.push({ exchange: form.get("access_token") ?? "", tenant: form.get("tenant") ?? "" });
          return void outgoing.end('{"refresh_token":"refresh"}');
        }
        if (url === "/oauth2/token") {
          asked.push({ refresh: form.get("refresh_token") ?? "", scopes: form.getAll("scope") });
          return void outgoing.end(`{"access_token":"for ${form.getAll("scope").join(" ")}"}`);
        }
        outgoing.writeHead(headers.authorization?.startsWith("Bearer for repository:") ? 201 : 401, { location: "/x" });
        outgoing.end();
      });
      const registry = new Registry(origin, new AcrAuthorization(origin, "tenant-1", credential("entra")));
      await registry.hasBlob("shop/web", DIGEST);
      await registry.hasBlob("shop/web", DIGEST);
      await registry.mountBlob("shop/web", DIGEST, "shop/jobs");
      expect(asked).to.deep.equal([
        { exchange: "entra", tenant: "tenant-1" },
        { refresh: "refresh", scopes: ["repository:shop/web:pull"] },
        { refresh: "refresh", scopes: ["repository:shop/web:pull,push", "repository:shop/jobs:pull"] },
      ]);
    });

    it("says what it did not give", async () => {
      const origin = await serve((_, outgoing) => outgoing.end("{}"));
      const registry = new Registry(origin, new AcrAuthorization(origin, "tenant-1", credential("entra")));
      const error = await rejection(registry.hasBlob("shop/web", DIGEST));
      expect(error.message).to.equal("the registry's /oauth2/exchange answered without refresh_token");
    });
  });

  describe("of AWS's", () => {
    const clientOf = (answers: object[]) => ({ send: async () => answers.shift() ?? {} }) as never;
    const token = (value: string, hours: number) => ({
      authorizationData: [
        {
          authorizationToken: value,
          proxyEndpoint: "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com",
          expiresAt: new Date(Date.now() + hours * 3_600_000),
        },
      ],
    });

    it("says where it is, and gives a token that is used until shortly before its end", async () => {
      const ecr = new EcrAuthorization(clientOf([token("one", 12), token("two", 12)]));
      expect(await ecr.origin()).to.equal("https://111122223333.dkr.ecr.eu-west-1.amazonaws.com");
      expect([await ecr.header(), await ecr.header()]).to.deep.equal(["Basic one", "Basic one"]);
      ecr.forget();
      expect(await ecr.header()).to.equal("Basic two");
      const short = new EcrAuthorization(clientOf([token("one", 0.4), token("two", 12)]));
      expect([await short.header(), await short.header()]).to.deep.equal(["Basic one", "Basic two"]);
    });

    it("is asked again when it gave nothing", async () => {
      const ecr = new EcrAuthorization(clientOf([{}, token("one", 12)]));
      expect((await rejection(ecr.header())).message).to.include("answered without a token");
      expect(await ecr.header()).to.equal("Basic one");
    });
  });
});
