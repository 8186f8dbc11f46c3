import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { RESTORE_BLOB, type RestoreDocument, readRestore } from "../../../lambdas/standby/restore-document.ts";
import { STATE_BLOB } from "../../../lambdas/standby/state-document.ts";
import { Control } from "../../../operations/database/control.ts";
import { follow } from "../../../operations/database/follow.ts";
import { newRequest, openRequest, renderOpen, sameRestore } from "../../../operations/database/request.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const DUMP = { kind: "daily", dump: "20261121T021500Z", begunAt: new Date("2026-11-21T02:15:00Z") } as const;
const STATE = { version: 2, status: "settled", detail: "", at: "2026-11-21T14:00:00Z", since: "", attempt: 1 };

describe("how an operator speaks with the standby's controller", () => {
  const clouds = useLocalClouds();
  let place: TestContainer;
  let controller: ContainerClient;
  let control: Control;

  beforeEach(async () => {
    place = await clouds.container();
    controller = await place.asWriter();
    control = new Control(await place.asWriter());
  });

  async function say(state: object): Promise<void> {
    const text = JSON.stringify(state);
    await controller.getBlockBlobClient(STATE_BLOB).upload(text, Buffer.byteLength(text));
  }

  async function asked(): Promise<RestoreDocument> {
    return readRestore(String(await controller.getBlobClient(RESTORE_BLOB).downloadToBuffer()));
  }

  it("asks by a document that the controller can read, in place of the one before", async () => {
    expect(await control.request(signal)).to.equal(undefined);
    const request = newRequest(DUMP, { discard: false, why: "the newest is spoilt" });
    await control.ask(request, signal);
    expect(await asked()).to.deep.equal(request);
    const other = newRequest({ ...DUMP, dump: "20261120T021500Z" }, { discard: true });
    await control.ask(other, signal);
    expect(await control.request(signal)).to.deep.equal(other);
  });

  it("understands a state that tells more than it knows, and none that is none", async () => {
    await say({ ...STATE, data: { loaded: DUMP.dump, rows: 3 }, weather: "fine" });
    expect((await control.state(signal)).data).to.deep.equal({ loaded: DUMP.dump });
    await say({ version: 1 });
    expect((await rejection(control.state(signal))).message).to.include(
      "expected the controller's state in state.json",
    );
  });

  it("says what is the matter where the controller has never run", async () => {
    expect((await rejection(control.state(signal))).message).to.include("it has never run");
  });

  it("finds the proof of a dump that was loaded, and takes no other's for it", async () => {
    expect(await control.proof(DUMP.dump, signal)).to.equal(undefined);
    const text = JSON.stringify({ dump: DUMP.dump, rows: 3, differences: [], gtid: "" });
    await controller.getBlockBlobClient("proof.json").upload(text, Buffer.byteLength(text));
    expect(await control.proof(DUMP.dump, signal)).to.deep.equal({ dump: DUMP.dump, rows: 3, differences: [] });
    expect(await control.proof("20261120T021500Z", signal)).to.equal(undefined);
  });

  it("passes over a request that can't be read", async () => {
    await controller.getBlockBlobClient(RESTORE_BLOB).upload("{spoilt", 7);
    expect(await control.request(signal)).to.equal(undefined);
  });

  it("says which right is missing", async () => {
    const reader = new Control(await place.as("read"));
    const failure = await rejection(reader.ask(newRequest(DUMP, { discard: false }), signal));
    expect(failure.message).to.include("expected the right to write").and.include("Storage Blob Data Contributor");
    const nobody = new Control(await place.as());
    expect((await rejection(nobody.state(signal))).message).to.include("Storage Blob Data Reader");
  });

  it("follows a request to its end while the controller works on it", async () => {
    await say(STATE);
    const before = await control.state(signal);
    await control.ask(newRequest(DUMP, { discard: false }), signal);
    const work = async () => {
      const { dump, requestedAt } = await asked();
      for (const done of [1, 2, 3]) {
        const loading = { dump, phase: "rows", done, of: 3 };
        await say({ ...STATE, loading, restore: { dump, requestedAt, status: "loading" } });
      }
      await say({ ...STATE, data: { loaded: dump }, restore: { dump, requestedAt, status: "loaded" } });
    };
    const request = await asked();
    const patience = { look: 1, silence: 10_000 };
    const [end] = await Promise.all([follow(control, request, before, () => {}, signal, patience), work()]);
    expect(end.data?.loaded).to.equal(DUMP.dump);
  });
});

describe("a request for a restore", () => {
  const state = { status: "settled", detail: "", at: "", setAside: [] };
  const request = newRequest(DUMP, { discard: false }, new Date("2026-11-21T14:00:00Z"));

  it("says when and by whom it was made", () => {
    expect(request.requestedAt).to.equal("2026-11-21T14:00:00.000Z");
    expect(request.by).to.match(/^.+@.+$/);
  });

  it("is followed and not made again while the controller is not through with it", () => {
    const again = newRequest(DUMP, { discard: false });
    expect(openRequest(request, state, undefined)).to.equal(request);
    expect(openRequest(undefined, state, undefined)).to.equal(undefined);
    const answered = (status: "loading" | "loaded" | "refused") => ({
      ...state,
      restore: { dump: DUMP.dump, requestedAt: request.requestedAt, status },
    });
    expect(openRequest(request, answered("loading"), undefined)).to.equal(request);
    expect(openRequest(request, answered("loaded"), undefined)).to.equal(undefined);
    expect(openRequest(request, answered("refused"), undefined)).to.equal(undefined);
    expect(openRequest(request, { ...state, data: { restored: request.requestedAt } }, undefined)).to.equal(undefined);
    expect(sameRestore(request, again)).to.equal(true);
    expect(sameRestore(request, newRequest(DUMP, { discard: true }))).to.equal(false);
    expect(sameRestore({ ...request, dump: "20261120T021500Z" }, again)).to.equal(false);
  });

  it("is void once a complete dump is there that was begun after it", () => {
    const night = (begun: string) => ({ ...DUMP, begunAt: new Date(begun) });
    expect(openRequest(request, state, night("2026-11-21T13:00:00Z"))).to.equal(request);
    expect(openRequest(request, state, night("2026-11-22T02:15:00Z"))).to.equal(undefined);
  });

  it("is told with how far it is", () => {
    const { requestedAt } = request;
    const asked = `${DUMP.dump} was asked for at ${requestedAt} by ${request.by}, and `;
    expect(renderOpen(request, state)).to.equal(`${asked}is not carried out yet`);
    const loading = { dump: DUMP.dump, phase: "rows", done: 1, of: 3 };
    const restore = { dump: DUMP.dump, requestedAt, status: "loading" } as const;
    expect(renderOpen(request, { ...state, loading, restore })).to.equal(`${asked}is being loaded (rows: 1 of 3)`);
  });
});
