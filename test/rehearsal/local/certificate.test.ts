import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Certificate, issueCertificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { rejection } from "../../support/rejection.ts";

describe("a certificate for the loopback", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "certificate-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** Asks a server that has the certificate, as the clouds' SDKs do: with what the process trusts. */
  async function answerOf({ certificate, key }: Certificate, host: string, address = "127.0.0.1"): Promise<string> {
    const server = createServer({ cert: certificate, key }, (_, outgoing) => outgoing.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    try {
      return await (await fetch(`https://${host}:${(server.address() as AddressInfo).port}/`)).text();
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  it("is trusted by this process, by address and by name, and so is every further one", async () => {
    for (let made = 0; made < 4; made++) {
      const certificate = await makeCertificate(folder);
      expect(await answerOf(certificate, "127.0.0.1"), `certificate ${made}`).to.equal("hello");
      expect(await answerOf(certificate, "localhost"), `certificate ${made}`).to.equal("hello");
    }
  });

  it("vouches for one of another address, which is good there and nowhere else", async () => {
    const authority = await makeCertificate(folder);
    const own = await mkdtemp(join(folder, "own-"));
    const certificate = await issueCertificate(authority, own, "127.9.8.7");
    expect(await answerOf(certificate, "127.9.8.7", "127.9.8.7")).to.equal("hello");
    const { cause } = await rejection(answerOf(certificate, "127.0.0.1"));
    expect((cause as { code?: string }).code).to.equal("ERR_TLS_CERT_ALTNAME_INVALID");
    expect((await stat(certificate.keyFile)).mode & 0o077).to.equal(0);
  });

  it("has a key that only its owner may read", async () => {
    const { keyFile } = await makeCertificate(folder);
    expect((await stat(keyFile)).mode & 0o077).to.equal(0);
  });
});
