import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { serveHttps } from "../../../rehearsal/local/https.ts";
import { rejection } from "../../support/rejection.ts";

describe("a small server over HTTPS", () => {
  let folder: string;
  let certificate: Certificate;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "https-"));
    certificate = await makeCertificate(folder);
  });
  after(() => rm(folder, { recursive: true }));

  it("answers on the loopback until it is closed", async () => {
    const service = await serveHttps(certificate, async ({ url }, outgoing) => void outgoing.end(`asked for ${url}`));
    expect(service.url).to.equal(`https://127.0.0.1:${service.port}`);
    expect(await (await fetch(`${service.url}/a`)).text()).to.equal("asked for /a");
    service.close();
    expect((await rejection(fetch(`${service.url}/a`))).message).to.equal("fetch failed");
  });

  it("says 500 and why when its handler fails, and hangs up where an answer has begun", async () => {
    const service = await serveHttps(certificate, async ({ url }, outgoing) => {
      if (url === "/half") outgoing.writeHead(200, { "content-length": "10" }).write("half");
      throw new Error("something broke");
    });
    const response = await fetch(`${service.url}/`);
    expect(`${response.status} ${await response.text()}`).to.equal("500 Error: something broke");
    const half = fetch(`${service.url}/half`).then((answer) => answer.text());
    expect((await rejection(half)).message).to.match(/terminated|fetch failed/);
    service.close();
  });
});
