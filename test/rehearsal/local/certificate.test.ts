import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";

describe("a certificate for the loopback", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "certificate-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** Asks a server that has the certificate, as the clouds' SDKs do: with what the process trusts. */
  async function answerOf({ certificate, key }: Certificate, host: string): Promise<string> {
    const server = createServer({ cert: certificate, key }, (_, outgoing) => outgoing.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
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

  it("has a key that only its owner may read", async () => {
    const { keyFile } = await makeCertificate(folder);
    expect((await stat(keyFile)).mode & 0o077).to.equal(0);
  });
});
