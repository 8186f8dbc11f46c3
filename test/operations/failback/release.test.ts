import { expect } from "chai";
import { RELEASE_BLOB, readRelease } from "../../../lambdas/standby/release-document.ts";
import { handedBackIn, isReleased, newRelease, requestRelease } from "../../../operations/failback/release.ts";
import { useBlobStore } from "../../support/blob-store.ts";
import { stateWith } from "../status/all-well.ts";

const { signal } = new AbortController();
const DUMP = "20261122T100000Z";
const LATER = new Date("2026-11-22T12:00:00Z");

describe("the request to release the standby from what the primary has", () => {
  const store = useBlobStore();

  it("says of which copy, when, and by whom", () => {
    const { by, ...request } = newRelease(DUMP, LATER);
    expect(request).to.deep.equal({ version: 1, dump: DUMP, requestedAt: "2026-11-22T12:00:00.000Z" });
    expect(by).to.match(/^.+@.+$/);
  });

  it("is what the controller reads, in place of whatever was said before", async () => {
    const container = await store.container();
    const said = async () => readRelease(String(await container.getBlobClient(RELEASE_BLOB).downloadToBuffer()));
    await requestRelease(container, newRelease("20261121T100000Z"), signal);
    const request = newRelease(DUMP, LATER);
    await requestRelease(container, request, signal);
    expect(await said()).to.deep.equal(request);
    const { contentType } = await container.getBlobClient(RELEASE_BLOB).getProperties();
    expect(contentType).to.equal("application/json");
  });
});

describe("the copy that a failback waits for", () => {
  it("is the one that the controller handed back, once it did", () => {
    expect(handedBackIn(stateWith())).to.equal(undefined);
    const handedBack = { dump: DUMP, gtid: "", at: "2026-11-22T10:05:00Z" };
    expect(handedBackIn(stateWith({ handedBack }))).to.equal(DUMP);
  });
});

describe("a release", () => {
  const request = newRelease(DUMP, LATER);
  const { requestedAt } = request;
  const answered = (status: "waiting" | "released" | "refused", changes: object = {}) =>
    isReleased(stateWith({ release: { dump: DUMP, requestedAt, status, ...changes } }), request);

  it("is through when the controller says so of this very request", () => {
    expect(answered("released")).to.equal(true);
    expect(answered("released", { requestedAt: "2026-11-21T12:00:00.000Z" })).to.equal(false);
  });

  it("is not as long as the controller says nothing of it, or waits", () => {
    expect(isReleased(stateWith(), request)).to.equal(false);
    expect(answered("waiting")).to.equal(false);
  });

  it("fails when it was refused, with the reason, and not when another one was", () => {
    expect(() => answered("refused", { reason: "more was written since" })).to.throw(
      `the standby is not released from ${DUMP}: more was written since`,
    );
    expect(answered("refused", { requestedAt: "2026-11-21T12:00:00.000Z" })).to.equal(false);
  });

  it("is through where the standby has no server by its plan, and not where the plan is not known", () => {
    expect(isReleased(stateWith({ planned: {} }), request)).to.equal(true);
    expect(isReleased(stateWith({ planned: undefined }), request)).to.equal(false);
  });
});
